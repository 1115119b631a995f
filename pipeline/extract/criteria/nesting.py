"""Lists that only colons and the ends of lines show: which lines stand below which."""

import re

from pipeline.extract.criteria.blocks import Unit

_GOES_ON_AFTER = re.compile(r"(?:[;,]|[;,]?[ ](?:and|or|and/or))$", re.IGNORECASE)
_BULLETS = re.compile(r"[-*+•]")
_LETTERS = re.compile(r"\(?[a-zA-Z]\\?[.)]")
_TWO_BULLETS = re.compile(r"[-*+][ \t]+[•·▪●◦][ \t\xa0]*")


def nested(found: list[Unit]) -> list[Unit]:
    """Lines that go on after a colon with semicolons are a list below it; what stands below an
    item of two bullets stands beside it.
    """
    _raise_beside(found)
    index = 0
    while index < len(found) - 2:
        head = found[index]
        index += 1
        if head.words[-1] not in ":：" or found[index].depth != head.depth:
            continue
        stop = index
        if head.words.endswith("exception:") and head.mark:
            found[index].depth += 1
            continue
        below = _below(head.mark)
        if below:
            while (
                stop < len(found)
                and found[stop].depth == head.depth
                and below.match(found[stop].mark)
            ):
                found[stop].depth += 1
                stop += 1
            if stop > index:
                index = stop
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
        if stop > index and stop < len(found) and found[stop].depth == head.depth:
            stop += 1
        if stop - index > 1:
            for one in found[index:stop]:
                one.depth += 1
                one.fresh = True
            index = stop
    return found


def _raise_beside(found: list[Unit]) -> None:
    """ClinicalTrials.gov writes a bullet that was typed by hand behind its own, and nests the items
    after it: `* • one`, then `  * two`.
    """
    at = 0
    while at < len(found):
        first = found[at]
        at += 1
        two = len(first.mark) > 3 and first.words[-1] not in ":："
        if not two or not _TWO_BULLETS.fullmatch(first.mark):
            continue
        while at < len(found) and found[at].depth > first.depth:
            found[at].depth -= 1
            at += 1


def _begins_with_or(found: list[Unit], index: int) -> bool:
    return index < len(found) and found[index].words[:3] in ("OR ", "or ")


def _below(mark: str) -> re.Pattern[str] | None:
    """The marks of options: bullets below a number with a colon, letters below a bullet."""
    if mark[:1].isdigit():
        return _BULLETS
    return _LETTERS if _BULLETS.match(mark) else None
