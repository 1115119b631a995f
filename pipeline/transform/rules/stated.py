"""What registries state piece by piece: sexes by flags."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.contradictions import sexes_contradicted
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Issue, absent, stated


def sexes(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The sexes that take part as their term; both, stated one by one, are BOTH."""
    terms = spec.decisions["SEXPOP"].terms
    basis = facts["eligibility.sex"]
    said = {fact.value for fact in basis}
    yield from sexes_contradicted(facts, spec)
    if not said:
        yield absent("not stated")
    elif len(said) > 1:
        yield Cell(terms["ALL"], "derived", basis)
    else:
        yield stated(terms[basis[0].value], *basis)
