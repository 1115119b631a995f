"""Records of one trial are one study; a wrong join is worse than a missed one."""

import json
from pathlib import Path

import pytest

from pipeline.build import build as build_all
from pipeline.join import brief, join
from pipeline.merge import merged
from pipeline.sources import items
from pipeline.study import build
from pipeline.values import Fact, Record, Source, Span
from tests.conftest import values

COUNT = iter(range(10**6))


def record(registry="ctgov", form="ctgov_v2", version="", **said: str | list[str]) -> Record:
    """A record that states what is said, `id_nct="…"` for the concept id.nct."""
    own = {"ctgov": "id_nct", "euctr": "id_eudract", "ctis": "id_ctis", "isrctn": "id_isrctn"}[
        registry
    ]
    stated = said.get(own, "")
    number = stated if isinstance(stated, str) else stated[0]
    name = f"{registry}-{next(COUNT)}"
    source = Source(name, registry, form, name, number, version)
    facts = [
        Fact(concept.replace("_", "."), value, value, Span(0, len(value)), source, item)
        for concept, many in said.items()
        for item, value in enumerate([many] if isinstance(many, str) else many)
    ]
    return Record(source, "", tuple(facts))


def grouped(spec, *records: Record) -> tuple[int, list[str]]:
    groups, doubts = join([brief(one, spec) for one in records])
    assert sum(map(len, groups)) == len(records)
    return len(groups), [issue.code for issue in doubts.values()]


NCT, NCT2, EUDRACT, EUDRACT2 = "NCT00000001", "NCT00000002", "2010-000001-11", "2010-000002-22"


def test_a_shared_registry_number_joins_even_when_only_one_names_the_other(spec):
    ours = record(id_nct=NCT, id_eudract=EUDRACT)
    theirs = record("euctr", "euctr_txt", id_eudract=EUDRACT)
    assert grouped(spec, ours, theirs) == (1, [])
    assert grouped(spec, theirs, ours) == (1, [])
    assert grouped(
        spec, record(id_nct=NCT), record("isrctn", "isrctn", id_isrctn="ISRCTN00000001", id_nct=NCT)
    ) == (1, [])


def test_records_join_through_a_third(spec):
    nct = record(id_nct=NCT)
    bridge = record("ctis", "ctis", id_ctis="2022-500001-11-00", id_nct=NCT, id_eudract=EUDRACT)
    assert grouped(spec, nct, record("euctr", "euctr_txt", id_eudract=EUDRACT), bridge) == (1, [])


def test_versions_of_a_ctis_number_are_the_same_trial(spec):
    assert grouped(
        spec,
        record("ctis", "ctis", id_ctis="2022-500001-11-00"),
        record(id_nct=NCT, id_ctis="2022-500001-11-01"),
    ) == (1, [])


def test_two_trials_of_one_registry_never_join(spec):
    shared_number = [
        record(id_nct=NCT, id_eudract=EUDRACT),
        record(id_nct=NCT2, id_eudract=EUDRACT),
    ]
    count, issues = grouped(spec, *shared_number)
    assert (count, issues) == (2, ["join.ambiguous"])


def test_an_extension_that_names_its_parent_does_not_join_it(spec):
    parent = record("euctr", "euctr_txt", id_eudract=EUDRACT)
    extension = record("euctr", "euctr_txt", id_eudract=[EUDRACT2, EUDRACT])
    assert grouped(spec, parent, extension)[0] == 2


@pytest.mark.parametrize("number", ["1", "302", "ABC", "A-12", "STUDY"])
def test_a_short_sponsor_number_never_joins(spec, number):
    assert (
        grouped(
            spec,
            record(id_nct=NCT, id_sponsor=number, sponsor_lead="Acme"),
            record(
                "euctr", "euctr_txt", id_eudract=EUDRACT, id_sponsor=number, sponsor_lead="Acme"
            ),
        )[0]
        == 2
    )


def test_a_sponsor_number_joins_only_with_its_sponsor_and_across_registries(spec):
    ours = record(id_nct=NCT, id_sponsor="GO41717", sponsor_lead="Hoffmann-La Roche")
    theirs = record(
        "euctr",
        "euctr_txt",
        id_eudract=EUDRACT,
        id_sponsor="go41717",
        sponsor_lead="Hoffmann La Roche",
    )
    assert grouped(spec, ours, theirs)[0] == 1
    assert (
        grouped(
            spec,
            ours,
            record(
                "euctr", "euctr_txt", id_eudract=EUDRACT, id_sponsor="GO41717", sponsor_lead="Acme"
            ),
        )[0]
        == 2
    )
    assert (
        grouped(
            spec, ours, record(id_nct=NCT2, id_sponsor="GO41717", sponsor_lead="Hoffmann-La Roche")
        )[0]
        == 2
    )


def test_other_numbers_and_citations_never_join(spec):
    assert (
        grouped(
            spec, record(id_nct=NCT, id_other=NCT2, reference_citation=NCT2), record(id_nct=NCT2)
        )[0]
        == 2
    )


def test_families_come_whole_from_one_record_and_numbers_from_all(spec):
    page = record(
        form="ctgov_page",
        id_nct=NCT,
        arm_label=["A", "B"],
        enrolment_count="10",
        location_country="Netherlands",
    )
    api = record(
        version="2024-01-01",
        id_nct=NCT,
        arm_label="Only",
        id_eudract=EUDRACT,
        location_country="Belgium",
    )
    facts = merged([page, api], spec)
    assert [fact.value for fact in facts["arm.label"]] == ["Only"]
    assert facts["enrolment.count"][0].value == "10"
    assert {fact.value for fact in facts["location.country"]} == {"Netherlands", "Belgium"}
    study = build([page, api], spec)
    assert values(study, "REGID") == [NCT, EUDRACT]
    assert values(study, "FCNTRY") == ["BEL", "NLD"]


def test_of_one_format_the_later_version_is_asked_first(spec):
    old = record(version="2020-01-01", id_nct=NCT, eligibility_sex="ALL")
    new = record(version="2024-01-01", id_nct=NCT, eligibility_sex="FEMALE")
    study = build([old, new], spec)
    assert values(study, "SEXPOP") == ["F"]
    assert study.discrepancies == ()  # what a record said before is no disagreement
    assert any(issue.code == "input.superseded" for issue in study.issues)


def test_two_trials_that_claim_one_number_do_not_share_a_folder(tmp_path, spec):
    """Two EU trials that both name one NCT number: neither takes the other's folder in silence."""
    text = (Path(__file__).parent / "fixtures" / "euctr.txt").read_text(encoding="utf-8")
    (tmp_path / "1.txt").write_text(text)
    (tmp_path / "2.txt").write_text(text.replace("2099-000001-17", "2099-000002-17"))
    outcome = build_all(items([tmp_path / "1.txt", tmp_path / "2.txt"]), tmp_path / "out", spec)
    assert (outcome.inputs, len(outcome.studies), len(outcome.refused)) == (4, 1, 2)  # by country
    assert outcome.refused[0].code == "join.same-name"
    assert [study.study for study in outcome.built] == ["NCT99999901"]


def test_a_path_for_a_number_never_leaves_the_folder(tmp_path, spec):
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "../../x", "briefTitle": "T"},
            "designModule": {"studyType": "OBSERVATIONAL"},
        }
    }
    (tmp_path / "bad.json").write_text(json.dumps(study))
    outcome = build_all(items([tmp_path / "bad.json"]), tmp_path / "out", spec)
    assert [one.study for one in outcome.built] == [
        path.name for path in (tmp_path / "out" / "studies").iterdir()
    ]
    assert outcome.built[0].study.startswith("page-")
    assert not (tmp_path.parent / "x").exists()
