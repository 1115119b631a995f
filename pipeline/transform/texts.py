"""The texts of a study in lower case, made once for all rules that look into them."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from pipeline.spec.clues import clues, hinted
from pipeline.spec.model import Spec
from pipeline.transform.once import once_per_study
from pipeline.transform.rules import Facts
from pipeline.values import Fact

Lowered: TypeAlias = list[tuple[Fact, str]]


class Texts(msgspec.Struct):
    """A study's facts with what was asked of their texts: each concept's in lower case, and those
    of several places as one in folded case.
    """

    facts: Facts
    low: dict[str, Lowered] = {}
    folded: dict[tuple[str, ...], str] = {}

    def lowered(self, concept: str) -> Lowered:
        """The facts of a concept, each with its value in lower case."""
        found = self.low.get(concept)
        if found is None:
            found = self.low[concept] = [(f, f.value.lower()) for f in self.facts.get(concept, ())]
        return found

    def hint(self, words: Iterable[str], places: tuple[str, ...]) -> bool:
        """Whether one of the words (in folded case; any text will do where there are none) stands
        in one of the places.
        """
        folded = self.folded.get(places)
        if folded is None:
            values = (fact.value for concept in places for fact in self.facts.get(concept, ()))
            folded = self.folded[places] = "\n".join(values).casefold()
        return hinted(words, folded)

    def telling(self, pattern: str, places: tuple[str, ...]) -> Iterator[Fact]:
        """The facts of some places in which the pattern may be found."""
        words = clues(pattern)
        if self.hint(words, places):
            for concept in places:
                for fact, low in self.lowered(concept):
                    if not low.isascii() or hinted(words, low):
                        yield fact


@once_per_study
def texts(facts: Facts, spec: Spec) -> Texts:  # noqa: ARG001
    """The texts of a study."""
    return Texts(facts, {}, {})
