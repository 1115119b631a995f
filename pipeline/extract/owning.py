"""Whose a length of treatment is, that the narrative states: of the arms that are given what its
sentence names.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.foreign import is_medicine
from pipeline.extract.mentions import Names, aliases, mentions
from pipeline.extract.prose import EVERYONE, Texts, lowered, treatments
from pipeline.extract.sentences import sentence_at
from pipeline.values import Fact

_PLACEBO = re.compile(r"\b(?:placebos?|sham)\b")
_CONTROLLED = re.compile(r"\b(?:placebo|sham|active|vehicle)[- ]?controlled\b")
_EITHER = re.compile(r"\bor\b|\bversus\b|\bvs\b|\beither\b|\bcompar|\brespectively\b|\bgroups?\b")
_EVERY = re.compile(
    r"\b(?:all|both) (?:\w+ )?(?:patients|participants|subjects|groups|arms)\b.*\b(?:either|or)\b"
)
_INERT = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"})
_KINDS = re.compile(r"\bradi(?:o|ation)|\bsurg|adjuvant|\btransplant|\bchemotherap")
_CODE = re.compile(r"[A-Za-z]{2,}[- ]?\d{3,}")
"""A sponsor's code, beside which words may name the medicine."""
_NEAR = 60
_WHOLE = re.compile(r"\b(?:treatment|intervention|dosing|feeding) (?:period|phase)", re.IGNORECASE)


def owned(found: Sequence[Fact], texts: Texts, usual: str) -> Iterator[Fact]:
    """The lengths that arms' own words state, and those of the narrative: for everyone where the
    sentence names no intervention or one of each arm, else for the arms that it speaks of. What
    participants get anyway, by the pattern `usual`, has no length of its own.
    """
    given: dict[int, set[str]] = {}
    anyway = re.compile(usual)
    for one in texts.get("arm.intervention", ()):
        if not anyway.search(one.fact.value.lower()):
            given.setdefault(one.fact.item, set()).add(one.fact.value)
    inert = {one.fact.item for one in texts.get("arm.type", ()) if one.fact.value in _INERT}
    names = aliases(treatments(texts)) if any(fact.about for fact in found) else {}
    coded = any(_CODE.match(one.value) for one in treatments(texts))
    own = {one.fact.item: one.low for one in texts.get("arm.description", ())}
    for fact in found:
        if not fact.about or _WHOLE.search(fact.value):
            yield fact
            continue
        if fact.item != EVERYONE:
            if _of_all(fact, given.get(fact.item, set()), own.get(fact.item, ""), names, texts):
                yield fact
            said = _sentence(fact, texts)
            told = _told(said, names, given, inert) if _EVERY.search(said) else set()
            if told and all(arm & told for arm in given.values()):
                yield msgspec.structs.replace(fact, item=EVERYONE)
            continue
        said = _sentence(fact, texts)
        told = _told(said, names, given, inert)
        if not told and not coded and _of_a_medicine(fact, said):
            continue
        arms = [item for item, own in given.items() if own & told]
        if not told or len(arms) == len(given):
            yield fact
            continue
        for item in arms:
            if given[item] == told or (given[item] <= told and _EITHER.search(said)):
                yield msgspec.structs.replace(fact, item=item)


def _told(said: str, names: Names, given: dict[int, set[str]], inert: set[int]) -> set[str]:
    """The interventions that a sentence names, with those of inert arms where it names placebo."""
    told = {name for _, _, name in mentions(_CONTROLLED.sub(" ", said), names)}
    if told and _PLACEBO.search(said):
        told |= {name for item in inert for name in given.get(item, ())}
    return told


def _of_a_medicine(fact: Fact, sentence: str) -> bool:
    """Whether a medicine is named just before a length, or in its words."""
    at = sentence.find(fact.value.lower())
    return at >= 0 and is_medicine(sentence[max(0, at - _NEAR) : at + len(fact.value)])


def _of_all(fact: Fact, given: set[str], low: str, names: Names, texts: Texts) -> bool:
    """Whether a length in an arm's own words is not of one alone of the treatments they name."""
    if len(given) < 2 or "same period" in low:
        return True
    named = {name for _, _, name in mentions(low, names)} & given
    said = _sentence(fact, texts)
    told = {name for _, _, name in mentions(said, names)} & given
    return told == named or not (told or _KINDS.search(said))


def _sentence(fact: Fact, texts: Texts) -> str:
    """The sentence in which a fact's words stand, in lower case."""
    for proses in texts.values():
        for prose in proses:
            whole = prose.fact
            if whole.span.path == fact.span.path and whole.source == fact.source:
                at = whole.value.find(fact.value)
                start, end = sentence_at(whole.value, max(at, 0)) or (0, 0)
                return lowered(whole.value[start:end])
    return ""
