"""A rule about the rows of datasets: what must hold, for which variables, who says so."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from pipeline.issues import Severity
from pipeline.spec.model import Domain, Spec, Variable
from pipeline.tabulate import variable_of
from pipeline.validate.rows import Column, Rows

Holds: TypeAlias = Callable[[Rows, str], Column]
Which: TypeAlias = Callable[[Domain, str, Variable, Spec], bool]


class Rule(msgspec.Struct, frozen=True):
    """One rule. Suites, native checks, reports and docs are projections of it.

    `name` is short and ours; `sentence` says what must hold. `on` names the variables as
    DOMAIN.VARIABLE, or is a question to each column of a domain and its variable. `holds` gets
    the rows and the variable. `published` are the ids of published rules that ask the same, by
    TSPARMCD, by DOMAIN.VARIABLE, by domain, or under `*`.
    """

    name: str
    severity: Severity
    sentence: str
    on: tuple[str, ...] | Which
    holds: Holds
    published: dict[str, str] = {}

    def id(self, domain: str, variable: str, parameter: str = "") -> str:
        """The published rule's id for this parameter or variable, else the rule's own name."""
        keys = (parameter, f"{domain}.{variable}", domain, "*")
        found = (self.published.get(key) for key in keys)
        return next(filter(None, found), self.name)

    @property
    def column(self) -> str:
        """The check column that carries the rule's answer."""
        return "ok_" + self.name.replace("-", "_")


def variables(rule: Rule, domain: str, columns: list[str], spec: Spec) -> Iterator[str]:
    """The variables of a domain that the rule speaks of, among the columns that there are."""
    if isinstance(rule.on, tuple):
        for name in rule.on:
            of, _, variable = name.partition(".")
            if of == domain:
                yield variable
    elif domain in spec.domains:
        known = spec.domains[domain]
        for column in columns:
            if is_known(known, column) and rule.on(known, column, variable_of(known, column), spec):
                yield column


def is_known(domain: Domain, column: str) -> bool:
    """Whether the column is a variable of the domain, or continues TSVAL (TSVAL1, TSVAL2, …)."""
    return column in domain.variables or (
        domain.domain == "TS" and re.fullmatch(r"TSVAL[1-9]\d?", column) is not None
    )
