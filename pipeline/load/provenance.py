"""Where each value comes from: one row for each cell and each fact that it rests on."""

from collections.abc import Iterator

import pyarrow as pa

from pipeline.spec.model import Spec
from pipeline.tabulate import row_key
from pipeline.values import Cell, Fact, Study

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
    return pa.Table.from_pylist(list(_rows(study, spec)), schema=SCHEMA)


def _rows(study: Study, spec: Spec) -> Iterator[dict[str, object]]:
    yield from _cell(study, "", "", "STUDYID", study.studyid)
    for code, table in sorted(study.tables.items()):
        domain = spec.domains[code]
        for row in table.rows:
            key = row_key(row, domain)
            for variable, cell in row.items():
                if isinstance(cell, Cell):
                    yield from _cell(study, code, key, variable, cell)


def _cell(
    study: Study, domain: str, key: str, variable: str, cell: Cell
) -> Iterator[dict[str, object]]:
    said = {
        "study": study.id, "domain": domain, "key": key, "variable": variable,
        "value": None if cell.value is None else str(cell.value),
        "how": cell.how, "rule": cell.rule or None, "reason": cell.reason or None,
    }  # fmt: skip
    for number, fact in enumerate(cell.basis, 1):
        yield said | {"basis": number} | _fact(fact)
    if not cell.basis:
        yield said | {"basis": 0}


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "concept": fact.concept, "quote": fact.quote, "registry": fact.source.registry,
        "record": fact.source.id or None, "version": fact.source.version or None,
        "file": fact.source.name, "path": fact.span.path or None,
        "start": fact.span.start, "end": fact.span.end,
    }  # fmt: skip
