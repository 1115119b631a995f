"""Every rule asked of every row of a lot: check columns, and the rows that fail as findings."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.spec.model import Spec
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot, fitted
from pipeline.validate.rows import Column, Rows
from pipeline.validate.rule import Rule, variables
from pipeline.validate.rules import RULES
from pipeline.validate.rules.parameters import PARAMETERS, parameters
from pipeline.validate.rules.structure import COLUMNS, columns

SHOWN = 50
"""Rows of one study that a rule names; the rest are counted."""

KEYS = {COLUMNS: ("DATASET", "VARIABLE"), PARAMETERS: ("TSPARMCD",)}


class Asked(msgspec.Struct, frozen=True):
    """A rule asked of one variable of a domain: true, false or null for each row of the table."""

    rule: Rule
    domain: str
    variable: str
    table: pa.Table
    holds: Column


def asked(lot: Lot, spec: Spec) -> dict[str, list[Asked]]:
    """Every rule asked of every row, by domain; `COLUMNS` and `PARAMETERS` stand beside them."""
    tables = {
        name: fitted(lot[name], domain) for name, domain in spec.domains.items() if name in lot
    }
    raised = {COLUMNS: columns(lot, spec), PARAMETERS: parameters(tables, spec), **tables}
    return {
        name: [
            Asked(
                rule, name, variable, table, rule.holds(Rows(name, table, tables, spec), variable)
            )
            for rule in RULES
            for variable in variables(rule, name, table.column_names, spec)
        ]
        for name, table in raised.items()
    }


def checked(answers: Iterable[Asked]) -> dict[str, Column]:
    """The check columns of one domain: for each rule whether it holds for the row's variables.

    True, false, or null where none of the variables was asked for.
    """
    made: dict[str, Column] = {}
    for one in answers:
        before = made.get(one.rule.column)
        made[one.rule.column] = one.holds if before is None else _both(before, one.holds)
    return made


def in_words(answers: Iterable[Asked], name: str, good: str, spec: Spec, rows: pa.Array) -> Column:
    """A check column of some rows, for people: `good`, or the study, key and values of a row that
    fails.
    """
    those = [one for one in answers if one.rule.column == name]
    holds = pc.fill_null(checked(those)[name].take(rows), True)
    if pc.all(holds, min_count=0).as_py():
        return pa.chunked_array([pa.repeat(pa.scalar(good), len(holds))])
    table, keys = those[0].table.take(rows), _keys(those[0], spec)
    values = [one.variable for one in those if one.variable not in keys]
    text = _spaced(table, ["STUDY", *keys], " ")
    if values:
        text = pc.binary_join_element_wise(text, _spaced(table, values, " | "), ": ")
    return pc.if_else(holds, pa.scalar(good), text)


def findings(answers: dict[str, list[Asked]], engine: str, spec: Spec) -> Iterator[Finding]:
    """A finding for every row that fails, up to `SHOWN` a study, rule and variable."""
    for asked_of in answers.values():
        for one in asked_of:
            yield from failing(one, engine, spec)


def failing(one: Asked, engine: str, spec: Spec) -> Iterator[Finding]:
    """The rows that fail one rule, as findings; those beyond `SHOWN` a study in a single one."""
    if pc.all(one.holds, min_count=0).as_py():
        return
    rows = one.table.filter(pc.invert(pc.fill_null(one.holds, True)))
    keys = _keys(one, spec)
    wanted = dict.fromkeys(["STUDY", "DATASET", *keys, one.variable])
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows.select([name for name in wanted if name in rows.column_names]).to_pylist():
        variable = row["VARIABLE"] if one.domain == COLUMNS else one.variable
        of = (row["STUDY"], row.get("DATASET", one.domain), variable)
        found[of] += 1
        if found[of] <= SHOWN:
            key = ".".join(_text(row.get(name)) for name in keys if name != "DATASET")
            yield finding(one.rule, engine, of, key, _text(row.get(one.variable)))
    for of, count in found.items():
        if count > SHOWN:
            yield finding(one.rule, engine, of, f"and {count - SHOWN} more rows")


def finding(
    rule: Rule, engine: str, of: tuple[str, str, str], key: str = "", value: str = ""
) -> Finding:
    """What a rule says of a study's domain and variable, under the id it is published with."""
    study, domain, variable = of
    name = rule.id(domain, variable, key.partition(".")[0] if domain == "TS" else "")
    return Finding(study, engine, name, rule.severity, rule.sentence, domain, variable, key, value)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _spaced(table: pa.Table, names: Iterable[str], between: str) -> Column:
    texts = [
        pc.cast(table.column(name), pa.string()) for name in names if name in table.column_names
    ]
    return pc.binary_join_element_wise(
        *texts, between, null_handling="replace", null_replacement=""
    )


def _keys(one: Asked, spec: Spec) -> tuple[str, ...]:
    columns = one.table.column_names
    return KEYS.get(one.domain) or spec.domains[one.domain].keys_of(columns)[1:]


def _both(left: Column, right: Column) -> Column:
    there = pc.or_(pc.is_valid(left), pc.is_valid(right))
    both = pc.and_(pc.fill_null(left, True), pc.fill_null(right, True))
    return pc.if_else(there, both, pa.scalar(None, pa.bool_()))
