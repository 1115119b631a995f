"""Phases of treatment that the narrative names for all arms, and interventions that are said to
prepare for another.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from pipeline.extract.mentions import aliases, mentions
from pipeline.extract.prose import EVERYONE, NARRATIVE, Prose, Texts, lowered, treatments
from pipeline.spec.model import Spec
from pipeline.values import Fact, narrowed

_PREPARES = re.compile(
    r"\blympho-?deplet\w*|\bpreparative (?:regimen|chemo\w*)|(?<!counter)\bconditioning\b"
)
_CONSISTS = re.compile(
    r"\b(?:lympho-?deplet(?:ion|ing)|conditioning)(?: (?:chemotherapy|therapy|treatment|regimen))*"
    r"(?: ?\([^()\n]{1,30}\)(?=:))?"
    r" ?(?:,? (?:with|using|consisting of|comprising|comprised of|of)|:|\() ?"
    r"(?P<what>[^.;:\n]{3,160}?)(?=$|[.;:\n]|\b(?:then|followed|prior|before|after|and then)\b)"
)
_FOR_ANOTHER = re.compile(r"\b(?:after|following|post|prior|before|without|no)\b[^.;]{0,50}$")
_PHASES = ("induction", "consolidation", "build-up", "maintenance", "primary", "boost")
_LOOSE_PHASES = {
    "build-up": re.compile(r"\b(?:up-?dosing|build-?up)\b"),
    "maintenance": re.compile(
        r"\bmaintenance (?:dos(?:e|ing)|phase|period|therapy|treatment)\b"
        r"|\b(?:week|month|year)s? of maintenance\b"
    ),
}
"""Phases of immunotherapy, which have names of their own."""


def read_phases(texts: Texts, spec: Spec) -> Iterator[Fact]:
    """Phases of treatment that the narrative names for all arms (`build-up phase`, `maintenance
    phase`), as stages of no arm; and treatments that interventions say prepare for another.
    """
    told = (
        _phases(prose, spec)
        for concept in NARRATIVE
        for prose in texts.get(concept, ())
        if any(clue in prose.low for clue in ("maintenance", "boost", "consolidation"))
    )
    yield from next((found for found in told if found), [])
    for concept in ("intervention.description", "intervention.name"):
        for prose in texts.get(concept, ()):
            low = prose.low or lowered(prose.fact.value)
            if "lympho" in low or "conditioning" in low or "preparative" in low:
                yield from _preparing(prose.fact, low)
    for concept in ("arm.description", *NARRATIVE):
        for prose in texts.get(concept, ()):
            if "lympho" in prose.low or "conditioning" in prose.low:
                yield from _consisting(prose, texts)


def _phases(prose: Prose, spec: Spec) -> list[Fact]:
    named = []
    for number, kind in enumerate(_PHASES, 1):
        scheme = spec.design.stages[kind]
        pattern = _LOOSE_PHASES.get(kind) or _phase(scheme.head)
        if any(clue in prose.low for clue in scheme.clues) and (match := pattern.search(prose.low)):
            about = str(number)
            fact = narrowed(prose.fact, *match.span(), "arm.stage", value=kind, about=about)
            named.append(msgspec.structs.replace(fact, item=EVERYONE))
    return named if len(named) > 1 else []


def _preparing(fact: Fact, low: str) -> Iterator[Fact]:
    if match := _PREPARES.search(low):
        other = bool(_FOR_ANOTHER.search(low, max(0, match.start() - 60), match.start()))
        about = "before" if other else "itself"
        yield narrowed(fact, *match.span(), "intervention.preparing", about=about)


def _consisting(prose: Prose, texts: Texts) -> Iterator[Fact]:
    """What a text says a preparation consists of (`lymphodepletion with A and B`)."""
    items = {one.fact.value: one.fact.item for one in texts.get("intervention.name", ())}
    match = _CONSISTS.search(prose.low)
    if match is None:
        return
    for start, end, name in mentions(match["what"], aliases(treatments(texts))):
        at = match.start("what")
        words = narrowed(prose.fact, at + start, at + end, "intervention.preparing", about="itself")
        yield msgspec.structs.replace(words, item=items[name])


@cache
def _phase(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{name})(?:[ -]\w+)? (?:phase|period)\b")
