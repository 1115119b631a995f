"""Curation: what a person decided stands in the tables, says so, and is held against the records."""

import csv
import io
import re

import pyarrow.parquet as pq
import pytest
from lxml import etree
from msgspec.structs import replace
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.curating import curate
from pipeline.curation import curations
from pipeline.drafting import Cells, drafts
from pipeline.formats import FORMATS
from pipeline.issues import BadRequest, BadSpec
from pipeline.load.package import package
from pipeline.load.provenance import provenance
from pipeline.spec import ROOT
from pipeline.study import build
from pipeline.tabulate import tables
from tests.conftest import SEED, SHARED, flavors, record_of, study_of, values

STUDY = "2019-001929-27"
SIGNED = "  reason: Protocol 3.0.\n  date: 2026-03-31\n"
ODM = {"o": "http://www.cdisc.org/ns/odm/v1.3", "d": "http://www.cdisc.org/ns/def/v2.1"}


def entry(key: str, *lines: str, words: str | None = "[]") -> str:
    kept = [] if words is None else [f"words: {words}"]
    return f"{key}:\n" + "".join(f"  {line}\n" for line in (*lines, *kept)) + SIGNED


def read(tmp_path, spec, text: str, name: str = STUDY):
    folder = tmp_path / "curation"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return curations(folder, spec)


def curated(tmp_path, spec, page: str, text: str, name: str = STUDY):
    known = replace(spec, curations=read(tmp_path, spec, text, name))
    return study_of(page, known), known


def problems(tmp_path, spec, text: str) -> list[str]:
    with pytest.raises(BadSpec) as caught:
        read(tmp_path, spec, text)
    return [problem.rpartition(f"{STUDY}.yaml:")[2] for problem in caught.value.problems]


def row(study, domain: str, **where):
    def plain(value):
        return getattr(value, "value", value)

    (found,) = [
        row
        for row in study.tables[domain].rows
        if all(plain(row.get(k)) == v for k, v in where.items())
    ]
    return found


def codes(study) -> list[str]:
    return [issue.code for issue in study.issues if issue.code.startswith("curation.")]


def tasks(study) -> set[str]:
    return {f"{task.domain}.{task.item}" for task in study.worklist}


# what is applied


def test_a_value_is_supplied_coded_and_leaves_the_worklist(tmp_path, spec, page, seed):
    study, _ = curated(tmp_path, spec, page, entry("TS.ADAPT", "value: N"))
    made = row(study, "TS", TSPARMCD="ADAPT")
    assert (made["TSVAL"].value, made["TSVAL"].how) == ("N", "curated")
    assert made["TSVAL"].reason == "Protocol 3.0. (2026-03-31)"
    assert (made["TSVALCD"], made["TSVCDREF"], made["TSVALNF"]) == ("C49487", "CDISC CT", None)
    assert "TS.ADAPT" in tasks(seed)
    assert tasks(study) == tasks(seed) - {"TS.ADAPT"}
    assert codes(study) == []


def test_nothing_else_changes(tmp_path, spec, page, seed):
    study, _ = curated(tmp_path, spec, page, entry("TS.ADAPT", "value: N"))
    for domain, table in seed.tables.items():
        others = [r for r in study.tables[domain].rows if r.get("TSPARMCD") != "ADAPT"]
        assert others == [dict(r) for r in table.rows if r.get("TSPARMCD") != "ADAPT"]
    assert study.issues == seed.issues


def test_values_in_order_and_a_null_flavor_and_a_drop(tmp_path, spec, page):
    text = entry("TS.TTYPE", "values: [SAFETY, EFFICACY]", words='["safety"]')
    text += entry("TS.STOPRULE", "flavor: NA") + entry("TS.KEYWORD", "value: AML")
    text += entry("TS.DOSRGM", "drop: yes", words=None)
    study, _ = curated(tmp_path, spec, page, text)
    assert values(study, "TTYPE") == ["SAFETY", "EFFICACY"]
    assert [r["TSSEQ"] for r in study.tables["TS"].rows if r["TSPARMCD"] == "TTYPE"] == [1, 2]
    assert (values(study, "STOPRULE"), flavors(study, "STOPRULE")) == ([None], ["NA"])
    assert row(study, "TS", TSPARMCD="STOPRULE")["TSVAL"].how == "curated"
    assert (values(study, "KEYWORD"), values(study, "DOSRGM")) == (["AML"], [])
    names = [r["TSPARMCD"] for r in study.tables["TS"].rows]
    assert names == sorted(names)


def test_a_confirmed_value_keeps_the_words_under_it(tmp_path, spec, page, seed):
    study, _ = curated(tmp_path, spec, page, entry("TS.TTYPE", "value: SAFETY", words='["safety"]'))
    cell = row(study, "TS", TSPARMCD="TTYPE")["TSVAL"]
    assert cell.how == "curated"
    assert cell.basis == row(seed, "TS", TSPARMCD="TTYPE")["TSVAL"].basis != ()


def test_a_dictionary_term_has_its_code_reference_and_version(tmp_path, spec, page):
    text = entry("TS.INDIC", "value: AML", 'code: "91861009"', 'version: "2026-03-01"')
    text += entry("TS.SPONSOR", "value: Centre", 'code: "1234"', "dictionary: D-U-N-S NUMBER",
                  'version: "2026"', words=None)  # fmt: skip
    study, _ = curated(tmp_path, spec, page, text)
    made = row(study, "TS", TSPARMCD="INDIC")
    code = [made[name] for name in ("TSVALCD", "TSVCDREF", "TSVCDVER")]
    assert code == ["91861009", "SNOMED", "2026-03-01"]
    assert row(study, "TS", TSPARMCD="SPONSOR")["TSVCDREF"] == "D-U-N-S NUMBER"


def test_rows_follow_the_group_that_a_treatment_is_given(tmp_path, spec, page):
    text = entry(
        "TS.TRT",
        "values:",
        "- {value: IL-2, group: A}",
        "- {value: UCB-NK cells, group: B}",
        words=None,
    )
    text += entry("TS.DOSE", "value: '3'", "group: B", words=None)
    study, _ = curated(tmp_path, spec, page, text)
    made = {
        (r["TSPARMCD"], r["TSVAL"].value): r["TSGRPID"]
        for r in study.tables["TS"].rows
        if r["TSGRPID"]
    }
    assert (
        made[("TRT", "IL-2")] == made[("ROUTE", "SUBCUTANEOUS")] == made[("DOSFRQ", "QOD")] == "A"
    )
    assert made[("DOSE", "3")] == made[("DOSU", "10^9 Therapeutic Cells")] == "B"
    assert "curation.unplaced" not in codes(study)


def test_a_group_without_its_treatment_is_an_issue(tmp_path, spec, page):
    text = entry("TS.TRT", "value: UCB-NK cells", words=None)
    study, _ = curated(tmp_path, spec, page, text)
    left = [i.detail for i in study.issues if i.code == "curation.unplaced"]
    assert left
    assert all("TRT2" in detail for detail in left)


def test_an_element_is_confirmed_when_none_of_its_cells_is_assumed(tmp_path, spec, page, seed):
    some = entry("TE.SCREEN", "TESTRL: Consent signed", words='["informed consent"]')
    study, _ = curated(tmp_path, spec, page, some)
    assert row(study, "TE", ETCD="SCREEN")["TESTRL"].how == "curated"
    assert row(study, "TE", ETCD="SCREEN")["TEENRL"] == row(seed, "TE", ETCD="SCREEN")["TEENRL"]
    assert "TE.SCREEN" in tasks(study)
    whole = entry("TE.SCREEN", "ETCD: RUNIN", "ELEMENT: Run-in", "TESTRL: Consent", "TEENRL: Day 1",
                  words='["informed consent"]')  # fmt: skip
    study, _ = curated(tmp_path, spec, page, whole)
    assert "TE.SCREEN" not in tasks(study)
    steps = [r for r in study.tables["TA"].rows if getattr(r["ETCD"], "value", "") == "RUNIN"]
    assert len(steps) == 3
    assert {r["ELEMENT"].value for r in steps} == {"Run-in"}
    assert codes(study) == []


def test_an_arm_is_named_anew_wherever_it_stands(tmp_path, spec, page):
    text = entry("TA.NK_CELLS_LOW_DOSE", "ARMCD: LOW", "ARM: Low dose", words=None)
    text += entry("TV.1.LOW", "add: yes", "VISIT: START", "TVSTRL: Day 1")
    study, known = curated(tmp_path, spec, page, text)
    arm = [r for r in study.tables["TA"].rows if r["ARMCD"].value == "LOW"]
    assert [r["TAETORD"] for r in arm] == [1, 2, 3, 4, 5]
    assert {r["ARM"].value for r in arm} == {"Low dose"}
    _, files, _ = package(study, known)
    assert "submission/tv.xpt" in files


def test_elements_of_an_arm_are_added_and_dropped(tmp_path, spec, page):
    text = entry("TE.WASH", "add: yes", "ELEMENT: Washout", "TESTRL: Day 1", "TEDUR: P2W")
    text += entry("TA.NK_CELLS_LOW_DOSE.2", "add: yes", "ETCD: WASH", "EPOCH: WASHOUT 1")
    text += entry("TA.NK_CELLS_HIGHER_DOSE.5", "drop: yes", words=None)
    study, _ = curated(tmp_path, spec, page, text)

    def path(arm):
        rows = [r for r in study.tables["TA"].rows if r["ARMCD"].value == arm]
        return [(r["TAETORD"], getattr(r["ETCD"], "value", r["ETCD"])) for r in rows]

    low, high = path("NK_CELLS_LOW_DOSE"), path("NK_CELLS_HIGHER_DOSE")
    assert low[:3] == [(1, "SCREEN"), (2, "WASH"), (3, "LYMPHODE")]
    assert len(low) == 6
    assert high == [(1, "SCREEN"), (2, "LYMPHODE"), (3, "UCBNK"), (4, "IL2_2")]
    assert row(study, "TA", ARMCD="NK_CELLS_LOW_DOSE", TAETORD=2)["ELEMENT"].value == "Washout"


def test_visits_and_criteria_are_added_dropped_and_blanked(tmp_path, spec, page, seed):
    text = entry("TV.2", "add: yes", "VISIT: WEEK 4", "TVSTRL: Week 4", "VISITDY: 29")
    text += entry("TV.1", "add: yes", "VISIT: START", "TVSTRL: Day 1")
    text += entry("TI.INCL02", "drop: yes", words=None)
    text += entry("TI.INCL99", "add: yes", "IETEST: Of age", "IECAT: INCLUSION")
    study, _ = curated(tmp_path, spec, page, text)
    assert [r["VISITNUM"].value for r in study.tables["TV"].rows] == [1.0, 2.0]
    assert "TV.visits" in tasks(seed) - tasks(study)
    before = [r["IETESTCD"] for r in seed.tables["TI"].rows]
    after = [getattr(r["IETESTCD"], "value", r["IETESTCD"]) for r in study.tables["TI"].rows]
    assert after == sorted({*before, "INCL99"} - {"INCL02"})
    text = entry("TA.NK_CELLS_LOW_DOSE.1", 'TABRANCH: ""', words=None)
    study, _ = curated(tmp_path, spec, page, text)
    cell = row(study, "TA", ARMCD="NK_CELLS_LOW_DOSE", TAETORD=1)["TABRANCH"]
    assert (cell.value, cell.how) == (None, "curated")


# how it survives


def test_other_words_under_a_curated_value_are_flagged_and_the_value_stays(tmp_path, spec, page):
    text = entry("TS.TTYPE", "value: EFFICACY", words='["safety"]')
    study, _ = curated(tmp_path, spec, page, text)
    assert codes(study) == []
    changed = page.replace("safety study", "efficacy study").replace("safety", "efficacy")
    assert changed != page
    study, _ = curated(tmp_path, spec, changed, text)
    assert values(study, "TTYPE") == ["EFFICACY"]
    (issue,) = [i for i in study.issues if i.code == "curation.review"]
    assert "safety" in issue.detail
    assert "efficacy" in issue.quote
    (task,) = [t for t in study.worklist if t.item == "TTYPE"]
    assert (task.severity, [f.quote for f in task.candidates]) == ("confirm", [issue.quote])


def test_words_that_come_where_there_were_none_are_flagged(tmp_path, spec, page):
    study, _ = curated(tmp_path, spec, page, entry("TS.TTYPE", "value: SAFETY"))
    assert codes(study) == ["curation.review"]


def test_an_entry_without_words_is_applied_and_noted(tmp_path, spec, page):
    study, _ = curated(tmp_path, spec, page, entry("TS.TTYPE", "value: EFFICACY", words=None))
    assert values(study, "TTYPE") == ["EFFICACY"]
    assert codes(study) == ["curation.unwatched"]


def test_a_criterion_is_found_by_its_words(tmp_path, spec, page, seed):
    quote = " ".join(row(seed, "TI", IETESTCD="INCL02")["IETEST"].basis[0].quote.split())
    words = '["' + quote.replace("\\", "\\\\") + '"]'
    text = entry("TI.INCL01", "IETEST: Reworded", words=words)
    study, _ = curated(tmp_path, spec, page, text)
    assert row(study, "TI", IETESTCD="INCL02")["IETEST"].value == "Reworded"
    assert row(study, "TI", IETESTCD="INCL01") == dict(row(seed, "TI", IETESTCD="INCL01"))
    assert codes(study) == ["curation.review"]
    gone = entry("TI.INCL01", "drop: yes", words='["words of another day"]')
    study, _ = curated(tmp_path, spec, page, gone)
    assert len(study.tables["TI"].rows) == len(seed.tables["TI"].rows)
    assert codes(study) == ["curation.unplaced"]


def test_a_row_that_the_records_no_longer_make_is_an_issue(tmp_path, spec, page, seed):
    text = entry("TE.GONE", "ELEMENT: x") + entry(
        "TE.SCREEN", "add: yes", "ELEMENT: x", "TESTRL: y", "TEENRL: z"
    )
    text += entry("TA.NEW.1", "add: yes", "ETCD: SCREEN", "EPOCH: SCREENING")
    study, _ = curated(tmp_path, spec, page, text)
    assert codes(study) == ["curation.unplaced"] * 3
    assert study.tables == seed.tables


def test_a_file_may_be_named_by_any_number_of_the_study(tmp_path, spec):
    trial = (ROOT / "tests" / "fixtures" / "ctgov_trial.json").read_text(encoding="utf-8")
    numbers = [n for n in values(study_of(trial, spec), "REGID") if n]
    assert len(numbers) > 1
    for number in numbers:
        text = entry("TS.ADAPT", "value: N", words=None)
        study, _ = curated(tmp_path / number, spec, trial, text, number)
        assert values(study, "ADAPT") == ["N"]


def test_two_files_for_one_study_are_not_mixed(spec):
    from pipeline.spec.curation import Curation
    from pipeline.transform.curated import chosen

    files = {name: Curation(name, f"{name}.yaml") for name in ("NCT00000001", STUDY)}
    one, issues = chosen(["NCT00000001", STUDY], files)
    assert one is files["NCT00000001"]
    assert [issue.code for issue in issues] == ["curation.unplaced"]


# what is refused


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (entry("TS.ADAPT", "value: No"), 2, "allowed: N, NA, U, Y"),
        (entry("TS.ADOPT", "value: N"), 1, "ADAPT"),
        (entry("TX.ADAPT", "value: N"), 1, "allowed: TS, TA, TE, TI, TV"),
        (entry("TS.ADAPT", "value: N", "colour: red"), 3, "allowed: value, code"),
        ("TS.ADAPT:\n  value: N\n  date: 2026-03-31\n", 1, "reason is missing"),
        ("TS.ADAPT:\n  value: N\n  reason: x\n", 1, "date is missing"),
        ("TS.ADAPT:\n  value: N\n  reason:\n  date: 2026-03-31\n", 3, "reason is empty"),
        ("TS.ADAPT:\n  value: N\n  reason: x\n  date: 2026-02-30\n", 4, "'2026-02-30' is no date"),
        ("TS.ADAPT:\n  value: N\n  reason: x\n  date: 2026-03\n", 4, "'2026-03' is no date"),
        (entry("TS.ADAPT", "reason: x"), 4, "reason stands twice"),
        (entry("TS.ADAPT", "value:"), 2, "value is empty"),
        (entry("TS.ADAPT", "value: N", "flavor: NI"), 1, "one of value, values, flavor or drop"),
        (entry("TS.STOPRULE", "flavor: NIL"), 2, "allowed: NI, INV"),
        (entry("TS.STOPRULE", "value: UNKNOWN"), 2, "a word for a missing value"),
        (entry("TS.LENGTH", "value: 7 days"), 2, "ISO 8601 duration"),
        (entry("TS.SENDTC", "value: 31-12-2025"), 2, "ISO 8601 date"),
        (entry("TS.PLANSUB", "value: about 30"), 2, "whole number"),
        (entry("TS.RANDQT", "value: '1.5'"), 2, "share"),
        (entry("TS.FCNTRY", "values: [NLD, Holland]"), 2, "such as NLD"),
        (entry("TS.TCNTRL", "value: WAITING LIST"), 2, "extends: yes"),
        (entry("TS.DOSU", "value: MG"), 2, "mg"),
        (entry("TS.STYPE", "value: OTHER", "extends: yes"), 2, "no term of codelist STYPE"),
        (entry("TS.ADAPT", "value: N", "code: C1", "dictionary: SNOMED"), 2, "the value alone"),
        (entry("TS.INDIC", "value: AML", "code: '1'", "version: x", "dictionary: UNII"), 2, "allowed: SNOMED"),
        (entry("TS.INDIC", "value: AML", "code: '1'"), 2, "a code needs version"),
        (entry("TS.SPONSOR", "value: x", "code: '1'"), 2, "a code needs dictionary"),
        (entry("TS.SPONSOR", "value: x", "dictionary: DUNS", "code: '1'", "version: x"), 2, "no DICTNAM"),
        (entry("TS.DOSE", "value: '3'", "group: TRT1"), 1, "no treatment here has group TRT1"),
        (entry("TS.ADAPT", "drop: yes"), 1, "must be present"),
        (entry("TS.SDTMVER", "value: '2.1'"), 1, "set by build"),
        (entry("TS.TTYPE", "values: []"), 2, "at least one value"),
        (entry("TS.ADAPT", "value: N", words="none"), 3, "words is a list"),
        ("TS.ADAPT: N\n", 1, "an entry has parts"),
        (entry("TI.INCL02", "IETESTX: x"), 2, "allowed: IETESTCD, IETEST"),
        (entry("TI.INCL02", "IETEST:"), 2, "IETEST is empty"),
        (entry("TI.INCL02", 'IETEST: ""'), 2, "must have a value"),
        (entry("TI.INCL02", f"IETEST: {'x' * 201}"), 2, "201 bytes"),
        (entry("TI.INCL02", "IECAT: MAYBE"), 2, "allowed: EXCLUSION, INCLUSION"),
        (entry("TI.INCL02", "drop: no"), 2, "allowed: yes"),
        (entry("TI.INCL02", "drop: yes", "IETEST: x"), 3, "allowed: drop"),
        (entry("TI.INCL02"), 1, "it says nothing"),
        (entry("TI.INCL99", "add: yes", "IETEST: x"), 1, "needs IECAT"),
        (entry("TE.SCREEN", "TEDUR: 3 weeks"), 2, "ISO 8601 duration"),
        (entry("TE.SCREEN", "ETCD: run-in"), 2, "A-Z, 0-9 and _"),
        (entry("TE.NEW", "add: yes", "ELEMENT: x", "TESTRL: y"), 1, "TEENRL or TEDUR"),
        (entry("TA.LOW", "EPOCH: TREATMENT"), 2, "allowed: ARMCD, ARM"),
        (entry("TA.LOW.0", "EPOCH: TREATMENT"), 1, "by its arm and order"),
        (entry("TA.LOW.2", "EPOCH: WARMUP 1"), 2, "term of codelist EPOCH"),
        (entry("TA.LOW", "add: yes", "ARM: x"), 1, "TA.ARMCD.TAETORD"),
        (entry("TV.first", "VISIT: x"), 1, "by its VISITNUM"),
        (entry("TV.1", "VISITDY: 0"), 2, "there is no day 0"),
        ("- a\n", 1, "entries such as"),
        ("TS.ADAPT: [\n", 2, "expected"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_by_line_with_what_is_allowed(
    tmp_path, spec, text, line, said
):
    found = problems(tmp_path, spec, text)
    assert any(one.startswith(f"{line}: ") and said in one for one in found), found


def test_all_problems_are_said_at_once_in_order(tmp_path, spec):
    text = entry("TS.ADAPT", "value: No") + entry("TS.ADAPT", "value: N") + "TI.X: {drop: yes}\n"
    found = problems(tmp_path, spec, text)
    assert [int(problem.partition(":")[0]) for problem in found] == [2, 6, 11, 11]


def test_a_file_is_named_by_a_registry_id(tmp_path, spec):
    for name in ("NCT01234567", "2019-001234-56", "ISRCTN12345678", "page-0123456789ab"):
        assert list(read(tmp_path / name, spec, entry("TS.ADAPT", "value: N"), name)) == [name]
    with pytest.raises(BadSpec, match="HEMAML42 is no registry id"):
        read(tmp_path, spec, "", "HEMAML42")
    (tmp_path / "curation" / "HEMAML42.yaml").rename(tmp_path / "curation" / f"{STUDY}.yml")
    with pytest.raises(BadSpec, match=r"ends in \.yaml"):
        curations(tmp_path / "curation", spec)
    with pytest.raises(BadRequest):
        curations(tmp_path / "none", spec)


def test_a_file_of_comments_curates_nothing(tmp_path, spec):
    assert read(tmp_path, spec, "# TS.ADAPT:\n") == {}


# the words that tell of it


def test_define_says_assigned_with_the_reason(tmp_path, spec, page):
    text = entry("TS.TTYPE", "value: EFFICACY", words='["safety"]')
    text += entry("TI.INCL02", "IETEST: Reworded", words=None)
    study, known = curated(tmp_path, spec, page, text)
    _, files, _ = package(study, known)
    root = etree.fromstring(files["submission/define.xml"])

    def told(oid):
        (item,) = root.xpath(f"//o:ItemDef[@OID='{oid}']", namespaces=ODM)
        origins = item.xpath("d:Origin/@Type", namespaces=ODM)
        note = item.get(f"{{{ODM['d']}}}CommentOID")
        path = f"//d:CommentDef[@OID='{note}']//o:TranslatedText/text()"
        return origins, "".join(root.xpath(path, namespaces=ODM))

    assert told("IT.TS.TSVAL")[0] == []
    origins, comment = told("IT.TS.TSVAL.TTYPE")
    assert origins == ["Assigned"]
    assert "Protocol 3.0. (2026-03-31)" in comment
    origins, comment = told("IT.TI.IETEST")
    assert origins == ["Protocol"]
    assert re.search(r"INCL02: .*Protocol 3\.0\. \(2026-03-31\)", comment)
    dossier = files["study.html"].decode()
    assert "Protocol 3.0. (2026-03-31)" in dossier
    assert 'class="sign curated"' in dossier


# from worklist to file and back


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("curate") / "out"
    done = CliRunner().invoke(app, ["build", str(SEED), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def in_use(text: str) -> str:
    return re.sub(r"^# ", "", text, flags=re.MULTILINE)


def test_curate_drafts_every_task_in_comments(built, tmp_path, spec):
    made = curate(built, "HEMAML42", [], tmp_path, "2026-03-31", False, spec)
    assert made.path == tmp_path / f"{STUDY}.yaml"
    text = made.path.read_text(encoding="utf-8")
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert curations(tmp_path, spec) == {}
    with (built / "studies" / STUDY / "worklist.csv").open(encoding="utf-8-sig") as lines:
        asked = list(csv.DictReader(lines))
    assert made.entries == len(asked) > 10
    for task in asked:
        assert f"# # {task['domain']}.{task['item']}" in text
        assert task["why"] in text
        assert all(word in text for word in task["candidates"].split(" | "))
    assert "allowed: N | NA | U | Y" in text


def test_a_draft_in_use_is_a_curation_that_confirms_what_stands_there(built, tmp_path, spec, page):
    rows = ["TS.TTYPE", "TS.TITLE", "TI.INCL02", "TA.NK_CELLS_LOW_DOSE.2"]
    path = curate(built, STUDY, rows, tmp_path, "2026-03-31", False, spec).path
    entries = re.split(r"\n\n", path.read_text(encoding="utf-8"))[1:]
    wanted = [one for one in entries if re.search(r"^# (TE|TA|TI|TS\.TTYPE)", one, re.MULTILINE)]
    text = in_use("\n".join(wanted)).replace("reason:\n", "reason: Confirmed.\n")
    path.write_text(text, encoding="utf-8")
    study, _ = curated(tmp_path, spec, page, text)
    before = study_of(page, spec)
    assert codes(study) == []
    assert tasks(before) - tasks(study) == {"TE.SCREEN", "TE.FOLLOWUP", "TA.TABRANCH"}
    for domain in ("TE", "TA", "TI"):
        for old, new in zip(before.tables[domain].rows, study.tables[domain].rows, strict=True):
            assert [getattr(v, "value", v) for v in old.values()] == [
                getattr(v, "value", v) for v in new.values()
            ]


REAL = sorted((SHARED / "records" / "ctgov_v2").glob("*.json"))[5::75]


@pytest.mark.skipif(not REAL, reason="../shared is not there")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_confirming_every_row_of_a_real_record_changes_nothing(path, tmp_path, spec):
    record = record_of(path.read_bytes(), path.name, spec)
    study = build([record], spec)
    before = tables(study, spec)
    cells = Cells(before, provenance(study, spec).to_pylist(), spec)
    rows = [key for key in cells.rows if not key.startswith("TS.")]
    valued = [key for key, row in cells.rows.items() if row.get("TSVAL") and "GVER" not in key]
    rows += dict.fromkeys(key.rpartition(".")[0] for key in valued if "TMVER" not in key)
    text = "\n".join(draft.text for draft in drafts([], rows, cells, "2026-03-31"))
    text = re.sub(r"(?m)^ +(?:code|dictionary|version):.*\n", "", in_use(text) + "\n")
    known = read(tmp_path, spec, text.replace("reason:\n", "reason: Confirmed.\n"), study.id)
    after = build([record], replace(spec, curations=known))
    assert codes(after) == []
    assert not tasks(after) & {"TE.SCREEN", "TE.FOLLOWUP", "TA.TABRANCH"}
    for domain, table in tables(after, spec).items():
        assert table.to_pylist() == before[domain].to_pylist()


def test_an_unfinished_entry_is_refused_at_its_line(built, tmp_path, spec):
    path = curate(built, STUDY, [], tmp_path, "2026-03-31", False, spec).path
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index("# TS.ADAPT:")
    used = [in_use(one) if at <= n < at + 5 else one for n, one in enumerate(lines)]
    path.write_text("\n".join(used), encoding="utf-8")
    with pytest.raises(BadSpec) as caught:
        curations(tmp_path, spec)
    assert [p.rpartition("yaml:")[2].partition(":")[0] for p in caught.value.problems] == [
        str(at + 2),
        str(at + 3),
    ]


def test_a_file_that_is_there_is_added_to_and_never_overwritten(built, tmp_path, spec):
    mine = "# mine\n" + entry("TS.ADAPT", "value: N") + "# TS.ADDON: later\n"
    (tmp_path / f"{STUDY}.yaml").write_text(mine, encoding="utf-8")
    made = curate(built, STUDY, [], tmp_path, "2026-03-31", False, spec)
    text = made.path.read_text(encoding="utf-8")
    assert text.startswith(mine)
    assert made.added
    assert "# # TS.ADAPT" not in text
    assert "# # TS.ADDON" not in text
    assert "# TS.LENGTH:" in text
    assert curations(tmp_path, spec)[STUDY].answers[0].values[0].value == "N"
    again = curate(built, STUDY, [], tmp_path, "2026-03-31", False, spec)
    assert (again.entries, again.path.read_text(encoding="utf-8")) == (0, text)
    anew = curate(built, STUDY, [], tmp_path, "2026-03-31", True, spec)
    assert "# mine" not in anew.path.read_text(encoding="utf-8")


def test_a_row_that_there_is_not_cannot_be_drafted(built, tmp_path, spec):
    with pytest.raises(BadRequest, match=r"TI\.EXCL01"):
        curate(built, STUDY, ["TI.INCL99"], tmp_path, "2026-03-31", False, spec)
    with pytest.raises(BadRequest, match="no study"):
        curate(built, "NCT99999999", [], tmp_path, "2026-03-31", False, spec)


def test_the_commands_end_to_end(built, tmp_path, page):
    folder, out, raw = tmp_path / "curation", tmp_path / "out", tmp_path / "page.txt"
    raw.write_text(
        page.replace("safety study", "efficacy study").replace("safety", "efficacy"),
        encoding="utf-8",
    )
    done = CliRunner().invoke(
        app, ["curate", "HEMAML42", "--out", str(built), "--curation", str(folder)]
    )
    assert done.exit_code == 0, done.output
    path = folder / f"{STUDY}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + entry("TS.TTYPE", "value: SAFETY", words='["safety"]'), encoding="utf-8")
    again = ["build", str(raw), "--out", str(out), "--curation", str(folder)]
    done = CliRunner().invoke(app, again)
    assert done.exit_code == 0, done.output
    explained = CliRunner().invoke(app, ["explain", STUDY, "TS", "TTYPE", "--out", str(out)])
    assert "Protocol 3.0. (2026-03-31)" in explained.output
    cells = pq.read_table(out / "studies" / STUDY / "provenance.parquet").to_pylist()
    (cell,) = [c for c in cells if c["key"] == "TTYPE.1" and c["how"] == "curated"]
    assert (cell["value"], cell["reason"]) == ("SAFETY", "Protocol 3.0. (2026-03-31)")
    done = CliRunner().invoke(app, ["curate", STUDY, "--out", str(out), "--curation", str(folder)])
    assert "1 entry" in done.output
    assert 'words: ["efficacy' in path.read_text(encoding="utf-8").splitlines()[-1]
    path.write_text("TS.ADAPT: {value: No}\n", encoding="utf-8")
    done = CliRunner().invoke(app, again)
    assert done.exit_code == 2
    for said in (f"{STUDY}.yaml:1: TS.ADAPT: 'No'", "allowed: N, NA, U, Y", "date is missing"):
        assert said in done.stderr


def test_the_example_of_the_documentation_is_a_curation_of_the_sample(tmp_path, spec, page):
    text = (ROOT / "docs" / "curation.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    study, known = curated(tmp_path, spec, page, example)
    one = known.curations[STUDY]
    assert len(one.answers) + len(one.changes) == len(re.findall(r"(?m)^T", example)) > 10
    assert set(codes(study)) <= {"curation.unwatched"}
    (refused,) = re.findall(r"mappings/curation/.*yaml:\d+: (.*)", text)
    assert refused in "".join(problems(tmp_path, spec, entry("TS.ADAPT", "value: No")))


# the worklist


def test_the_worklist_goes_from_what_matters_most(spec, seed):
    from pipeline.load.lists import worklist_csv

    rows = list(csv.DictReader(io.StringIO(worklist_csv(seed, spec).decode("utf-8-sig"))))
    order = ["rejection", "required", "confirm", "later", "optional"]
    assert [order.index(r["severity"]) for r in rows] == sorted(
        order.index(r["severity"]) for r in rows
    )
    required = [r for r in rows if (r["severity"], r["domain"]) == ("required", "TS")]
    always = ["CG0287" in r["rules"] for r in required]
    assert always == sorted(always, reverse=True)
    (adapt,) = [r for r in rows if r["item"] == "ADAPT"]
    assert (adapt["name"], adapt["terms"]) == ("Adaptive Design", "N | NA | U | Y")


def test_a_start_that_is_not_stated_leads_to_rejection(spec, page):
    study = study_of(page.replace("2020-12-03\n", "", 1), spec)
    assert values(study, "SSTDTC") == [None]
    first = study.worklist[0]
    assert (first.item, first.severity) == ("SSTDTC", "rejection")


def test_every_format_says_what_it_looks_like():
    from pipeline.formats import LOOKS

    assert set(LOOKS) == set(FORMATS)
