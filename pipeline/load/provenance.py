"""Where each value comes from: one row for each cell and each fact that it rests on."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from pipeline.spec.model import Spec
from pipeline.tabulate import row_key
from pipeline.values import Cell, Study

PLACE = ("domain", "key", "variable")
SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in ("study", "domain", "key", "variable", "value", "how")],
        *[(name, pa.string()) for name in ("rule", "reason")],
        ("basis", pa.int32()),
        *[
            (name, pa.string())
            for name in ("concept", "quote", "registry", "record", "version", "file", "path")
        ],
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)


def provenance(study: Study, spec: Spec) -> pa.Table:
    """A table with `basis` numbering the facts of a cell from 1, or 0 for a cell without facts.

    `start` and `end` are characters of the string at `path` (the whole text when it is empty).
    """
    return pa.table(columns(study, spec), SCHEMA)


def columns(study: Study, spec: Spec) -> dict[str, list[Any]]:
    """The columns of `provenance` as lists."""
    rows = [
        (place, cell, fact, number)
        for place, cell in _cells(study, spec)
        for number, fact in (enumerate(cell.basis, 1) if cell.basis else ((0, None),))
    ]
    places, cells, facts, numbers = (list(part) for part in zip(*rows, strict=True))
    sources = [fact.source if fact else None for fact in facts]
    return {
        "study": [study.id] * len(rows),
        **{name: [place[at] for place in places] for at, name in enumerate(PLACE)},
        "value": [None if cell.value is None else str(cell.value) for cell in cells],
        "how": [cell.how for cell in cells],
        "rule": [cell.rule or None for cell in cells],
        "reason": [cell.reason or None for cell in cells],
        "basis": numbers,
        "concept": [fact.concept if fact else None for fact in facts],
        "quote": [fact.quote if fact else None for fact in facts],
        "registry": [source.registry if source else None for source in sources],
        "record": [(source.id or None) if source else None for source in sources],
        "version": [(source.version or None) if source else None for source in sources],
        "file": [source.name if source else None for source in sources],
        "path": [(fact.span.path or None) if fact else None for fact in facts],
        "start": [fact.span.start if fact else None for fact in facts],
        "end": [fact.span.end if fact else None for fact in facts],
    }


def _cells(study: Study, spec: Spec) -> Iterator[tuple[tuple[str, str, str], Cell]]:
    yield ("", "", "STUDYID"), study.studyid
    for code, table in sorted(study.tables.items()):
        domain = spec.domains[code]
        for row in table.rows:
            key = row_key(row, domain)
            for variable, cell in row.items():
                if isinstance(cell, Cell):
                    yield (code, key, variable), cell
