"""A build that is cut off, disturbed or cannot write: nothing half-written is ever seen, nothing is
built twice, and what can be built is.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from pipeline import build as building
from pipeline import publish
from pipeline.build import build
from pipeline.engines import local
from pipeline.issues import BadRequest
from pipeline.publish import Packages
from pipeline.sources import items
from pipeline.spec import ROOT, load
from tests.test_plan import trials

SPEC = load()
NONE = Packages(all=False)


def written(folder: Path, numbers) -> Path:
    folder.mkdir()
    for item in trials(numbers):
        (folder / item.name).write_bytes(item.data())
    return folder


def lake(out: Path) -> dict[str, bytes]:
    """Every file of the build but those that say when it ran."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] != "runs"
    }


@pytest.fixture
def small_lots(monkeypatch):
    """Lots of three studies, so that a few studies are many lots."""
    monkeypatch.setattr("pipeline.plan.SMALL", 3)
    monkeypatch.setattr("pipeline.build.SMALL", 3)


def test_a_build_that_was_cut_off_goes_on_where_it_was(tmp_path, monkeypatch, small_lots):
    raw = written(tmp_path / "raw", range(0, 80_000_000, 10_000_000))
    whole = build(items([raw]), tmp_path / "whole", SPEC, packages=NONE)
    done = []

    def cut_off(studies, work, spec):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append([one.study for one in studies])
        return publish.make(studies, work, spec)

    with monkeypatch.context() as patch:
        patch.setattr(local, "make", cut_off)
        with pytest.raises(KeyboardInterrupt):
            build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert not (tmp_path / "out").exists()
    again = []
    monkeypatch.setattr(
        local, "make", lambda *of: again.append([one.study for one in of[0]]) or publish.make(*of)
    )
    outcome = build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert outcome.studies == whole.studies
    assert not {tuple(part) for part in again} & {tuple(part) for part in done[:3]}
    assert lake(tmp_path / "out") == lake(tmp_path / "whole")
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"raw", "out", "whole", ".out.lock", ".whole.lock"}


def test_other_inputs_are_built_anew(tmp_path, monkeypatch, small_lots):
    raw = written(tmp_path / "raw", range(0, 80_000_000, 10_000_000))
    with monkeypatch.context() as patch:
        patch.setattr(building, "index", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    (raw / "0.json").unlink()
    outcome = build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    build(items([raw]), tmp_path / "whole", SPEC, packages=NONE)
    assert len(outcome.studies) == 7
    assert lake(tmp_path / "out") == lake(tmp_path / "whole")


def test_kill_9_at_any_moment_leaves_the_old_build_or_the_new_one(tmp_path):
    raw = written(tmp_path / "raw", range(1, 30))
    build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    before = lake(tmp_path / "out")
    command = [sys.executable, "-m", "pipeline", "build", str(raw), "--out", str(tmp_path / "out")]
    for seconds in (0.8, 1.6, 2.4):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert json.loads((tmp_path / "out" / "build.json").read_bytes())["built"] == 29
    build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert lake(tmp_path / "out") == before


def dies(studies, work, spec):
    if any(one.study == "NCT00000007" for one in studies):
        os._exit(9)
    return publish.make(studies, work, spec)


@pytest.mark.parametrize("packages", [Packages(), NONE])
def test_a_record_on_which_a_process_dies_is_quarantined(tmp_path, monkeypatch, packages):
    raw = written(tmp_path / "raw", range(1, 30))
    monkeypatch.setattr(local, "make", dies)
    outcome = build(items([raw]), tmp_path / "out", SPEC, jobs=2, packages=packages)
    assert [(one.name[-6:], one.code) for one in outcome.refused] == [("7.json", "build.failed")]
    assert len(outcome.studies) == 28
    assert outcome.inputs == 29


def test_two_builds_at_once_do_not_meet(tmp_path):
    raw = written(tmp_path / "raw", [1])
    with (
        FileLock(tmp_path / ".out.lock"),
        pytest.raises(BadRequest, match="Another build is writing"),
    ):
        build(items([raw]), tmp_path / "out", SPEC)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_stops_the_build_and_leaves_the_old_one(tmp_path, monkeypatch):
    raw = written(tmp_path / "raw", [1])
    build(items([raw]), tmp_path / "out", SPEC)
    before = lake(tmp_path / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "save", full)
    with pytest.raises(OSError, match="No space left"):
        build(items([raw]), tmp_path / "out", SPEC)
    assert lake(tmp_path / "out") == before


def test_a_read_only_place_stops_the_build_and_says_so(tmp_path, monkeypatch):
    raw = written(tmp_path / "raw", [1])
    build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    before = lake(tmp_path / "out")

    def refuses(self, *_, **__):
        raise PermissionError(30, "Read-only file system", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuses)
        with pytest.raises(OSError, match="Read-only"):
            build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert lake(tmp_path / "out") == before


def test_a_build_after_an_update_leaves_no_link_behind(tmp_path):
    raw = written(tmp_path / "raw", [1])
    build(items([raw]), tmp_path / "kept", SPEC, packages=NONE)
    (tmp_path / "out").symlink_to(tmp_path / "kept")
    before = lake(tmp_path / "kept")
    build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert not (tmp_path / "out").is_symlink()
    assert not list(tmp_path.glob(".out.old*"))
    assert lake(tmp_path / "kept") == before


def test_a_value_that_no_column_holds_costs_one_study_and_no_row_of_another(tmp_path, monkeypatch):
    raw = written(tmp_path / "raw", range(1, 8))
    whole = build(items([raw]), tmp_path / "whole", SPEC, packages=NONE)

    def spoiled(records, name, work, spec):
        study = publish.build(records, spec)
        if name != "NCT00000004":
            return study
        rows = ({**study.tables["TA"].rows[0], "TAETORD": "first"},)
        tables = study.tables | {"TA": msgspec.structs.replace(study.tables["TA"], rows=rows)}
        return msgspec.structs.replace(study, tables=tables)

    monkeypatch.setattr(publish, "_built", spoiled)
    outcome = build(items([raw]), tmp_path / "out", SPEC, packages=NONE)
    assert [(one.name[-6:], one.code) for one in outcome.refused] == [("4.json", "build.failed")]
    assert outcome.studies == [one for one in whole.studies if one != "NCT00000004"]
    for table in ("ts", "provenance", "worklist"):
        rows = pq.read_table(tmp_path / "out" / "tables" / table)
        assert set(rows["STUDY"].to_pylist()) == set(outcome.studies)
