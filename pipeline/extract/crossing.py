"""What prose says of a cross-over: that each participant takes the treatments in turn, or that it
is a switch from one arm to the other; and until when, and when not, treatment goes on.
"""

import re
from collections.abc import Iterator

from pipeline.extract.prose import NARRATIVE, Prose, Texts
from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

_CROSS = r"cross(?:ed|es|ing)?[ -]?over"
_TURN = re.compile(
    r"\brandom\w*[^.;]{0,60}\b(?:order|sequence)s?\b|\b(?:order|sequence)s?\b[^.;]{0,40}\brandom"
    r"|\b(?:ab|a-b)\s?(?:/|or|and)\s?(?:ba|b-a)\b|\bvice[ -]versa\b|\bin reverse order\b"
    r"|\b(?:receive|take|undergo|complete|get|test)s? both (?!arms of the)"
    rf"|\b(?:then|and)\b[^.;]{{0,50}}\b(?:{_CROSS}|switch\w*)\b[^.;]{{0,20}}"
    r"\b(?:to|with|into) the (?:other|alternate|opposite|second)"
    rf"|\b{_CROSS} to the (?:other|alternate|alternative|opposite)\b"
    r"|\bfollowed by\b[^.;]{0,200},? or\b[^.;]{0,200}\bfollowed by\b"
    r"|\bchallenged with the other\b|\bfirst and then\b[^.;]{0,60}\bor\b[^.;]{0,40}\bfirst\b"
)
_SWITCH = re.compile(
    r"\b(?:progress\w*|relaps\w*|treatment failure|non-?respon\w*|one-way)\b"
    rf"[^.;]{{0,90}}\b{_CROSS}"
    rf"|\b{_CROSS}\b[^.;]{{0,60}}\b(?:progress\w*|relapse|treatment failure|unblind\w*)"
)
_REASON = re.compile(
    r"\b(?:progress\w*|relaps\w*|non-?respon\w*|inadequate response|treatment failure)\b"
)
_LEAVE = re.compile(
    rf"\b(?:may|can|will|could|are allowed to|are permitted to) (?:\w+ )?(?:{_CROSS}|switch)\b"
)
_UNTIL = re.compile(
    r"\buntil (?:disease |confirmed |documented |radiographic |tumou?r )*(?:progression|relapse|"
    r"unacceptable toxicity|death)[^.;\n(]{0,120}"
    r"|\bin the absence of (?:disease )?progression[^.;\n(]{0,80}"
)


def read_crossings(texts: Texts) -> Iterator[Fact]:
    """The first such words of each text; the narrative is asked in cross-overs alone."""
    if any(one.fact.value == "CROSSOVER" for one in texts.get("design.model", ())):
        for concept in (*NARRATIVE, "arm.description", "intervention.description"):
            for prose in texts.get(concept, ()):
                yield from _first(prose, _TURN, "design.in_turn")
                yield from _first(prose, _SWITCH, "design.switch")
    for prose in texts.get("arm.description", ()):
        low = prose.low
        if "until" in low or "in the absence" in low:
            yield from _first(prose, _UNTIL, "arm.until")
        if "cross" in low or "switch" in low:
            yield from _transition(prose)


def _first(prose: Prose, pattern: re.Pattern[str], concept: str) -> Iterator[Fact]:
    if match := pattern.search(prose.low):
        yield narrowed(prose.fact, *match.span(), concept)


def _transition(prose: Prose) -> Iterator[Fact]:
    """The first sentence by which a participant may leave the treatment for another."""
    for start, end in sentences(prose.fact.value):
        if _LEAVE.search(prose.low, start, end) and _REASON.search(prose.low, start, end):
            yield narrowed(prose.fact, start, end, "arm.transition")
            return
