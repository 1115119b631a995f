"""The texts of a record that tell of its plan, gathered once, with their words in lower case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from pipeline.values import Fact

NARRATIVE = ("text.summary", "text.description", "design.model.description")
EVERYONE = -1
"""The number of no arm: words about the whole study."""

_LOWERED = frozenset({*NARRATIVE, "arm.label", "arm.description", "intervention.description"})
_GATHERED = _LOWERED | {
    "design.type", "design.model", "arm.intervention", "intervention.name",
    "intervention.other_name", "eligibility.criteria", "eligibility.inclusion",
    "eligibility.exclusion", "outcome.primary",
}  # fmt: skip


class Prose(msgspec.Struct, frozen=True, gc=False):
    """A fact with its value in lower case, every character at its place."""

    fact: Fact
    low: str


Texts: TypeAlias = Mapping[str, list[Prose]]
"""Concept to texts; only those of the plan of an interventional study."""


def gathered(facts: Iterable[Fact]) -> Texts:
    """The texts by concept; none where the study is not interventional. The long texts that are
    asked last (criteria, outcomes) are in lower case only when they are asked.
    """
    found: dict[str, list[Prose]] = defaultdict(list)
    for fact in facts:
        concept = fact.concept
        if concept in _GATHERED:
            found[concept].append(Prose(fact, lowered(fact.value) if concept in _LOWERED else ""))
    if not any(one.fact.value == "INTERVENTIONAL" for one in found["design.type"]):
        found.clear()
    return found


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
