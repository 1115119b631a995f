"""Where each value comes from: one row for each cell and each fact that it rests on."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipeline.spec.model import Spec
from pipeline.tabulate import row_key
from pipeline.values import Cell, Study

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

_NO_FACT = (0, *[None] * (len(SCHEMA) - SCHEMA.get_field_index("basis") - 1))


def provenance(study: Study, spec: Spec) -> pa.Table:
    """A table with `basis` numbering the facts of a cell from 1, or 0 for a cell without facts.

    `start` and `end` are characters of the string at `path` (the whole text when it is empty).
    """
    return pa.table(columns(study, spec), SCHEMA)


def columns(study: Study, spec: Spec) -> dict[str, Sequence[Any]]:
    """The columns of `provenance` by name."""
    rows: list[tuple[Any, ...]] = []
    for domain, key, variable, cell in _cells(study, spec):
        value, rule = cell.value, cell.rule or None
        said = (
            study.id, domain, key, variable, None if value is None else str(value), cell.how, rule,
            cell.reason or None,
        )  # fmt: skip
        if not cell.basis:
            rows.append((*said, *_NO_FACT))
        for number, fact in enumerate(cell.basis, 1):
            span, source = fact.span, fact.source
            rows.append(
                (*said, number, fact.concept, fact.quote, source.registry, source.id or None,
                 source.version or None, source.name, span.path or None, span.start, span.end)
            )  # fmt: skip
    return dict(zip(SCHEMA.names, zip(*rows, strict=True), strict=True))


def _cells(study: Study, spec: Spec) -> Iterator[tuple[str, str, str, Cell]]:
    yield "", "", "STUDYID", study.studyid
    for code, table in sorted(study.tables.items()):
        domain = spec.domains[code]
        for row in table.rows:
            key = row_key(row, domain)
            for variable, cell in row.items():
                if type(cell) is Cell:
                    yield code, key, variable, cell
