"""A screen: what a program writes to a terminal, as cells with styles, and those as HTML.

Knows what roomtree and its bar use: colours, bold, dim, line ends, erasing a line, moving up.
"""

import fcntl
import html
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata

TOKEN = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]")
COLOURS = {31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "purple", 36: "cyan"}


def width(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    def __init__(self):
        self.rows, self.row, self.column, self.style = [[]], 0, 0, frozenset()

    def write(self, text):
        for token in TOKEN.finditer(text):
            if token[2]:
                self.control(token[1], token[2])
            elif token[0] == "\r":
                self.column = 0
            elif token[0] == "\n":
                self.row, self.column = self.row + 1, 0
                self.rows.extend([[]] * (self.row + 1 - len(self.rows)))
            else:
                self.put(token[0])

    def put(self, character):
        row = list(self.rows[self.row])
        row.extend([(" ", frozenset())] * (self.column - len(row)))
        row[self.column : self.column + 1] = [(character, self.style)]
        self.rows[self.row], self.column = row, self.column + 1

    def control(self, numbers, letter):
        count = int(numbers) if numbers.isdigit() else 1
        if letter == "m":
            for number in (int(part or 0) for part in numbers.split(";")):
                self.paint(number)
        elif letter == "K":
            self.rows[self.row] = [] if numbers == "2" else self.rows[self.row][: self.column]
        elif letter == "A":
            self.row = max(0, self.row - count)

    def paint(self, number):
        if number == 0:
            self.style = frozenset()
        elif number in COLOURS:
            self.style = self.style - set(COLOURS.values()) | {COLOURS[number]}
        elif number in (1, 2):
            self.style |= {"bold" if number == 1 else "dim"}

    def html(self):
        rows = self.rows
        while rows and not rows[-1]:
            rows = rows[:-1]
        return "\n".join(self.line(row) for row in rows)

    def line(self, row):
        text, style = "", None
        for character, own in row:
            if own != style:
                text += ("</span>" if style else "") + (f'<span class="{" ".join(sorted(own))}">' if own else "")
                style = own
            text += html.escape(character)
        return text + ("</span>" if style else "")


def run(screen, command, columns=92, until=None, **how):
    """Runs a command on a terminal of its own, to its end or until the screen is as wanted."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    program = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, **how)
    os.close(child)
    pending, ends = b"", time.monotonic() + 120
    while time.monotonic() < ends:
        if select.select([parent], [], [], 0.05)[0]:
            try:
                pending += os.read(parent, 65536)
            except OSError:
                break
            # A character may be cut in two.
            good = pending.decode("utf-8", errors="ignore")
            pending = pending[len(good.encode()) :]
            screen.write(good)
        elif program.poll() is not None:
            break
        if until and until(screen):
            program.terminate()
            break
    program.wait()
    os.close(parent)
