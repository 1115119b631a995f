"""The Spark engine: the same bytes as the local one, also when tasks die and are done again."""

import importlib
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
from made_up import made_up

from pipeline.engines import delivery, spark
from pipeline.engines.deadly import apart, deadly
from pipeline.engines.parcel import packed, unpacked
from pipeline.issues import BadRequest
from pipeline.plan import Planned, plan, records_of
from pipeline.sources import items
from pipeline.spec import ROOT
from tests.test_build import digests


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Seven records as a folder has them: five files and two in one, and an input that is none."""
    folder = tmp_path_factory.mktemp("records")
    made = list(made_up(7, folder / "no real ones"))
    for number, record in enumerate(made[:5]):
        (folder / f"{number}.json").write_bytes(record)
    (folder / "more.jsonl").write_bytes(b"\n".join(made[5:]))
    (folder / "empty.json").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def done(records, tmp_path_factory):
    """What `tests/over_spark.py` built, and what it said."""
    if not find_spec("pyspark"):
        pytest.skip("pyspark is not installed")
    if not spark.java():
        pytest.skip("there is no Java")
    folder = tmp_path_factory.mktemp("spark")
    run = subprocess.run(
        [sys.executable, "-m", "tests.over_spark", records, folder],
        cwd=ROOT,
        env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return folder, run.stdout


def test_the_same_bytes_as_the_local_engine(done):
    folder, _ = done
    local = digests(folder / "local")
    assert sum(name.startswith("tables/ts/") for name in local) > 1
    assert sum(name.endswith("/submission/define.xml") for name in local) == 2
    assert digests(folder / "spark") == local


def test_every_task_died_once_and_left_nothing(done):
    folder, _ = done
    lots = len(list((folder / "local" / "tables" / "ts").iterdir()))
    assert 1 < len(list((folder / "died").iterdir())) <= lots
    left = {path.name for path in folder.iterdir()} - {
        "local", "spark", "store", "died", "local-fatal", "spark-fatal",
        ".local-fatal.lock", ".spark-fatal.lock",
    }  # fmt: skip
    assert left <= {".local.lock", ".spark.lock", ".spark.building"}  # the build that was given up
    assert {path.name for path in (folder / "spark").iterdir() if path.name[0] == "."} == set()


def test_a_store_by_its_address_has_the_same_bytes(done):
    folder, _ = done
    assert digests(folder / "store") == digests(folder / "local")


def test_a_lot_that_is_given_up_stops_the_build_and_the_old_one_stays(done):
    folder, said = done
    assert "Spark gave up on the studies NCT" in said
    assert "ValueError: the disk is full" in said
    assert digests(folder / "spark") == digests(folder / "local")


def test_a_study_on_which_every_worker_dies_is_quarantined_and_the_rest_is_built(done):
    folder, _ = done
    made = json.loads((folder / "spark-fatal" / "build.json").read_bytes())
    assert [one["code"] for one in made["refused"] if "died" in one["detail"]] == ["build.failed"]
    assert len(made["studies"]) == 6
    assert made["inputs"] == made["built"] + made["quarantined"] == 8
    assert digests(folder / "spark-fatal") == digests(folder / "local-fatal")


def test_the_deadly_studies_are_found_by_halving():
    studies = [Planned(str(number), ()) for number in range(9)]
    asked = []

    def lives(some):
        asked.append(len(some))
        return not {"2", "7"} & {one.study for one in some}

    assert [one.study for one in deadly(studies, lives)] == ["2", "7"]
    assert len(asked) < 16
    assert [(die, [one.study for one in some]) for die, some in apart(studies[1:4], {"2"})] == [
        (False, ["1"]), (True, ["2"]), (False, ["3"]),
    ]  # fmt: skip


def test_a_parcel_holds_what_a_lot_needs(records, tmp_path, spec):
    made = plan(items([records]), tmp_path, lambda *_: None, spec)
    ((name, studies),) = next(made.lots())
    lot = [(name, studies[2:])]
    expected = [record for _, record in records_of(studies[2:], tmp_path, spec)]
    parcel = packed(lot, tmp_path)
    (tmp_path / "inputs").unlink()
    with unpacked(parcel) as (again, shelves):
        assert [study.study for _, studies in again for study in studies] == [
            study.study for study in studies[2:]
        ]
        found = list(records_of(again[0][1], shelves, spec))
    assert [[one for _, one in record] for _, record in found] == [
        [one for _, one in record] for record in expected
    ]
    assert not shelves.exists()


@pytest.mark.parametrize("address", [str, lambda path: path.as_uri()])
def test_a_delivery_that_was_stopped_is_done_again(tmp_path, monkeypatch, address):
    made, out = tmp_path / "made", tmp_path / "out"
    for name in ("a.json", "build.json", "tables/ts/1.parquet"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(name.encode() * 1000)
    moved = []
    move = delivery._move

    def stopped(system, written, target):
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(target)
        move(system, written, target)

    monkeypatch.setattr(delivery, "_move", stopped)
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(made, address(out), last="build.json")
    seen = {name for name in digests(out) if not name.startswith(delivery.UNDER_WAY)}
    assert seen == {"a.json", "tables/ts/1.parquet"}
    monkeypatch.setattr(delivery, "_move", move)
    delivery.deliver(made, address(out), last="build.json")
    delivery.tidy(address(out))
    assert digests(out) == digests(made)
    with pytest.raises(BadRequest, match="not empty"):
        delivery.check_empty(address(out))


def test_an_address_that_nothing_can_write_to_is_refused():
    with pytest.raises(BadRequest, match="cannot be written to"):
        delivery.place("nowhere://bucket/lake")


def test_what_is_missing_is_said(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(BadRequest, match="needs pyspark"):
        spark.session()
    session = SimpleNamespace(getActiveSession=lambda: None)
    monkeypatch.setattr(importlib, "import_module", lambda _: SimpleNamespace(SparkSession=session))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadRequest, match="needs Java 17"):
        spark.session()


def test_an_executor_with_another_version_refuses(spec, tmp_path):
    known = (spec, None, ("0", "0", (3, 11)))
    with pytest.raises(BadRequest, match="install the same"):
        spark.publish_lot(b"", known, str(tmp_path))
