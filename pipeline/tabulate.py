"""Rows of cells become Arrow tables: the variables of the standard, in its order, typed."""

import re
from collections.abc import Iterator

import msgspec
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
ADDED = ("STUDY", "REGISTRY_ID", "REGISTRY_VERSION")
"""What stands before the variables of the standard where many studies are in one table."""
KEPT = frozenset(
    {"TSGRPID", "TSVALNF"}
)  # CORE skips rules that group by TSGRPID when it is no column


def tables(study: Study, spec: Spec) -> dict[str, pa.Table]:
    """The study's datasets by domain, in the order of `schemas/sdtm`; a domain without rows is
    left out.

    Required and expected variables are always columns, permissible ones only with a value.
    A TSVAL longer than 200 bytes goes on in TSVAL1, TSVAL2, … (SDTMIG 3.4 section 4.5.3.2).
    """
    alone = Gathered(spec)
    alone.add(study)
    return {code: table.drop_columns(list(ADDED)) for code, table in alone.tables().items()}


class Gathered:
    """The rows of many studies, column by column: one table a domain, however many studies."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._domains: dict[str, _Columns] = {}
        self._own: list[tuple[str, str, str]] = []

    def add(self, study: Study) -> None:
        """Append the rows of a study; when that fails, nothing of it stays."""
        begun = {code: columns.size for code, columns in self._domains.items()}
        try:
            for code, domain in self._spec.domains.items():
                table = study.tables.get(code)
                if table and table.rows:
                    columns = self._domains.setdefault(code, _Columns({}))
                    own = columns.add(table, domain, study, self._spec)
                    self._own.append((study.id, code, _signature(code, own, self._spec)))
        except BaseException:
            for code, columns in self._domains.items():
                columns.cut(begun.get(code, 0))
            self._own = [one for one in self._own if one[0] != study.id]
            raise

    def tables(self) -> dict[str, pa.Table]:
        """The rows by domain, below the study's folder, its registry id and its version."""
        return {
            code: self._domains[code].arrow(domain, self._spec)
            for code, domain in self._spec.domains.items()
            if code in self._domains and self._domains[code].size
        }

    def own(self) -> list[tuple[str, str, str]]:
        """Each study's own columns of each domain: folder, domain, `name:type` in order."""
        return self._own


class _Columns(msgspec.Struct):
    """Lists of values that may be shorter than the rows are many: the rest is null."""

    values: dict[str, list[Scalar]]
    size: int = 0

    def add(self, table: Table, domain: Domain, study: Study, spec: Spec) -> frozenset[str]:
        """Append the rows of a study; returns the columns of which it has a value."""
        found = {
            name: [plain(row.get(name)) for row in table.rows]
            for name in set[str]().union(*table.rows)
        }
        if "TSVAL" in found:
            found |= _split(found["TSVAL"], domain.variables["TSVAL"].length, spec)
        size = len(table.rows)
        first = study.records[0].source if study.records else None
        said = (study.id, first.id or None, first.version or None) if first else (study.id,)
        found |= {name: [value] * size for name, value in zip(ADDED, said, strict=False)}
        found |= {"STUDYID": [study.studyid.value] * size, "DOMAIN": [domain.domain] * size}
        own = frozenset(name for name, values in found.items() if values.count(None) < size)
        for name in own:
            column = self.values.setdefault(name, [])
            column += [None] * (self.size - len(column))
            column += found[name]
        self.size += size
        return own

    def cut(self, size: int) -> None:
        self.size = size
        for name, column in list(self.values.items()):
            del column[size:]
            if all(value is None for value in column):
                del self.values[name]

    def arrow(self, domain: Domain, spec: Spec) -> pa.Table:
        names = tuple(_names(domain, frozenset(self.values)))
        schema = _schema(domain.domain, names, spec)
        arrays = []
        for field in schema:
            values = self.values.get(field.name, [])
            arrays.append(pa.array(values + [None] * (self.size - len(values)), field.type))
        return pa.Table.from_arrays(arrays, schema=schema)


def in_standard_order(table: pa.Table, domain: Domain, spec: Spec) -> pa.Table:
    """The columns that the table has, in the order of `schemas/sdtm`, described as a whole."""
    names = tuple(_names(domain, frozenset(table.column_names)))
    about = _schema(domain.domain, names, spec).metadata
    return table.select(list(names)).replace_schema_metadata(about)


def variable_of(domain: Domain, column: str) -> Variable:
    """The variable that a column holds; TSVAL2 holds TSVAL's continuation."""
    if column in domain.variables:
        return domain.variables[column]
    return domain.variables[re.sub(r"\d+$", "", column)]


def row_key(row: Row, domain: Domain) -> str:
    """What names a row within its study: the values of its key variables, joined by a dot."""
    return ".".join([str(plain(row.get(name))) for name in domain.keys_of(row)[1:]])


def plain(value: Cell | Scalar) -> Scalar:
    """The value of a cell, or the value itself."""
    return value.value if isinstance(value, Cell) else value


def _split(texts: list[Scalar], limit: int, spec: Spec) -> dict[str, list[Scalar]]:
    """TSVAL and what it goes on in, where a text is too long for one variable."""
    made = {"TSVAL": list(texts)}
    for number, text in enumerate(texts):
        if isinstance(text, str) and (len(text) > limit or not text.isascii()):
            for at, part in enumerate(split_text(text, limit, spec)):
                made.setdefault(f"TSVAL{at or ''}", [None] * len(texts))[number] = part
    return made


def _names(domain: Domain, there: frozenset[str]) -> Iterator[str]:
    yield from ADDED
    more = sorted(there - set(domain.variables) - set(ADDED), key=_ordinal)
    for name, variable in domain.variables.items():
        if variable.core != "Perm" or name in there or name in KEPT:
            yield name
        for extra in more:
            if re.sub(r"\d+$", "", extra) == name:
                yield extra


@once_per_spec
def _signature(code: str, there: frozenset[str], spec: Spec) -> str:
    domain = spec.domains[code]
    names = (name for name in _names(domain, there) if name not in ADDED)
    return " ".join(f"{name}:{_kind(variable_of(domain, name))}" for name in names)


def _kind(variable: Variable) -> str:
    return variable.type if variable.type in ("integer", "float") else "text"


@once_per_spec
def _schema(code: str, names: tuple[str, ...], spec: Spec) -> pa.Schema:
    domain = spec.domains[code]
    keys = " ".join(domain.keys_of(names))
    about = {"domain": domain.domain, "label": domain.label, "keys": keys,
             "sdtmig": spec.standard.sdtmig,
             "ct": f"{spec.terminology.package} {spec.terminology.version}"}  # fmt: skip
    added = [pa.field(name, pa.string()) for name in names if name in ADDED]
    rest = [_field(name, domain) for name in names if name not in ADDED]
    return pa.schema([*added, *rest], metadata=about)


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
