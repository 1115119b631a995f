"""The tables of many studies as one: a lot is what is validated in one run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Domain, Spec
from pipeline.tabulate import ADDED

Lot: TypeAlias = dict[str, pa.Table]
"""Domain to the rows of all studies, with the study's folder name in the first column, STUDY."""

SCHEMAS = "SCHEMAS"
"""The table of a lot that keeps each study's own columns: STUDY, DATASET, COLUMNS (name:type)."""

ARROW = {"integer": pa.int64(), "float": pa.float64()}


def lot(studies: Iterable[tuple[str, dict[str, pa.Table]]]) -> Lot:
    """The tables of all studies by domain, as (folder name, tables) pairs, in the order given.

    Columns that only some studies have stand where they stand there; a column whose type
    differs between studies becomes text. `SCHEMAS` remembers what each study really had.
    """
    found: dict[str, list[tuple[str, pa.Table]]] = {}
    for name, tables in studies:
        for domain, table in tables.items():
            found.setdefault(domain, []).append((name, table))
    made = {domain: _joined(pairs) for domain, pairs in found.items()}
    kept = [
        (name, domain, signature(table))
        for domain, pairs in found.items()
        for name, table in pairs
    ]  # fmt: skip
    return {**made, SCHEMAS: _schemas(kept)}


def gathered(
    parts: Iterable[Mapping[str, pa.Table]], own: Iterable[tuple[str, str, str]], spec: Spec
) -> Lot:
    """The lot of tables that hold many studies already, whose own columns are named apart."""
    found: dict[str, list[pa.Table]] = {}
    for tables in parts:
        for domain in spec.domains:
            if domain in tables:
                names = [name for name in tables[domain].column_names if name not in ADDED[1:]]
                found.setdefault(domain, []).append(tables[domain].select(names))
    made = {domain: stacked(tables) for domain, tables in found.items()}
    return {**made, SCHEMAS: _schemas(list(own))}


def _schemas(own: Sequence[tuple[str, str, str]]) -> pa.Table:
    names = ("STUDY", "DATASET", "COLUMNS")
    columns = zip(*own, strict=True) if own else ((), (), ())
    arrays = [pa.array(list(column), pa.string()) for column in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))


def signature(table: pa.Table) -> str:
    """The columns of a table in order, each as `name:type`."""
    return " ".join(f"{field.name}:{kind(field.type)}" for field in table.schema)


def kind(arrow: pa.DataType) -> str:
    """An Arrow type in the words of the Spec: text, integer or float, else its own name."""
    if pa.types.is_integer(arrow):
        return "integer"
    if pa.types.is_floating(arrow):
        return "float"
    if pa.types.is_dictionary(arrow):
        return kind(arrow.value_type)
    if pa.types.is_string(arrow) or pa.types.is_large_string(arrow):
        return "text"
    return str(arrow)


def fitted(table: pa.Table, domain: Domain) -> pa.Table:
    """The table with every variable in the type of the Spec; what does not fit becomes null."""
    for at, field in enumerate(table.schema):
        variable = domain.variables.get(field.name)
        wanted = ARROW.get(variable.type, pa.string()) if variable else pa.string()
        if field.type != wanted:
            table = table.set_column(at, field.name, _cast(table.column(at), wanted))
    return table


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if wanted != pa.string() and kind(column.type) == "text":
        number = pc.match_substring_regex(column, r"^-?\d{1,15}(\.\d{1,9})?$")
        column = pc.cast(pc.if_else(number, column, pa.scalar(None, column.type)), pa.float64())
    return pc.cast(column, wanted, safe=False)


def _joined(pairs: Sequence[tuple[str, pa.Table]]) -> pa.Table:
    names = [name for name, table in pairs for _ in range(table.num_rows)]
    rows = stacked([table for _, table in pairs])
    return rows.add_column(0, "STUDY", pa.array(names, pa.string()))


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables below each other: what columns only some have stand where they stand there, and one
    whose type differs becomes text.
    """
    types: dict[str, pa.DataType] = {}
    order: list[str] = []
    for table in tables:
        for at, field in enumerate(table.schema):
            plain = pa.string() if kind(field.type) == "text" else field.type
            if types.setdefault(field.name, plain) != plain:
                types[field.name] = pa.string()
            if field.name not in order:
                before = table.schema.names[at - 1] if at else None
                order.insert(order.index(before) + 1 if before else 0, field.name)
    schema = pa.schema([pa.field(name, types[name]) for name in order])
    parts = [
        table.cast(pa.schema([pa.field(name, types[name]) for name in table.schema.names]))
        for table in tables
    ]  # fmt: skip
    whole = pa.concat_tables([schema.empty_table(), *parts], promote_options="default")
    return whole.combine_chunks()
