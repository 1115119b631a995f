"""Criteria that stand in one line, known by their numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from pipeline.extract.criteria import ordered
from pipeline.extract.criteria.blocks import MARKS, Unit
from pipeline.extract.criteria.headings import Heading, heading
from pipeline.extract.numbering import continued, numbered

_ESCAPED = re.compile(r"^[-*+•]|(\d)\\([.)])")
_LEAD = re.compile(r"[^.;:]{8,90}?(?=[ ]1[.)])")
_LEVEL = re.compile(r"(?<=\s)(\d{1,2}\.\d{1,2}\.)\d{1,2}\s+(?=[A-Z])")
_DASHED = re.compile(r"(?<![\w.])(\d{1,2})-(\d{1,2})\.\s?(?=[A-Z])")
_BULLETS = frozenset({"* ", "- ", "+ ", "• ", "-", "•", ""})
_FIRST = re.compile(r"(?<!\d)1[.)]")
_ENDS = frozenset(".;。；")
_NUMBER = re.compile(r"(?<![\d.])(\d{1,2})\\?[.)][ \t]*$")
Piece = tuple[int, int, str]


def in_line(text: str, unit: Unit, kind: str) -> tuple[Unit | None, Heading | None, list[Piece]]:
    """The start, end and words of each criterion of a line, and the heading before the first."""
    lead = _LEAD.match(unit.words)
    if lead and (said := heading(f"{lead[0]}:", f"{lead[0].lower()}:", kind)):
        stretches = numbered(text, unit.low + lead.end(), unit.high, fewest=2)
        if len(stretches) > 1:
            above = msgspec.structs.replace(unit, words=lead[0])
            return above, said, list(pieces(text, stretches))
    if len(parts := _sections(text, unit)) > 2:
        return None, None, parts
    start = unit.low - len(unit.mark)
    line = _ESCAPED.sub(_unescaped, text[start : unit.high])
    stretches = [(start + low, start + high) for low, high in numbered(line, 0, len(line))]
    if len(stretches) < 3 and not number_of(unit.mark) and not _FIRST.search(line):
        # The form took the mark of the first item, perhaps with the next, for its own.
        for number in (1, 2):
            if len(rest := continued(text, unit.low, unit.high, number)) > 2:
                return None, None, list(pieces(text, rest))
    if len(stretches) < 3:
        return None, None, [(unit.low, unit.high, unit.words)]
    return None, None, list(pieces(text, stretches))


def may_hold(unit: Unit) -> bool:
    """Whether the mark of a line says that it may have more than one criterion."""
    return unit.mark not in _BULLETS or "②" in unit.words


def skipped(text: str, unit: Unit, after: Unit | None) -> list[Piece]:
    """The criteria of a line whose number and the next line's leave some out, if all stand in it.

    So "1. Tired 2. Awake" above "3. Old", "8. Tired. 9. Awake" at the end of a list, and "3. Old.
    4. Awake." where a number is missing; nothing when the numbers do not say so.
    """
    here, there = number_of(unit.mark), number_of(after.mark) if after else 0
    if not here:
        found = ordered.after(unit.mark, text, unit.low, unit.high)
        places = [mark.start() for mark in found or _levels(text, unit)]
        ends = [*places, unit.high]
        return (
            list(pieces(text, list(zip([unit.low, *places], ends, strict=True)))) if places else []
        )
    if there <= here:
        if _FIRST.search(text, unit.low, unit.high):
            return []
        return list(pieces(text, continued(text, unit.low, unit.high, here)))
    if not 0 < here < there - 1 or there - here > 20:
        return []
    starts = [unit.low]
    for number in range(here + 1, there):
        mark = re.compile(rf"(?<=[\s.;,。；]){number}\\?[.)][ ]*(?=[^\W\d_]|[<>≤≥])")
        match = mark.search(text, starts[-1], unit.high)
        if match is None:
            break
        starts.append(match.start())
    ended = all(text[unit.low : at].rstrip()[-1:] in _ENDS for at in starts[1:])
    if len(starts) < 2 or (len(starts) < there - here and not ended):
        return []
    return list(pieces(text, list(zip(starts, [*starts[1:], unit.high], strict=True))))


def _sections(text: str, unit: Unit) -> list[Piece]:
    """The criteria of a line that are numbered `7-1.`, `7-2.` and so on from its beginning."""
    found = list(_DASHED.finditer(text, unit.low, unit.high))
    counted = [(one[1], int(one[2])) for one in found]
    if not found or found[0].start() > unit.low:
        return []
    if counted != [(found[0][1], at) for at in range(1, len(found) + 1)]:
        return []
    ends = [one.start() for one in found[1:]] + [unit.high]
    stretches = [(one.end(), end) for one, end in zip(found, ends, strict=True)]
    return [
        (low, low + len(words), words)
        for low, high in stretches
        if (words := text[low:high].rstrip())
    ]


def _levels(text: str, unit: Unit) -> list[re.Match[str]]:
    """The marks `5.2.4` in a line, after one of their section or at least two of one."""
    found = list(_LEVEL.finditer(text, unit.low, unit.high))
    section = found[0][1] if found else ""
    same = [mark for mark in found if mark[1] == section]
    return same if len(same) > 1 or unit.mark.startswith(section) else []


@lru_cache(maxsize=512)
def number_of(mark: str) -> int:
    """The number that a mark ends with, or 0."""
    match = _NUMBER.search(mark)
    return int(match[1]) if match else 0


def pieces(text: str, stretches: list[tuple[int, int]]) -> Iterator[Piece]:
    """Start, end and words of each stretch without its mark."""
    for low, high in stretches:
        piece = text[low:high].rstrip()
        cut = MARKS.match(piece)
        words = (piece[cut.end() :] if cut else piece).lstrip()
        if words:
            end = low + len(piece)
            yield end - len(words), end, words


def _unescaped(match: re.Match[str]) -> str:
    """A number's mark without its backslash, and no bullet, in as many characters."""
    return f" {match[1]}{match[2]}" if match[1] else " "
