"""The objectives, and what else prose states of the whole study."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import LISTED, NAMED, Cell, Fact, Issue, absent, stated


def primary_objective(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The objectives that the words call primary, without their lead-in; where none is called so,
    the purpose that is stated for the whole study, or each of the list in which the study's
    objectives stand.
    """
    called = facts["objective.primary"]
    ranked = _of_one_text(tuple(fact for fact in called if fact.about != NAMED) or called)
    purposes = sorted(facts["objective.stated"], key=lambda fact: fact.about)
    first = purposes[:1]
    if first and first[0].about == LISTED:
        first = _of_one_text(tuple(fact for fact in purposes if fact.about == LISTED))
    yield from _each(ranked or first)


def secondary_objective(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The objectives that the words call secondary, without their lead-in."""
    yield from _each(_of_one_text(facts["objective.secondary"]))


def stopping_rule(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The sentences that say when the whole study, or its enrolment, stops."""
    yield from _each(list(facts["stopping.rule"]))


def diagnostic_criteria(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The named set of diagnostic criteria that participants must meet."""
    yield from _each(list(facts["criteria.diagnosis"]))


def stratification_factor(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """Each stated factor of a stratified randomisation, in the record's words."""
    allocation = facts["design.allocation"]
    if not allocation or allocation[0].value == "RANDOMIZED":
        yield from _each(_of_one_text(facts["allocation.factor"]))


def _of_one_text(facts: tuple[Fact, ...]) -> list[Fact]:
    """The facts of the text that has most of them: texts of one record repeat each other."""
    texts: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        place = fact.span.path or fact.concept
        texts.setdefault((fact.source.sha256, place), []).append(fact)
    return max(texts.values(), key=len, default=[])


def _each(facts: list[Fact]) -> Iterator[Cell | Issue]:
    seen: set[str] = set()
    for fact in facts:
        key = " ".join(fact.value.casefold().split())
        if key not in seen:
            seen.add(key)
            yield stated(fact.value, fact)
    if not facts:
        yield absent("not stated")
