"""What participants are given in a run-in: `a placebo run-in`, `a run-in of 2 weeks on A-mab`."""

import re
from collections.abc import Iterator

import msgspec

from pipeline.extract.mentions import aliases, mentions
from pipeline.extract.prose import EVERYONE, NARRATIVE, Texts, treatments
from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

_RUN_IN = re.compile(r"\b(?:run|lead)[- ]?in\b")
_CLUES = ("run-in", "run in", "lead-in", "lead in")
_JOINED = re.compile(r"\band\b|\bor\b|\bplus\b|[+/]")
"""Names of several treatments, of which the words may mean one."""
_BEFORE = re.compile(r"(?: |-)")
_AFTER = re.compile(
    r"(?: (?:period|phase))?(?: (?:of|for|lasting) [\w -]{1,20}(?:day|week|month)s?)?"
    r"(?: with| on| consuming| receiving| taking|,? (?:in|during) which (?:all )?"
    r"(?:patients|participants|subjects) (?:will )?(?:receive|take))"
    r" (?:(?:an?|the|single-blind|open-label|daily|oral|inhaled)\s)*"
)


def read_run_ins(texts: Texts) -> Iterator[Fact]:
    """The treatment that stands beside the words for a run-in, as a `period.run-in.given` of the
    arm or of everyone; the first of each text.
    """
    for concept in ("arm.description", *NARRATIVE):
        for prose in texts.get(concept, ()):
            if not any(clue in prose.low for clue in _CLUES):
                continue
            names = aliases(treatments(texts))
            for start, end in sentences(prose.fact.value):
                low = prose.low[start:end]
                match = _RUN_IN.search(low)
                found = mentions(low, names) if match else []
                beside = [
                    one
                    for one in found
                    if match and _beside(low, match, one) and not _JOINED.search(one[2].lower())
                ]
                if len(beside) == 1:
                    at, to, name = beside[0]
                    place = start + at, start + to
                    fact = narrowed(prose.fact, *place, "period.run-in.given", value=name)
                    item = prose.fact.item if concept == "arm.description" else EVERYONE
                    yield msgspec.structs.replace(fact, item=item)
                    break


def _beside(low: str, match: re.Match[str], mention: tuple[int, int, str]) -> bool:
    """Whether a mention stands right before the words for a run-in, or as given after them."""
    start, end, _ = mention
    before, after = (end, match.start()), (match.end(), start)
    return bool(_BEFORE.fullmatch(low, *before) or _AFTER.fullmatch(low, *after))
