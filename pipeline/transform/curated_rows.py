"""Curated rows of TA, TE, TI and TV: cells corrected, rows added and dropped, codes given anew."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from pipeline.spec.curation import Change
from pipeline.tabulate import plain
from pipeline.transform.reviewing import Findings, facts_under, quotes
from pipeline.values import Cell, Fact, Scalar

Line: TypeAlias = dict[str, Cell | Scalar]
Codes: TypeAlias = dict[str, dict[Scalar, Cell]]
"""For a variable that holds codes, the new cell of each."""
CODES = {"TA": "ARMCD", "TE": "ETCD", "TI": "IETESTCD"}
SHARED = {"ARM": ("ARMCD", "TV"), "ELEMENT": ("ETCD", "TA")}
"""A text that stands beside its code in another dataset too, where it follows."""
ORDER = {"TE": ("ETCD",), "TI": ("IETESTCD",), "TV": ("VISITNUM", "ARMCD")}


def changed_rows(
    tables: dict[str, list[Line]], changes: Sequence[Change], found: Findings
) -> Codes:
    """Carry out the changes in the rows by domain, TE first because TA speaks of its elements.

    Every entry names a row as the registry's records make it, so the new codes that it gives are
    returned, for `recode`.
    """
    codes: Codes = {}
    for domain in ("TE", "TA", "TI", "TV"):
        mine = [change for change in changes if change.domain == domain]
        placed = [(change, _found(tables.get(domain, []), change, found)) for change in mine]
        for change, rows in placed:
            if change.act == "add":
                _add(change, rows, tables, found)
            elif rows and change.act == "drop":
                tables[domain] = [row for row in tables[domain] if not _among(row, rows)]
            elif rows:
                _correct(change, rows, tables, codes)
        if mine:
            _put_in_order(domain, tables.get(domain, []))
    return codes


def recode(tables: dict[str, list[Line]], codes: Codes) -> None:
    """Give codes anew, in every dataset that uses them."""
    for domain, rows in tables.items():
        for row in rows:
            for name, new in codes.items():
                if cell := new.get(plain(row.get(name))):
                    row[name] = cell
        if codes and domain in ("TA", *ORDER):
            _put_in_order(domain, rows)


def _found(rows: Sequence[Line], change: Change, found: Findings) -> list[Line]:
    """The rows that the change is about; a criterion is known by its words where its code moved."""
    mine = [row for row in rows if _fits(row, change.where)]
    if change.act == "add":
        return mine
    signed, under = change.signed, _under(mine, change)
    if change.domain == "TI" and signed.words and set(signed.words) != set(quotes(under)):
        moved = [row for row in rows if set(quotes(_under([row], change))) == set(signed.words)]
        if len(moved) == 1:
            found.moved(signed, plain(moved[0]["IETESTCD"]))
            return moved
        if change.act == "drop":
            found.unplaced(signed, "no row has those words any more; none was dropped.")
            return []
    if not mine:
        found.unplaced(signed, "the records make no such row; nothing was changed.")
        return []
    found.review(signed, under)
    return mine


def _fits(row: Line, where: dict[str, Scalar]) -> bool:
    return all(plain(row.get(name)) == value for name, value in where.items())


def _under(rows: Iterable[Line], change: Change) -> tuple[Fact, ...]:
    """What the cells that change rest on; a criterion's is always its text, a whole row's all."""
    names = {*change.cells, *(["IETEST"] if change.domain == "TI" else [])}
    whole = change.act == "drop"
    return facts_under(row[name] for row in rows for name in row if whole or name in names)


def _correct(
    change: Change,
    rows: Sequence[Line],
    tables: dict[str, list[Line]],
    codes: Codes,
) -> None:
    for row in rows:
        for name, value in change.cells.items():
            cell = _cell(value, change, row.get(name))
            if name == CODES.get(change.domain):
                codes.setdefault(name, {})[plain(row[name])] = cell
                continue
            row[name] = cell
            if name in SHARED:
                _follow(name, cell, row, tables)


def _follow(name: str, cell: Cell, row: Line, tables: dict[str, list[Line]]) -> None:
    code, domain = SHARED[name]
    for other in tables.get(domain, []):
        if other.get(name) is not None and plain(other.get(code)) == plain(row[code]):
            other[name] = cell


def _add(
    change: Change, rows: Sequence[Line], tables: dict[str, list[Line]], found: Findings
) -> None:
    given = change.where | change.cells
    row: Line = {n: None if v is None else _cell(v, change) for n, v in given.items()}
    if change.domain == "TA":
        row["TAETORD"] = change.where["TAETORD"]
        row.setdefault("ARM", _beside("ARM", "ARMCD", row, tables.get("TA", [])))
        row["ELEMENT"] = _beside("ELEMENT", "ETCD", row, tables.get("TE", []))
        if row["ARM"] is None:
            found.unplaced(change.signed, "its arm is new, so it needs ARM; no row was added.")
            return
    elif rows:
        found.unplaced(change.signed, "the records make that row too; none was added.")
        return
    tables.setdefault(change.domain, []).append(row)


def _beside(name: str, code: str, row: Line, rows: Iterable[Line]) -> Cell | Scalar:
    """The text that stands beside a code in another row."""
    return next((one[name] for one in rows if plain(one[code]) == plain(row[code])), None)


def _cell(value: Scalar, change: Change, old: object = None) -> Cell:
    basis = old.basis if isinstance(old, Cell) else ()
    return Cell(value, "curated", basis, reason=change.signed.said)


def _put_in_order(domain: str, rows: list[Line]) -> None:
    """The rows in key order; the elements of an arm are numbered anew, a new one goes before."""
    if domain != "TA":
        rows.sort(key=lambda row: tuple(_rank(plain(row.get(name))) for name in ORDER[domain]))
        return
    rows.sort(key=lambda row: (str(plain(row["ARMCD"])), *_place(row)))
    last, number = None, 0
    for row in rows:
        number = number + 1 if plain(row["ARMCD"]) == last else 1
        last, row["TAETORD"] = plain(row["ARMCD"]), number


def _place(row: Line) -> tuple[int, bool]:
    cell = row["ARMCD"]
    return int(str(plain(row["TAETORD"]))), not (isinstance(cell, Cell) and cell.how == "curated")


def _rank(value: Scalar) -> tuple[bool, float, str]:
    if isinstance(value, (int, float)):
        return False, value, ""
    return value is not None, 0.0, str(value or "")


def _among(row: Line, rows: Sequence[Line]) -> bool:
    return any(row is one for one in rows)
