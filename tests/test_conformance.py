"""CORE's answers are judged by what the data says; an expectation never hides a real finding."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from pipeline.conformance.answer import Answer, Engine, Found, Rules, ask
from pipeline.conformance.expectations import Expectation, When, expectations, explained
from pipeline.conformance.judge import judge
from pipeline.conformance.report import readable, verdicts, write
from pipeline.conformance.sample import drawn, one_each
from pipeline.conformance.table import Sampled, page
from pipeline.issues import BadRequest, BadSpec
from pipeline.load.created import created
from pipeline.load.dataset_json import dataset_json
from pipeline.load.define import define_xml
from pipeline.load.parquet import parquet
from pipeline.load.xport import xport
from pipeline.spec import ROOT
from pipeline.spec.standard import standards
from pipeline.tabulate import tables
from pipeline.validate.finding import Finding
from pipeline.validate.report import report
from pipeline.validate.run import EngineRun
from tests.conftest import shared
from tests.good_lot import SPEC

KNOWN = standards(ROOT / "schemas" / "standards.yaml")
DOCUMENTED = expectations(ROOT / "mappings" / "conformance.yaml")
CORE_PYTHON = ROOT / ".venv-core" / "bin" / "python"
TS = pa.Table.from_pylist(
    [
        {"TSPARMCD": "ACTSUB", "TSSEQ": 1, "TSVAL": None, "TSVALNF": "NI", "TSVALCD": None},
        {"TSPARMCD": "PLANSUB", "TSSEQ": 1, "TSVAL": "many", "TSVALNF": None, "TSVALCD": None},
        {"TSPARMCD": "TRT", "TSSEQ": 1, "TSVAL": "Alphamab", "TSVALNF": None, "TSVALCD": None},
        {"TSPARMCD": "TRT", "TSSEQ": 2, "TSVAL": "Water", "TSVALNF": None, "TSVALCD": "059QF0KO0R"},
        {"TSPARMCD": "SSTDTC", "TSSEQ": 1, "TSVAL": None, "TSVALNF": None, "TSVALCD": None},
        {
            "TSPARMCD": "STYPE",
            "TSSEQ": 1,
            "TSVAL": "OBSERVATIONAL",
            "TSVALNF": None,
            "TSVALCD": "C16084",
        },
    ]
).replace_schema_metadata({"keys": "STUDYID TSPARMCD TSSEQ"})
CODES = TS.column("TSPARMCD").to_pylist()


def found(rule: str, row: int | None = None, dataset: str = "TS", **value: object) -> Found:
    if row is not None:
        value = {"TSPARMCD": CODES[row - 1]} | value
    return Found(rule, ("CG0001",), dataset, row, tuple(value), value, "It is wrong.")


def answer(*findings: Found, failed: dict[str, str] | None = None, **evaluated: int) -> Answer:
    rules = Rules(("CORE-000338",), {"CORE-000001": "Outside scope"}, failed or {})
    return Answer(Engine("CDISC CORE", "0"), "3.4", rules, {"TS": 9} | evaluated, findings)


def why(one: Found) -> str:
    return explained(one, TS.to_pylist(), DOCUMENTED)


@pytest.mark.parametrize(
    ("one", "accepted"),
    [
        (found("CORE-000338", 1), True),  # no actual number, and a null flavor
        (found("CORE-000340", 2), False),  # a number is there, and it is wrong
        (found("CORE-000505", 5), False),  # no start date, and no null flavor
        (found("CORE-000338", 2), False),  # the row of another parameter
        (found("CORE-000338", 1, TSPARMCD="PLANSUB"), False),  # the row is not the one found
        (Found("CORE-000338", (), "TS", 7, (), {"TSPARMCD": "ACTSUB"}, ""), False),  # no row
        (found("CORE-000735", 3), True),  # a name without a code
        (found("CORE-000735", 4), False),  # a code is there, and its dictionary is wrong
        (found("CORE-000733", **{"$trt_count": 0}), True),  # an observational study
        (found("CORE-000733", **{"$trt_count": 1}), False),
        (found("CORE-000581", dataset="STUDY", DM="Not in dataset"), True),
        (found("CORE-001082", variable_name="TSVAL1", library_variable_data_type=None), True),
        (found("CORE-001082", variable_name="TSVAL", library_variable_data_type=None), False),
        (found("CORE-001081", define_variable_name="TSVAL1", library_variable_role="Topic"), False),
        (found("CORE-999999", 1), False),  # a rule that nobody wrote about
    ],
)  # fmt: skip
def test_a_reason_counts_only_where_the_data_bears_it_out(one, accepted):
    assert bool(why(one)) is accepted


@pytest.mark.parametrize(
    ("columns", "accepted"),
    [
        ("STUDYID DOMAIN TSSEQ TSGRPID TSPARMCD TSPARM TSVAL TSVAL1 TSVALNF TSVALCD TSVCDREF TSVCDVER", True),
        ("STUDYID DOMAIN TSSEQ TSGRPID TSPARMCD TSPARM TSVAL TSVALNF TSVALCD TSVCDREF TSVCDVER", False),
        ("STUDYID DOMAIN TSGRPID TSSEQ TSPARMCD TSPARM TSVAL TSVAL1 TSVALNF TSVALCD TSVCDREF TSVCDVER", False),
    ],
)  # fmt: skip
def test_another_order_of_variables_is_not_excused_by_tsval1(columns, accepted):
    value = {"$column_order_from_dataset": columns.split()}
    assert bool(why(found("CORE-000852", **value))) is accepted


def test_a_rule_that_failed_and_a_dataset_that_nobody_read_are_findings():
    failing = answer(failed={"CORE-000581": "KeyError: 'DM'"}, TE=0)
    made = judge("NCT01", failing, {"TS": TS}, DOCUMENTED)
    assert [(one.finding.rule, one.finding.domain, one.why) for one in made.open] == [
        ("CORE-000581", "", ""),
        ("not-evaluated", "TE", ""),
    ]
    assert {one.finding.severity for one in made.open} == {"error"}


def test_what_excuses_an_observational_study_excuses_no_other():
    registry = [row | {"TSVAL": "PATIENT REGISTRY"} for row in TS.to_pylist()]
    assert explained(found("CORE-000733", **{"$trt_count": 0}), registry, DOCUMENTED)
    trial = [row | {"TSVAL": "INTERVENTIONAL"} for row in TS.to_pylist()]
    assert not explained(found("CORE-000733", **{"$trt_count": 0}), trial, DOCUMENTED)


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        ({"DOSFRM": ("C25158", "CDISC CT"), "DOSU": ("C48480", "CDISC CT")}, True),
        ({"TRT": ("059QF0KO0R", "UNII"), "KEYWORD": (None, None)}, True),
        ({"TRT": ("059QF0KO0R", "UNII"), "INDIC": ("44054006", "SNOMED")}, False),
        ({"DOSFRM": ("C25158", "CDISC CT")}, False),  # one code: nothing to excuse
    ],
)  # fmt: skip
def test_one_word_of_two_codelists_has_a_code_in_each(answers, accepted):
    ts = [
        {"TSPARMCD": name, "TSVAL": "CAPSULE", "TSVALCD": code, "TSVCDREF": reference}
        for name, (code, reference) in answers.items()
    ]
    for rule in ("CORE-000152", "CORE-000728"):
        assert bool(explained(found(rule, TSVAL="CAPSULE"), ts, DOCUMENTED)) is accepted
    twice = [*ts, ts[0] | {"TSVALCD": "C1"}]
    assert not explained(found("CORE-000152", TSVAL="CAPSULE"), twice, DOCUMENTED)


def test_findings_name_the_row_by_its_key_unless_they_are_about_metadata():
    about_data = found("CORE-000735", 3, TSVCDREF=None)
    about_variable = Found(
        "CORE-000594", (), "TS", 3, ("variable_label",), {"variable_label": "x"}, ""
    )
    first, second = judge(
        "NCT01", answer(about_data, about_variable), {"TS": TS}, DOCUMENTED
    ).judged
    assert (first.finding.key, first.finding.severity) == ("TRT.1", "note")
    assert (second.finding.key, second.finding.severity) == ("", "error")
    assert first.finding.value == '{"TSPARMCD": "TRT", "TSVCDREF": null}'


def test_the_report_lists_what_is_open_on_one_line_each(tmp_path):
    hostile = found("CORE-999999", 3, TSVAL="<b>\x1b[31m\nx")
    hostile = msgspec.structs.replace(hostile, message="\x1b[31m\nx")
    made = [judge("NCT01", answer(hostile, found("CORE-000338", 1)), {"TS": TS}, DOCUMENTED)]
    text = write(made, DOCUMENTED, tmp_path)
    assert (
        text == readable(made, DOCUMENTED) == (tmp_path / "validation/conformance.txt").read_text()
    )
    assert "\x1b" not in text
    documented, still_open = text.split("To look at\n")
    assert DOCUMENTED["CORE-000338"].why in documented
    assert still_open.count("\n") == 1
    assert "CORE-999999 (CG0001): TS TRT.1" in still_open
    content = msgspec.json.decode((tmp_path / "validation/conformance.json").read_bytes())
    assert [one["why"] for one in content[0]["judged"]] == ["", DOCUMENTED["CORE-000338"].why]
    assert content[0]["engine"]["skipped"] == [["CORE-000001", "Outside scope"]]


@pytest.mark.parametrize(
    "text", ["CORE-1: {when: {absent: [X]}}", "CORE-1: {why: x, when: {absnt: [X]}}"]
)
def test_expectations_refuse_what_they_do_not_know(tmp_path, text):
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(BadSpec):
        expectations(tmp_path / "c.yaml")


def test_every_expectation_speaks_of_parameters_that_exist():
    for rule, expectation in DOCUMENTED.items():
        when = expectation.when
        assert {*when.absent, *when.uncoded, *when.study} <= set(SPEC.parameters), rule
        assert expectation.why.endswith("."), rule
    without = {rule for rule, one in DOCUMENTED.items() if one.when == When()}
    assert without == {"CORE-000741"}  # the only rule that can never be kept


def test_no_package_is_no_success(tmp_path):
    with pytest.raises(BadRequest, match="no package"):
        verdicts(tmp_path, tmp_path, tmp_path, {"CORE-1": Expectation("x.")}, KNOWN)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [([], "CORE_CACHE"), (["--cache", "."], "rules.pkl"), (["--cache", "{cache}"], "Python 3.12")],
)
def test_what_is_missing_is_said(tmp_path, arguments, says):
    (tmp_path / "rules.pkl").write_bytes(b"")
    environment = {name: text for name, text in os.environ.items() if name != "CORE_CACHE"}
    given = [part.format(cache=tmp_path) for part in arguments]
    command = [
        sys.executable,
        "-m",
        "pipeline.conformance",
        str(tmp_path),
        "--python",
        "none",
        *given,
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def package(study, folder: Path) -> dict[str, pa.Table]:
    made, when = tables(study, SPEC), created(study, SPEC)
    files = {"submission/define.xml": define_xml(study, made, SPEC, when)}
    for code, table in made.items():
        files[f"submission/{code.lower()}.xpt"] = xport(table, SPEC, when)[0]
        files[f"parquet/{code.lower()}.parquet"] = parquet(table)
        files[f"json/{code.lower()}.json"] = dataset_json(table, study, SPEC, when)
    for name, data in files.items():
        path = folder / "studies" / study.id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return made


def test_core_finds_nothing_undocumented_in_the_supplied_page_and_finds_what_is_broken(
    tmp_path, seed
):
    cache = shared("core/cache")
    if not CORE_PYTHON.is_file():
        pytest.skip("no .venv-core: `make conformance` makes it")
    made = package(seed, tmp_path)
    judged = verdicts(tmp_path, cache, CORE_PYTHON, DOCUMENTED, KNOWN)
    assert [verdict.sdtmig for verdict in judged] == ["3.4", "3.3"]
    for verdict in judged:
        assert verdict.open == ()
        assert all(verdict.evaluated[domain] > 40 for domain in made)

    home = tmp_path / "studies" / seed.id
    xpt, define = home / "submission", home / "submission" / "define.xml"
    in_json = ask(home / "json", define, cache, CORE_PYTHON, "3.4")
    found_in_xpt = [one.finding.rule for one in judged[0].judged]
    assert [one.rule for one in in_json.findings] == found_in_xpt
    assert in_json.evaluated == judged[0].evaluated

    table = made["TS"]
    at = table.column_names.index("TSVALNF")
    blank = table.set_column(at, table.schema.field(at), pa.nulls(table.num_rows, pa.string()))
    (xpt / "ts.xpt").write_bytes(xport(blank, SPEC, created(seed, SPEC))[0])
    (xpt / "te.xpt").write_bytes(b"not a dataset" * 100)
    broken = ask(xpt, define, cache, CORE_PYTHON, "3.4")
    rules = {one.finding.rule for one in judge(seed.id, broken, made, DOCUMENTED).open}
    assert {"CORE-000149", "not-evaluated"} <= rules


def records_in(folder: Path) -> Path:
    for shelf, number in (("a", 9), ("b", 2)):
        (folder / shelf).mkdir(parents=True)
        for at in range(number):
            (folder / shelf / f"{at}.json").write_text("{}")
    (folder / "a" / "export.json").write_bytes(b" " * 2_000_001)
    return folder


def test_inputs_are_drawn_from_each_folder_by_turns_and_again_the_same(tmp_path):
    folder = records_in(tmp_path / "records")
    some = drawn(folder, 4, seed=3)
    assert some == drawn(folder, 4, seed=3)
    assert [path.parent.name for path in some] == ["a", "b", "a", "b"]
    assert len(drawn(folder, 99, seed=3)) == 11, "an export of many trials is not drawn"
    assert {tuple(drawn(folder, 4, seed=seed)) for seed in range(9)} != {tuple(some)}
    with pytest.raises(BadRequest, match="no records"):
        drawn(tmp_path / "nothing", 4, seed=3)


def test_one_package_of_each_input_is_chosen_first(tmp_path):
    for name, file in (("N1", "x.csv#1"), ("N2", "x.csv#2"), ("N3", "x.csv#3"), ("N4", "y.json")):
        home = tmp_path / "studies" / name
        home.mkdir(parents=True)
        source = {
            "name": file,
            "registry": "r",
            "format": file[:1],
            "sha256": "",
            "id": name,
            "version": "",
        }
        (home / "manifest.json").write_bytes(msgspec.json.encode({"records": [source]}))
    chosen = one_each(tmp_path, 2, seed=1)
    assert sorted(chosen.values()) == ["x", "y"]
    assert len(one_each(tmp_path, 9, seed=1)) == 4


def test_the_page_of_a_run_says_what_was_found_and_what_failed():
    bad = answer(
        found("CORE-999999", 3), found("CORE-000338", 1), failed={"CORE-1": "KeyError | x"}
    )
    made = tuple(judge("NCT01", one, {"TS": TS}, DOCUMENTED) for one in (answer(), bad))
    text = page([Sampled("3.4", {"NCT01": "ctgov_v2"}, made)], DOCUMENTED, 7)
    assert "SAMPLE=1 SEED=7" in text
    assert "| 3.4 | 3.4 | ctgov_v2 | 2 | 1 | 3 | 1 | 2 |" in text
    assert f"| CORE-000338 | 1 | {DOCUMENTED['CORE-000338'].why} |" in text
    assert "CORE-999999" in text.partition("## To look at")[2]
    assert "Rules that failed to execute: 1." in text
    assert page([Sampled("3.4", {"NCT01": "ctgov_v2"}, made)], DOCUMENTED, 7) == text


def test_what_core_finds_joins_the_report_of_the_build_once(tmp_path):
    folder = tmp_path / "validation"
    folder.mkdir()
    ours = Finding("NCT01", "native", "CG0287", "error", "It is there.", "TS", "TSPARMCD", "TITLE")
    engines = [EngineRun("native", "1.0", ("parameter-required",))]
    (folder / "findings.json").write_bytes(report([ours], engines)[2])
    made = [judge("NCT01", answer(found("CORE-000338", 1)), {"TS": TS}, DOCUMENTED)]
    for _ in range(2):
        write(made, DOCUMENTED, tmp_path)
        said = msgspec.json.decode((folder / "findings.json").read_bytes())
        assert [one["engines"] for one in said["findings"]] == [["native"], ["core"]]
        assert said["findings"][1]["severity"] == "note"
        assert DOCUMENTED["CORE-000338"].why in said["findings"][1]["message"]
        assert [one["name"] for one in said["engines"]] == ["native", "core"]
        assert said["engines"][1]["skipped"] == [["CORE-000001", "Outside scope"]]
        assert b"CORE-000338" in (folder / "index.html").read_bytes()


@pytest.mark.parametrize(
    ("rows", "accepted"),
    [
        ([("DOSFRQ", "QD", "C25473"), ("DOSRGM", "QD", None)], True),
        ([("DOSFRQ", "QD", "C25473"), ("X", "QD", "C1"), ("DOSRGM", "QD", None)], False),
        ([("DOSFRQ", "QD", "C25473"), ("X", "BID", "C25473")], False),
    ],
)
def test_two_codes_of_one_text_are_not_excused_by_a_text_without_code(rows, accepted):
    ts = [dict(zip(("TSPARMCD", "TSVAL", "TSVALCD"), row, strict=True)) for row in rows]
    one = Found("CORE-000152", (), "TS", 1, (), {"TSVAL": "QD", "TSVALCD": "C25473"}, "")
    assert bool(explained(one, ts, DOCUMENTED)) is accepted
