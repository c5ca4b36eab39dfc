"""A plan of 2,000 groups with everything in it, made by real runs against a sandbox.

Used by the tests of the report and by the script that makes the pictures for the documentation.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import urllib.request

CITIES = ["北京", "上海", "深圳", "杭州", "成都", "广州", "南京", "武汉", "西安", "苏州", "Singapore", "London", "Tokyo", "Berlin", "Paris"]
CAMPUSES = ["望京园区", "东区", "科技园", "软件园", "创新中心", "总部", "金融街", "滨江园区", "North Campus", "South Campus"]
FLOORS = [f"{number} 号楼" for number in range(1, 14)]

HOSTILE = [
    "İstanbul " + "İ" * 20,
    '</script><script>document.title="broken out"</script>',
    "@team `code` #1 | <b>",
    'A "quoted" \\N \\ &lt; &amp;',
    "]] --> end; %% }{ #quot; <br/>",
    "*emphasis* _1_ 1. [x](y) $z$",
]


def groups(cities, campuses, floors):
    return [{"name": city, "children": [{"name": campus, "children": list(floors)} for campus in campuses]} for city in cities]


def size(tree):
    return sum(1 + size(group["children"]) if isinstance(group, dict) else 1 for group in tree)


def manifest(path, tree):
    path.write_text(json.dumps({"version": 1, "groups": tree}, ensure_ascii=False), encoding="utf-8")


class Scene:
    """A folder, a sandbox, and the program."""

    def __init__(self, program, folder):
        self.program, self.folder = str(pathlib.Path(program).resolve()), pathlib.Path(folder)
        self.url = None

    @contextlib.contextmanager
    def served(self):
        command = [self.program, "sandbox", "--listen", "127.0.0.1:0", "--rate", "off"]
        sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.url = sandbox.stdout.readline().strip()
            yield self
        finally:
            sandbox.terminate()
            sandbox.wait()

    def environment(self):
        ours = {
            "DINGTALK_ENDPOINT": self.url or "",
            "DINGTALK_CLIENT_ID": "sandbox",
            "DINGTALK_CLIENT_SECRET": "sandbox",
            "DINGTALK_UNION_ID": "operator",
        }
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **ours}

    def run(self, *words, exits=(0,), **environment):
        command = [self.program, *words]
        ran = subprocess.run(command, cwd=self.folder, env=self.environment() | environment, capture_output=True, text=True)
        if ran.returncode not in exits:
            raise SystemExit(f"{' '.join(words)} exits with {ran.returncode}:\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}")
        return ran.stdout

    def control(self, method, path, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def stranger(self, parent, name):
        return self.control("POST", "/sandbox/groups", {"parentId": parent, "name": name})["id"]

    def recorded(self):
        return json.loads((self.folder / "rooms.yaml.state.json").read_text(encoding="utf-8"))["groups"]

    def prepare(self):
        """Most groups are there; some are to be made, renamed, adopted; some are forgotten, some are nobody's."""
        former = groups(CITIES[:12], CAMPUSES, FLOORS[:12])
        former[3]["children"].append({"name": "旧址", "children": ["旧楼 1", "旧楼 2"]})
        manifest(self.folder / "rooms.yaml", former)
        self.run("apply", "rooms.yaml", "--yes", "--qps", "off")
        wanted = groups(CITIES, CAMPUSES, FLOORS)
        wanted[0]["children"][2]["name"], wanted[0]["children"][2]["was"] = "中关村科技园", "科技园"
        wanted[4]["children"][2]["children"] += HOSTILE
        manifest(self.folder / "rooms.yaml", wanted)
        ids = self.recorded()
        self.stranger(0, "临时会议室")
        self.stranger(ids["/上海"], "Visitors <img src=x onerror=alert(1)>")
        self.stranger(0, "Berlin")
        self.stranger(ids["/深圳/总部"], "1 号楼")
        return size(wanted)

    def contest(self):
        """Two groups have a name that the manifest asks for: people must decide first."""
        self.stranger(0, "Paris")
        self.stranger(0, "Paris")

    def page(self, name, *flags, exits=(0,)):
        path = self.folder / name
        path.write_text(self.run("plan", "rooms.yaml", "--format", "html", *flags, exits=exits), encoding="utf-8")
        return path
