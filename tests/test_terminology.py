"""A package of CDISC terminology is taken over whole, or refused with what it would break."""

import shutil
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from pipeline.issues import BadRequest
from pipeline.spec import ROOT, load
from pipeline.spec.model import Codelist
from pipeline.terminology import FILE, renew, written
from pipeline.terminology.published import COLUMNS, published
from tests.conftest import shared
from tests.test_build import run

CODELISTS = load().terminology.codelists
HEAD = "\t".join([*COLUMNS, "CDISC Synonym(s)", "CDISC Definition", "NCI Preferred Term"])
Edit = Callable[[dict[str, Codelist]], None]


@pytest.fixture
def root(tmp_path) -> Path:
    for name in ("schemas", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def package(edit: Edit = lambda _: None) -> dict[str, Codelist]:
    """The present package, with a codelist that nobody uses, changed by `edit`."""
    made = {
        name: Codelist(one.code, one.name, one.extensible, dict(one.terms))
        for name, one in CODELISTS.items()
    }
    made["SIZE"] = Codelist("C66733", "Size", False, {"LARGE": "C49508"})
    made["DOMAIN"].terms["XX"] = "C49999"
    edit(made)
    return made


def text(made: dict[str, Codelist]) -> str:
    """The package as NCI's text file has it."""
    rows = [HEAD]
    for name, one in made.items():
        yes = "Yes" if one.extensible else "No"
        rows.append(f'{one.code}\t\t{yes}\t{one.name}\t{name}\t\tA "list".\t{one.name}')
        rows += [
            f"{code}\t{one.code}\t\t{one.name}\t{term}\ta; b\tWhat it is.\t{term}"
            for term, code in one.terms.items()
        ]
    return "\r\n".join(rows) + "\r\n"


def odm(made: dict[str, Codelist], oid: str = "CDISC_CT.SDTM.2026-06-26") -> str:
    """The package as NCI's ODM file has it."""
    lists = []
    for name, one in made.items():
        yes = "Yes" if one.extensible else "No"
        terms = "".join(
            f'<EnumeratedItem CodedValue={quoteattr(term)} nciodm:ExtCodeID="{code}"/>'
            for term, code in one.terms.items()
        )
        lists.append(
            f'<CodeList OID="CL.{one.code}.{name}" Name={quoteattr(one.name)} DataType="text"'
            f' nciodm:ExtCodeID="{one.code}" nciodm:CodeListExtensible="{yes}">{terms}'
            f"<nciodm:CDISCSubmissionValue>{name}</nciodm:CDISCSubmissionValue></CodeList>"
        )
    return (
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"'
        ' xmlns:nciodm="http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC">'
        f'<Study OID="{oid}"><MetaDataVersion OID="M">{"".join(lists)}</MetaDataVersion></Study>'
        "</ODM>"
    )


def saved(folder: Path, content: str, name: str = "SDTM Terminology 2026-06-26.txt") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_the_present_file_is_written_again_to_the_byte(root):
    assert written(load(root).terminology) == (ROOT / FILE).read_text(encoding="utf-8")
    same = saved(root, text(package()), "SDTM Terminology 2026-03-27.txt")
    assert renew(same, root=root) == []
    assert (root / FILE).read_bytes() == (ROOT / FILE).read_bytes()


def test_the_present_values_are_those_of_the_published_package():
    for name, codelist in CODELISTS.items():
        lines = shared(f"standards/ct/{name}_{codelist.code}.tsv").read_text("utf-8").splitlines()
        rows = [line.split("\t") for line in lines[1:]]
        terms = {row[5]: row[6] for row in rows}
        assert codelist.terms.items() <= terms.items()
        assert name == "DOMAIN" or codelist.terms == terms
        assert rows[0][2:4] == [codelist.name, "Yes" if codelist.extensible else "No"]


def renamed(made: dict[str, Codelist]) -> None:
    leads = made["EGLEAD"].terms
    leads["LEAD ONE"] = leads.pop(next(iter(leads)))
    del made["FRM"].terms["CEMENT"]
    made["UNIT"].terms["quux"] = "C999999"
    made["STYPE"].terms["PATIENT REGISTRY"] = "C999998"


@pytest.mark.parametrize(
    ("form", "name"), [(text, "SDTM Terminology 2026-06-26.txt"), (odm, "a.xml")]
)
def test_what_changed_in_what_is_used_is_said(root, form, name):
    file = saved(root, form(package(renamed)), name)
    before = CODELISTS["STYPE"].terms["PATIENT REGISTRY"]
    said = renew(file, root=root)
    assert said[0] == "SDTM 2026-03-27 → 2026-06-26"
    assert f"STYPE: PATIENT REGISTRY has the code C999998, was {before}" in said
    assert "UNIT: quux (C999999) added" in said
    assert f"FRM: CEMENT ({CODELISTS['FRM'].terms['CEMENT']}) removed" in said
    first, code = next(iter(CODELISTS["EGLEAD"].terms.items()))
    assert f"EGLEAD: {first} ({code}) is called LEAD ONE now" in said
    assert not any("SIZE" in line or "XX" in line for line in said)
    taken = load(root).terminology
    assert taken.version == "2026-06-26"
    assert taken.codelists["UNIT"].terms["quux"] == "C999999"
    assert "SIZE" not in taken.codelists
    assert set(taken.codelists["DOMAIN"].terms) == set(load(root).domains)


def test_a_term_that_mappings_and_rules_say_cannot_go(root):
    def edit(made: dict[str, Codelist]) -> None:
        made["RANDOM"] = Codelist("C1", "Other", False, {})
        del made["TCNTRL"].terms["SHAM"]
        del made["TBLIND"].terms["OPEN LABEL"]
        made["SEXPOP"].terms["EITHER"] = made["SEXPOP"].terms.pop("BOTH")

    before = (root / FILE).read_bytes()
    mapping = (root / "mappings/sdtm/ts.yaml").read_text(encoding="utf-8").splitlines()
    line = 1 + next(i for i, text in enumerate(mapping) if "SHAM_COMPARATOR: SHAM" in text)
    with pytest.raises(BadRequest) as refused:
        renew(saved(root, text(package(edit))), root=root)
    said = str(refused.value)
    assert f"TCNTRL: SHAM is gone; it is said in mappings/sdtm/ts.yaml:{line}" in said
    assert "TBLIND: OPEN LABEL is gone; it is said in pipeline/transform/rules/" in said
    assert "SEXPOP: BOTH is called EITHER now; it is said in mappings/sdtm/ts.yaml:" in said
    assert (root / FILE).read_bytes() == before
    assert not list((root / "schemas").glob("*.yaml.*"))


def test_a_new_parameter_waits_until_its_answer_is_said(root):
    def edit(made: dict[str, Codelist]) -> None:
        made["TSPARMCD"].terms["NEWPARM"] = "C999997"
        made["TSPARM"].terms["A New Parameter"] = "C999997"

    file = saved(root, text(package(edit)))
    with pytest.raises(BadRequest, match=r"parameters.yaml: NEWPARM of 2026-06-26 is missing"):
        renew(file, root=root)
    with (root / "schemas/sdtm/parameters.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write("  NEWPARM: {}\n")
    with pytest.raises(BadRequest, match=r"ts.yaml: NEWPARM of 2026-06-26 has no decision"):
        renew(file, root=root)
    with (root / "mappings/sdtm/ts.yaml").open("a", encoding="utf-8") as decisions:
        decisions.write("NEWPARM: {never: What is new.}\n")
    assert "TSPARMCD: NEWPARM (C999997) added" in renew(file, root=root)
    assert load(root).terminology.parameter_names()["NEWPARM"] == "A New Parameter"


GOOD = text(package())
BROKEN = [
    (GOOD.replace("CDISC Submission Value", "Term", 1), "no column CDISC Submission Value"),
    (GOOD.replace("C66738\t\tYes", "C66738\t\tPerhaps", 1), "'Perhaps'"),
    (GOOD.replace("\r\nC98703\t", "\r\nX98703\t", 1), "'X98703'"),
    (GOOD.replace("\r\nC98703\tC66738", "\r\nC98703\tC1", 1), "stands before its codelist C1"),
    (HEAD + "\r\nC66738\t\tYes\r\n", "line 2: there are 3 columns"),
    (GOOD[: len(GOOD) // 2], "no codelist"),
    ("", "no column"),
    ("{}", "no column"),
]


@pytest.mark.parametrize(("content", "says"), BROKEN)
def test_a_file_that_is_not_as_nci_writes_it_is_refused(root, content, says):
    before = (root / FILE).read_bytes()
    with pytest.raises(BadRequest, match=says):
        renew(saved(root, content), root=root)
    assert (root / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "date", "says"),
    [
        ("SDTM Terminology.txt", GOOD, "", "neither the file nor its name says the date"),
        ("SDTM Terminology 2026-06-26.txt", GOOD, "2026-03-27", "not certain"),
        ("SDTM Terminology.txt", GOOD, "June", "not certain"),
        ("ADaM Terminology 2026-06-26.txt", GOOD, "", "the package ADaM"),
        ("SDTM Terminology.xls", GOOD, "", r"\.odm\.xml"),
        ("a.xml", odm({}, "CDISC_CT.ADaM.2026-06-26"), "", "the package ADaM"),
        ("a.xml", odm({}, "CDISC_CT.SDTM.2026-06-26"), "", "no codelist C66738 TSPARMCD"),
        ("a.xml", odm({}, "OTHER"), "", "no CDISC terminology"),
        ("a.xml", "<ODM>", "", "a.xml"),
    ],
)
def test_another_package_or_none_is_refused(root, name, content, date, says):
    with pytest.raises(BadRequest, match=says):
        renew(saved(root, content, name), date, root)


def test_the_date_can_be_given(tmp_path):
    file = saved(tmp_path, GOOD, "SDTM Terminology.txt")
    assert published(file, "2026-06-26").version == "2026-06-26"


def test_the_command_refuses_with_status_2_and_no_traceback(tmp_path):
    done = run("terminology", saved(tmp_path, "x"))
    assert done.returncode == 2
    assert "no column Code" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("terminology", tmp_path / "none.txt").returncode == 2
