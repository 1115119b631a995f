"""The questions of docs/queries.md, asked of a small lake; and what makes them quick."""

import json
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.build import build
from pipeline.load.parquet import GROUP, lake_parquet
from pipeline.publish import Packages
from pipeline.sources import Item
from pipeline.spec import ROOT, load
from tests.test_plan import trials

SPEC = load()
NONE = Packages(all=False)
PAGE = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^## (\d+)\..*?```sql\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
LONG = "Use of any acid blocker within 2 weeks, other than those that may be bought without a"


def unchanged(number, said):
    """The record as it is."""


def planned(change=unchanged):
    """Three trials that are still to come, of 40, 50 and 60 participants."""
    for number, item in zip((10, 20, 30), trials([10, 20, 30]), strict=True):
        one = json.loads(item.data())
        said = one["protocolSection"]
        said["statusModule"]["overallStatus"] = "NOT_YET_RECRUITING"
        said["designModule"]["enrollmentInfo"] = {"count": 30 + number, "type": "ESTIMATED"}
        change(number, said)
        yield Item(item.name, json.dumps(one).encode())


def later(number, said):
    if number == 20:
        said["designModule"]["phases"] = ["PHASE3"]
        said["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2035-02-03"


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("lake")
    build(planned(), home / "before", SPEC, packages=NONE)
    build(planned(later), home / "now", SPEC, packages=NONE)
    return home / "now"


def asked(number: int, lake: Path, monkeypatch) -> list[tuple]:
    monkeypatch.chdir(lake)
    with duckdb.connect() as connection:
        return connection.sql(dict(QUERIES)[str(number)]).fetchall()


def test_there_are_ten_questions():
    assert [int(number) for number, _ in QUERIES] == list(range(1, 11))


@pytest.mark.parametrize("number", range(1, 11))
def test_every_question_has_an_answer(number, lake, monkeypatch):
    assert asked(number, lake, monkeypatch)


def test_answers_are_what_the_records_say(lake, monkeypatch):
    known = {row[0]: row[2] for row in asked(1, lake, monkeypatch)}
    assert (known["PLANSUB"], known["AGEMIN"]) == ("40", "P18Y")
    assert asked(2, lake, monkeypatch) == [
        ("PHASE I/II TRIAL", "HEARTBURN", 2, 50.0),
        ("PHASE III TRIAL", "HEARTBURN", 1, 50.0),
    ]
    assert asked(3, lake, monkeypatch) == [("2032", "DOUBLE BLIND", 3)]
    assert {row[0] for row in asked(7, lake, monkeypatch)} == {2}
    assert {row[1] for row in asked(7, lake, monkeypatch)} == {1.0}
    unsaid = {row[0] for row in asked(10, lake, monkeypatch)}
    assert "LENGTH" in unsaid
    assert not unsaid & {"INDIC", "TDIGRP"}  # their words are there, and need a dictionary
    assert asked(8, lake, monkeypatch) == [
        ("NCT00000020", "PHASE I/II TRIAL", "PHASE III TRIAL", "2035-02-03")
    ]
    assert {row[0] for row in asked(4, lake, monkeypatch)} == {
        "NCT00000010", "NCT00000020", "NCT00000030",
    }  # fmt: skip
    assert all(LONG in row[2] for row in asked(5, lake, monkeypatch))


def test_what_a_cell_rests_on_is_in_the_lake(lake):
    rows = pq.read_table(lake / "tables" / "provenance").to_pylist()
    rows = [row for row in rows if (row["key"], row["variable"]) == ("PLANSUB.1", "TSVAL")]
    sized, *_ = (row for row in rows if (row["STUDY"], row["basis"]) == ("NCT00000010", 1))
    assert (sized["STUDYID"], sized["value"], sized["quote"]) == ("SP-00000010", "40", "40")
    assert sized["path"].endswith(("count", "count']")), sized["path"]
    tasks = pq.read_table(lake / "tables" / "worklist").to_pylist()
    assert {row["STUDY"] for row in tasks} == {"NCT00000010", "NCT00000020", "NCT00000030"}
    for study in {row["STUDY"] for row in tasks}:
        numbers = [row["number"] for row in tasks if row["STUDY"] == study]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def many(studies: int, turned: bool = False) -> pa.Table:
    names = [f"S{number:05}" for number in range(studies)]
    codes = [f"P{number:02}" for number in range(40)]
    rows = [(name, code) for name in names for code in codes]
    if turned:
        rows = [(name, code) for name in reversed(names) for code in codes]
    return pa.table(
        {
            "STUDY": [f"NCT{name}" for name, _ in rows],
            "STUDYID": [name for name, _ in rows],
            "TSPARMCD": [code for _, code in rows],
            "TSVAL": [f"{name} {code}" for name, code in rows],
        }
    )


def test_groups_of_rows_say_which_studies_and_parameters_they_hold():
    file = pq.ParquetFile(pa.BufferReader(lake_parquet(many(4_000), "TSPARMCD")))
    about = file.metadata
    assert about.num_row_groups >= 4_000 * 40 // GROUP
    held = [about.row_group(at) for at in range(about.num_row_groups)]
    assert {group.column(0).compression for group in held} == {"ZSTD"}
    for column, value in ((1, "S01234"), (2, "P17")):
        said = [group.column(column).statistics for group in held]
        read = [one for one in said if one.min <= value <= one.max]
        assert 0 < len(read) <= len(held) / 3


def test_a_part_of_the_lake_is_the_same_in_whatever_order_studies_come():
    assert lake_parquet(many(900), "TSPARMCD") == lake_parquet(many(900, turned=True), "TSPARMCD")
