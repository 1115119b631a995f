"""Which treatments are studied, and how they are given."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.text import whole_name
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, stated

_COMPARATORS = {"ACTIVE_COMPARATOR"}


def investigational_treatment(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """Interventions that the record calls the product under test, else those of the experimental
    arms. Where it gives neither: those of the only arm, or those that the stated primary objective
    names; else the role of an intervention is not known.
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
    """Interventions that the record calls a comparator, or those of the active comparator arms that
    no experimental arm is given, placebo and sham aside.
    """
    tested = {name.casefold() for name, _ in _in_role(facts, "TEST")}
    for name, basis in _in_role(facts, "COMPARATOR"):
        if name.casefold() not in tested:
            yield Cell(name, "derived", basis)
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
    """The route that the record gives for the product, or that stands directly before the name of
    the treatment, as the term of the codelist ROUTE.
    """
    yield from _given(facts, spec, "regimen.route")
    treatments = _treatments(facts, spec)
    written = {name.casefold(): name for name in treatments}
    names = {f.item: f.value.casefold() for f in reversed(facts["intervention.name"])}
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts["intervention.route"]:
        name = written.get(names.get(fact.item, ""))
        for phrase, term in spec.phrases.routes.items():
            if name and re.search(phrase, fact.value, re.IGNORECASE):
                found.setdefault((name, term), []).append(fact)
    for (name, term), basis in found.items():
        yield stated(term, *basis, group=_group(treatments, name))


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
    if facts["intervention.role"]:
        return dict(_in_role(facts, "TEST"))
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


def _in_role(facts: Facts, role: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Each intervention that the record gives a role, with the words that say so; a name that is
    written in several ways, once.
    """
    roles = {fact.item: fact for fact in facts["intervention.role"] if fact.value == role}
    seen: set[str] = set()
    for name in facts["intervention.name"]:
        if name.item in roles and name.value.casefold() not in seen:
            seen.add(name.value.casefold())
            yield name.value, (name, roles[name.item])


def _group(treatments: dict[str, tuple[Fact, ...]], name: str) -> str:
    """The TSGRPID that ties a treatment to its dose, unit, frequency and route."""
    return f"TRT{list(treatments).index(name) + 1}"
