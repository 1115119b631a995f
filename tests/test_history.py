"""Versions of a record: what was said before is kept apart from what is said, and never guessed."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import spec as specification
from pipeline.build import build as build_all
from pipeline.diffing import diff
from pipeline.explaining import explain
from pipeline.load.saved import datasets
from pipeline.sources import items
from pipeline.study import build
from pipeline.transform.substance import substance, successors
from tests.conftest import record_of, shared, values
from tests.loopback import study

SPEC = specification.load()
NCT = "NCT00000001"
THREE = "Inclusion Criteria:\n\n* Age ≥ 18 years\n* ECOG 0-1\n* Measurable disease"


def version(day, criteria=THREE, nct=NCT, **more):
    return record_of(
        json.dumps(study(nct, "T", day, criteria=criteria, **more)).encode(), day, SPEC
    )


def listed(*texts, kind="Inclusion"):
    return "\n".join([f"{kind} Criteria:", "", *(f"* {text}" for text in texts)])


def criteria(*versions):
    """(IETESTCD, IETEST, TIVERS) of TI."""
    made = build(list(versions), SPEC)
    return [
        (row["IETESTCD"], row["IETEST"].value, row["TIVERS"].value if "TIVERS" in row else None)
        for row in made.tables["TI"].rows
    ]


def test_a_change_in_substance_makes_a_new_set():
    old = version("2024-01-01")
    new = version("2025-02-03", THREE.replace("18", "16"))
    first, second = "Registry version 2024-01-01", "Registry version 2025-02-03"
    assert criteria(new, old) == [
        ("INCL01", "Age ≥ 18 years", first),
        ("INCL02", "ECOG 0-1", first),
        ("INCL02", "ECOG 0-1", second),
        ("INCL03", "Measurable disease", first),
        ("INCL03", "Measurable disease", second),
        ("INCL04", "Age ≥ 16 years", second),
    ]
    (issue,) = [one for one in build([old, new], SPEC).issues if one.code == "criteria.amended"]
    assert issue.detail == f"{second}: INCL04 takes the place of INCL01."


def test_a_trial_of_ctis_as_its_portal_serves_it_has_a_history_too():
    def served(day, words):
        asked = [{"number": 1, "principalInclusionCriteria": words}]
        whole = {"trialInformation": {"eligibilityCriteria": {"principalInclusionCriteria": asked}}}
        found = {
            "ctNumber": "2031-500001-10-00", "ctStatus": "Ongoing", "publishDate": f"{day}T10:00:00",
            "authorizedApplication": {"authorizedPartI": {"trialDetails": whole}},
        }  # fmt: skip
        return record_of(json.dumps(found).encode(), day, SPEC)

    old, new = served("2031-01-01", "Age ≥ 18 years"), served("2031-05-05", "Age ≥ 16 years")
    assert criteria(old, new) == [
        ("INCL01", "Age ≥ 18 years", "Registry version 2031-01-01"),
        ("INCL02", "Age ≥ 16 years", "Registry version 2031-05-05"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        listed("Measurable disease", "ECOG 0-1", "Age ≥ 18 years"),
        listed("AGE >= 18 years.", "ECOG 0–1", "Measurable   disease"),
        THREE.replace("* ", "1. "),
        THREE.replace("\n* ", "\n\n*   "),
    ],
)
def test_order_spacing_and_typography_are_no_change(other):
    found = criteria(version("2024-01-01"), version("2025-01-01", other))
    assert [code for code, *_ in found] == ["INCL01", "INCL02", "INCL03"]
    assert {name for *_, name in found} == {None}
    words = {code: substance(text) for code, text, _ in found}
    assert words == {code: substance(text) for code, text, _ in criteria(version("2024-01-01"))}


def test_a_criterion_that_comes_back_has_its_code_again():
    found = criteria(
        version("2024-01-01"), version("2024-02-01", listed("ECOG 0-1")), version("2024-03-01")
    )
    last = [(code, text) for code, text, name in found if name == "Registry version 2024-03-01"]
    assert last == [("INCL01", "Age ≥ 18 years"), ("INCL02", "ECOG 0-1"), ("INCL03", "Measurable disease")]  # fmt: skip


def test_every_version_counts_and_its_cells_show_its_words():
    old, new = version("2024-01-01"), version("2025-01-01", listed("Adults", "ECOG 0–1"))
    made = build([old, new], SPEC)
    for row in made.tables["TI"].rows:
        cell, name = row["IETEST"], row["TIVERS"]
        assert (name.how, name.value.rpartition(" ")[2]) == ("derived", name.basis[0].value)
        assert "not a version of the protocol" in name.reason
        mine = next(one for one in (old, new) if one.source.version == name.basis[0].value)
        assert name.basis[1].source == mine.source
        assert substance(cell.basis[0].value) == substance(name.basis[1].value)
        texts = {one.source: one.text for one in (old, new)}
        assert all(fact.source in texts for fact in cell.basis)
    codes = {row["IETESTCD"]: row["IETEST"].value for row in made.tables["TI"].rows}
    assert len(set(codes.values())) == len(codes)


def test_what_an_earlier_version_says_is_not_said_now():
    old = version("2024-01-01", outcome="Death", phase="PHASE3")
    new = version("2025-01-01", outcome="Relapse")
    made = build([old, new], SPEC)
    alone = build([new], SPEC)
    assert values(made, "OUTMSPRI") == ["Relapse"]
    assert made.discrepancies == ()
    assert made.tables["TS"] == alone.tables["TS"]
    assert made.records[0].source == new.source
    assert [one.source for one in made.earlier] == [old.source]


def actual(record_day, count, kind):
    one = study(NCT, "T", record_day, count=count)
    one["protocolSection"]["designModule"]["enrollmentInfo"]["type"] = kind
    one["protocolSection"]["statusModule"]["overallStatus"] = "COMPLETED"
    return record_of(json.dumps(one).encode(), record_day, SPEC)


def test_planned_enrolment_is_that_of_the_last_version_that_was_estimated():
    versions = [
        actual("2023-01-01", 50, "ESTIMATED"), actual("2024-01-01", 60, "ESTIMATED"),
        actual("2025-01-01", 58, "ACTUAL"), actual("2026-01-01", 57, "ACTUAL"),
    ]  # fmt: skip
    made = build(versions, SPEC)
    assert (values(made, "PLANSUB"), values(made, "ACTSUB")) == (["60"], ["57"])
    cells = {row["TSPARMCD"]: row["TSVAL"] for row in made.tables["TS"].rows}
    assert cells["PLANSUB"].basis[0].source == versions[1].source
    assert cells["ACTSUB"].basis[0].source == versions[3].source
    assert (values(build(versions[2:], SPEC), "PLANSUB")) == [None]


def test_what_is_planned_now_is_not_looked_for_in_the_past():
    made = build([actual("2023-01-01", 50, "ESTIMATED"), actual("2024-01-01", 60, "ESTIMATED")], SPEC)  # fmt: skip
    assert (values(made, "PLANSUB"), values(made, "ACTSUB")) == (["60"], [None])


def test_records_without_a_later_day_are_no_history():
    one, other = version("2024-01-01"), version("2024-01-01", listed("Adults"))
    assert {name for *_, name in criteria(one, other)} == {None}


def test_an_earlier_link_that_was_set_right_joins_nothing(spec):
    from pipeline.join import brief, join

    def linked(day, other):
        one = study(NCT, "T", day)
        ids = one["protocolSection"]["identificationModule"]
        ids["secondaryIdInfos"] = [{"id": other, "type": "EUDRACT_NUMBER"}]
        return record_of(json.dumps(one).encode(), day, SPEC)

    theirs = study("NCT00000002", "Another", "2024-05-05")
    ids = theirs["protocolSection"]["identificationModule"]
    ids["secondaryIdInfos"] = [{"id": "2010-000001-11", "type": "EUDRACT_NUMBER"}]
    records = [
        linked("2024-01-01", "2010-000001-11"),
        record_of(json.dumps(theirs).encode(), "theirs", SPEC),
        linked("2025-01-01", "2010-000002-22"),
    ]
    groups, doubts = join([brief(one, spec) for one in records])
    assert (groups, doubts) == ([[0, 2], [1]], {})


WORDS = st.sampled_from(
    ["age at least 18 years", "platelets > 100 x 10⁹/L", "no prior therapy", "HbA1c ≤ 9.5 %",
     "signed consent", "ECOG 0-1", "creatinine clearance ≥ 60 mL/min", "weight < 120 kg",
     "no pregnancy", "life expectancy of 3 months", "bilirubin ≤ 1.5 × ULN"]
)  # fmt: skip
SETS = st.lists(WORDS, min_size=1, max_size=8, unique=True)


def respelt(text, way):
    ways = {
        0: lambda t: t.replace("≥", ">=").replace("≤", "<=").replace("×", "x"),
        1: lambda t: t.upper() if "x 10" not in t else t,
        2: lambda t: f"{t}.",
        3: lambda t: t.replace(" ", "  "),
        4: lambda t: t.replace("-", "–"),
        5: lambda t: t.replace("⁹", "^9"),
    }
    return ways[way](text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SETS, st.randoms(use_true_random=False), st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_perturbed_criteria_are_the_same_ones(texts, chance, ways):
    other = [respelt(text, way) for text, way in zip(texts, ways, strict=False)]
    chance.shuffle(other)
    before = criteria(version("2024-01-01", listed(*texts)))
    after = criteria(version("2024-01-01", listed(*texts)), version("2025-01-01", listed(*other)))
    assert {name for *_, name in after} == {None}
    assert [(code, substance(text)) for code, text, _ in before] == [
        (code, substance(text)) for code, text, _ in after
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SETS, SETS)
def test_sets_are_told_apart_and_codes_stay(one, other):
    found = criteria(version("2024-01-01", listed(*one)), version("2025-01-01", listed(*other)))
    names = sorted({name for *_, name in found if name})
    assert len(names) == (0 if set(one) == set(other) else 2)
    sets = [
        {substance(text): code for code, text, name in found if not names or name == wanted}
        for wanted in (names[0] if names else "", names[-1] if names else "")
    ]
    assert set(sets[0]) == {substance(text) for text in one}
    assert set(sets[1]) == {substance(text) for text in other}
    for text in set(one) & set(other):
        assert sets[0][substance(text)] == sets[1][substance(text)]
    codes = [code for code, *_ in found]
    assert len(set(codes)) == len(set(one) | set(other))
    assert [sets[0][substance(text)] for text in one] == [
        f"INCL{n + 1:02}" for n in range(len(one))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No hypertension", "No hypotension"), ("Age ≥ 18", "Age ≥ 16"), ("Age ≥ 18", "Age > 18"),
        ("able to walk", "not able to walk"), ("ULN x 1.5", "ULN x 15"), ("HER2+", "HER2"),
        ("10⁹", "109"), ("temperature 37", "temperature -37"), ("prior therapy", "no prior therapy"),
    ],
)  # fmt: skip
def test_what_differs_in_substance_is_never_the_same(one, other):
    assert substance(one) != substance(other)


def test_a_changed_criterion_takes_the_place_of_the_one_most_like_it():
    lost = {"INCL01": "age at least 18 years", "INCL02": "signed consent"}
    new = {"INCL07": "age at least 16 years", "INCL08": "weight above 50 kg and height known"}
    assert successors(lost, new) == {"INCL07": "INCL01"}
    assert successors({}, new) == successors(lost, {}) == {}


def test_files_of_two_days_are_versions_labelled_everywhere(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for day, text in (("2024-01-01", THREE), ("2025-02-03", THREE.replace("18", "16"))):
        (raw / f"{day}.json").write_text(json.dumps(study(NCT, "T", day, criteria=text)))
    outcome = build_all(items([raw]), tmp_path / "new", SPEC)
    assert [one.rule for one in outcome.findings if one.severity == "error"] == []
    home = tmp_path / "new" / "studies" / NCT
    assert datasets(home)["TI"].column("TIVERS").null_count == 0
    said = "not a version of the protocol"
    assert said in (home / "study.html").read_text()
    assert said in (home / "submission" / "define.xml").read_text()
    found = explain(tmp_path / "new", NCT, "TI", "INCL04", "TIVERS", SPEC)
    assert "Registry version 2025-02-03" in str(found)
    (raw / "2025-02-03.json").unlink()
    build_all(items([raw]), tmp_path / "old", SPEC)
    changes = [one for one in diff(tmp_path / "old", tmp_path / "new") if one.domain == "TI"]
    assert sorted((one.kind, one.key.split()[0]) for one in changes) == [
        ("added", "INCL04"), ("removed", "INCL01"),
    ]  # fmt: skip


def test_real_pairs_of_versions(spec):
    """Records that stand in two formats of one registry, fetched years apart."""
    folder = shared("records/ctgov_xml")
    frozen = set((specification.ROOT / "bench/gold/frozen.txt").read_text().split())
    pairs = same = 0
    for path in sorted(folder.glob("*.xml")):
        other = folder.parent / "ctgov_v2" / f"{path.stem}.json"
        if path.stem in frozen or not other.exists():
            continue
        old, new = (record_of(one.read_bytes(), one.name, spec) for one in (path, other))
        if old.source.version >= new.source.version:
            continue
        made = build([old, new], spec)
        alone = build([new], spec)
        now = [row["IETEST"].value for row in alone.tables["TI"].rows]
        rows = made.tables["TI"].rows
        names = sorted({row["TIVERS"].value for row in rows if "TIVERS" in row})
        last = [row for row in rows if not names or row["TIVERS"].value == names[-1]]
        assert sorted(row["IETEST"].value for row in last) == sorted(now)
        pairs, same = pairs + 1, same + (not names)
    assert pairs
    assert same


def test_one_change_in_real_criteria_changes_one_code(spec):
    """Real records, one criterion of which asks something more; the others stand in new order."""
    frozen = set((specification.ROOT / "bench/gold/frozen.txt").read_text().split())
    paths = sorted(shared("records/ctgov_v2").glob("*.json"))
    tried = 0
    for path in [one for one in paths if one.stem not in frozen][::25]:
        data = json.loads(path.read_bytes())
        said = data["protocolSection"].get("eligibilityModule", {}).get("eligibilityCriteria", "")
        day = data["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]
        lines = said.split("\n")
        items_ = [at for at, line in enumerate(lines) if line.startswith("* ") and len(line) < 190]
        if len(items_) < 3 or any(line.startswith((" ", "\t")) for line in lines):
            continue
        old = record_of(json.dumps(data).encode(), "old", spec)
        lines[items_[0]] += " for 7919 days"
        lines = [line.replace("* ", "*   ").replace("≥", ">=") for line in lines]
        data["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] = "\n".join(lines)
        day["date"] = "2099-01-01"
        new = record_of(json.dumps(data).encode(), "new", spec)
        found = criteria(old, new)
        names = sorted({name for *_, name in found})
        codes = [{code for code, _, name in found if name == wanted} for wanted in names]
        assert len(codes) == 2, path.stem
        assert (len(codes[0] - codes[1]), len(codes[1] - codes[0])) == (1, 1), path.stem
        tried += 1
    assert tried >= 5
