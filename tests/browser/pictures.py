#!/usr/bin/env python3
"""Holds the pictures of a plan against what draws them: is every name, whatever it is, drawn as it is?

    pictures.py --program target/debug/roomtree [--mermaid mermaid.min.js]

SVG is read by a parser of XML; DOT is drawn by Graphviz. Mermaid is asked where its script is at hand.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from browser import browsers
from scene import HOSTILE, Scene, manifest

NAMES = [*HOSTILE, "北京", "🏢 大厦", "o", "end", "x-1", "'", "a\u00a0b", "-", "1) list", "https://127.0.0.1/x", "```", "{{a}}", "|", "\u00e9\u0301"]


def texts(picture):
    """Returns every text of an SVG, put together line by line."""
    return ["".join(element.itertext()) for element in xml.fromstring(picture).iter() if element.tag.endswith(("}text", "title"))]


def lacking(found):
    return [name for name in NAMES if not any(name in text for text in found)]


def svg(scene):
    return lacking(texts(scene.run("plan", "names.yaml", "--offline", "--format", "svg")))


def dot(scene):
    graph = scene.run("plan", "names.yaml", "--offline", "--format", "dot")
    drawn = subprocess.run(["dot", "-Tsvg"], input=graph, capture_output=True, text=True, check=True)
    assert drawn.stderr == "", drawn.stderr
    # Graphviz writes blanks as no-break spaces.
    return [name for name in lacking([text.replace("\u00a0", " ") for text in texts(drawn.stdout)]) if "\u00a0" not in name]


def mermaid(scene, script):
    chart = scene.run("plan", "names.yaml", "--offline", "--format", "mermaid")
    draw = """async chart => { mermaid.initialize({startOnLoad: false}); const {svg} = await mermaid.render("x", chart);
    document.body.innerHTML = svg; return [...document.querySelectorAll(".nodeLabel")].map(label => label.textContent); }"""
    with browsers({}) as (context,):
        page = context.new_page()
        page.add_script_tag(path=script)
        return lacking(page.evaluate(draw, chart))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--mermaid", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(arguments.program, folder)
        manifest(scene.folder / "names.yaml", [{"name": "all", "children": NAMES}])
        found = {"svg": svg(scene)}
        if shutil.which("dot"):
            found["dot"] = dot(scene)
        else:
            print("note: there is no Graphviz here; its picture was not drawn")
        if arguments.mermaid:
            found["mermaid"] = mermaid(scene, arguments.mermaid)
    for format, lost in found.items():
        print(f"{'FAILED' if lost else 'ok    '}  {format}: {lost or f'{len(NAMES)} names are drawn as they are'}")
    sys.exit(any(found.values()))


if __name__ == "__main__":
    main()
