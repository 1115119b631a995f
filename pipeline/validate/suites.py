"""What is expected of each table, generated from the Spec: suites in Great Expectations' words."""

from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.issues import Severity
from pipeline.spec.model import Domain, Spec
from pipeline.validate.rule import Rule, is_known, variables
from pipeline.validate.rules import RULES
from pipeline.validate.rules.parameters import PARAMETERS
from pipeline.validate.rules.structure import COLUMNS

TITLES = {
    COLUMNS: "Columns of the datasets",
    PARAMETERS: "Trial Summary parameters that must be there (TS)",
}
DTYPES = {"integer": "int64", "float": "float64"}
OK = "ok"


class Expected(msgspec.Struct, frozen=True):
    """One expectation: its type, what it is asked of, in a person's words, and its rule."""

    type: str
    of: dict[str, Any]
    sentence: str
    severity: Severity
    rule: str = ""
    variable: str = ""


def title(domain: str, spec: Spec) -> str:
    """The suite's name, as a data manager calls the dataset: Trial Summary (TS).

    It names a file too, so that it has no slash (Trial Inclusion/Exclusion Criteria).
    """
    if domain in TITLES:
        return TITLES[domain]
    return f"{spec.domains[domain].label.replace('/', ' and ')} ({domain})"


def expected(domain: str, columns: list[str], spec: Spec) -> list[Expected]:
    """The suite of a domain whose table has these columns, structure first."""
    ruled = list(_ruled(domain, columns, spec))
    if domain not in spec.domains:
        return ruled
    return [*_structure(domain, columns, checks(ruled), spec), *ruled]


def checks(suite: list[Expected]) -> list[str]:
    """The check columns that a suite asserts."""
    return [one.of["column"] for one in suite if one.of.get("value_set") == [OK]]


def _structure(domain: str, columns: list[str], more: list[str], spec: Spec) -> Iterator[Expected]:
    known = spec.domains[domain]
    wanted = ["STUDY"]
    for name, variable in known.variables.items():
        if variable.core != "Perm" or name in columns:
            wanted.append(name)
        if name == "TSVAL":
            wanted += sorted(_continued(known, columns), key=lambda each: (len(each), each))
    text = "The columns are the standard's, in its order; permissible ones may be left out."
    order = {"column_list": [*wanted, *more]}
    yield Expected("ExpectTableColumnsToMatchOrderedList", order, text, "error", "column-order")
    for name, variable in known.variables.items():
        if name in columns:
            of = {"column": name, "type_": DTYPES.get(variable.type, "str")}
            text = f"{name}, {variable.label}, is {variable.type}."
            yield Expected("ExpectColumnValuesToBeOfType", of, text, "error", "column-type", name)


def _ruled(domain: str, columns: list[str], spec: Spec) -> Iterator[Expected]:
    for rule in RULES:
        found = list(variables(rule, domain, columns, spec))
        if not found:
            continue
        if rule.name == "required-value":
            for name in found:
                of = {"column": name}
                text = f"{name} has a value in every row."
                yield Expected("ExpectColumnValuesToNotBeNull", of, text, "error", rule.name, name)
        elif rule.name == "key-unique":
            keys = {"column_list": ["STUDY", *spec.domains[domain].keys_of(columns)]}
            yield Expected(
                "ExpectCompoundColumnsToBeUnique", keys, rule.sentence, "error", rule.name
            )
        else:
            check = {"column": rule.column, "value_set": [OK]}
            text = f"{rule.sentence} ({_named(rule, domain, found, spec)})"
            yield Expected("ExpectColumnValuesToBeInSet", check, text, rule.severity, rule.name)


def _continued(known: Domain, columns: list[str]) -> list[str]:
    return [each for each in columns if is_known(known, each) and each not in known.variables]


def _named(rule: Rule, domain: str, found: list[str], spec: Spec) -> str:
    known = spec.parameters if domain in ("TS", PARAMETERS) else {}
    ids = dict.fromkeys(rule.id(domain, name) for name in found)
    ids |= dict.fromkeys(one for key, one in rule.published.items() if key in known)
    published = [each for each in ids if each != rule.name]
    names = ", ".join(found) if len(found) <= 3 else f"{len(found)} variables"
    return "; ".join([names, *published])
