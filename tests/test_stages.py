"""A build that is killed at any of its stages leaves the old one whole, and is gone on with."""

import shutil
import signal
import subprocess
import sys

import pytest

from pipeline import publish
from pipeline.build import build
from pipeline.engines import local
from pipeline.sources import items
from pipeline.spec import ROOT
from tests.killed import LATE, PACKAGES, STAGES
from tests.test_faults import SPEC, lake, written


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Records, an earlier build of some of them, and what is to be built."""
    folder = tmp_path_factory.mktemp("stages")
    raw = written(folder / "raw", range(1, 90_000_000, 12_000_000))
    some = sorted(raw.iterdir())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.plan.SMALL", 3)
        patch.setattr("pipeline.build.SMALL", 3)
        build(items(some[:2]), folder / "old", SPEC, packages=PACKAGES, docs=False)
        build(items(some), folder / "new", SPEC, packages=PACKAGES, docs=False)
    return folder


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at(stage, place, tmp_path, monkeypatch):
    out, raw = tmp_path / "out", place / "raw"
    shutil.copytree(place / "old", out)
    command = [sys.executable, "-m", "tests.killed", stage, out, *sorted(raw.iterdir())]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    assert run.returncode == -signal.SIGKILL
    if stage == "the old build is away":
        assert not out.exists()
    else:
        assert lake(out) == lake(place / "old")

    made = []
    monkeypatch.setattr("pipeline.plan.SMALL", 3)
    monkeypatch.setattr("pipeline.build.SMALL", 3)
    monkeypatch.setattr(local, "make", lambda *of: made.extend(of[0]) or publish.make(*of))
    build(items(sorted(raw.iterdir())), out, SPEC, packages=PACKAGES, docs=False)
    assert lake(out) == lake(place / "new")
    assert not (made and stage in LATE)
    assert {path.name for path in tmp_path.iterdir()} == {"out", ".out.lock"}
