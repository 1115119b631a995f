"""Kill -9 in every stage: the old build stays whole, and the same command goes on and makes the
same bytes, without building again what was published.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from pipeline.publish import Published
from pipeline.spec import ROOT
from tests.test_faults import lake, written

STAGES = [
    ("reading", "pipeline.plan:brief", 4, "1"),
    ("joining", "pipeline.plan:_joined", 1, "1"),
    ("deriving", "pipeline.publish:build", 5, "1"),
    ("writing a package", "pathlib:Path.write_bytes", 40, "1"),
    ("sorting the lake", "pipeline.publish:part", 2, "1"),
    ("writing the lake", "pipeline.publish:save", -4, "1"),
    ("noting a lot", "pathlib:Path.rename", 2, "1"),
    ("packing a parcel", "pipeline.engines.spark:packed", 2, "cluster"),
    ("delivering a part", "pipeline.engines.delivery:_move", 12, "cluster"),
    ("expectations", "pipeline.build:tell", 1, "1"),
    ("index", "pipeline.build:index", -1, "2"),
    ("before the swap", "pipeline.build:_swap", 1, "1"),
    ("between its renames", "pipeline.build:Path.rename", -4, "1"),
    ("after the swap", "pipeline.build:forget", -1, "1"),
    ("beside two processes", "pipeline.build:Journal.note", 2, "2"),
]


def run(call, number, engine, raw, out):
    command = [sys.executable, "-m", "tests.killed", call, str(number), engine, str(raw), str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Eight records in three lots, a build of them, and one of other records."""
    folder = tmp_path_factory.mktemp("kill")
    written(folder / "raw", range(0, 80_000_000, 10_000_000))
    written(folder / "other", [7])
    assert run("", 0, "1", folder / "raw", folder / "whole").returncode == 0
    assert run("", 0, "1", folder / "other", folder / "old").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("call", "number", "engine"), [s[1:] for s in STAGES], ids=[s[0] for s in STAGES]
)
def test_kill_9_in_a_stage(undisturbed, tmp_path, call, number, engine):
    raw, whole, old = (undisturbed / name for name in ("raw", "whole", "old"))
    out = tmp_path / "out"
    shutil.copytree(old, out)
    first = run(call, number, engine, raw, out)
    assert first.returncode == -9, first.stderr[-2000:]
    if out.exists():
        assert lake(out) in (lake(old), lake(whole))
    journal = tmp_path.glob(".out.building.journal/*.msgpack")
    known = [msgspec.msgpack.decode(one.read_bytes(), type=Published) for one in journal]
    published = {study.study for lot in known for study in lot.built}
    assert is_alone(out)
    again = run("", 0, engine, raw, out)
    assert again.returncode == 0, again.stderr[-2000:]
    assert lake(out) == lake(whole)
    assert {path.name for path in tmp_path.iterdir()} <= {"out", ".out.lock"}
    studies = set(json.loads((out / "build.json").read_bytes())["studies"])
    assert set(again.stdout.split()) == studies - published


def is_alone(out):
    """Whether no process is left that was begun for the build, after a while."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if str(out) in text(one)]
        if not left:
            return True
        time.sleep(0.1)
    return False


def text(path):
    """The file's text, if it is still there."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
