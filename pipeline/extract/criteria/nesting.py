"""Lists that only colons and the ends of lines show: which lines stand below which."""

import re

from pipeline.extract.criteria.asides import calculates
from pipeline.extract.criteria.between import take_in
from pipeline.extract.criteria.blocks import Unit
from pipeline.extract.criteria.lists import asks_for_function, offers
from pipeline.extract.criteria.own_parts import OWN

_GOES_ON_AFTER = re.compile(r"(?:[;,]|[;,]?[ ](?:and|or|and/or))$", re.IGNORECASE)
_BULLETS = re.compile(r"[-*+•]")
_BRACKETED = re.compile(r"[-*+•]|\(?\d{1,2}\\?\)")
_APART = re.compile(r"[:：]$|\b(?:must|should|shall)\b", re.IGNORECASE)
_LETTERS = re.compile(r"\(?[a-zA-Z]\\?[.)]")
_LATER = re.compile(r"[-*+][ \t]+(?:[2-9]|\d\d)\\[.)][ \t]*")
"""A number that no list begins with, so that one nested by a slip does."""
_TWO_BULLETS = re.compile(r"[-*+][ \t]+[•·▪●◦][ \t\xa0]*")

_SECTION = re.compile(
    r"[*_]*(?:key |main )?(?:in|ex)clusion criteria[*_]*[ ]*:?[*_]*", re.IGNORECASE
)
_OPEN = re.compile(
    r"[:：,;(]$|\b(?:with|either|in|of|to|for|by|and|or|the|are|is|as|that|who|which|apply|applies"
    r"|must|should|shall|will|may|can|have|has|be|need|if|when"
    r"|restrictions?|requirements?|methods?|control|status|criteria|conditions?|history)$"
    r"|\b(?:following|listed|below|defined|such as|includ\w*|methods?|contracept\w*|any of|one of"
    r"|adequate|consistent|except|unless)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^(?:[a-z(*]|notes?\b|nb\b|e\.g|cohorts?\b|parts?\b|arms?\b|phases?\b|for \w+)"
    r"|\b(?:allowed|permitted|acceptable|eligible|may|can|considered|defined|measured|assessed"
    r"|exceptions?|except|unless|exclud\w+|this|these|such|above|examples?)\b",
)

MANY = 8
LONG = 60
"""How many items below one that is whole, and of how many characters each, are no notes to it
though the list goes on after them.
"""
_FUNCTIONS = ("adequate", "normal", "acceptable", "sufficient")


def nested(found: list[Unit]) -> list[Unit]:
    """Lines that go on after a colon with semicolons are a list below it; what stands below an
    item of two bullets stands beside it.
    """
    _raise_beside(found)
    _raise_sections(found)
    _raise_whole(found)
    _raise_topics(found)
    take_in(found)
    index = 0
    while index < len(found) - 2:
        head = found[index]
        index += 1
        if head.words[-1] not in ":：" or found[index].depth != head.depth:
            continue
        stop = index
        if head.mark and (head.words.endswith("exception:") or calculates(found[index].words)):
            found[index].depth += 1
            continue
        if end := _marked_below(found, index, head):
            for one in found[index:end]:
                one.depth += 1
            index = end
            continue
        before = found[index - 2] if index > 1 else head
        if before.words[-1] == ";" and before.mark and head.mark and found[index].mark:
            continue  # so every item of this list ends
        while (
            stop < len(found)
            and found[stop].depth == head.depth
            and (_GOES_ON_AFTER.search(found[stop].words) or _begins_with_or(found, stop + 1))
        ):
            stop += 1
        last = stop < len(found) and found[stop].depth == head.depth
        if stop > index and last and not _heads_limits(found[stop].words):
            stop += 1
        if stop - index > 1:
            for one in found[index:stop]:
                one.depth += 1
                one.fresh = True
            index = stop
    return found


def _heads_limits(words: str) -> bool:
    """Whether a line announces limits of its own."""
    return words[-1] in ":：" and asks_for_function(words)


def _marked_below(found: list[Unit], start: int, head: Unit) -> int:
    """Where the lines end whose marks are those of options of `head`, or 0; numbers with a bracket
    may also go on with what a missing item began: then one asks for something or announces more,
    and the head no alternatives.
    """
    below = _below(head.mark)
    end = start
    while below and end < len(found) and found[end].depth == head.depth:
        if not below.match(found[end].mark):
            break
        end += 1
    numbered = end > start and found[start].mark[0] not in "-*+•"
    if numbered and any(_APART.search(one.words) for one in found[start:end]):
        end = end if offers(head.words) else start
    return end if end > start else 0


def _raise_beside(found: list[Unit]) -> None:
    """ClinicalTrials.gov writes a bullet that was typed by hand behind its own, and nests the items
    after it: `* • one`, then `  * two`. Where it took the first of circled numbers for a bullet,
    it nests the later ones.
    """
    at = 0
    while at < len(found):
        first = found[at]
        at += 1
        if at < len(found) and found[at].depth > first.depth and _LATER.fullmatch(found[at].mark):
            step, stop = found[at].depth - first.depth, at
            while stop < len(found) and found[stop].depth > first.depth:
                found[stop].depth -= step
                stop += 1
        if first.words[-1] in ":：":
            continue
        two = len(first.mark) > 3 and _TWO_BULLETS.fullmatch(first.mark)
        if not two and "②" not in first.words:
            continue
        while at < len(found) and found[at].depth > first.depth:
            found[at].depth -= 1
            at += 1


def _raise_sections(found: list[Unit]) -> None:
    """The only heading of a category is no part of an item, though its indentation may say so."""
    for one in found:
        if one.depth and not one.fresh and len(one.words) < 40 and _SECTION.fullmatch(one.words):
            start = one.words[:2].lower()
            same = [other for other in found if other.words[:2].lower() == start]
            if sum(bool(_SECTION.fullmatch(other.words)) for other in same) == 1:
                one.depth = 0


def _raise_whole(found: list[Unit]) -> None:
    """A list that runs to the end of its section below an item that is whole by itself is the rest
    of the list above it, nested by a slip: neither announces the item anything nor do they permit
    or explain anything of it. Consent is no option of anything.
    """
    for at, head in enumerate(found[:-2]):
        below = found[at + 1]
        step = below.depth - head.depth
        if step <= 0 or not (head.fresh and head.mark and below.fresh):
            continue
        stop = at + 1
        while stop < len(found) and found[stop].depth > head.depth:
            stop += 1
        ends = stop == len(found) or (not found[stop].mark and "clusion" in found[stop].words)
        if stop < (at + 3 if ends else at + MANY) or _OPEN.search(head.words):
            continue
        items = [one for one in found[at + 1 : stop] if one.depth == below.depth and one.fresh]
        many = _asks_much(items)
        if not (ends or many):
            continue
        aside = sum(bool(_ASIDE.search(one.words)) for one in items)
        agrees = any("consent" in one.words for one in items) and "consent" not in head.words
        if len(items) < (2 if agrees else 3) or (not agrees and _ASIDE.search(below.words)):
            continue
        if agrees or aside * (4 if ends else 3) <= len(items):
            step += _announced(found, at) if agrees or many else 0
            for one in found[at + 1 : stop]:
                one.depth -= step


def _asks_much(items: list[Unit]) -> bool:
    """Whether items are too many and too long to be options, and are of no parts of the study."""
    size = sum(one.high - one.low for one in items)
    parts = any(one.words[:3].lower() in OWN for one in items)
    return len(items) >= MANY and size >= LONG * len(items) and not parts


def _announced(found: list[Unit], at: int) -> int:
    """How much deeper a line is than one without mark that announces the list that it stands in."""
    depth = found[at].depth
    above = next((one for one in reversed(found[:at]) if one.depth < depth), None)
    told = above and not above.mark and above.words[-1] in ":：" and "following" in above.words
    return depth - above.depth if above and told else 0


def _raise_topics(found: list[Unit]) -> None:
    """A line that announces limits, alone below an item that is whole, belongs to what comes after
    it outside: `* Platelets ≥ 75`, `  * Adequate liver function`, `* AST normal`. What stands alone
    below a whole sentence on such a function is nothing of it either.
    """
    for head, one, after in zip(found, found[1:], found[2:], strict=False):
        if not one.depth > head.depth >= after.depth > 0 or head.words[-1] in ":：,(":
            continue
        if not (one.fresh and after.fresh):
            continue
        whole = head if head.words[-1] == "." and len(head.words) < LONG else one
        if whole.words.lower().startswith(_FUNCTIONS) and asks_for_function(whole.words):
            one.depth = after.depth


def _begins_with_or(found: list[Unit], index: int) -> bool:
    return index < len(found) and found[index].words[:3] in ("OR ", "or ")


def _below(mark: str) -> re.Pattern[str] | None:
    """The marks of options: bullets below a number with a colon, letters below a bullet, numbers
    with a bracket below one with a stop.
    """
    if mark[:1].isdigit():
        return _BULLETS if ")" in mark else _BRACKETED
    return _LETTERS if _BULLETS.match(mark) else None
