"""The texts of a record that tell of its plan, gathered once, with their words in lower case."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from pipeline.extract.concepts import Concepts
from pipeline.values import Fact

NARRATIVE = ("text.summary", "text.description", "design.model.description")
EVERYONE = -1
"""The number of no arm: words about the whole study."""

_LOWERED = frozenset({*NARRATIVE, "arm.label", "arm.description", "intervention.description",
                      "intervention.name"})  # fmt: skip
_AS_WRITTEN = (
    "design.model", "design.allocation", "arm.type", "arm.intervention", "intervention.type",
    "intervention.other_name", "eligibility.criteria", "eligibility.inclusion",
    "eligibility.exclusion", "outcome.primary", "outcome.primary.time", "title.official",
    "title.brief",
)  # fmt: skip


class Prose(msgspec.Struct, frozen=True, gc=False):
    """A fact with its value in lower case, every character at its place."""

    fact: Fact
    low: str


Texts: TypeAlias = Mapping[str, list[Prose]]
"""Concept to texts; only those of the plan of an interventional study."""


def gathered(facts: Concepts) -> Texts:
    """The texts by concept; none where the study is not interventional. The long texts that are
    asked last (criteria, outcomes) are in lower case only when they are asked.
    """
    if not any(fact.value == "INTERVENTIONAL" for fact in facts.get("design.type", ())):
        return {}
    found = {
        concept: [Prose(fact, lowered(fact.value)) for fact in facts.get(concept, ())]
        for concept in _LOWERED
    }
    for concept in _AS_WRITTEN:
        found[concept] = [Prose(fact, "") for fact in facts.get(concept, ())]
    return found


def with_arms(texts: Texts, described: Sequence[Fact]) -> Texts:
    """The texts with those of arms that only the narrative describes, and what is given in them."""
    more = {
        concept: [Prose(fact, lowered(fact.value)) for fact in described if fact.concept == concept]
        for concept in ("arm.description", "arm.intervention")
    }
    return {**texts, **more}


def lowered(text: str) -> str:
    """The text in lower case with every character at its place: a few letters would become two."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def treatments(texts: Texts) -> list[Fact]:
    """The facts that name the record's interventions."""
    concepts = ("intervention.name", "intervention.other_name")
    return [one.fact for concept in concepts for one in texts.get(concept, ())]
