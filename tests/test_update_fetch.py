"""Fetching from a registry that answers slowly, partly, not at all, or differently meanwhile."""

import sqlite3

import duckdb
import pytest

from pipeline.issues import BadRequest
from pipeline.update.ctgov import CLIENT
from pipeline.update.fetch import fetch
from pipeline.update.sweep import sweep
from pipeline.update.values import Incomplete, Scope
from tests.loopback import study

ALL = Scope("ctgov", search="Trial")
TRIALS = 8


def bring(store, registry, web, scope=ALL, run=1):
    return fetch(store, CLIENT, web, registry.base, scope, run)


def titles(store):
    import json

    last = store.sql.execute("SELECT sha256 FROM usable ORDER BY registry, id").fetchall()
    found = [json.loads(store.content(sha)) for (sha,) in last]
    return [one["protocolSection"]["identificationModule"]["briefTitle"] for one in found]


def test_everything_comes_in_pages(store, registry, web):
    assert bring(store, registry, web).changed == 8
    assert titles(store) == [f"Trial {n}" for n in range(1, 9)]
    asked = [one for path, one, _ in registry.asked if path.endswith("/studies")]
    assert [one.get("countTotal") for one in asked] == ["true", None, None]
    assert all(head["User-Agent"].endswith("(a@b.example)") for *_, head in registry.asked)


def test_the_whole_registry_comes_in_its_zip(store, registry, web):
    registry.faults = [None, None, "half"]
    assert bring(store, registry, web, Scope("ctgov")).changed == 8
    assert [path.rsplit("/", 1)[1] for path, *_ in registry.asked].count("download") == 2
    assert not list(store.home.glob("whole*"))
    half, rest = registry.carried  # what was there is not carried twice
    assert half > rest
    registry.stamp = "2026-01-20T00:00:00"
    registry.add(study("NCT00000009", "Trial 9", "2026-01-15"))
    registry.asked.clear()
    assert bring(store, registry, web, Scope("ctgov"), run=2).changed == 1
    assert not any(path.endswith("download") for path, *_ in registry.asked)


@pytest.mark.parametrize("changed", [False, True])
def test_a_zip_that_broke_off_is_gone_on_with_by_the_next_run(store, registry, web, changed):
    registry.faults = [None, None, *["cut"] * 4]
    with pytest.raises(BadRequest, match="after 4 attempts"):
        bring(store, registry, web, Scope("ctgov"))
    first = registry.carried[0]
    assert registry.carried == sorted(registry.carried, reverse=True)
    assert registry.carried[-1] < first / 4
    if changed:  # then it begins again
        registry.add(study("NCT00000001", "Trial 1, anew", "2026-01-09"))
        registry.stamp = "2026-01-11T00:00:00"
    registry.carried.clear()
    assert bring(store, registry, web, Scope("ctgov"), run=2).changed == 8
    assert (registry.carried[0] < first / 8) is not changed
    assert not list(store.home.glob("whole*"))


def test_an_answer_that_trickles_ends(store, registry, web, monkeypatch):
    monkeypatch.setattr("pipeline.update.web.SLOW", 0.4)
    registry.faults = ["trickle", "trickle"]
    assert bring(store, registry, web).changed == 8


def test_a_zip_that_lacks_records_is_not_complete(store, registry, web, monkeypatch):
    real = registry._zip
    lost = registry.studies["NCT00000008"]

    def less():
        del registry.studies["NCT00000008"]
        try:
            return real()
        finally:
            registry.add(lost)

    monkeypatch.setattr(registry, "_zip", less)
    with pytest.raises(Incomplete, match="7 records came of 8"):
        bring(store, registry, web, Scope("ctgov"))


def test_the_same_data_are_not_asked_for_again(store, registry, web):
    bring(store, registry, web)
    registry.asked.clear()
    assert bring(store, registry, web).fetched == 0
    assert [path.rsplit("/", 1)[1] for path, *_ in registry.asked] == ["version"]


def test_version_is_asked_for_by_its_tag(store, registry, web):
    bring(store, registry, web)
    assert any("If-None-Match" in head for *_, head in registry.asked)


def test_an_update_begins_a_day_before_the_last_ones_data(store, registry, web):
    bring(store, registry, web)
    registry.stamp = "2026-02-01T09:00:00"
    registry.add(
        study("NCT00000003", "Trial 3, new", "2026-01-09"),
        study("NCT00000009", "Trial 9", "2026-01-20"),
    )
    assert bring(store, registry, web, run=2).changed == 2
    asked = [one for path, one, _ in registry.asked if "filter.advanced" in one]
    assert asked[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-09,MAX]"
    assert [one.version for one in store.history("ctgov", "NCT00000003")] == [
        "2026-01-03",
        "2026-01-09",
    ]


def test_the_day_stamp_and_white_space_make_no_new_version(store, registry, web):
    bring(store, registry, web)
    with store.sql:
        store.sql.execute("DELETE FROM scopes")
    registry.stamp, registry.pretty = "2026-03-01T00:00:00", True
    found = bring(store, registry, web, run=2)
    assert (found.fetched, found.changed) == (8, 0)


@pytest.mark.parametrize("fault", [429, 500, 503, "drop", "cut", "half", 0.8])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_faults_are_waited_out(store, registry, web, fault, at):
    registry.faults = [None] * at + [fault, fault]
    assert bring(store, registry, web).changed == 8
    assert len(titles(store)) == 8


def test_a_registry_that_stays_broken_is_an_error_and_the_next_run_goes_on(store, registry, web):
    registry.faults = [None, None, *["cut"] * 4]
    with pytest.raises(BadRequest, match="after 4 attempts"):
        bring(store, registry, web)
    assert len(titles(store)) == 3
    registry.asked.clear()
    assert bring(store, registry, web, run=2).fetched == 5  # the first page is not asked for again
    assert len(titles(store)) == 8


def test_a_page_that_is_forgotten_begins_again(store, registry, web):
    registry.faults = [None, None, *[500] * 4]
    with pytest.raises(BadRequest):
        bring(store, registry, web)
    registry.forget_tokens()
    assert bring(store, registry, web, run=2).changed == 5
    assert len(titles(store)) == 8


def test_an_answer_that_stays_short_is_never_complete(store, registry, web):
    registry.short = 1
    with pytest.raises(Incomplete, match="7 records came of 8"):
        bring(store, registry, web)
    assert store.sql.execute("SELECT count(*) FROM scopes").fetchone() == (0,)


def test_data_that_change_between_pages_are_walked_again(store, registry, web):
    def renewed():
        registry.stamp = "2026-01-11T09:00:00"
        registry.add(study("NCT00000001", "Trial 1, later", "2026-01-10"))

    registry.between = [renewed]
    bring(store, registry, web)
    assert titles(store)[0] == "Trial 1, later"
    assert store.sql.execute("SELECT since, stamp FROM scopes").fetchone() == (
        "2026-01-10",
        registry.stamp,
    )


def test_chosen_trials_and_searches(store, registry, web):
    assert bring(store, registry, web, Scope("ctgov", ("NCT00000002", "NCT00000005"))).changed == 2
    assert bring(store, registry, web, Scope("ctgov", search="Trial 7")).changed == 1
    assert len(titles(store)) == 3


def test_a_record_that_is_gone_gets_a_tombstone_and_may_come_back(store, registry, web):
    bring(store, registry, web)
    lost = registry.studies.pop("NCT00000004")
    assert sweep(store, CLIENT, web, registry.base, ALL, 2) == 1
    assert sweep(store, CLIENT, web, registry.base, ALL, 3) == 0
    assert [one.id for one in store.gone()] == ["NCT00000004"]
    assert len(titles(store)) == 8  # its last version stays
    registry.add(lost)
    registry.stamp = "2026-01-10T12:00:00"
    with store.sql:
        store.sql.execute("UPDATE scopes SET since = ''")
    bring(store, registry, web, run=4)
    assert not store.gone()
    assert store.sql.execute("SELECT count(*) FROM contents").fetchone() == (8,)  # not kept twice


def test_a_sweep_of_a_short_answer_buries_nothing(store, registry, web):
    bring(store, registry, web)
    registry.short = 1
    with pytest.raises(Incomplete):
        sweep(store, CLIENT, web, registry.base, ALL, 2)
    assert not store.gone()


def test_what_a_search_no_longer_finds_is_not_gone(store, registry, web):
    scope = Scope("ctgov", search="Trial 7")
    bring(store, registry, web, scope)
    registry.add(study("NCT00000007", "Renamed", "2026-01-09"))
    assert sweep(store, CLIENT, web, registry.base, scope, 2) == 0


def test_the_store_never_changes_what_it_has(store, registry, web):
    bring(store, registry, web)
    for query in ("UPDATE versions SET id = ''", "DELETE FROM versions", "DELETE FROM contents"):
        with pytest.raises(sqlite3.IntegrityError, match="never"), store.sql:
            store.sql.execute(query)


def test_ordinary_tools_read_the_store(store, registry, web):
    bring(store, registry, web)
    files = f"{store.home}/payloads/*/*.parquet"
    found = duckdb.sql(
        f"SELECT id, decode(payload)->>'$.protocolSection.identificationModule.briefTitle' FROM '{files}' ORDER BY id"
    ).fetchall()
    assert found[0] == ("NCT00000001", "Trial 1")
    assert len(found) == 8


def test_contents_are_as_their_hash_says(store, registry, web):
    from pipeline.update.values import digest

    bring(store, registry, web)
    hashes = [sha for (sha,) in store.sql.execute("SELECT sha256 FROM contents")]
    assert all(digest(store.content(sha)) == sha for sha in hashes)
