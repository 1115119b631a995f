"""Every rule: nothing in a good lot breaks it, and a lot spoiled in one place breaks it alone."""

from collections.abc import Callable

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.formats import is_date, is_duration, is_ratio
from pipeline.spec.dictionary import Entry, dictionary
from pipeline.tabulate import tables
from pipeline.validate.checks import SHOWN
from pipeline.validate.lot import Lot, lot
from pipeline.validate.native import RULES, native_findings, native_run
from tests.good_lot import SPEC, good_lot, row_of, spoiled, study

GOOD = good_lot("NCT01")


def _ts(code: str, **changes: str | None) -> Lot:
    row = row_of(GOOD, "TS", "TSPARMCD", code)
    made = GOOD
    for variable, value in changes.items():
        made = spoiled(made, "TS", variable, {row: value})
    return made


def _cells(domain: str, **columns: dict[int, str | int | None]) -> Lot:
    made = GOOD
    for variable, change in columns.items():
        made = spoiled(made, domain, variable, change)
    return made


def _both(one: Lot, domain: str, **columns: dict[int, str | int | None]) -> Lot:
    return {**one, domain: _cells(domain, **columns)[domain]}


def _again(domain: str, row: int = 0, **values: str) -> Lot:
    copy = GOOD[domain].slice(row, 1).to_pylist()[0] | values
    extra = pa.Table.from_pylist([copy], schema=GOOD[domain].schema)
    return {**GOOD, domain: pa.concat_tables([GOOD[domain], extra])}


def _without(code: str) -> Lot:
    kept = [one != code for one in GOOD["TS"].column("TSPARMCD").to_pylist()]
    return {**GOOD, "TS": GOOD["TS"].filter(pa.array(kept))}


def _table(domain: str, change: Callable[[pa.Table], pa.Table]) -> Lot:
    made = tables(study("NCT01"), SPEC)
    return lot([("NCT01", {**made, domain: change(made[domain])})])


def _with(domain: str) -> Lot:
    """The good lot with a dataset that is no trial design of a clinical study."""
    extra = pa.table({"STUDYID": ["NCT01"], "DOMAIN": [domain]})
    return lot([("NCT01", {**tables(study("NCT01"), SPEC), domain: extra})])


def _coded(code: str, value_code: str, reference: str) -> Lot:
    """The parameter in the first row of TRT's place, coded by a dictionary in a known version."""
    row = row_of(GOOD, "TS", "TSPARMCD", "TRT" if code not in SAID else code)
    names = SPEC.terminology.parameter_names()
    values = {
        "TSPARMCD": code, "TSPARM": names[code], "TSVAL": "Something", "TSVALNF": "",
        "TSVALCD": value_code, "TSVCDREF": reference, "TSVCDVER": "2026-01",
    }  # fmt: skip
    made = {**GOOD, "TS": GOOD["TS"]}
    if code not in SAID:
        made = _again("TS", row)
        row = made["TS"].num_rows - 1
    for variable, value in values.items():
        made = spoiled(made, "TS", variable, {row: value})
    return made


def _well() -> Lot:
    """Healthy subjects take part, and TDIGRP names sick ones all the same."""
    made = _ts("HLTSUBJI", TSVAL="Y", TSVALCD="C49488")
    for code, value in (("INDIC", None), ("TDIGRP", "Beta disease")):
        row = row_of(GOOD, "TS", "TSPARMCD", code)
        for name in ("TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER"):
            said = {"TSVAL": value, "TSVALNF": None if value else "NA"}.get(name)
            made = spoiled(made, "TS", name, {row: said})
    return made


def _back() -> Lot:
    """An arm that comes back to its first epoch, by an element of its own."""
    row = {"TAETORD": 3, "ETCD": "AGAIN", "ELEMENT": "Again", "TABRANCH": ""}
    rows = GOOD["TA"].slice(0, 1).to_pylist()
    extra = pa.Table.from_pylist([rows[0] | row], schema=GOOD["TA"].schema)
    element = _again("TE", ETCD="AGAIN", ELEMENT="Again", TESTRL="End of treatment")["TE"]
    return {**GOOD, "TA": pa.concat_tables([GOOD["TA"], extra]), "TE": element}


def _assessed(anchor: str) -> Lot:
    """The good lot with planned assessments from a date of ADSL."""
    values = {"STUDYID": "NCT01", "DOMAIN": "TD", "TDORDER": 1, "TDANCVAR": anchor,
              "TDSTOFF": "P0D", "TDTGTPAI": "P8W", "TDMINPAI": "P7W", "TDMAXPAI": "P9W",
              "TDNUMRPT": 3}  # fmt: skip
    extra = pa.table({name: [value] for name, value in values.items()})
    return lot([("NCT01", {**tables(study("NCT01"), SPEC), "TD": extra})])


UNII = dictionary("UNII", "", [Entry("059QF0KO0R", "WATER")])
SNOMED = dictionary("SNOMED", "2026-01", [Entry("44054006", "Type 2 diabetes mellitus")])
MEDRT = dictionary("MED-RT", "2026-01", [Entry("N0000175722", "Nonsteroidal drug")])
WITH = msgspec.structs.replace(
    SPEC, dictionaries={one.name: one for one in (UNII, SNOMED, MEDRT)}
)  # fmt: skip
SAID = set(GOOD["TS"].column("TSPARMCD").to_pylist())
SPOILT: dict[str, tuple[str, Lot]] = {
    "column-known": (
        "column-known", _table("TI", lambda t: t.append_column("FOO", pa.array(["x", "y"])))),
    "column-present": ("column-present", _table("TA", lambda t: t.drop_columns(["TATRANS"]))),
    "column-type": (
        "CG0248",
        _table("TA", lambda t: t.set_column(4, "TAETORD", t.column("TAETORD").cast(pa.string())))),
    "column-order": ("CG0330", _table("TI", lambda t: t.select(t.column_names[::-1]))),
    "no-animal-dataset": ("CG0648", _with("TP")),
    "subjects-described": ("TRC1736", _with("AE")),
    "required-value": ("required-value", _cells("TE", TESTRL={0: None})),
    "key-unique": ("CG0256", _again("TI")),
    "coded-value": ("coded-value", _cells("TI", IECAT={0: "MAYBE"})),
    "length": ("length", _cells("TI", IETEST={0: "β" * 101})),
    "leading-space": ("FB1501", _cells("TI", IETEST={0: " Adults"})),
    "dot-alone": ("FB1502", _cells("TA", TATRANS={0: "."})),
    "duration": ("duration", _cells("TE", TEDUR={1: "7 days"})),
    "domain-code": ("domain-code", _cells("TI", DOMAIN={0: "TA"})),
    "one-studyid": ("one-studyid", _cells("TI", STUDYID={0: "X", 1: "X"})),
    "parameter-name": ("CG0307", _ts("TITLE", TSPARM="Trial Length")),
    "value-or-flavor": ("CG0259", _ts("AGEMAX", TSVALNF="")),
    "value-without-flavor": ("CG0260", _ts("TITLE", TSVALNF="NI")),
    "flavor-word": ("CG0291", _ts("TITLE", TSVAL="Unknown")),
    "answer-term": ("answer-term", _ts("SEXPOP", TSVAL="ALL")),
    "answer-extended": ("answer-extended", _ts("TTYPE", TSVAL="CURIOSITY")),
    "answer-format": ("CG0438", _ts("AGEMIN", TSVAL="18 YEARS")),
    "answer-country": ("answer-country", _ts("FCNTRY", TSVALCD="FRX")),
    "answer-code": ("CG0288", _ts("STYPE", TSVALCD="C1")),
    "code-alone": ("code-alone", _ts("AGEMAX", TSVALCD="C1")),
    "one-code": ("CG0265", {**GOOD, "TS": spoiled(
        _ts("OBJPRIM", TSVALCD="X1"), "TS", "TSVALCD",
        {row_of(GOOD, "TS", "TSPARMCD", "OUTMSPRI"): "X1"})["TS"]}),
    "reference-name": ("reference-name", _ts("STYPE", TSVCDREF="ISO 8601")),
    "reference-of-version": ("CG0266", _ts("TITLE", TSVCDVER="2020")),
    "reference-version": ("CG0289", _ts("STYPE", TSVCDVER="2000-01-01")),
    "value-parts": ("CG0262", _ts("AGEMAX", TSVAL1="and more")),
    "start-date-format": ("TRC1734", _ts("SSTDTC", TSVAL="May 2024")),
    "start-date": ("TRC1734", _ts("SSTDTC", TSVAL=None, TSVALNF="NI")),
    "end-after-start": ("end-after-start", _ts("SENDTC", TSVAL="2024-04-30")),
    "healthy-indication": ("FB1110", _ts("HLTSUBJI", TSVAL="Y", TSVALCD="C49488")),
    **{
        f"substance-code-{code.lower()}": (published, _coded(code, "059QF0KO0S", "UNII"))
        for code, published in (("TRT", "CG0451"), ("COMPTRT", "CG0446"), ("CURTRT", "CG0443"))
    },
    "condition-code": ("CG0449", _ts("INDIC", TSVALCD="44054007")),
    "class-code": ("CG0454", _coded("PCLAS", "C123", "MED-RT")),
    "substance-reference": ("CG0444", _coded("TRT", "059QF0KO0R", "SNOMED")),
    "condition-reference": ("CG0458", _ts("INDIC", TSVCDREF="MED-RT")),
    "class-reference": ("CG0455", _coded("PCLAS", "N0000175722", "UNII")),
    "country-reference": ("CG0456", _ts("FCNTRY", TSVCDREF="ISO 21090")),
    "reference-versioned": ("CG0267", _ts("INDIC", TSVCDVER=None)),
    "healthy-group": ("CG0272", _well()),
    "substance-term": ("CG0450", _coded("TRT", "059QF0KO0R", "UNII")),
    "condition-term": ("CG0448", _ts("INDIC", TSVCDVER="2026-01")),
    "class-term": ("CG0453", _coded("PCLAS", "N0000175722", "MED-RT")),
    "arm-count": ("arm-count", _ts("NARMS", TSVAL="3")),
    "parameter-required": ("CG0287", _without("TITLE")),
    "parameter-conditional": ("CG0276", _without("TRT")),
    "element-code": ("CG0154", _both(
        _cells("TE", ELEMENT={2: "Alphamab"}), "TA", ELEMENT={3: "Alphamab"})),
    "element-known": ("CG0414", _cells("TA", ETCD={0: "X"}, ELEMENT={0: "Y"})),
    "element-used": ("element-used", _again("TE", ETCD="X", ELEMENT="Y", TESTRL="Z")),
    "element-same": ("element-same", _cells("TA", ELEMENT={0: "Entry", 2: "Entry"})),
    "element-end": ("CG0328", _cells("TE", TEDUR={1: None})),
    "element-distinct": ("CG0325", _cells("TE", TESTRL={2: "First dose of alphamab"})),
    "element-order": ("element-order", _cells("TA", TAETORD={1: 3})),
    "arm-code": ("FB0902", _both(
        _cells("TA", ARM={2: "Alphamab", 3: "Alphamab"}), "TV", ARM={1: "Alphamab"})),
    "arm-planned": ("CG0570", _both(
        _cells("TA", ARM={2: "Not Assigned", 3: "Not Assigned"}), "TV", ARM={1: "Not Assigned"})),
    "arm-planned-code": ("CG0415", _both(
        _cells("TA", ARMCD={2: "NOTTRT", 3: "NOTTRT"}), "TV", ARMCD={1: "NOTTRT"})),
    "transition-last": ("CG0249", _cells("TA", TATRANS={1: "Progression: to follow-up"})),
    "epoch-once": ("CG0250", _back()),
    "element-of-no-arm": ("CG0322", _both(
        _cells("TE", ELEMENT={0: "Entry of group 2"}), "TA",
        ELEMENT={0: "Entry of group 2", 2: "Entry of group 2"})),
    "element-of-no-epoch": ("CG0323", _both(
        _cells("TE", ELEMENT={0: "Screening, washout"}), "TA",
        ELEMENT={0: "Screening, washout", 2: "Screening, washout"}, EPOCH={2: "WASHOUT"})),
    "end-of-no-arm": ("CG0324", _cells("TE", TEENRL={0: "Arm B: first dose"})),
    "visit-arm-needless": ("CG0295", _cells(
        "TV", TVSTRL={1: "Informed consent"}, ARM={0: None, 1: None})),
    "anchor-date": ("CG0375", _assessed("LAST DOSE")),
    "arm-branch": ("CG0251", _cells("TA", TABRANCH={0: None})),
    "visit-number": ("CG0035", _cells("TV", VISIT={1: "Entry"})),
    "criterion-version": ("CG0253", _cells("TI", TIVERS={0: "1"})),
    "visit-arm": ("CG0293", _cells("TV", ARMCD={1: "Q"})),
    "criterion-code": ("FB0918", _cells("TI", IETEST={1: "Adults with β disease"})),
}  # fmt: skip


def test_a_good_lot_has_no_findings():
    assert native_findings(good_lot("NCT01", "NCT02"), SPEC) == []


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_a_spoiled_lot_breaks_that_rule_alone(rule):
    published, bad = SPOILT[rule]
    found = native_findings(bad, WITH if rule.endswith("-term") else SPEC)
    sentence = next(one for one in RULES if one.name == rule)
    if rule in {"no-animal-dataset", "subjects-described"}:  # their columns are unknown besides
        found = [one for one in found if one.rule != "column-known"]
    assert {(one.rule, one.message, one.severity) for one in found} == {
        (published, sentence.sentence, sentence.severity)
    }
    assert {one.study for one in found} == {"NCT01"}


def test_assessments_from_a_date_of_adsl_have_no_finding():
    assert native_findings(_assessed("RANDDT"), SPEC) == []
    assert {one.rule for one in native_findings(_assessed("TRTSDTM"), SPEC)} == {"CG0375"}


def test_a_term_is_looked_up_in_the_version_that_the_row_names():
    assert native_findings(GOOD, WITH) == [], "another version of SNOMED"
    good = _ts("INDIC", TSVAL="Type 2 diabetes mellitus", TSVCDVER="2026-01")
    assert native_findings(good, WITH) == []


def test_every_rule_is_named_once():
    assert len({rule.name for rule in RULES}) == len({rule.column for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("domain", "variable", "value", "rule"),
    [
        ("TS", "TSPARMCD", "FOOBARBAZ", "CG0257"),
        ("TS", "TSPARMCD", "FOOBAR", "coded-value"),
        ("TA", "EPOCH", "WARMUP", "coded-value"),
        ("TA", "ETCD", "LONGER-THAN-EIGHT", "CG0246"),
        ("TA", "ARMCD", "A" * 21, "CG0153"),
        ("TS", "TSVALNF", "NONE", "coded-value"),
        ("TV", "ARM", "Q", "CG0294"),
    ],
)
def test_published_ids_are_those_of_the_variable(domain, variable, value, rule):
    found = native_findings(spoiled(GOOD, domain, variable, {0: value}), SPEC)
    assert (domain, variable, rule) in {(one.domain, one.variable, one.rule) for one in found}


def test_a_finding_names_study_row_and_value():
    bad = spoiled(good_lot("NCT01", "NCT02"), "TE", "TEDUR", {4: "7 days"})
    (found,) = native_findings(bad, SPEC)
    assert (found.study, found.domain, found.variable) == ("NCT02", "TE", "TEDUR")
    assert (found.key, found.value, found.engine) == ("ALPHA", "7 days", "native")


def test_studies_with_one_studyid_are_not_mixed():
    same = tables(study("302"), SPEC)
    assert native_findings(lot([("NCT01", same), ("NCT02", same)]), SPEC) == []


def test_many_rows_are_counted():
    row = {"STUDYID": "NCT01", "DOMAIN": "TI", "IETEST": "x", "IECAT": "MAYBE"}
    rows = [row | {"IETESTCD": f"I{n}", "IETEST": f"Text {n}"} for n in range(SHOWN + 5)]
    table = tables(study("NCT01"), SPEC)["TI"]
    many = {**tables(study("NCT01"), SPEC), "TI": pa.Table.from_pylist(rows, schema=table.schema)}
    found = native_findings(lot([("NCT01", many)]), SPEC)
    assert len(found) == SHOWN + 1
    assert [one.key for one in found if not one.value] == ["and 5 more rows"]


def test_columns_of_one_study_do_not_move_those_of_another():
    made = tables(study("NCT02"), SPEC)
    terse = {**made, "TE": made["TE"].drop_columns(["TEENRL"])}
    mixed = lot([("NCT01", terse), ("NCT02", tables(study("NCT02"), SPEC))])
    assert mixed["TE"].column_names[-2:] == ["TEENRL", "TEDUR"]
    assert {(one.study, one.rule) for one in native_findings(mixed, SPEC)} == {("NCT01", "CG0328")}


def test_a_study_without_trial_summary_lacks_every_required_parameter():
    made = tables(study("NCT01"), SPEC)
    found = native_findings(lot([("NCT01", {"TE": made["TE"], "TA": made["TA"]})]), SPEC)
    wanted = {code for code, one in SPEC.parameters.items() if one.required == "always"}
    assert {one.key for one in found} == wanted


def test_an_empty_lot_is_no_error():
    assert native_findings(lot([]), SPEC) == []
    run = native_run(lot([]), SPEC)
    assert ("element-end", "no dataset for it") in run.skipped
    assert set(run.rules) | {name for name, _ in run.skipped} == {rule.name for rule in RULES}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_value_stops_the_rules(data):
    domain = data.draw(st.sampled_from(sorted(SPEC.domains.keys() & GOOD.keys())))
    variable = data.draw(st.sampled_from(GOOD[domain].column_names[1:]))
    number = pa.types.is_floating(GOOD[domain].schema.field(variable).type)
    number = number or pa.types.is_integer(GOOD[domain].schema.field(variable).type)
    value = data.draw(st.none() | (st.integers(-3, 9) if number else st.text(max_size=9)))
    found = native_findings(spoiled(GOOD, domain, variable, {0: value}), SPEC)
    assert found == sorted(found)


@pytest.mark.parametrize("text", ["P18Y", "P0.5Y", "P14W", "P1Y6M", "PT1H", "P1DT12H", "P1Y0.5M"])
def test_durations(text):
    assert is_duration(text)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1YT", "P1Y6M2W", "7D", "P-1D", "P1.5Y6M", "P١Y"])
def test_no_durations(text):
    assert not is_duration(text)


def test_dates_and_ratios():
    assert all(map(is_date, ("2024", "2024-05", "2024-02-29", "2024-05-31T10:00")))
    assert not any(map(is_date, ("2023-02-29", "2024-13", "20240531", "2024-05-31T25", "0000")))
    assert [is_ratio(text) for text in ("0.67", "1", "1.0", "0.0", "2")] == [True, True] + [
        False
    ] * 3
