"""A study's tables become what define.xml says of them: datasets of items."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
from msgspec.structs import replace

from pipeline.load.define.measure import measured
from pipeline.load.define.model import Dataset, Item, Note
from pipeline.load.define.provenance import Keyed, cells_of, comment, method, origin, rests_on
from pipeline.load.define.values import used_values, value_items
from pipeline.load.oid import variable_oid
from pipeline.spec.model import Domain, Spec
from pipeline.tabulate import variable_of
from pipeline.values import Cell, Row, Scalar, Source, Study


def described_datasets(
    study: Study, tables: Mapping[str, pa.Table], spec: Spec, methods: Mapping[str, str]
) -> tuple[Dataset, ...]:
    """The datasets of the package in the order of `tables`, which were made from `study`."""
    return tuple(
        _dataset(spec.domains[code], study, table, spec, methods) for code, table in tables.items()
    )


def _dataset(
    domain: Domain, study: Study, table: pa.Table, spec: Spec, methods: Mapping[str, str]
) -> Dataset:
    rows = study.tables[domain.domain].rows
    columns: dict[str, list[Scalar]] = table.to_pydict()
    items = []
    for field in table.schema:
        base = field.name if field.name in domain.variables else field.name.rstrip("0123456789")
        cells = [("", study.studyid)] if base == "STUDYID" else cells_of(rows, base, domain)
        item = _item(domain, field, columns[field.name], cells, spec)
        if base == "TSVAL":
            parts = value_items(field.name, columns, rows, spec, methods)
            items.append(replace(item, values=parts, origin="", comment=None))
        else:
            items.append(replace(item, method=method(cells, "", spec, methods)))
    sources = _sources(rows) or [record.source for record in study.records]
    note = rests_on(sources, spec)
    return Dataset(domain.domain, domain.label, domain.structure, note, tuple(items))


def _item(
    domain: Domain, field: pa.Field, values: Sequence[Scalar], cells: Sequence[Keyed], spec: Spec
) -> Item:
    variable = variable_of(domain, field.name)
    oid, label = f"{domain.domain}.{field.name}", field.metadata[b"label"].decode()
    size = measured(variable.type, values, spec)
    has_data = any(value is not None for value in values)
    note, keys = comment(oid, cells, spec), domain.keys_of([field.name])
    return Item(
        oid=variable_oid(domain.domain, field.name),
        name=field.name,
        label=label,
        type=size.type,
        length=size.length,
        digits=size.digits,
        has_data=has_data,
        origin=origin(variable.origin, cells, has_data),
        codelist=variable.codelist,
        used=used_values(values, spec) if variable.codelist else (),
        comment=note if note or has_data else Note(f"COM.{oid}", f"This study has no {label}."),
        mandatory=variable.core == "Req",
        key=keys.index(field.name) + 1 if field.name in keys else 0,
        role=variable.role,
    )


def _sources(rows: Sequence[Row]) -> list[Source]:
    cells = (cell for row in rows for cell in row.values() if isinstance(cell, Cell))
    return [fact.source for cell in cells for fact in cell.basis]
