"""Whole runs against a registry on loopback: what is published, what is held, what is stopped."""

import json
import shutil

import msgspec
import pyarrow.parquet as pq
import pytest
from lxml import etree
from typer.testing import CliRunner

from pipeline import spec as specification
from pipeline.build import build
from pipeline.cli import app
from pipeline.issues import BadRequest
from pipeline.publish import Packages
from pipeline.update import gate
from pipeline.update.lock import alone
from pipeline.update.published import listed, rollback
from pipeline.update.run import Asked, update
from pipeline.update.settings import Place, settings
from pipeline.update.store import Store
from pipeline.update.values import Scope
from tests.loopback import study

ALL = (Scope("ctgov"),)
TRIALS = 5
SPEC = specification.load()
pytestmark = pytest.mark.usefixtures("swift")


@pytest.fixture
def run(tmp_path, registry):
    known = msgspec.structs.replace(
        settings(),
        registries={"ctgov": Place(registry.base, 1000)},
        timeout=1, attempts=3, wait=0.001, longest=0.002, sweep=0,
    )  # fmt: skip

    def one(*scopes, limits=None, **more):
        asked = Asked(
            tmp_path / "registry", tmp_path / "out", tmp_path / "raw", scopes,
            **({"packages": Packages(all=False)} | more),
        )  # fmt: skip
        own = msgspec.structs.replace(known, limits=limits) if limits else known
        return update(asked, own, SPEC)

    one.home, one.out, one.raw = tmp_path / "registry", tmp_path / "out", tmp_path / "raw"
    return one


def renew(registry, *studies, day="2026-02-01"):
    registry.stamp = f"{day}T09:00:00"
    registry.add(*studies)


def titles(out):
    rows = pq.read_table(out / "tables" / "ts" / "all.parquet").to_pylist()
    return [row["TSVAL"].split(",")[0] for row in rows if row["TSPARMCD"] == "TITLE"]


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_first_run_publishes_and_the_next_touches_nothing(run, registry):
    assert run(*ALL).status == "published"
    assert titles(run.out) == [f"Trial {n}" for n in range(1, 6)]
    link, before = run.out.readlink(), stamps(run.home / "builds")
    assert run().status == "unchanged"
    assert (run.out.readlink(), stamps(run.home / "builds")) == (link, before)


def test_a_change_is_published_and_told(run, registry):
    run(*ALL)
    renew(registry, study("NCT00000002", "Trial 2", "2026-01-30", outcome="Death"))
    done = run()
    assert (done.status, done.brought.changed) == ("published", 1)
    assert done.report.counts["critical"] == 1
    (place,) = [one for one in (run.home / "reports").iterdir() if one.name == done.report.run]
    assert "OUTMSPRI" in (place / "report.html").read_text()
    assert json.loads((place / "report.json").read_text())["changes"][0]["key"] == "OUTMSPRI"
    feed = etree.parse(run.home / "reports" / "feed.atom")
    entries = feed.findall("{*}entry")
    assert len(entries) == 2
    assert "NCT00000002 TS OUTMSPRI" in entries[0].findtext("{*}summary")


def from_scratch(run, folder, packages):
    """What is published, beside what a build of the whole store makes."""
    store = Store(run.home)
    build(store.items(), folder, SPEC, packages=packages)
    store.close()
    places = [
        {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
        for one in (run.out, folder)
    ]
    ours, theirs = (
        {place for place in found if place.parts[0] not in ("runs", "validation", "gone.csv")}
        for found in places
    )
    assert ours == theirs
    return [
        place
        for place in sorted(ours)
        if (run.out / place).read_bytes() != (folder / place).read_bytes()
    ]


@pytest.mark.parametrize("packages", [Packages(all=False), Packages()])
def test_one_change_is_built_alone_and_gives_what_a_whole_build_gives(
    run, registry, tmp_path, monkeypatch, packages
):
    from pipeline.update import run as module

    registry.add(*(study(f"NCT000001{n:02d}", f"More {n}") for n in range(20)))
    run(*ALL, packages=packages)
    monkeypatch.setattr(module, "build", None)  # no whole build from here on
    renew(
        registry,
        study("NCT00000002", "New", "2026-01-30", criteria="Inclusion Criteria:\n\n* Any"),
        study("NCT00000007", "Seven", "2026-01-30"),
    )
    done = run(packages=packages)
    assert done.outcome.studies == ["NCT00000002", "NCT00000007"]
    assert from_scratch(run, tmp_path / "scratch", packages) == []
    findings = json.loads((run.out / "validation" / "findings.json").read_bytes())
    scratch = json.loads((tmp_path / "scratch" / "validation" / "findings.json").read_bytes())
    assert findings["findings"] == scratch["findings"]


def test_records_of_one_study_are_built_together(run, registry, tmp_path, monkeypatch):
    from pipeline.update import run as module

    registry.add(*(study(f"NCT000001{n:02d}", f"More {n}") for n in range(20)))
    other = study("NCT00000001", "The same trial, saved by hand")
    run.raw.mkdir()
    run(*ALL)
    monkeypatch.setattr(module, "build", None)
    for number, record in enumerate((other, study("NCT00000104", "Another"))):
        (run.raw / "hand.json").write_text(json.dumps(record))
        assert run().status == "published"
        assert from_scratch(run, tmp_path / f"scratch{number}", Packages(all=False)) == []


def test_a_record_that_fails_is_held_and_the_rest_is_published(run, registry, monkeypatch):
    run(*ALL)
    renew(
        registry,
        study("NCT00000001", "Breaks it", "2026-01-30"),
        study("NCT00000002", "Fine", "2026-01-30"),
    )
    real = gate.build

    def breaks(records, spec):
        if "Breaks it" in records[0].text:
            raise ValueError("no")
        return real(records, spec)

    monkeypatch.setattr(gate, "build", breaks)
    done = run()
    assert [(one.id, one.why) for one in done.held] == [("NCT00000001", "ValueError: no")]
    assert titles(run.out)[:2] == ["Trial 1", "Fine"]
    monkeypatch.undo()
    renew(registry, study("NCT00000003", "More", "2026-02-02"), day="2026-02-03")
    assert not run().held
    assert titles(run.out)[:3] == ["Breaks it", "Fine", "More"]


def test_too_much_change_is_not_published(run, registry):
    from pipeline.update.settings import Limits

    limits = Limits(failed=0.05, changed=0.3, gone=0.02, few=1)
    run(*ALL)
    link = run.out.readlink()
    renew(registry, *(study(f"NCT0000000{n}", "All anew", "2026-01-30") for n in range(1, 6)))
    done = run(limits=limits)
    assert done.status == "stopped"
    assert done.why == ["5 of 5 records changed at once; the limit is 30%."]
    assert run.out.readlink() == link
    assert run(limits=limits).status == "stopped"  # it stays so until a person says otherwise
    assert run(limits=limits, force=True).status == "published"
    assert set(titles(run.out)) == {"All anew"}
    assert run(limits=limits).status == "unchanged"


def test_too_many_records_gone_are_not_published(run, registry):
    from pipeline.update.settings import Limits

    run(*ALL)
    for number in ("1", "2"):
        del registry.studies[f"NCT0000000{number}"]
    done = run(limits=Limits(0.05, 0.3, 0.02, 1), sweep=True)
    assert (done.status, done.brought.gone) == ("stopped", 2)


def test_a_record_that_is_gone_is_kept_and_marked(run, registry):
    run(*ALL)
    del registry.studies["NCT00000001"]
    assert run(sweep=True).status == "published"
    assert titles(run.out)[0] == "Trial 1"
    lines = (run.out / "gone.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("NCT00000001,ctgov,NCT00000001,2026-01-01,")


def test_the_folder_of_a_study_that_is_gone_says_so_until_it_is_back(run, registry):
    everything = Packages(named=frozenset({"NCT00000001"}), all=False)
    run(*ALL, packages=everything)
    lost = registry.studies.pop("NCT00000001")
    run(sweep=True, packages=everything)
    marks = list(run.out.glob("studies/*/gone.csv"))
    assert [path.parent.name for path in marks] == ["NCT00000001"]
    renew(registry, study("NCT00000002", "Another", "2026-01-30"))
    run(packages=everything)
    assert len(list(run.out.glob("studies/*/gone.csv"))) == 1
    lost["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-02-02"
    renew(registry, lost, day="2026-02-03")
    run(packages=everything)
    assert list(run.out.glob("studies/*/gone.csv")) == []


def test_what_changed_is_asked_of_the_last_run_by_its_tag(run, registry):
    run(*ALL)
    registry.asked.clear()
    run()
    ((path, _, heads),) = registry.asked
    assert (path.rsplit("/", 1)[1], "If-None-Match" in heads) == ("version", True)


def test_criteria_that_change_in_the_registry_are_a_new_set(run, registry, tmp_path):
    run(*ALL)
    for day, text in (("2026-01-30", "Seniors"), ("2026-02-20", "* Seniors.")):
        criteria = f"Inclusion Criteria:\n\n* {text}\n* Able to walk"
        renew(
            registry, study("NCT00000002", "Trial 2", day, criteria=criteria), day=f"{day[:7]}-28"
        )
        done = run()
        assert done.status == "published"
    rows = pq.read_table(run.out / "tables" / "ti" / "all.parquet").to_pylist()
    mine = [(r["IETESTCD"], r["TIVERS"]) for r in rows if r["REGISTRY_ID"] == "NCT00000002"]
    first, second = "Registry version 2026-01-02", "Registry version 2026-01-30"
    assert mine == [("EXCL01", first), ("INCL01", first), ("INCL02", second), ("INCL03", second)]
    assert {r["TIVERS"] for r in rows if r["REGISTRY_ID"] != "NCT00000002"} == {None}
    assert from_scratch(run, tmp_path / "scratch", Packages(all=False)) == []


def test_a_file_that_is_replaced_by_a_later_version_has_a_history(run, registry):
    run.raw.mkdir()
    for day, count, kind in (("2026-01-01", 60, "ESTIMATED"), ("2026-03-01", 58, "ACTUAL")):
        one = study("NCT00000021", "By hand", day, count=count)
        one["protocolSection"]["designModule"]["enrollmentInfo"]["type"] = kind
        (run.raw / "one.json").write_text(json.dumps(one))
        assert run().status == "published"
    rows = pq.read_table(run.out / "tables" / "ts" / "all.parquet").to_pylist()
    said = {row["TSPARMCD"]: row["TSVAL"] for row in rows}
    assert (said["PLANSUB"], said["ACTSUB"]) == ("60", "58")


def test_a_truncated_answer_publishes_nothing(run, registry):
    run(*ALL)
    link = run.out.readlink()
    renew(registry, *(study(f"NCT0000001{n}", "Late", "2026-01-30") for n in range(5)))
    registry.short = 1
    with pytest.raises(BadRequest, match="records came of"):
        run()
    assert run.out.readlink() == link
    store = Store(run.home)
    assert store.sql.execute("SELECT status FROM runs ORDER BY run DESC").fetchone() == ("failed",)
    store.close()
    registry.short = 0
    assert run().status == "published"


def test_rollback_returns_and_stays(run, registry):
    run(*ALL)
    renew(registry, study("NCT00000002", "Wrong", "2026-01-30"))
    run()
    store = Store(run.home)
    first = listed(store)[-1].build
    rollback(store, first, run.out)
    with pytest.raises(BadRequest, match="no published build 'x'"):
        rollback(store, "x", run.out)
    store.close()
    assert titles(run.out)[1] == "Trial 2"
    assert run().status == "unchanged"
    renew(registry, study("NCT00000003", "Later", "2026-02-02"), day="2026-02-03")
    assert run().status == "stopped"
    assert titles(run.out)[1] == "Trial 2"
    assert run(force=True).status == "published"
    assert titles(run.out)[1:3] == ["Wrong", "Later"]


def test_a_watched_folder_is_a_source(run, registry):
    run.raw.mkdir()
    (run.raw / "one.json").write_text(json.dumps(study("NCT00000021", "By hand")))
    assert run().status == "published"
    assert titles(run.out) == ["By hand"]
    (run.raw / "one.json").write_text(json.dumps(study("NCT00000021", "By hand, again")))
    assert run().brought.changed == 1
    assert titles(run.out) == ["By hand"]  # the title goes on after the comma
    (run.raw / "one.json").unlink()
    assert run().brought.gone == 1
    store = Store(run.home)
    assert [bool(one.sha256) for one in store.history("files", "one.json")] == [True, True, False]
    store.close()


def test_runs_never_overlap(run, registry):
    with alone(run.home), pytest.raises(BadRequest, match="Another run is under way"):
        run(*ALL)
    assert run(*ALL).status == "published"


def test_nothing_to_follow_is_said(run, registry):
    with pytest.raises(BadRequest, match="name --ids, --search or --all"):
        run()


def test_what_else_is_there_is_left_alone(run, registry):
    run.out.mkdir()
    (run.out / "thesis.doc").touch()
    with pytest.raises(BadRequest, match="no build"):
        run(*ALL)
    (run.out / "thesis.doc").unlink()
    shutil.rmtree(run.out)
    assert run(*ALL).status == "published"


def test_the_log_the_table_and_the_metrics(run, registry):
    run(*ALL)
    run()
    events = [json.loads(line) for line in (run.home / "log.jsonl").read_text().splitlines()]
    assert [one["event"] for one in events] == [
        "begun", "brought", "published", "begun", "brought", "unchanged",
    ]  # fmt: skip
    metrics = (run.home / "metrics.prom").read_text().splitlines()
    assert "registry_sdtm_fetched_total 5" in metrics
    assert 'registry_sdtm_runs_total{status="unchanged"} 1' in metrics
    assert metrics[-1] == "# EOF"


def test_the_commands(run, registry, tmp_path, monkeypatch):
    from pipeline.update import settings as module

    file = tmp_path / "update.yaml"
    text = module.FILE.read_text().replace("https://clinicaltrials.gov/api/v2", registry.base)
    file.write_text(text.replace("rate: 1}", "rate: 1000}"))
    monkeypatch.setattr(module.settings, "__defaults__", (file,))
    places = ["--home", str(run.home), "--out", str(run.out), "--folder", str(run.raw)]
    call = CliRunner().invoke

    def said(*words):
        found = call(app, list(words))
        return found.exit_code, found.output

    quick = [*places, "--packages", "none"]
    assert said("update", *quick)[0] == 2
    assert said("update", "--ids", "NCT00000001,NCT00000002", *quick)[0] == 3
    assert said("update", *quick)[0] == 0
    assert said("update", *quick, "--standard", "3.3")[0] == 3  # another standard builds anew
    assert "3.3" in str(pq.read_schema(run.out / "tables" / "ts" / "all.parquet").metadata)
    assert said("update", *quick, "--standard", "1.0")[0] == 2
    assert said("update", *quick)[0] == 3
    renew(registry, study("NCT00000002", "Anew", "2026-01-30"))
    code, output = said("update", *quick)
    assert code == 3
    assert "notable: NCT00000002 TS TITLE changed" in output
    *_, old, new = sorted(path for path in (run.home / "builds").iterdir())
    assert said("diff", str(new), str(new)) == (0, "0 changes\n")
    code, output = said("diff", str(old), str(new), "--json", "--page", str(tmp_path / "p.html"))
    assert code == 3
    assert json.loads(output)[0]["key"] == "TITLE"
    assert "TITLE" in (tmp_path / "p.html").read_text()
    code, output = said("rollback", *places[:4])
    assert (code, len(output.splitlines())) == (0, 4)
    assert said("rollback", old.name, *places[:4])[0] == 0
    assert titles(run.out)[1] == "Trial 2"
    assert said("update", "--registry", "nowhere", "--all", *quick)[0] == 2
    assert said("update", "--all", "--ids", "NCT00000001", *quick)[0] == 2
