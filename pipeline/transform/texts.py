"""The texts of a study in lower case, made once for all rules that look into them."""

import re
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from pipeline.spec.clues import START, Clues, clues, hinted
from pipeline.spec.model import Spec
from pipeline.spec.once import once_per_spec
from pipeline.transform.once import once_per_study
from pipeline.transform.rules import Facts
from pipeline.values import Fact, narrowed

PLACES = (
    "title.official", "title.brief", "text.summary", "text.description", "design.model.description",
    "arm.label", "arm.description", "intervention.description", "criterion.inclusion",
)  # fmt: skip
"""The prose that says what is planned."""

_PARTED = bytes(n if chr(n).isalnum() or chr(n) == "_" else 32 for n in range(128)).ljust(256)

Lowered: TypeAlias = list[tuple[Fact, str]]


class Texts(msgspec.Struct):
    """A study's prose with what was asked of it: all of it in lower case and ASCII, how its words
    begin, the words that were looked for in it, the facts of a concept with their values in lower
    case, and the first words that a pattern finds.
    """

    facts: Facts
    plain: str
    starts: set[str]
    known: dict[str, bool]
    low: dict[str, Lowered]
    first: dict[str, Fact | None]

    def hold(self, word: str) -> bool:
        """Whether a word in lower case stands anywhere in the prose."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = not word.isascii() or word in self.plain
        return found

    def hint(self, all_words: Clues) -> bool:
        """Whether the prose holds the clues of a pattern."""
        starts = self.starts
        for words in all_words:
            for word in words:
                if (not word.start or word.start in starts) and self.hold(word.letters):
                    break
            else:
                return False
        return True

    def lowered(self, concept: str) -> Lowered:
        """The facts of a concept, each with its value in lower case."""
        found = self.low.get(concept)
        if found is None:
            found = self.low[concept] = [(f, f.value.lower()) for f in self.facts.get(concept, ())]
        return found

    def telling(self, pattern: str, places: tuple[str, ...]) -> Iterator[Fact]:
        """The facts of some places in which a pattern may be found."""
        all_words = clues(pattern)
        if self.hint(all_words):
            for concept in places:
                for fact, low in self.lowered(concept):
                    if not low.isascii() or hinted(all_words, low):
                        yield fact

    def spoken(self, pattern: str, places: tuple[str, ...]) -> Fact | None:
        """The first words in some places that a pattern finds in any case."""
        if pattern not in self.first:
            found = (
                narrowed(fact, *match.span(), fact.concept)
                for fact in self.telling(pattern, places)
                if (match := re.search(pattern, fact.value, re.IGNORECASE))
            )
            self.first[pattern] = next(found, None)
        return self.first[pattern]


@once_per_study
def texts(facts: Facts, spec: Spec) -> Texts:
    """The texts of a study."""
    values = (fact.value for concept in asked_places(spec) for fact in facts.get(concept, ()))
    plain = "\n".join(values).encode("ascii", "replace").lower()
    words = set(plain.translate(_PARTED).decode().split())
    return Texts(facts, plain.decode(), {word[:START] for word in words}, {}, {}, {})


@once_per_spec
def asked_places(spec: Spec) -> tuple[str, ...]:
    """The concepts in whose texts the words of rules are looked for."""
    read = (concept for one in spec.decisions.values() if one.reads for concept in one.from_)
    return tuple(dict.fromkeys((*PLACES, *read)))
