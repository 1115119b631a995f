"""Medicines that a text names and that are no treatment of its own, known by their names' stems."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.naming import Mention
from pipeline.spec.clues import clues, hinted

_STEMS = re.compile(
    r"\b[a-z-]*(?:mab|\wnib|zomib|tercept|ciclib|parib|platin|taxel|rubicin|tabine|arabine|dribine|trexate|trexed|"
    r"(?:iri|pote)tecan|vin(?:cris|blas|orel)\w+|phosphamide|fosfamide|mustine|zolomide|etoposide|"
    r"setron|\wsone|solone|sonide|(?<!les)terol|butamol|tropium|lukast|\wolol|\w{3}pril|sartan|"
    r"vastatin|dipine|gliptin|gliflozin|glutide|\wparin|xaban|grel|profen|oxicam|coxib|caine|"
    r"azepam|azolam|barbital|prazole|conazole|cillin|cycline|mycin|oxacin|\w{3}vir|tidine|leukin|"
    r"grastim|poetin|domide|rolimus|formin|acetaminophen|paracetamol|aspirin|fentanyl|propofol|"
    r"ketamine|morphine|insulin|ostatin|"
    r"fentanil|cur(?:on)?ium|flurane|stigmine|\wadol|tocin|ephrine|adrenaline|atropine|rolac|fenac|"
    r"medetomidine|triptan|relin|relix|dronate|oxetine|[lt]apine|"
    r"\bhcg|foli(?:ni)?c acid|leucovorin)\b",
)
"""Words that end as the international nonproprietary names of whole classes do (WHO INN stems)."""
_STEM_CLUES = clues(_STEMS.pattern)
_BESIDE = 20
_SEVERAL = re.compile(
    r"\bchemo|\bregimen|\bcombin|\btherapy|steroid|\bstandard|\bcare\b|\bantibiotic|\bantiviral|"
    r"\bantiretroviral|\bdrugs?\b|\bagents?\b|inhibitor|blocker|"
    r"\bfol(?:fox|firi)|\bcapox|\bxelox|\b(?:r-)?chop\b"
)
"""Names that do not say which medicines are in them."""
_LINK = re.compile(r"[\s)]*(?:of )?")
_UNIT_LINK = re.compile(rf"\s?[^\s\d]{{1,10}}{_LINK.pattern}")
_AMOUNT = re.compile(r"\d ?(?:mg|mcg|[uµμ]g|g|ml|iu|units?|u)\b")


def is_medicine(name: str) -> bool:
    """Whether a name has that of one medicine in it."""
    return _STEMS.search(name.lower()) is not None


def of_another(
    low: str, sentence: tuple[int, int], one: tuple[int, int], name: str,
    mentions: Sequence[Mention],
) -> bool:  # fmt: skip
    """Whether the medicine that follows some words of a sentence at once, or the last one before
    them, is another than the treatment `name`.

    `mentions` are the places of a text that name treatments. A text that never names the treatment
    may call it by any other name, unless it begins with an amount and names a medicine later. One
    named by a class has parts: nothing is another there.
    """
    own = [mention.end for mention in mentions if mention.name == name]
    called = {low[one.start : one.end] for one in mentions if one.name == name} | {name.lower()}
    if _SEVERAL.search(name.lower()):
        return False
    if not own:
        return _named_later(low, one[0], name.lower())
    strange = [
        (start, end)
        for start, end in _medicines(low, *sentence)
        if not any(low[start:end] in one for one in called) and not _within(start, mentions)
    ]
    link = _UNIT_LINK if low[one[1] - 1].isdigit() else _LINK
    if any(
        one[1] <= start and end <= one[1] + _BESIDE and link.fullmatch(low, one[1], start)
        for start, end in strange
    ):
        return True
    before = max((end for _, end in strange if end <= one[0]), default=-1)
    return before > max((end for end in own if end <= one[0]), default=-1)


def _named_later(low: str, at: int, name: str) -> bool:
    """Whether a medicine other than `name` stands before some words, and an amount before it."""
    first = next((one for one in _medicines(low, 0, at) if one[1] <= at), None)
    if first is None or low[slice(*first)] in name:
        return False
    return _AMOUNT.search(low, 0, first[0]) is not None


def _within(at: int, mentions: Sequence[Mention]) -> bool:
    """Whether a place is inside one of some mentions, which stand in their order."""
    last = bisect_right(mentions, at, key=lambda one: one.start) - 1
    return last >= 0 and at < mentions[last].end


@lru_cache(maxsize=16)
def _medicines(low: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The places of medicines in a sentence and a little after it, by the stems of their names."""
    stop = min(len(low), end + _BESIDE)
    if not hinted(_STEM_CLUES, low[start:stop]):
        return ()
    found = _STEMS.finditer(low, start, stop)
    return tuple(match.span() for match in found)
