"""Curated values of TS: the parameter's rows as a person decided them, coded like any other."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from pipeline.spec.curation import Answer, Chosen
from pipeline.spec.model import Parameter, Spec
from pipeline.tabulate import plain
from pipeline.transform.reviewing import Findings, facts_under
from pipeline.transform.ts import codes_of
from pipeline.values import Cell, Fact, Scalar

Line: TypeAlias = dict[str, Cell | Scalar]
TREATMENTS = ("TRT", "COMPTRT", "CURTRT")


def answered(
    rows: list[Line], answers: Iterable[Answer], found: Findings, spec: Spec
) -> list[Line]:
    """TS with the curated parameters in place of what the rules gave, in key order."""
    by_code: dict[str, list[Line]] = {}
    for row in rows:
        by_code.setdefault(str(row["TSPARMCD"]), []).append(row)
    asked = list(answers)
    groups: dict[Scalar, Scalar] = {}
    for answer in asked:
        under = by_code.get(answer.parameter, [])
        found.review(answer.signed, facts_under(row["TSVAL"] for row in under))
        made = by_code[answer.parameter] = list(_rows(answer, under, spec))
        if answer.parameter in TREATMENTS:
            groups |= _regrouped(under, made)
    curated = {answer.parameter for answer in asked}
    for code, those in by_code.items():
        if code not in curated:
            by_code[code] = [row | _group(groups.get(plain(row["TSGRPID"])), row) for row in those]
    lines = [row for code in sorted(by_code) for row in by_code[code]]
    _ungrouped(lines, asked, found)
    return lines


def _regrouped(under: list[Line], made: list[Line]) -> dict[Scalar, Scalar]:
    """The group that a treatment has now for the one that the rules gave it."""
    old, new = _groups(under), _groups(made)
    return {old[name]: new[name] for name in old if old[name] and new.get(name)}


def _groups(rows: list[Line]) -> dict[str, Scalar]:
    return {str(plain(row["TSVAL"])).casefold(): plain(row["TSGRPID"]) for row in rows}


def _group(group: Scalar, row: Line) -> Line:
    cell = row["TSVAL"]
    if not group or not isinstance(cell, Cell):
        return {}
    return {"TSGRPID": group, "TSVAL": replace(cell, group=str(group))}


def _rows(answer: Answer, under: list[Line], spec: Spec) -> Iterator[Line]:
    code = answer.parameter
    parameter, name = spec.parameters[code], spec.terminology.parameter_names()[code]
    old = [row["TSVAL"] for row in under]
    said = answer.signed.said
    if answer.flavor:
        cell = Cell(None, "curated", facts_under(old), reason=said)
        yield _row(code, name, 1, cell, answer.flavor) | codes_of(cell, parameter, spec)
    left = [cell for cell in old if isinstance(cell, Cell)]
    taken: list[Cell | None] = []
    for value in answer.values:
        taken.append(_same(value, left))
        left = [cell for cell in left if cell is not taken[-1]]
    for number, (value, same) in enumerate(zip(answer.values, taken, strict=True), 1):
        against = facts_under(left) if number == 1 else ()
        cell = _cell(value, same, against, said, parameter, spec)
        yield _row(code, name, number, cell) | codes_of(cell, parameter, spec) | _version(value)


def _same(value: Chosen, cells: list[Cell]) -> Cell | None:
    """The registry's cell of that value, if possible of the same group."""
    alike = [cell for cell in cells if str(cell.value).casefold() == value.value.casefold()]
    grouped = [cell for cell in alike if cell.group == value.group]
    return next(iter(grouped or alike), None)


def _cell(
    value: Chosen, same: Cell | None, against: tuple[Fact, ...], said: str, parameter: Parameter,
    spec: Spec,
) -> Cell:  # fmt: skip
    """The curated cell; one that repeats the registry's keeps its words, group and code.

    The words `against` which the person decided stand under the first value of the parameter.
    """
    basis = (*(same.basis if same else ()), *against)
    group = value.group or (same.group if same else "")
    if value.code:
        made = (value.value, value.dictionary, value.code)
    elif same and same.system:
        made = (str(same.value), same.system, same.code)
    else:
        made = _looked_up(value.value, parameter, spec)
    text, system, code = made
    return Cell(text, "curated", basis, "", said, group, system, code)


def _looked_up(text: str, parameter: Parameter, spec: Spec) -> tuple[str, str, str]:
    """The term, the dictionary and the code of a text that names one entry of a dictionary."""
    known = spec.dictionaries.get(parameter.dictionary)
    entries = known.named(text) if known else ()
    if known and len(entries) == 1:
        return entries[0].term, known.name, entries[0].code
    return text, "", ""


def _row(code: str, name: str, number: int, cell: Cell, flavor: str = "") -> Line:
    return {
        "TSSEQ": number, "TSGRPID": cell.group or None, "TSPARMCD": code, "TSPARM": name,
        "TSVAL": cell, "TSVALNF": flavor or None,
    }  # fmt: skip


def _version(value: Chosen) -> Line:
    return {"TSVCDVER": value.version or None} if value.code else {}


def _ungrouped(rows: list[Line], asked: list[Answer], found: Findings) -> None:
    """A row that is left in a group whose treatment a person took away."""
    curated = [answer for answer in asked if answer.parameter in TREATMENTS]
    groups = {row["TSGRPID"] for row in rows if row["TSPARMCD"] in TREATMENTS}
    for row in rows if curated else ():
        group = row["TSGRPID"]
        if group and group not in groups:
            what = f"{row['TSPARMCD']} {plain(row['TSVAL'])} is of group {group}"
            found.unplaced(curated[0].signed, f"{what}, which no treatment has now.")
