"""Rows of cells become Arrow tables: the variables of the standard, in its order, typed."""

import re
from collections.abc import Iterator

import pyarrow as pa

from pipeline.spec.model import Domain, Spec, Variable
from pipeline.spec.once import once_per_spec
from pipeline.text import split_text
from pipeline.values import Cell, Row, Scalar, Study, Table

ARROW = {
    "integer": pa.int64(),
    "float": pa.float64(),
    "text": pa.string(),
    "durationDatetime": pa.string(),
}
KEPT = frozenset(
    {"TSGRPID", "TSVALNF"}
)  # CORE skips rules that group by TSGRPID when it is no column


def tables(study: Study, spec: Spec) -> dict[str, pa.Table]:
    """The study's datasets by domain, in the order of `schemas/sdtm`; a domain without rows is
    left out.

    Required and expected variables are always columns, permissible ones only with a value.
    A TSVAL longer than 200 bytes goes on in TSVAL1, TSVAL2, … (SDTMIG 3.4 section 4.5.3.2).
    """
    made = {}
    for code, domain in spec.domains.items():
        table = study.tables.get(code)
        if table and table.rows:
            made[code] = _arrow(table, domain, study.studyid.value, spec)
    return made


def variable_of(domain: Domain, column: str) -> Variable:
    """The variable that a column holds; TSVAL2 holds TSVAL's continuation."""
    if column in domain.variables:
        return domain.variables[column]
    return domain.variables[re.sub(r"\d+$", "", column)]


def row_key(row: Row, domain: Domain) -> str:
    """What names a row within its study: the values of its key variables, joined by a dot."""
    return ".".join(str(plain(row.get(name))) for name in domain.keys_of(row) if name != "STUDYID")


def plain(value: Cell | Scalar) -> Scalar:
    """The value of a cell, or the value itself."""
    return value.value if isinstance(value, Cell) else value


def _arrow(table: Table, domain: Domain, studyid: Scalar, spec: Spec) -> pa.Table:
    size = len(table.rows)
    columns: dict[str, list[Scalar]] = {
        "STUDYID": [studyid] * size,
        "DOMAIN": [domain.domain] * size,
    }
    for index, row in enumerate(table.rows):
        for name, cell in row.items():
            value = cell.value if isinstance(cell, Cell) else cell
            if value is None:
                continue
            if name == "TSVAL" and isinstance(value, str):
                parts = split_text(value, domain.variables[name].length, spec)
                for number, part in enumerate(parts):
                    _column(f"{name}{number or ''}", columns, size)[index] = part
            else:
                _column(name, columns, size)[index] = value
    schema = _schema(domain.domain, tuple(_names(domain, columns)), spec)
    none: list[Scalar] = [None] * size
    arrays = [pa.array(columns.get(field.name, none), field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _column(name: str, columns: dict[str, list[Scalar]], size: int) -> list[Scalar]:
    if name not in columns:
        columns[name] = [None] * size
    return columns[name]


def _names(domain: Domain, columns: dict[str, list[Scalar]]) -> Iterator[str]:
    more = sorted(set(columns) - set(domain.variables), key=_ordinal)
    for name, variable in domain.variables.items():
        if variable.core != "Perm" or name in columns or name in KEPT:
            yield name
        for extra in more:
            if re.sub(r"\d+$", "", extra) == name:
                yield extra


@once_per_spec
def _schema(code: str, names: tuple[str, ...], spec: Spec) -> pa.Schema:
    domain = spec.domains[code]
    keys = " ".join(domain.keys_of(names))
    about = {"domain": domain.domain, "label": domain.label, "keys": keys,
             "sdtmig": spec.standard.sdtmig,
             "ct": f"{spec.terminology.package} {spec.terminology.version}"}  # fmt: skip
    return pa.schema([_field(name, domain) for name in names], metadata=about)


def _field(column: str, domain: Domain) -> pa.Field:
    variable = variable_of(domain, column)
    about = {"label": variable.label, "core": variable.core, "role": variable.role}
    if column not in domain.variables:
        about["label"] = f"{variable.label} {_ordinal(column)}"
    if variable.length:
        about["length"] = str(variable.length)
    if variable.codelist:
        about["codelist"] = variable.codelist
    return pa.field(column, ARROW[variable.type], metadata=about)


def _ordinal(column: str) -> int:
    return int(re.sub(r"^\D+", "", column))
