"""NCI's published file of one package of CDISC terminology, as tab-separated text or ODM XML.

Columns and elements are those that NCI EVS publishes: a codelist has a row of its own without
Codelist Code, and its terms name its code there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.issues import BadRequest
from pipeline.spec.model import Codelist, Terminology

COLUMNS = (
    "Code", "Codelist Code", "Codelist Extensible (Yes/No)", "Codelist Name",
    "CDISC Submission Value",
)  # fmt: skip
_ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
_NCI = "{http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC}"
_CODE = re.compile(r"C\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PACKAGE = re.compile(r"(\w[\w -]*?)[ _](?:Terminology|CT)\b")
_EXTENSIBLE = {"Yes": True, "No": False}


def published(path: Path, date: str = "") -> Terminology:
    """The package in NCI's file: every codelist by its submission value, in the file's order.

    Its date is what the file itself or its name says, else `date`; `BadRequest` when there is
    none, when two of them disagree, and, with the line, for a file that is not as NCI writes it.
    """
    if path.suffix.lower() == ".xml":
        package, stated, rows = _odm(path)
    elif path.suffix.lower() == ".txt":
        package, stated, rows = "", "", _text(path)
    else:
        raise BadRequest(f"{path}: give NCI's text (.txt) or ODM file (.odm.xml) of the package.")
    named = _PACKAGE.match(path.name)
    return Terminology(
        package or (named[1] if named else "") or "SDTM",
        _date(path, stated, date),
        _codelists(path, rows),
    )


def _date(path: Path, stated: str, given: str) -> str:
    named = _DATE.search(path.name)
    dates = dict.fromkeys(filter(None, (stated, named[0] if named else "", given)))
    if not dates:
        raise BadRequest(
            f"{path}: neither the file nor its name says the date of the package. "
            "Give it: --date YYYY-MM-DD (make terminology CT=… CT_DATE=…)."
        )
    if len(dates) > 1 or not _DATE.fullmatch(next(iter(dates))):
        raise BadRequest(f"{path}: the package's date is not certain: {', '.join(dates)}.")
    return next(iter(dates))


_Row = tuple[str, str, str, str, str, str]
"""Where it stands, its code, the code of its codelist (none for a codelist), whether that can be
extended, its name, the submission value."""


def _codelists(path: Path, rows: Iterator[_Row]) -> dict[str, Codelist]:
    found: dict[str, tuple[str, Codelist]] = {}
    for where, code, parent, extensible, name, value in rows:
        if not _CODE.fullmatch(code) or not value:
            raise BadRequest(f"{path}, {where}: '{code}' with '{value}' is no code with its value.")
        if not parent:
            if extensible not in _EXTENSIBLE:
                raise BadRequest(f"{path}, {where}: {value} is extensible: '{extensible}'?")
            found[code] = value, Codelist(code, name, _EXTENSIBLE[extensible], {})
        elif parent not in found:
            raise BadRequest(f"{path}, {where}: {value} stands before its codelist {parent}.")
        else:
            terms = found[parent][1].terms
            if terms.setdefault(value, code) != code:
                raise BadRequest(f"{path}, {where}: {value} has two codes in {parent}.")
    return dict(found.values())


def _text(path: Path) -> Iterator[_Row]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head, *lines = text.split("\n")
    columns = [_plain(cell) for cell in head.rstrip("\r").split("\t")]
    if missing := [name for name in COLUMNS if name not in columns]:
        raise BadRequest(f"{path}: the first line has no column {', '.join(missing)}.")
    at = [columns.index(name) for name in COLUMNS]
    for number, line in enumerate(lines, 2):
        cells = line.rstrip("\r").split("\t")
        if not line.strip():
            continue
        if len(cells) <= max(at):
            raise BadRequest(f"{path}, line {number}: there are {len(cells)} columns only.")
        code, parent, extensible, name, value = (_plain(cells[index]) for index in at)
        yield f"line {number}", code, parent, extensible, name, value


def _plain(cell: str) -> str:
    """The cell without the quotes that a spreadsheet puts around it."""
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return (cell[1:-1].replace('""', '"') if quoted else cell).strip()


def _odm(path: Path) -> tuple[str, str, Iterator[_Row]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.parse(path, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise BadRequest(f"{path}: {error}") from error
    study = root.find(f"{_ODM}Study")
    parts = (study.get("OID", "") if study is not None else "").split(".")
    if len(parts) != 3 or parts[0] != "CDISC_CT":
        raise BadRequest(f"{path}: this is no CDISC terminology of NCI (Study OID CDISC_CT.…).")
    return parts[1], parts[2], _elements(root)


def _elements(root: etree._Element) -> Iterator[_Row]:
    for codelist in root.iter(f"{_ODM}CodeList"):
        code, name = codelist.get(f"{_NCI}ExtCodeID", ""), codelist.get("Name", "")
        value = codelist.findtext(f"{_NCI}CDISCSubmissionValue") or ""
        extensible = codelist.get(f"{_NCI}CodeListExtensible", "")
        yield f"line {codelist.sourceline}", code, "", extensible, name, value.strip()
        for term in codelist.iter(f"{_ODM}EnumeratedItem"):
            own, text = term.get(f"{_NCI}ExtCodeID", ""), term.get("CodedValue", "")
            yield f"line {term.sourceline}", own, code, "", name, text
