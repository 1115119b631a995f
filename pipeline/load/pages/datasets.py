"""The datasets as a page shows them: each value with how it was come by and what it rests on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import count

import msgspec
import pyarrow as pa

from pipeline.load.pages.source import Use
from pipeline.load.pages.words import Places, Word, word
from pipeline.spec.model import Domain, Spec
from pipeline.tabulate import plain, row_key
from pipeline.transform import methods
from pipeline.values import Cell, How, Row, Scalar, Study

SIGNS: dict[How, str] = {
    "copied": "=",
    "normalised": "≈",
    "derived": "∴",
    "assumed": "†",
    "curated": "☞",
    "absent": "∅",
}
READING = ("TS", "TA", "TE", "TV", "TI")  # the order in which a person reads a design
CONSTANT = {"STUDYID", "DOMAIN"}  # the same in every row of a study's dataset
MOST = 6  # facts of a cell that are quoted beside it; its other words point back to it


class Shown(msgspec.Struct, frozen=True, gc=False):
    """A value: its text (with continuations), and for a cell how it was come by, why, from what."""

    texts: tuple[tuple[str, str], ...]
    how: str = ""
    sign: str = ""
    name: str = ""
    reason: str = ""
    why: str = ""
    rule: str = ""
    method: str = ""
    brief: str = ""
    words: tuple[Word, ...] = ()
    more: int = 0
    again: bool = False


class Line(msgspec.Struct, frozen=True, gc=False):
    """A row: its name on the page, its values, and which of them names it."""

    name: str
    cells: tuple[Shown, ...]


class Dataset(msgspec.Struct, frozen=True, gc=False):
    """One dataset: its columns with labels, its rows, the columns that hold nothing."""

    code: str
    label: str
    structure: str
    columns: tuple[tuple[str, str], ...]
    topic: int
    rows: tuple[Line, ...]
    empty: tuple[str, ...]


def datasets(study: Study, tables: dict[str, pa.Table], known: Places, spec: Spec) -> list[Dataset]:
    """The study's datasets, with the columns of the files and the rows of the study's tables."""
    order = sorted(tables, key=lambda code: (READING.index(code) if code in READING else 9, code))
    return [
        _dataset(study.tables[code].rows, tables[code], spec.domains[code], known, spec)
        for code in order
    ]


def uses(study: Study, made: list[Dataset], known: Places, spec: Spec) -> Iterator[tuple[str, Use]]:
    """The name of each quoted place with a cell that rests on it."""
    for dataset in made:
        domain = spec.domains[dataset.code]
        for row, line in zip(study.tables[dataset.code].rows, dataset.rows, strict=True):
            keys = [key for key in domain.keys_of(row) if key not in CONSTANT]
            head, *tail = (str(plain(row.get(key))) for key in keys)
            for column, value in row.items():
                for fact in value.basis if isinstance(value, Cell) else ():
                    if place := known.get((fact.source, fact.span)):
                        use = Use(dataset.code, head, ".".join(tail), f"{line.name}.{column}")
                        yield place.name, use


def _dataset(
    rows: tuple[Row, ...], table: pa.Table, domain: Domain, known: Places, spec: Spec
) -> Dataset:
    empty = [name for name in table.column_names if table[name].null_count == table.num_rows]
    columns = {
        name: [more for more in table.column_names if re.fullmatch(rf"{name}\d*", more)]
        for name in table.column_names
        if name in domain.variables and name not in empty and name not in CONSTANT
    }
    names = _named(f"{domain.domain}.{row_key(row, domain)}" for row in rows)
    lines, above = [], dict[str, Scalar]()
    for name, row, values in zip(names, rows, table.to_pylist(), strict=True):
        cells = [
            _shown(
                row.get(column),
                tuple(_texts(values, parts)),
                f"{name}.{column}",
                values[column] is not None and values[column] == above.get(column),
                known,
                spec,
            )
            for column, parts in columns.items()
        ]
        lines.append(Line(name, tuple(cells)))
        above = values
    return Dataset(
        code=domain.domain,
        label=domain.label,
        structure=domain.structure,
        columns=tuple((name, domain.variables[name].label) for name in columns),
        topic=[*columns].index(next(key for key in domain.keys if key in columns)),
        rows=tuple(lines),
        empty=tuple(empty),
    )


def _named(wanted: Iterable[str]) -> Iterator[str]:
    """Names that a link can hold, each different."""
    taken: set[str] = set()
    for name in wanted:
        safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)
        different = (f"{safe}~{number}" for number in count(2))
        unique = safe if safe not in taken else next(n for n in different if n not in taken)
        taken.add(unique)
        yield unique


def _texts(values: Mapping[str, Scalar], parts: list[str]) -> Iterator[tuple[str, str]]:
    """A column's text and its continuations (TSVAL, TSVAL1, …), these with their own names."""
    for part in parts:
        value = values[part]
        if value is not None:
            text = f"{value:g}" if isinstance(value, float) else str(value)
            yield part if part != parts[0] else "", text


def _shown(
    value: Cell | Scalar,
    texts: tuple[tuple[str, str], ...],
    name: str,
    again: bool,
    known: Places,
    spec: Spec,
) -> Shown:
    if not isinstance(value, Cell):
        return Shown(texts, again=again)
    words = tuple(word(fact, known) for fact in value.basis[:MOST])
    briefs = [*dict.fromkeys(one.place.brief for one in words if one.place)]
    reason = spec.reasons.get(value.reason)
    return Shown(
        texts=texts,
        how=value.how,
        sign=SIGNS[value.how],
        name=name,
        reason=value.reason if reason else "",
        why=reason.sentence if reason else value.reason,
        rule=value.rule,
        method=_methods().get(value.rule, ""),
        brief=", ".join([*briefs[:2], "…"] if len(briefs) > 2 else briefs),
        words=words,
        more=len(value.basis) - len(words),
        again=again,
    )


@cache
def _methods() -> dict[str, str]:
    return methods()
