"""The house keeps its shape: imports point one way, modules stay small, only the edges touch
files.
"""

import ast
import re
from pathlib import Path

from pipeline.spec import ROOT

PACKAGE = ROOT / "pipeline"
LAYERS = [
    ["cli", "__main__"],
    ["spread"],
    ["update"],
    [
        "build",
        "diffing",
        "explaining",
        "covering",
        "reference",
        "curating",
        "drafting",
        "terminology",
        "dictionaries",
    ],
    ["checking", "engines", "conformance", "journal"],
    ["publish"],
    ["examining", "plan"],
    ["study", "load", "validate"],
    ["history"],
    ["merge"],
    ["transform", "join", "extract", "sources", "curation"],
    ["tabulate"],
    ["text", "formats", "assessed"],
    ["spec"],
    ["values", "issues"],
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
EDGES = {
    "sources",
    "load",
    "publish",
    "journal",
    "examining",
    "plan",
    "build",
    "engines",
    "cli",
    "checking",
    "explaining",
    "spec",
    "conformance",
    "curating",
    "curation",
    "terminology",
    "dictionaries",
    "update",
    "diffing",
}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if node.module == "pipeline"
                else [node.module]
            )
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("pipeline."))


def test_imports_point_one_way():
    for path in modules():
        ours = room(path)
        if ours in ("__init__", "conformance"):
            continue
        for theirs in imported(path):
            if theirs not in (ours, "__version__"):
                assert LEVEL[theirs] >= LEVEL[ours], f"{path.relative_to(ROOT)} imports {theirs}"


def test_siblings_do_not_import_each_other():
    for path in modules():
        for one, other in (
            ("load", "validate"),
            ("validate", "load"),
            ("extract", "transform"),
            ("transform", "extract"),
            ("sources", "extract"),
            ("extract", "sources"),
        ):
            if room(path) == one:
                assert other not in set(imported(path)), path


def test_only_the_edges_touch_files():
    for path in modules():
        if room(path) not in EDGES | {"validate"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(
                r"\bopen\(|\.read_text\(|\.write_bytes\(|\.write_text\(|subprocess|socket", text
            ), path


def test_modules_are_small():
    sizes = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in modules())
    assert sizes[-1] <= 300
    assert sizes[len(sizes) // 2] < 100


def test_no_banned_names():
    banned = re.compile(r"(?:manager|service|factory|handler|util|helper|context)", re.IGNORECASE)
    for path in modules():
        assert not banned.search(path.relative_to(PACKAGE).as_posix())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                assert not banned.search(node.name), f"{path}: {node.name}"


def test_nothing_says_where_or_with_what_it_was_made():
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in (".lock", ".txt") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not re.search(r"/(?:work|root|home)/\w|pypi\.org|files\.pythonhosted", text), name
