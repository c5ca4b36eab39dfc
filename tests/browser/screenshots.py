#!/usr/bin/env python3
"""Makes the pictures in docs/images/ from real runs.

    python3 -m venv target/pictures && target/pictures/bin/pip install -r tests/browser/screenshots.txt
    apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji fonts-inter fonts-jetbrains-mono
    cargo build && target/pictures/bin/python tests/browser/screenshots.py

Look at every picture before it is committed.
"""

import io
import os
import pathlib
import shutil
import tempfile

from markdown_it import MarkdownIt
from PIL import Image

from browser import browsers
from scene import Scene
from screen import Screen, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "docs" / "images"
PROGRAM = ROOT / "target" / "debug" / "roomtree"
LARGEST = 150_000  # bytes

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
<alias binding="strong"><family>system-ui</family><prefer><family>Inter</family><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="strong"><family>sans-serif</family><prefer><family>Inter</family><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="strong"><family>monospace</family><prefer><family>JetBrains Mono</family><family>Noto Sans Mono CJK SC</family></prefer></alias>
</fontconfig>"""

TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; padding: 22px; background: #e9ecf1; display: inline-block; }
.window { background: #171b23; border-radius: 11px; box-shadow: 0 10px 30px #0b0e1438; overflow: hidden; }
.bar { height: 34px; display: flex; align-items: center; gap: 8px; padding: 0 14px; background: #222835; }
.bar i { width: 11px; height: 11px; border-radius: 50%%; background: #4b5465; }
pre { margin: 0; padding: 16px 22px 20px; min-width: 640px; color: #dfe4ec; font: 14px/1.5 "JetBrains Mono", "Noto Sans Mono CJK SC", monospace;
  font-variant-ligatures: none; }
.prompt { color: #7fb2ff; font-weight: 700; } .typed { color: #fff; font-weight: 600; }
.green { color: #74dc98; } .red { color: #ff8f86; } .yellow { color: #f1c376; } .cyan { color: #6fd6e6; } .bold { font-weight: 700; }
.dim { color: #8f99a9; } .dim.green { color: #3f7c57; }
</style><div class="window"><div class="bar"><i></i><i></i><i></i></div><pre>%s</pre></div>"""

COMMENT = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; padding: 22px; background: #fff; width: 780px; color: #1f2328; font: 14px/1.55 system-ui, sans-serif; }
.frame { border: 1px solid #d1d9e0; border-radius: 8px; overflow: hidden; }
.who { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 9px 16px; color: #59636e; }
.who b { color: #1f2328; }
.body { padding: 6px 18px 14px; }
h3 { font-size: 19px; margin: 12px 0 8px; } h4 { margin: 14px 0 6px; }
code { font: 12px "JetBrains Mono", "Noto Sans Mono CJK SC", monospace; background: #818b981f; border-radius: 5px; padding: 2px 5px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px 14px; overflow: auto; margin: 8px 0; }
pre code { background: none; padding: 0; line-height: 1.5; display: block; } pre span { display: block; min-height: 1.5em; }
.add { background: #dafbe1; color: #116329; } .del { background: #ffebe9; color: #82071e; } .chg { color: #953800; }
details { margin: 6px 0; } summary { cursor: pointer; } sub { color: #59636e; }
blockquote { margin: 10px 0; padding: 2px 14px; border-left: 4px solid #cf222e; }
blockquote.note { border-color: #0969da; }
</style><div class="frame"><div class="who"><b>roomtree</b> commented</div><div class="body">%s</div></div>"""


class Studio:
    """The browser and the place for what it draws."""

    def __init__(self, context):
        self.page = context.new_page()

    def keep(self, name, shot):
        """Keeps a picture with as few colours as it needs."""
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        path = IMAGES / f"{name}.png"
        for colours in (256, 128, 64, 32):
            picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
            if path.stat().st_size < LARGEST:
                break
        print(f"{path.relative_to(ROOT)}  {picture.width} x {picture.height}, {path.stat().st_size // 1000} kB")

    def frame(self, name, page, selector="body"):
        self.page.set_viewport_size({"width": 1100, "height": 800})
        self.page.emulate_media(color_scheme="light")
        self.page.set_content(page)
        self.keep(name, self.page.locator(selector).screenshot())

    def shoot(self, name, path, size=(1200, 860), act=None, **media):
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(**media)
        self.page.goto(path.as_uri())
        if act:
            act(self.page)
        self.page.wait_for_timeout(300)
        self.keep(name, self.page.screenshot())


def prompt(screen, line):
    """Writes a command as it would be typed."""
    screen.write(f"$ {line}\n")
    row = screen.rows[screen.row - 1]
    screen.rows[screen.row - 1] = [(character, frozenset({"prompt" if at == 0 else "typed"})) for at, (character, _) in enumerate(row)]


def typed(screen, folder, line, **how):
    prompt(screen, line)
    variables = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    run(screen, [str(PROGRAM), *line.split()[1:]], cwd=folder, env=variables, **how)


def terminal(studio):
    for language in ("en", "zh"):
        words = "" if language == "en" else " --lang zh"
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "examples", pathlib.Path(folder) / "examples")
            screen = Screen()
            typed(screen, folder, f"roomtree plan examples/acme.yaml --sandbox{words}")
            studio.frame(f"plan-{language}", TERMINAL % screen.html())
            screen = Screen()
            for _ in range(2):
                typed(screen, folder, f"roomtree apply examples/acme.yaml --sandbox --yes --only /London{words}")
            studio.frame(f"apply-{language}", TERMINAL % screen.html())
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", pathlib.Path(folder) / "examples")
        screen = Screen()
        half = lambda screen: any("14/28" in "".join(cell for cell, _ in row) for row in screen.rows)  # noqa: E731
        typed(screen, folder, "roomtree apply examples/acme.yaml --sandbox --yes --qps 8", until=half)
        screen.rows = screen.rows[:1] + [[("…", frozenset({"dim"}))]] + [row for row in screen.rows[-8:]]
        studio.frame("running", TERMINAL % screen.html())


def reports(studio):
    with tempfile.TemporaryDirectory() as folder, Scene(PROGRAM, folder).served() as scene:
        scene.prepare()
        plan, chinese = scene.page("plan.html"), scene.page("chinese.html", "--lang", "zh")
        studio.shoot("report-light", plan, color_scheme="light")
        studio.shoot("report-dark", chinese, color_scheme="dark")
        studio.shoot("report-search", plan, size=(1200, 640), color_scheme="light", act=lambda page: page.fill("input[type=search]", "berlin 13"))
        studio.shoot("report-phone", plan, size=(400, 860), color_scheme="light")
        scene.contest()
        studio.shoot("report-refused", scene.page("contested.html", exits=(4,)), color_scheme="light")


def coloured(line):
    kind = {"+": "add", "-": "del", "~": "chg", "!": "chg", "&": "chg"}.get(line.replace("&amp;", "&")[:1], "")
    return f'<span class="{kind}">{line}</span>'


def as_comment(markdown):
    """Draws Markdown about as GitHub does: differences have colours, alerts a rule."""
    drawn = MarkdownIt("commonmark", {"html": True}).render(markdown)
    before, *blocks = drawn.split('<pre><code class="language-diff">')
    for block in blocks:
        lines, after = block.split("</code></pre>", 1)
        before += "<pre><code>" + "".join(coloured(line) for line in lines.splitlines()) + "</code></pre>" + after
    return COMMENT % before.replace("[!CAUTION]", "<b>⚠ Caution</b><br>").replace("[!NOTE]", "<b>ⓘ Note</b><br>")


def comments(studio):
    with tempfile.TemporaryDirectory() as folder, Scene(PROGRAM, folder).served() as scene:
        manifest = (ROOT / "examples" / "acme.yaml").read_text(encoding="utf-8")
        (pathlib.Path(folder) / "rooms.yaml").write_text(manifest, encoding="utf-8")
        scene.run("apply", "rooms.yaml", "--yes", "--qps", "off")
        changed = manifest.replace("[A 座, B 座, C 座]", "[A 座, B 座, C 座, D 座]").replace("- 虹桥办公室", "- {name: 虹桥中心, was: 虹桥办公室}")
        changed = changed.replace("[东塔, 西塔]", "[东塔, 西塔, 北塔]").replace("      - Marina Bay\n", "")
        (pathlib.Path(folder) / "rooms.yaml").write_text(changed, encoding="utf-8")
        scene.stranger(scene.recorded()["/深圳/南山园区"], "北塔")
        scene.stranger(0, "临时会议室")
        studio.frame("comment", as_comment(scene.run("plan", "rooms.yaml", "--prune", "--format", "markdown")))
        (IMAGES / "plan.svg").write_text(scene.run("plan", "rooms.yaml", "--prune", "--format", "svg"), encoding="utf-8")


def main():
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        fonts.write(FONTS)
        fonts.flush()
        os.environ["FONTCONFIG_FILE"] = fonts.name
        with browsers({"device_scale_factor": 1.5}) as (context,):
            studio = Studio(context)
            terminal(studio)
            comments(studio)
            reports(studio)


if __name__ == "__main__":
    main()
