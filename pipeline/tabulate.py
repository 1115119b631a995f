"""Rows of cells become Arrow tables: the variables of the standard, in its order, typed."""

import re
from collections.abc import Iterator

import pyarrow as pa

from pipeline.spec.model import Domain, Spec, Variable
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
    return ".".join(str(plain(row.get(name))) for name in domain.keys if name != "STUDYID")


def plain(value: Cell | Scalar) -> Scalar:
    """The value of a cell, or the value itself."""
    return value.value if isinstance(value, Cell) else value


def _arrow(table: Table, domain: Domain, studyid: Scalar, spec: Spec) -> pa.Table:
    rows = [dict(_columns(row, domain, studyid, spec)) for row in table.rows]
    more = sorted({name for row in rows for name in row} - set(domain.variables), key=_ordinal)
    names: list[str] = []
    for name, variable in domain.variables.items():
        filled = variable.core != "Perm" or any(row.get(name) is not None for row in rows)
        if filled or name in KEPT:
            names.append(name)
        names.extend(extra for extra in more if re.sub(r"\d+$", "", extra) == name)
    fields = [_field(name, domain) for name in names]
    about = {"domain": domain.domain, "label": domain.label, "keys": " ".join(domain.keys),
             "sdtmig": spec.standard.sdtmig,
             "ct": f"{spec.terminology.package} {spec.terminology.version}"}  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata=about))


def _columns(row: Row, domain: Domain, studyid: Scalar, spec: Spec) -> Iterator[tuple[str, Scalar]]:
    yield "STUDYID", studyid
    yield "DOMAIN", domain.domain
    for name, cell in row.items():
        value = plain(cell)
        if name == "TSVAL" and isinstance(value, str):
            for number, part in enumerate(split_text(value, domain.variables[name].length, spec)):
                yield f"{name}{number or ''}", part
        else:
            yield name, value


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
