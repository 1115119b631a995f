"""Value-level items of TSVAL: what each Trial Summary parameter's answer is."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pipeline.load.define.measure import measured
from pipeline.load.define.model import Item, Note
from pipeline.load.define.provenance import cells_of, comment, method, origin
from pipeline.load.oid import variable_oid
from pipeline.spec.model import Parameter, Spec
from pipeline.text import in_xpt
from pipeline.values import Row, Scalar

Columns: TypeAlias = Mapping[str, Sequence[Scalar]]


def value_items(
    name: str, columns: Columns, rows: Sequence[Row], spec: Spec, methods: Mapping[str, str]
) -> tuple[Item, ...]:
    """One item for each TSPARMCD; in TSVAL1, TSVAL2, … only for those whose text goes on there."""
    places: dict[str, list[int]] = {}
    for index, code in enumerate(columns["TSPARMCD"]):
        if name == "TSVAL" or columns[name][index] is not None:
            places.setdefault(str(code), []).append(index)
    items = []
    for at in places.values():
        part = {column: [values[index] for index in at] for column, values in columns.items()}
        items.append(_item(name, part, [rows[index] for index in at], spec, methods))
    return tuple(items)


def used_values(values: Sequence[Scalar], spec: Spec) -> tuple[str, ...]:
    """The different values as XPT holds them."""
    return tuple(sorted({in_xpt(str(value), spec) for value in values if value is not None}))


def _item(
    name: str, columns: Columns, rows: Sequence[Row], spec: Spec, methods: Mapping[str, str]
) -> Item:
    domain, code, values = spec.domains["TS"], str(columns["TSPARMCD"][0]), columns[name]
    parameter = spec.parameters.get(code, Parameter()) if name == "TSVAL" else Parameter()
    has_data = any(value is not None for value in values)
    cells = cells_of(rows, "TSVAL", domain)
    size = measured(parameter.format, values, spec)
    codelist, version = _codelist(parameter, columns, spec)
    oid = f"TS.{name}.{code}"
    note = comment(oid, cells, spec)
    return Item(
        oid=variable_oid("TS", f"{name}.{code}"),
        name=name,
        label=str(columns["TSPARM"][0]),
        type=size.type,
        length=size.length,
        digits=size.digits,
        has_data=has_data,
        origin=origin(domain.variables["TSVAL"].origin, cells, has_data),
        codelist=codelist,
        used=used_values(values, spec) if codelist else (),
        version=version,
        method=method(cells, code, spec, methods),
        comment=note if note or has_data else Note(f"COM.{oid}", "This study has no value for it."),
        where=code,
    )


def _codelist(parameter: Parameter, columns: Columns, spec: Spec) -> tuple[str, str]:
    """The codelist of the values that are there, and its version when it is not CDISC's.

    An external dictionary counts when every value names it and one version of it is known:
    Define-XML wants the version (DEFINE-204).
    """
    at = [index for index, value in enumerate(columns["TSVAL"]) if value is not None]
    key = parameter.external or parameter.dictionary
    if parameter.codelist or not key or not at:
        return (parameter.codelist if at else ""), ""
    reference = spec.references[key]
    named = {columns["TSVCDREF"][index] for index in at}
    versions = {columns["TSVCDVER"][index] for index in at} - {None} or {reference.version}
    if named != {reference.name} or len(versions) > 1 or "" in versions:
        return "", ""
    return key, str(versions.pop())
