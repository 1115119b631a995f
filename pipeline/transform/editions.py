"""TI when a registry's record had other criteria before: one set of rows a version of the record.

A set is what consecutive versions say alike in substance; TIVERS names it by the date of the
first of them, in words that no one takes for a version of the protocol.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import msgspec

from pipeline.spec.model import Spec
from pipeline.tabulate import plain
from pipeline.text import told_apart
from pipeline.transform.substance import substance, successors
from pipeline.values import Cell, Fact, Issue, Row, Source, Table

LABEL = "Registry version"
WHY = "A version of the registry's record, by its date; not a version of the protocol."
_PREFIX = {"INCLUSION": "INCL", "EXCLUSION": "EXCL"}

Key: TypeAlias = tuple[str, str, str, int]
"""A criterion: its category, its part, its substance, and which of those that are the same."""


class Edition(msgspec.Struct, frozen=True):
    """The criteria of one version of a record: rows of TI, and the facts that date it."""

    source: Source
    dated: tuple[Fact, ...]
    rows: tuple[Row, ...]


def with_editions(editions: Sequence[Edition], spec: Spec) -> tuple[Table, list[Issue]]:
    """TI of all sets of criteria, from the versions of a record, the earliest first.

    Unchanged criteria keep their IETESTCD from version to version in whatever order they stand; a
    changed or new one gets the next number. The last version's words are shown for a criterion
    that versions only write differently. TIVERS is filled when there is more than one set.
    """
    told = list(_reread(editions))
    keyed = [dict(zip(_keys(one.rows), one.rows, strict=True)) for one in told]
    codes = _codes(keyed)
    latest = {key: row for one in keyed for key, row in one.items()}
    texts = _texts(latest, codes, spec)
    sets = list(_sets(told, keyed))
    rows = [
        _row(key, own, codes[key], texts, latest, first if len(sets) > 1 else None)
        for first, criteria in sets
        for key, own in criteria.items()
    ]
    return Table("TI", tuple(sorted(rows, key=_place))), list(_amended(sets, codes))


def _reread(editions: Sequence[Edition]) -> Iterator[Edition]:
    """Without versions that say the same as the next one and are only parted otherwise."""
    waiting: Edition | None = None
    for one in editions:
        if waiting and _flat(waiting) == _flat(one) and _other_parts(waiting, one):
            waiting = msgspec.structs.replace(waiting, rows=one.rows)
            continue
        if waiting:
            yield waiting
        waiting = one
    if waiting:
        yield waiting


def _other_parts(one: Edition, other: Edition) -> bool:
    return Counter(_keys(one.rows)) != Counter(_keys(other.rows))


def _flat(one: Edition) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in one.rows:
        category = str(row["IECAT"])
        found[category] = found.get(category, "") + substance(_words(row)[0].value)
    return {category: text.replace(" ", "") for category, text in found.items()}


def _words(row: Row) -> tuple[Fact, ...]:
    cell = row["IETEST"]
    return cell.basis if isinstance(cell, Cell) else ()


def _keys(rows: Sequence[Row]) -> Iterator[Key]:
    """The key of each row; the words above a criterion belong to it."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        said = " / ".join(substance(fact.value) for fact in reversed(_words(row)))
        same = str(row["IECAT"]), substance(str(plain(row.get("IESCAT")) or "")), said
        seen[same] += 1
        yield (*same, seen[same])


def _codes(keyed: Sequence[dict[Key, Row]]) -> dict[Key, str]:
    codes: dict[Key, str] = {}
    for category, prefix in _PREFIX.items():
        first = sum(key[0] == category for key in keyed[0])
        digits = max(2, len(str(first)))
        mine = dict.fromkeys(key for one in keyed for key in one if key[0] == category)
        for number, key in enumerate(mine, 1):
            codes[key] = f"{prefix}{number:0{digits}}"
    return codes


def _texts(latest: dict[Key, Row], codes: dict[Key, str], spec: Spec) -> dict[Key, str]:
    limit = spec.domains["TI"].variables["IETEST"].length
    keys = sorted(latest, key=lambda key: codes[key])
    short = [str(plain(latest[key]["IETEST"])) for key in keys]
    return dict(zip(keys, told_apart(short, limit, spec), strict=True))


def _sets(
    told: Sequence[Edition], keyed: Sequence[dict[Key, Row]]
) -> Iterator[tuple[Edition, dict[Key, Row]]]:
    """Each set with the first version that has it, and its rows as the last one has them."""
    first, current = told[0], keyed[0]
    for one, criteria in zip(told[1:], keyed[1:], strict=True):
        if criteria.keys() != current.keys():
            yield first, current
            first = one
        current = criteria
    yield first, current


def _row(
    key: Key,
    own: Row,
    code: str,
    texts: dict[Key, str],
    latest: dict[Key, Row],
    first: Edition | None,
) -> Row:
    last = latest[key]["IETEST"]
    assert isinstance(last, Cell)
    ours = _words(own)
    alike = [fact.quote for fact in ours] == [fact.quote for fact in last.basis]
    text = msgspec.structs.replace(last, value=texts[key], basis=ours if alike else last.basis)
    row: dict[str, Cell | str | int | float | None] = {
        **latest[key], "IETESTCD": code, "IETEST": text,
    }  # fmt: skip
    if alike:
        row |= {name: own[name] for name in ("IESCAT", "TIRL") if name in own}
    if first:
        label = f"{LABEL} {first.source.version}"
        row["TIVERS"] = Cell(label, "derived", (*first.dated, *ours), reason=WHY)
    return row


def _place(row: Row) -> tuple[str, str]:
    return str(row["IETESTCD"]), str(plain(row.get("TIVERS")) or "")


def _amended(
    sets: Sequence[tuple[Edition, dict[Key, Row]]], codes: dict[Key, str]
) -> Iterator[Issue]:
    """What became of criteria from one set to the next."""
    for (_, before), (first, after) in pairwise(sets):
        lost = {codes[key]: key[2] for key in before if key not in after}
        new = {codes[key]: key[2] for key in after if key not in before}
        instead = successors(lost, new)
        parts = [
            f"{code} takes the place of {instead[code]}" if code in instead else f"{code} is new"
            for code in sorted(new)
        ]
        parts += [f"{code} is gone" for code in sorted(lost) if code not in instead.values()]
        detail = f"{LABEL} {first.source.version}: {'; '.join(parts)}."
        yield Issue("criteria.amended", detail, first.source)
