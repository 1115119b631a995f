"""Periods that prose names: screening, run-in, washout, treatment, extension, follow-up, and how
long they last where the words say it exactly.

A fact of `period.*` has the arm's number where an arm's own words speak, else `EVERYONE`; its
`about` is the duration in ISO 8601.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import msgspec

from pipeline.extract.durations import planned
from pipeline.extract.last_times import read_last_times
from pipeline.extract.lasting import another_follows, goes_on, is_followed_on, is_of_some
from pipeline.extract.lengths import LENGTH, WORDS, exact, longer
from pipeline.extract.owning import owned
from pipeline.extract.prose import EVERYONE, Prose, Texts, lowered
from pipeline.extract.sentences import sentence_at
from pipeline.spec.clues import Clues, clues, hinted
from pipeline.spec.model import Spec
from pipeline.spec.wording import PeriodWords
from pipeline.values import Fact, Span, narrowed

NEAR = 90
_NEAR_LENGTH = (" for ", "during ", "throughout ", " in ", " over ", "treatment", "intervention",
                "therapy", "dosing", "feeding", "supplementation", "double-blind", "study drug",
                "duration", "program", "receiv", "session", "injection", "daily")  # fmt: skip
GIVEN = "given"
"""The period in which one intervention is given; its fact has the number of the intervention."""
TREATMENT = "treatment"
"""The period in which an arm is treated."""
FOLLOW_UP = "follow-up"
"""The period in which participants are seen after treatment."""
_OFTEN = 20
_EVERYONE = re.compile(
    r"\bin each (?:cohort|group|arm)\b"
    r"|\bin period \d(?=, (?!.*\btreatment [a-d]\b).*\breceive (?:the )?treatment)"
)
"""Words of a part in which all are meant."""
_AFTER = re.compile(r"\b(?:after|at)(?: the)?\s*$")
_FAR = 400
"""What stands farther off in a sentence says nothing of a length."""
_END_OF_ONE = re.compile(r"\b(?:first|last|final|initial|remaining|next)\s*$")
"""Words before a length that is a part of another."""
_FOLLOWED = re.compile(
    r"\bfollow(?:ed)?[- ]?ups?\b(?! (?:by|treatment))|\b(?:are|is|be) followed\b(?! by)"
    r"|\bobserved\b"
)
_BUILT_UP = re.compile(
    r"\b(?:titrat|escalat|up-?dos|ramp)\w*\b[^.;]*\b(?:then|followed by|thereafter)\b"
)
"""A dose that is built up before what is given for a length of time."""
Lengths: TypeAlias = tuple[tuple[re.Pattern[str], Clues], ...]
"""The patterns of a length of time, each with its clues."""
_FILLERS = ("consecutive", "successive", "full")
_UNITS = ("week", "month", "day", "year", "wk", "yr")


def read_periods(texts: Texts, spec: Spec) -> Iterator[Fact]:
    """The first words for each period, in each text, and those that give its length.

    Of patterns for a length the first counts that fits; where it gives two lengths, none does.

    Places are asked in order; those of `later` only where no other has words.
    """
    told = "\n".join(prose.low for proses in texts.values() for prose in proses)
    for name, period in spec.design.periods.items():
        found: list[Fact] = []
        if period.beside and not _mentioned(told, period.beside):
            continue
        for concept in period.places if _mentioned(told, period.clues) else ():
            for prose in texts.get(concept, ()):
                if _mentioned(prose.low, period.clues):
                    found += _named(prose, prose.low, name, period)
        for concept in () if found else period.later:
            for prose in texts.get(concept, ()):
                low = lowered(prose.fact.value)
                if _mentioned(low, period.clues):
                    found += _named(prose, low, name, period)
        if name == FOLLOW_UP and not any(fact.about for fact in found):
            found += read_last_times(texts)
        yield from owned(found, texts, spec.design.usual) if name == TREATMENT else found


def _mentioned(low: str, letters: tuple[str, ...]) -> bool:
    for clue in letters:  # noqa: SIM110 - a generator takes longer than most texts
        if clue in low:
            return True
    return False


def _named(prose: Prose, low: str, name: str, period: PeriodWords) -> Iterator[Fact]:
    fact = prose.fact
    item = fact.item if fact.concept.startswith("arm.") or name == GIVEN else EVERYONE
    concept, said = f"period.{name}", False
    lengths = period.lengths if item == EVERYONE else (*period.lengths, *period.own)
    best, told = len(lengths), dict[str, tuple[int, int]]()
    for start, end, length, rank in _hits(prose, low, period, lengths):
        if length and rank <= best:
            told = told if rank == best else {}
            before = told.setdefault(length, (start, end))
            if not _of_all_of_it(name, fact, low, start, end):
                told[""] = start, end  # nor is that of some participants, or of a first part
            if start > before[1] and "" not in told and low.find(". ", before[1], start) < 0:
                told[""] = start, end  # a length that comes twice in a sentence is no whole
            best = rank
        elif length:
            continue
        elif not said:
            yield msgspec.structs.replace(_placed(fact, start, end, concept, ""), item=item)
            said = True
    if len(told) == 1:
        ((length, place),) = told.items()
        if name == GIVEN and length.endswith("D"):
            return  # days in a description are most often those of one cycle
        yield msgspec.structs.replace(_placed(fact, *place, concept, length), item=item)


def _placed(fact: Fact, start: int, end: int, concept: str, about: str) -> Fact:
    """The part of a fact by counting its words, which is quicker than walking a long text with
    markup; where the quote has them as often as the value.
    """
    value, quote = fact.value, fact.quote
    words = value[start:end]
    before = value.count(words, 0, start)
    if value == quote or value.count(words) != quote.count(words) or before > _OFTEN:
        return narrowed(fact, start, end, concept, about=about)
    here = there = -len(words)
    for _ in range(before + 1):
        here = value.find(words, here + len(words))
        there = quote.find(words, there + len(words))
    if here != start:
        return narrowed(fact, start, end, concept, about=about)
    at = fact.span.start + there
    span = Span(at, at + len(words), fact.span.path)
    return Fact(concept, words, words, span, fact.source, fact.item, about)


def _hits(
    prose: Prose, low: str, period: PeriodWords, said_lengths: tuple[str, ...]
) -> Iterator[tuple[int, int, str, int]]:
    """Where the period is named, how long it is said to last, and by which of the patterns."""
    named, lengths = _compiled(period.words, said_lengths)
    veto = _veto(period.never)
    said = not period.words
    for clue in period.clues:
        at = low.find(clue)
        while at >= 0:
            start, stop = max(0, at - NEAR), min(len(low), at + NEAR)
            if (period.words and _mentioned(low[start:stop], _UNITS)) or (
                not period.words and _counted(low, at)
            ):
                for hit in _lasting(low[start:stop], at - start, start, lengths, veto):
                    if _of_the_plan(prose.fact, low, period, hit[0]):
                        yield hit
            if not said:
                word = named.search(low, max(start, at - 30), stop)
                if word and word.start() <= at < word.end() and not veto.search(
                    low, max(0, word.start() - 45), min(len(low), word.end() + 25)
                ):  # fmt: skip
                    yield word.start(), word.end(), "", 0
                    said = True
            at = low.find(clue, at + len(clue))


def _of_the_plan(fact: Fact, low: str, period: PeriodWords, at: int) -> bool:
    """Whether the sentence of a length tells what is planned, of this period and of all of it."""
    start, end = sentence_at(fact.value, at) or (at, at)
    sentence = low[max(start, at - _FAR) : min(end, at + _FAR)]
    if period.unless and _veto(period.unless).search(sentence):
        return False
    if period.words:
        return True
    again = goes_on(low, at)
    return (
        not again
        and not _watched(low, at)
        and planned(_EVERYONE.sub(" ", sentence), fact)
        and not (
            _AFTER.search(low, max(0, at - 12), at) and longer(fact.value, low[at : at + NEAR])
        )
    )


def _of_all_of_it(name: str, fact: Fact, low: str, at: int, end: int) -> bool:
    """Whether a length of treatment or follow-up is that of all of it; of follow-up, whether it is
    that of all participants.
    """
    first, last = sentence_at(fact.value, at) or (at, at)
    if name in (TREATMENT, GIVEN):
        before = max(first, at - _FAR)
        return not (another_follows(low, end) or _BUILT_UP.search(low, before, at))
    if name != FOLLOW_UP:
        return True
    sentence = low[max(first, at - _FAR) : min(last, at + _FAR)]
    return not (is_of_some(sentence) or is_followed_on(low, end))


def _watched(low: str, at: int) -> bool:
    """Whether the clause before a length speaks of following up, not of treating."""
    front = max(0, at - NEAR)
    front = max(front, *(low.rfind(mark, front, at) + 1 for mark in ",;."))
    return bool(_FOLLOWED.search(low, front, at))


def _lasting(
    window: str, at: int, start: int, lengths: Lengths, veto: re.Pattern[str]
) -> Iterator[tuple[int, int, str, int]]:
    for rank, (pattern, needed) in enumerate(lengths):
        if not hinted(needed, window):
            continue
        for match in pattern.finditer(window):
            if not match.start() <= at < match.end():
                continue
            if _END_OF_ONE.search(window, 0, match.start("number")):
                continue
            before, after = _beside(window, match)
            other = veto.search(window, before, after + 12)
            length = "" if other and other.end() <= after else exact(window, match)
            if length:
                yield start + match.start(), start + match.end(), length, rank
                return  # what a later pattern gives at this place does not count


def _beside(window: str, match: re.Match[str]) -> tuple[int, int]:
    """A little before and after a match, as far as its clause goes."""
    before, after = max(0, match.start() - 25), min(len(window), match.end() + 12)
    before = max(before, *(window.rfind(mark, before, match.start()) + 1 for mark in ",;."))
    stops = (window.find(mark, match.end(), after) for mark in ";.")
    return before, min((at for at in stops if at >= 0), default=after)


def _counted(low: str, at: int) -> bool:
    """Whether a number stands before the unit of time at this place, and no `every` before it."""
    before = low[max(0, at - 20) : at].rstrip(" -)")
    for word in _FILLERS:
        before = before.removesuffix(word)
    before = before.rstrip()
    if not before or not (before[-1].isdigit() or before.endswith(WORDS)) or "every" in before:
        return False
    near = low[max(0, at - 34) : at + 40]
    for word in _NEAR_LENGTH:  # noqa: SIM110 - as above
        if word in near:
            return True
    return False


@cache
def _compiled(words: str, lengths: tuple[str, ...]) -> tuple[re.Pattern[str], Lengths]:
    """The patterns, in which `{length}` stands for a length of time."""
    whole = [one.replace("{length}", LENGTH) for one in lengths]
    return re.compile(words), tuple((re.compile(one), clues(one)) for one in whole)


@cache
def _veto(words: str) -> re.Pattern[str]:
    return re.compile(words or r"(?!)")
