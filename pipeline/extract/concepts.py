"""A record's facts by what they are about, gathered once for all that read its prose."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pipeline.values import Fact

Concepts: TypeAlias = Mapping[str, Sequence[Fact]]
"""Concept to facts, in the order of the record."""


def by_concept(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts by concept; a concept without facts has none."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.concept].append(fact)
    return found


def named(concepts: Concepts, *kinds: str) -> list[Fact]:
    """The facts of some concepts, in that order."""
    return [fact for concept in kinds for fact in concepts.get(concept, ())]
