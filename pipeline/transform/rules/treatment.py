"""Which treatments are studied, and how they are given."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.text import whole_name
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, stated

_COMPARATORS = {"ACTIVE_COMPARATOR"}


def investigational_treatment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Interventions of the experimental arms. Where the record gives no arm types: those of the
    only arm, or those that the stated primary objective names; else the role of an intervention is
    not known.
    """
    treatments = _treatments(facts, spec)
    for name, basis in treatments.items():
        yield Cell(
            name, "derived" if len(basis) > 1 else "copied", basis, group=_group(treatments, name)
        )
    if not treatments:
        yield absent("not stated", *facts["intervention.name"])
        if facts["intervention.name"]:
            first = facts["intervention.name"][0]
            yield Issue("treatment.role-not-stated", "", first.source, first.span, first.quote)


def comparator(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Interventions of the active comparator arms that no experimental arm is given, placebo and
    sham aside.
    """
    types = {fact.item: fact for fact in facts["arm.type"]}
    experimental = {
        f.value
        for f in facts["arm.intervention"]
        if f.item in types and types[f.item].value == "EXPERIMENTAL"
    }
    seen: set[str] = set()
    for fact in facts["arm.intervention"]:
        kind = types.get(fact.item)
        if not kind or kind.value not in _COMPARATORS or fact.value in experimental | seen:
            continue
        if not re.search(spec.phrases.placebo, fact.value, re.IGNORECASE):
            seen.add(fact.value)
            yield Cell(fact.value, "derived", (fact, kind))


def dose(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The amount of one administration in the words, once for each amount of a treatment."""
    yield from _given(facts, spec, "regimen.dose")


def dose_unit(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The unit of the dose in the words, as the term of the codelist UNIT."""
    yield from _given(facts, spec, "regimen.unit")


def dosing_frequency(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """How often the treatment is given, by the words, as the term of the codelist FREQ."""
    yield from _given(facts, spec, "regimen.frequency")


def dose_regimen(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The schedule of a treatment in the record's own words."""
    yield from _given(facts, spec, "regimen.schedule")


def route(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The route that stands directly before the name of the treatment, as the term of the codelist
    ROUTE.
    """
    yield from _given(facts, spec, "regimen.route")


def _given(facts: Facts, spec: Spec, concept: str) -> Iterator[Cell | Issue]:
    treatments = _treatments(facts, spec)
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts[concept]:
        if fact.about in treatments:
            found.setdefault((fact.about, fact.value), []).append(fact)
    for (name, value), basis in found.items():
        yield stated(value, *basis, group=_group(treatments, name))


def _treatments(facts: Facts, spec: Spec) -> dict[str, tuple[Fact, ...]]:
    """The investigational treatments in the order of the record, with the words that say so."""
    types = {fact.item: fact for fact in facts["arm.type"]}
    found: dict[str, tuple[Fact, ...]] = {}
    for name in facts["intervention.name"]:
        if re.search(spec.phrases.placebo, name.value, re.IGNORECASE):
            continue
        given = [f for f in facts["arm.intervention"] if f.value == name.value]
        if types:
            kinds = [
                types[f.item]
                for f in given
                if f.item in types and types[f.item].value == "EXPERIMENTAL"
            ]
            if kinds:
                found[name.value] = (name, kinds[0])
        elif len(facts["arm.label"]) == 1:
            found[name.value] = (name,)
        elif named := [
            f for f in facts["objective.primary"] if whole_name(name.value).search(f.value)
        ]:
            found[name.value] = (name, *named[:1])
    return found


def _group(treatments: dict[str, tuple[Fact, ...]], name: str) -> str:
    """The TSGRPID that ties a treatment to its dose, unit, frequency and route."""
    return f"TRT{list(treatments).index(name) + 1}"
