"""The objectives, and what else prose states of the whole study."""

import re
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import LISTED, NAMED, PARTED, Cell, Fact, Issue, absent, narrowed, stated

_ENTRY = re.compile(r"\[\d+\]")
_LEAD = re.compile(
    r"(?:\(?\d{1,2}[.)]\s+|[-•*]\s+)?"
    r"(?:(?:the\s+)?(?:(?:primary|main|principal|secondary)\s+)?(?:study\s+)?"
    r"(?:objectives?|aims?|goals?|purposes?)\s+(?:of\s+(?:this|the)\s+(?:study|trial)\s+)?"
    r"(?:is|are|was|were)\s+(?=to\s)"
    r"|(?:(?:an?|phase|[ivx\d]+(?:/[ivx\d]+)?|randomi[sz]ed|controlled|clinical|pilot|feasibility"
    r"|screening|diagnostic|prevention|open-?label|\w+-blind(?:ed)?|single-arm|multi-?cent(?:er|re)"
    r"|prospective)\s+)*(?:trial|study)\s+(?=to\s))?",
    re.IGNORECASE,
)
_SECOND = re.compile(r"\b2[.)]\s")
"""The number of an entry, and what names the study before it says what the study is to do."""


def primary_objective(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The objectives that the words call primary, without their lead-in; where none is called so,
    the purpose that is stated for the whole study, or each of its parts; of several in a list that
    ranks none of them, none.
    """
    called = facts["objective.primary"]
    ranked = _of_one_text(tuple(fact for fact in called if fact.about != NAMED) or called)
    purposes = sorted(facts["objective.stated"], key=lambda fact: fact.about)
    first = purposes[:1]
    if first and (about := first[0].about) in (PARTED, LISTED):
        first = _of_one_text(tuple(fact for fact in purposes if fact.about == about))
        if about == LISTED and len(first) > 1:
            first = []
    yield from _each([_without_lead(fact) for fact in ranked or first])


def secondary_objective(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The objectives that the words call secondary, without their lead-in."""
    yield from _each([_without_lead(fact) for fact in _of_one_text(facts["objective.secondary"])])


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


def _without_lead(fact: Fact) -> Fact:
    """The objective without its number and its lead-in; a list in one text keeps its numbers."""
    value = fact.value
    lead = _LEAD.match(value)
    if not lead or not lead.end() or (value[:1] in "(1" and _SECOND.search(value)):
        return fact
    return narrowed(fact, lead.end(), len(value), fact.concept, about=fact.about)


def _of_one_text(facts: tuple[Fact, ...]) -> list[Fact]:
    """The facts of the text (or the list of entries) that has most of them: texts of one record
    repeat each other.
    """
    texts: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        place = _ENTRY.sub("", fact.span.path) or fact.concept
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
