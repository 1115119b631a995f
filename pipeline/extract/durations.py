"""How long prose says that a participant takes part, is treated and is followed, and how long the
whole trial lasts.

A length counts where its sentence speaks of the plan for all participants. Sentences about other
studies, usual practice or one part of the study do not; nor do limits and ranges.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from pipeline.extract.concepts import Concepts, named
from pipeline.extract.lasting import (
    goes_on,
    is_added,
    is_elsewhere,
    is_extension,
    is_followed_for_life,
    is_followed_on,
    is_single_and_multiple,
    may_be_added,
    names_somebody,
    of_a_part,
    one_of_several,
)
from pipeline.extract.lengths import LENGTH, WORDS, iso
from pipeline.extract.naming import names_of
from pipeline.extract.sentences import sentence_at
from pipeline.spec.clues import Clues, clues, hinted
from pipeline.spec.model import Spec
from pipeline.spec.wording import DurationWords
from pipeline.values import Fact, Issue, narrowed

_OF_ARMS = "arm.description"
_OF_TREATMENTS = "intervention.description"
_PLACES = ("text.summary", "text.description", "design.model.description")
_MEASURES = tuple(
    f"outcome.{one}{part}" for one in ("primary", "secondary", "other") for part in ("", ".time")
)
_COMMON = frozenset((*_PLACES, *_MEASURES))
"""What speaks of all participants."""
_TREATMENT = ("treatment", "given", "described", "capped", "measured")
_STRONG = ("duration.treatment", "duration.measured")
"""What names a treatment period."""
_PLACEBO = re.compile(r"placebo|sham", re.IGNORECASE)
_PLACEBO_ALONE = re.compile(r"^(?!.*\b(?:or|and)\b).*\bplacebo\b", re.IGNORECASE | re.DOTALL)
_INERT = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
_UNIT_WORD = re.compile(r"day|week|month|year")
_NUMBERED = re.compile(
    rf"(?<![\w.])(?:\d+(?:\.\d+)?|{'|'.join(WORDS)})[ -]*(?:\(\w+\)[ -]*)?"
    r"(?:(?:consecutive|successive|full) )?$"
)
_LENGTH = re.compile(LENGTH, re.IGNORECASE)
_BARE = re.sub(r"\?P<\w+>", "?:", LENGTH)
_ABOUT = (
    r"(?:(?:an?|the|total|planned|period|duration|of|approximately|about|around|additional|another|"
    r"further|consecutive|entire|full|up|to|maximum|whole)[ ]){0,6}"
)

# One end of a range, a limit or an age is no duration.
_OPEN = re.compile(
    r"(?:\b(?:at least|at most|less than|more than|minimum of|every|within|between|aged?|"
    r"age of|first|(?<!to )(?<!will )(?<!can )(?<!may )last|next|each|or|over the past)|"
    r"[≥≤<>]|\d\s*\\?~|\d\s*(?:-|–|/|,|to|or|and|,\s*(?:and|or)|±))\s*$"
)
_LIMITED = re.compile(r"\b(?:up to|maximum(?: of)?|at least|at most|minimum of)[\w \\~]{0,20}$")
_IN_ORDER = re.compile(r"\b(?:then|followed by|may|thereafter|prior to|before)\b")
_RANGE = re.compile(
    r",?\s*(?:\([^)]*\)\s*)?(?:(?:and )?(?:then|every|annually)\b|"
    r"(?:-|–|to|or|and|/)\s*(?:up to )?(?:\d|one|two|three|six|lifetime|until)|/|"
    r"(?:of age|of life|old|before|prior|ago|apart|or (?:more|until|longer|less)|until|a week|"
    r"each)\b|"
    r"(?:of|in|after|following) (?:each|every|an? \d)|"
    r"(?:in a row |consecutively )?(?:each|per) (?!subject|participant|patient|volunteer)|"
    r"(?:once|twice|weekly|monthly|quarterly|yearly|(?:\w+ times|\d+ \w+) (?:a \w+ )?for)\b|"
    r"(?:on|off)\b(?![ -](?:treatment|study|therapy|drug))|"
    r"intervals?\b|-?(?:\w+ )?(?:cycles?|courses)\b)"
)
_UNTIL = re.compile(r",? (?:or )?until (?:\w+ ){0,2}(?:progress|intoler|unaccept|toxic|withdraw)")
"""What may end a treatment before its limit."""
_NEXT = re.compile(
    r"[.,;]?\s*(?:and )?(?:an? )?(?:\w+[- ]\w+[- ])?follow-? ?up (?:duration|period|phase)"
)
_GENERAL = re.compile(
    r"\b(?:study|trial|investigational|assigned|allocated|experimental|active|test) "
    r"(?:drug|treatment|medication|product|intervention|supplement|agent|formula|therap|diet)|"
    r"\b(?:the|this|an?|of) (?:intervention|treatment|supplement|product|program|capsule|tablet)|"
    r"\binterventions? (?:will|is|was|lasts)|\bplacebo\b|\bimp\b"
)
_NEAR, _BEFORE, _AFTER, _REACH, _FAR = 30, 170, 70, 26, 500


Kind: TypeAlias = tuple[str, DurationWords, re.Pattern[str], tuple[Clues, ...]]


class Said(msgspec.Struct, frozen=True, gc=False):
    """A stated duration, the fact that it stands in, its sentence in lower case, whether it is a
    limit, and whether it is that of a part of the study or the treatment alone; `since` is where
    in the sentence what it is of begins: behind the last `then` before it.
    """

    fact: Fact
    prose: Fact
    sentence: str
    limit: bool
    part: bool
    since: int


def read_durations(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """Each duration that the prose states, in ISO 8601, with the sentence that states it; one of a
    treatment is `about` the intervention that the words or their place give.
    """
    kinds = [(name, said, *_patterns(said.words)) for name, said in spec.phrases.durations.items()]
    treated = [one for one in kinds if one[0] in _TREATMENT]
    measured = [one for one in kinds if one[0] == "measured"]
    treated = [one for one in treated if one not in measured]
    kinds = [one for one in kinds if one[0] not in ("described", "measured")]
    found: list[Said] = []
    for concepts, sought in ((_PLACES, kinds), ((_OF_ARMS, _OF_TREATMENTS), treated)):
        for fact in named(facts, *concepts):
            found += _stated(fact, sought)
    others = [one.fact for one in found if one.fact.concept[9:] not in _TREATMENT]
    given = [one for one in found if one.fact.concept[9:] in _TREATMENT]
    for fact in () if given else named(facts, *_MEASURES):
        given += _stated(fact, measured)
    return others + (list(_of_treatments(given, facts)) if given else []), []


def _of_treatments(found: Sequence[Said], facts: Concepts) -> Iterator[Fact]:
    """The durations of treatments with what they are of; those that the words leave open apart."""
    names = names_of(*(named(facts, f"intervention.{one}") for one in ("name", "other_name")))
    called = {fact.item: fact.value for fact in named(facts, "intervention.name")}
    titles = (fact.value.lower() for fact in named(facts, "title.official", "title.brief"))
    parted = any(is_single_and_multiple(title) for title in titles)
    whole = list(dict.fromkeys(called.values()))
    inert = {fact.item for fact in named(facts, "arm.type") if fact.value in _INERT}
    arms: dict[int, list[str]] = defaultdict(list)
    for fact in named(facts, "arm.intervention"):
        arms[fact.item].append(fact.value)
    for said in found:
        item, place = said.prose.item, said.prose.concept
        strong = said.fact.concept in _STRONG
        told = names.mentions(said.sentence)
        last = [one for one in told if one.start >= said.since] if said.since else []
        about = list(dict.fromkeys(one.name for one in last or told))
        own = [called.get(item, "")] if place == _OF_TREATMENTS else arms[item]
        if (place == _OF_ARMS and item in inert) or said.fact.quote.lower().startswith("placebo"):
            continue
        if place in _COMMON:
            if not about and not strong and not _GENERAL.search(said.sentence):
                continue
            if not about and _PLACEBO_ALONE.search(said.fact.quote):
                continue
            about = whole if about and strong else about
        elif len(last) < len(told) and last:
            pass
        elif not about or strong or (place == _OF_TREATMENTS and set(about) & set(own)):
            about = own
        real = [name for name in about if not _PLACEBO.search(name)]
        if about and not real:
            continue
        sort = "open" if parted or said.part else "limit" if said.limit else "treatment"
        fact = replace(said.fact, concept=f"duration.{sort}")
        yield from (replace(fact, about=name) for name in real or [""])


def _stated(prose: Fact, kinds: list[Kind]) -> Iterator[Said]:
    low = prose.value.lower()
    if len(low) != len(prose.value):
        return
    seen: set[tuple[str, str]] = set()
    for length in _lengths(low):
        begin = _sentence_start(low, max(0, length.start("unit") - _BEFORE), length.start("unit"))
        stop = _sentence_stop(low, length.end("unit"), min(len(low), length.end() + _AFTER))
        window = low[begin:stop]
        value = iso(length["number"], length["unit"])
        for name, said, pattern, needed in kinds:
            sort = "treatment" if name in _TREATMENT else name
            again = (sort, value) in seen and not may_be_added(window)
            if again or not any(clue in window for clue in said.clues):
                continue
            told_here = any(hinted(one, window) for one in needed)
            for match in pattern.finditer(window) if told_here else ():
                if begin + match.start(match.lastgroup or 0) != length.start():
                    continue
                before = window[max(0, match.start() - _NEAR) : match.start()]
                after = window[match.end() : match.end() + _NEAR]
                if name == "treatment":  # a period is named, also beside others of a list
                    before, after = before.rpartition(",")[2], after.partition(",")[0]
                told = before + match[0] + ("" if _NEXT.match(after) else after[: _NEAR // 2])
                span = begin + match.start(), begin + match.end()
                fact = narrowed(prose, *span, f"duration.{name}", value=value)
                if not _never(said.never).search(told) and (one := _said(fact, prose, length)):
                    if not one.part:
                        seen.add((sort, value))
                    yield one


def _lengths(low: str) -> Iterator[re.Match[str]]:
    """The lengths of time in a text that are exact."""
    for unit in _UNIT_WORD.finditer(low):
        apart = unit.start()
        before = low[max(0, apart - 1) : apart]
        if not before or not (before in " -" or before.isdigit()):
            continue
        number = _NUMBERED.search(low, max(0, apart - _REACH), apart)
        length = _LENGTH.match(low, number.start()) if number else None
        if length is not None and _exact(low, length):
            yield length


def _said(fact: Fact, prose: Fact, length: re.Match[str]) -> Said | None:
    """What a sentence says of a length; nothing where it speaks of something else."""
    at, low = length.start(), length.string
    start, end = sentence_at(prose.value, at) or (at, at)
    before = " ".join(low[max(start, at - _FAR) : at].split())
    after = " ".join(low[at : min(end, at + _FAR)].split())
    sentence = f"{before} {after}"
    used = fact.quote[:2].lower() == "us" and not names_somebody(sentence)
    if used or is_elsewhere(sentence):
        return None
    limited = bool(_LIMITED.search(low, max(0, at - _NEAR), at))
    part = of_a_part(sentence, prose, own=prose.concept not in _COMMON)
    if fact.concept[9:] in _TREATMENT:
        if is_extension(sentence):
            return None
        if fact.concept == "duration.capped":
            part = part or bool(_IN_ORDER.search(sentence))
        else:
            part = part or one_of_several(before, after, length)
        part = part or goes_on(low, at + len(length[0]))
    elif part or (
        fact.concept == "duration.follow_up"
        and (is_followed_for_life(low) or is_followed_on(low, at + len(length[0])))
    ):
        return None
    if is_added(before):
        fact, part = replace(fact, value=""), True
    return Said(fact, prose, sentence, limited, part, _last_of(before))


def _last_of(before: str) -> int:
    """Where in the words before a length its own treatment is named, after others in order."""
    return max(before.rfind(" then "), before.rfind(" followed by "), 0)


def planned(sentence: str, prose: Fact) -> bool:
    """Whether a sentence speaks of what is planned, and of all participants."""
    own = prose.concept not in _COMMON
    return not (is_elsewhere(sentence) or of_a_part(sentence, prose, own=own))


def _exact(window: str, length: re.Match[str]) -> bool:
    before = window[max(0, length.start() - 20) : length.start()]
    if _OPEN.search(before):
        return False
    return not _RANGE.match(window, length.end()) or bool(
        _LIMITED.search(before) and _UNTIL.match(window, length.end())
    )


def _sentence_start(low: str, start: int, end: int) -> int:
    return max(low.rfind(". ", start, end) + 1, low.rfind("\n", start, end) + 1, start)


def _sentence_stop(low: str, start: int, end: int) -> int:
    stops = [at for at in (low.find(". ", start, end), low.find("\n", start, end)) if at >= 0]
    return min(stops, default=end)


@cache
def _never(words: str) -> re.Pattern[str]:
    return re.compile(words)


@cache
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[Clues, ...]]:
    """One pattern for all of the words, and the clues of each."""
    parts = [
        one.replace("{about}", _ABOUT).replace("{length}", f"(?P<l{at}>{_BARE})")
        for at, one in enumerate(words)
    ]
    whole = re.compile("|".join(f"(?:{part})" for part in parts))
    return whole, tuple(clues(part) for part in parts)
