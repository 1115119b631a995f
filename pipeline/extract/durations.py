"""How long prose says that a participant takes part, is treated and is followed, and how long the
whole trial lasts.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec.structs import replace

from pipeline.extract.lengths import LENGTH, WORDS, iso
from pipeline.spec.model import DurationWords, Spec
from pipeline.values import Fact, Issue, narrowed

_TREATED = frozenset({"arm.description", "intervention.description"})
_PLACES = frozenset({"text.summary", "text.description", "design.model.description"})
_TREATMENT = ("treatment", "given")
_PLACEBO = re.compile(r"placebo|sham", re.IGNORECASE)
_FEW = 2
_UNIT = re.compile(r"[ -](?:day|week|month|year)")
_NUMBERED = re.compile(rf"(?<![\w.])(?:\d+(?:\.\d+)?|{'|'.join(WORDS)})[ -]*(?:\(\d+\)[ -]*)?$")
_LENGTH = re.compile(LENGTH, re.IGNORECASE)
_BARE = re.sub(r"\?P<\w+>", "?:", LENGTH)

# One end of a range, a limit or an age is no duration.
_OPEN = re.compile(
    r"(?:\b(?:at least|at most|less than|more than|minimum of|maximum of|every|within|between|"
    r"aged?|"
    r"age of|first|last|next|each|or)|[≥≤<>]|\d\s*(?:-|–|/|,|to|or|and|±))\s*$"
)
_RANGE = re.compile(
    r",?\s*(?:\([^)]*\)\s*)?(?:(?:and )?(?:then|every|annually)\b|"
    r"(?:-|–|to|or|and|/)\s*(?:up to )?(?:\d|one|two|three|six|lifetime|until)|"
    r"(?:of age|of life|old|before|prior|ago|apart|or (?:more|until|longer)|until|per)\b|"
    r"intervals?\b|-?(?:\w+ )?(?:cycles?|courses?)\b)"
)
_BEFORE, _AFTER, _NEAR, _REACH = 130, 60, 30, 20


def read_durations(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Each duration that the prose states, in ISO 8601, with the sentence that states it."""
    kinds = [(name, said, _pattern(said.words)) for name, said in spec.phrases.durations.items()]
    treated = [one for one in kinds if one[0] in _TREATMENT]
    found: list[Fact] = []
    names: set[str] = set()
    for prose in facts:
        if prose.concept in _PLACES:
            found += _stated(prose, kinds)
        elif prose.concept in _TREATED:
            found += _stated(prose, treated)
        elif prose.concept == "intervention.name" and not _PLACEBO.search(prose.value):
            names.add(prose.value)
    strong = any(fact.concept == "duration.treatment" for fact in found)
    given = not strong and len(names) <= _FEW
    return [_told(fact) for fact in found if given or fact.concept != "duration.given"], []


def _told(fact: Fact) -> Fact:
    return replace(fact, concept="duration.treatment") if fact.concept == "duration.given" else fact


def _stated(prose: Fact, kinds: list[tuple[str, DurationWords, re.Pattern[str]]]) -> Iterator[Fact]:
    low = prose.value.lower()
    if len(low) != len(prose.value):
        return
    seen: set[tuple[str, str]] = set()
    for unit in _UNIT.finditer(low):
        number = _NUMBERED.search(low, max(0, unit.start() - _REACH), unit.start() + 1)
        length = _LENGTH.match(low, number.start()) if number else None
        if length is None or not _exact(low, length):
            continue
        begin = _sentence_start(low, max(0, unit.start() - _BEFORE), unit.start())
        stop = _sentence_stop(low, unit.end(), min(len(low), unit.end() + _AFTER))
        window = low[begin:stop]
        for name, said, pattern in kinds:
            if not any(clue in window for clue in said.clues):
                continue
            for match in pattern.finditer(window):
                if begin + match.start(match.lastgroup or 0) != length.start():
                    continue
                value = iso(length["number"], length["unit"])
                told = window[max(0, match.start() - _NEAR) : match.end() + _NEAR // 2]
                if (name, value) not in seen and not re.search(said.never, told):
                    seen.add((name, value))
                    span = begin + match.start(), begin + match.end()
                    yield narrowed(prose, *span, f"duration.{name}", value=value)


def _exact(window: str, length: re.Match[str]) -> bool:
    before = window[max(0, length.start() - 20) : length.start()]
    return not _OPEN.search(before) and not _RANGE.match(window, length.end())


def _sentence_start(low: str, start: int, end: int) -> int:
    return max(low.rfind(". ", start, end) + 1, low.rfind("\n", start, end) + 1, start)


def _sentence_stop(low: str, start: int, end: int) -> int:
    stops = [at for at in (low.find(". ", start, end), low.find("\n", start, end)) if at >= 0]
    return min(stops, default=end)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [one.replace("{length}", f"(?P<l{at}>{_BARE})") for at, one in enumerate(words)]
    return re.compile("|".join(f"(?:{part})" for part in parts))
