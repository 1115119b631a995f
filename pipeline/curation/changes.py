"""Entries about rows of TA, TE, TI and TV: correct cells, add a row, or drop it."""

import re
from collections.abc import Iterator
from typing import Literal

import yaml

from pipeline.curation.reading import SIGNED, Entry
from pipeline.curation.terms import one_of
from pipeline.formats import is_duration
from pipeline.spec.curation import Change
from pipeline.spec.model import Spec, Variable
from pipeline.text import width
from pipeline.values import Scalar

ARM = ("ARMCD", "ARM")
NAMED = {
    "TA": "by its arm and order, such as TA.PLACEBO.2, or the arm alone, TA.PLACEBO",
    "TE": "by its ETCD, such as TE.SCREEN",
    "TI": "by its IETESTCD, such as TI.INCL02",
    "TV": "by its VISITNUM, such as TV.3, or with an arm, TV.3.PLACEBO",
}
KEYS = {
    "TA": r"(?P<ARMCD>[^.]+)(?:\.(?P<TAETORD>[1-9]\d*))?",
    "TE": r"(?P<ETCD>[^.]+)",
    "TI": r"(?P<IETESTCD>[^.]+)",
    "TV": r"(?P<VISITNUM>\d+(?:\.\d+)?)(?:\.(?P<ARMCD>[^.]+))?",
}


def change(entry: Entry, spec: Spec) -> Change | None:
    """What becomes of the row; None, with problems noted, when nothing can be made of it."""
    match = re.fullmatch(KEYS[entry.domain], entry.rest)
    if not match:
        entry.wrong(entry.line, f"a row of {entry.domain} is named {NAMED[entry.domain]}")
        return None
    where = _where(entry.domain, match.groupdict())
    act: Literal["correct", "add", "drop"] = "correct"
    entry.flag("extends")
    if entry.flag("drop"):
        act = "drop"
    elif entry.flag("add"):
        act = "add"
    names = () if act == "drop" else _open(entry.domain, where, act)
    entry.only((*names, *(("drop",) if act == "drop" else ("add", "drop", "extends")), *SIGNED))
    cells = {name: value for name in names for value in _cell(entry, name, spec)}
    if act == "correct" and not any(name in entry.parts for name in names):
        entry.wrong(entry.line, f"it says nothing; a value of {', '.join(names)}, or drop: yes")
    if act == "add":
        for name in _missing(entry.domain, where, cells, spec):
            entry.wrong(entry.line, f"a new row of {entry.domain} needs {name}")
    return Change(entry.domain, where, act, cells, entry.signed())


def _where(domain: str, said: dict[str, str | None]) -> dict[str, Scalar]:
    """The key values that name the rows: an arm of TA as a whole has no TAETORD."""
    where: dict[str, Scalar] = dict(said)
    if domain == "TA":
        order = said["TAETORD"]
        where = {"ARMCD": said["ARMCD"]} | ({"TAETORD": int(order)} if order else {})
    if domain == "TV":
        where["VISITNUM"] = float(str(said["VISITNUM"]))
    return where


def _open(domain: str, where: dict[str, Scalar], act: str) -> tuple[str, ...]:
    """The variables that an entry may give: ARM is the arm's, and ELEMENT the element's.

    Codes may be given anew; the rows of the other datasets that use them follow.
    """
    if domain == "TA":
        if "TAETORD" not in where:
            return ARM
        step = ("ETCD", "TABRANCH", "TATRANS", "EPOCH")
        return ("ARM", *step) if act == "add" else step
    if domain == "TE":
        codes = () if act == "add" else ("ETCD",)
        return (*codes, "ELEMENT", "TESTRL", "TEENRL", "TEDUR")
    if domain == "TI":
        codes = () if act == "add" else ("IETESTCD",)
        return (*codes, "IETEST", "IECAT", "IESCAT", "TIRL", "TIVERS")
    return ("VISIT", "VISITDY", "TVSTRL", "TVENRL")


def _missing(
    domain: str, where: dict[str, Scalar], cells: dict[str, Scalar], spec: Spec
) -> Iterator[str]:
    if domain == "TA" and "TAETORD" not in where:
        yield "its place in the arm: TA.ARMCD.TAETORD"
        return
    for name, variable in spec.domains[domain].variables.items():
        given = name in ("STUDYID", "DOMAIN", "ARM") or name in where
        if variable.core == "Req" and not given and cells.get(name) is None:
            yield name
    if domain == "TE" and not cells.get("TEENRL") and not cells.get("TEDUR"):
        yield "TEENRL or TEDUR (CG0328)"


def _cell(entry: Entry, name: str, spec: Spec) -> Iterator[Scalar]:
    """The value of a variable; `""` in quotes leaves it blank where the standard allows that."""
    node = entry.parts.get(name)
    if node is None:
        return
    variable = spec.domains[entry.domain].variables[name]
    if isinstance(node, yaml.ScalarNode) and node.value == "" and node.style in ("'", '"'):
        if variable.core == "Req":
            entry.wrong(entry.line_of(name), f"{name} must have a value")
        yield None
        return
    text = entry.scalar(node, name)
    if text and (why := _unfit(text, name, variable, "extends" in entry.parts, spec)):
        entry.wrong(entry.line_of(name), why)
    elif text:
        yield int(text) if variable.type == "integer" else text


def _unfit(text: str, name: str, variable: Variable, extends: bool, spec: Spec) -> str:
    if variable.type == "integer":
        whole = re.fullmatch(r"-?[1-9]\d*", text)
        return "" if whole else f"{name}: '{text}' is no whole number (there is no day 0)"
    if variable.type == "durationDatetime":
        return "" if is_duration(text) else f"{name}: '{text}' is no ISO 8601 duration"
    if variable.length and width(text, spec) > variable.length:
        return f"{name} has {width(text, spec)} bytes; it may have {variable.length}"
    codelist = spec.terminology.codelists.get(variable.codelist)
    term = re.sub(spec.design.period_number, "", text) if name == "EPOCH" else text
    if codelist and term not in codelist.terms and not (extends and codelist.extensible):
        return f"{name}: {one_of(text, codelist.terms, f'term of codelist {variable.codelist}')}"
    if name in ("ARMCD", "ETCD", "IETESTCD") and not re.fullmatch(r"[A-Z0-9_]+", text):
        return f"{name}: '{text}' has other characters than A-Z, 0-9 and _"
    return ""
