"""What registries state piece by piece: sexes by flags, a duration by years, months and days."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Issue, absent, stated

_UNITS = {"Years": "Y", "Months": "M", "Weeks": "W", "Days": "D"}


def sexes(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The sexes that take part as their term; both, stated one by one, are BOTH."""
    terms = spec.decisions["SEXPOP"].terms
    basis = facts["eligibility.sex"]
    said = {fact.value for fact in basis}
    if not said:
        yield absent("not stated")
    elif len(said) > 1:
        yield Cell(terms["ALL"], "derived", basis)
    else:
        yield stated(terms[basis[0].value], *basis)


def planned_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The planned duration of the whole trial as one ISO 8601 duration of the years, months and
    days that the record gives; zeros are left out.
    """
    parts, basis = "", []
    for fact in facts["design.duration"]:
        number, _, unit = fact.value.partition(" ")
        if number.isdecimal() and int(number) and unit in _UNITS:
            parts += f"{int(number)}{_UNITS[unit]}"
            basis.append(fact)
    yield Cell(f"P{parts}", "normalised", tuple(basis)) if parts else absent("not stated")
