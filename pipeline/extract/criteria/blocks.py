"""Eligibility text as its lines: where the words of each stand, how deep, and after which mark.

CommonMark says what is a list item and how deep; lists that it does not know (`•`, `(a)`, `1-`,
`1\\)`), because they were typed by hand, are known by their marks.
"""

import re
from collections.abc import Iterator

import msgspec
import pyromark

DEEPEST = 6
SHORTEST = 3
"""The characters of the shortest line that is asked nothing about having words."""
_ROMAN = r"(?:x?(?:ix|iv|v?i{1,3}|v|x))"
_MARK = (
    r"(?:(?:\*\*)?(?:"
    r"(?:[-*+–—·‣◦▪●○➢✓]|\\[-*+])[ \t\xa0]+|[•●▪‣◦·][ \t\xa0]*|o[ \t]+(?=[A-Z])|-(?=[^\W\d_])"
    r"|[\[(]?\d{1,3}(?:\\?\.\d{1,2}){0,3}\\?[.)\]][ \t\xa0]+"
    r"|\(\d{1,2}[ ]\)[ \t]*"
    r"|\(?\d{1,3}\\?[.)](?=[^\W\d_])|\d{1,2}(?:\.\d{1,2}){1,3}[ \t]+(?=[A-Z][a-z])"
    r"|\d{1,2}-[ \t]*(?=[A-Z])|\d{1,2}:[ \t]+(?=[A-Z])"
    rf"|\(?[a-zA-Z]\\?\)[ \t\xa0]*(?=[^\W\d_]|[<>≤≥\\])|[a-zA-D]\\?\.[ \t\xa0]+"
    rf"|\(?{_ROMAN}\\?[.)][ \t\xa0]+"
    r"|[①-⑳][ \t\xa0]*|\.[ \t]+(?=\w)))"
)
MARKS = re.compile(rf"(?:(?=[^A-Za-z\s]|[A-Za-z]{{1,5}}\\?[.)]|o[ \t]){_MARK})*")
_FLAT = re.compile(r"\n(?:([-*+]|\d{1,9}[.)])[ \t]|(?=\n|\Z))")
_DEEP = re.compile(
    r"\n(?:[<>`~\[#= \t]|(?:[-*_][ \t]*){3,}(?=\n|\Z)|(?:[-*+]|\d{1,9}[.)])"
    r"(?:[ \t]*(?=\n|\Z)|[ \t]{5}|[ \t]+(?:[<>`~\[#=]|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|(?=\n|\Z))"
    r"|(?:[-*_][ \t]*){3,}(?=\n|\Z))))"
)
_FIRST = re.compile(r"0*1[.)]")
_NUMBER = re.compile(r"(\d{1,2})\\?[.)](?!\d)")
_SHAPE = re.compile(r"\d+|[a-zA-Z]+")
_RULE = "-_=*.\\#| \t"
_OPENS = re.compile(r"[\s(\[*]*(?:1|a|A|i|I|①)\b")


class Unit(msgspec.Struct, gc=False):
    """The words `low` to `high` of a line; `depth` 0 is outside lists, `fresh` begins an item."""

    low: int
    high: int
    depth: int
    fresh: bool
    mark: str
    words: str


def units(text: str) -> list[Unit]:
    """The lines that have words, each with the depth of the list that it stands in."""
    found: list[Unit] = []
    shapes: list[str] = []
    changes = iter(_flat_changes(text) if is_flat(text) else _changes(text))
    end = (len(text) + 1, 0, False)
    offset, level, begins = next(changes, end)
    depth = base = start = 0
    typed: dict[int, str] = {}
    numbers: dict[int, int] = {}
    for line in _lines(text):
        begin, start = start, start + len(line) + 1
        place = begin + len(line) - len(words := line.lstrip())
        words = words.rstrip()
        if not words or (words[0] in _RULE and not words.strip(_RULE)):
            continue
        low = place + _marked(words)
        mark, words = words[: low - place], words[low - place :]
        if not words or (len(words) < SHORTEST and not any(map(str.isalnum, words))):
            continue
        fresh = False
        while offset <= place:
            depth, fresh = level, begins and offset >= begin
            offset, level, begins = next(changes, end)
        at = depth
        if fresh or depth != base:
            base = depth
            shapes.clear()
        if fresh:
            typed[depth] = _SHAPE.sub("1", mark[2:]).strip() if len(mark) > 3 else ""
            numbers[depth] = _numbered(mark)
        elif mark:
            at = _beside(mark, depth, typed, numbers)
            if at < 0:
                at = depth + _own_depth(mark, shapes, found)
            fresh = True
        elif not depth:
            shapes.clear()
        high = low + len(words)
        found.append(Unit(low, high, min(DEEPEST, at), fresh, mark, words))
        while offset < high:
            depth = level
            offset, level, begins = next(changes, end)
    return found


def is_flat(text: str) -> bool:
    """Whether lists are at most one deep, by marks that need no parser: no line is indented, and
    none begins what CommonMark knows besides items (code, HTML, quotes, items in items).
    """
    return "\r" not in text and not _DEEP.search(f"\n{text}")


def _marked(words: str) -> int:
    """How many characters the marks before the words of a line take."""
    if words[:2] == "* " and words[2].isupper():
        return 2
    if words[0].isalpha() and words[1:3].isalnum() and words[0] not in "ivx":
        return 0
    found = MARKS.match(words)
    return found.end() if found else 0


def _numbered(mark: str) -> int:
    """The number that a mark is, `3.` or `3)`, or 0; CommonMark wants a blank after it."""
    number = _NUMBER.match(mark)
    return int(number[1]) if number else 0


def _lines(text: str) -> list[str]:
    """The lines without their ends; CR LF counts as an end and a blank line of no length."""
    return text.replace("\r", "\n").split("\n") if "\r" in text else text.split("\n")


def _beside(mark: str, depth: int, typed: dict[int, str], numbers: dict[int, int]) -> int:
    """How deep a line is that a mark typed by hand makes the next of a list, or -1."""
    number = _numbered(mark)
    again = typed.get(depth) and _SHAPE.sub("1", mark).strip() == typed[depth]
    outside = typed.get(depth - 1) == "1\\." and "\\" in mark and number > numbers[depth - 1]
    if again or (depth and 1 < number == numbers.get(depth, 0) + 1 and not outside):
        numbers[depth] = number or numbers.get(depth, 0)
        return depth
    return _outside(number, depth, typed, numbers) if depth and number > 1 and "\\" in mark else -1


def _outside(number: int, depth: int, typed: dict[int, str], numbers: dict[int, int]) -> int:
    """How deep a number is that goes on with a list outside the items before it.

    ClinicalTrials.gov escapes the numbers of lines that CommonMark would take for a part of the
    item above them: `* option` and then `  6\\. Next`.
    """
    for outer in range(depth, -1, -1):
        if typed.get(outer) == "1\\." and number > numbers.get(outer, 0):
            numbers[outer] = number
            return outer
    typed[depth - 1], numbers[depth - 1] = "1\\.", number
    return depth - 1


def _own_depth(mark: str, shapes: list[str], found: list[Unit]) -> int:
    """How deep a list typed by hand is by the shapes of the marks that are open."""
    shape = _SHAPE.sub("1", mark).strip()
    if shape.strip("().\\[]") == "1":
        shape = ("1" if mark.strip("()[*\\ \t")[:1].isdigit() else "a") + shape
    if shape in shapes:
        del shapes[shapes.index(shape) + 1 :]
    else:
        if found and not _continues(found[-1], mark):
            shapes.clear()
        shapes.append(shape)
    return len(shapes)


def _continues(last: Unit, mark: str) -> bool:
    """Whether a mark of another kind can begin a list below the line before it."""
    return last.words.endswith(":") or bool(_OPENS.match(mark)) or mark.lstrip("\\")[:1] in "-*•·◦"


def _flat_changes(text: str) -> Iterator[tuple[int, int, bool]]:
    """What `_changes` says of a flat text: blank lines end lists, of numbers only 1 a paragraph."""
    depth = after = 0
    for match in _FLAT.finditer(f"\n{text}"):
        start, mark = match.start(), match[1]
        if mark is None:
            after = start + 1
            if depth:
                depth = 0
                yield start, 0, False
        elif depth or start == after or not mark[0].isdigit() or _FIRST.match(mark):
            depth = 1
            yield start, 1, True


def _changes(text: str) -> list[tuple[int, int, bool]]:
    """The offset at which each list item begins or ends, the depth from there, and which it is."""
    data = None if text.isascii() else text.encode("utf-8", "surrogatepass")
    found: list[tuple[int, int, bool]] = []
    depth = byte = at = 0
    for event, span in pyromark.events_with_range(text):
        if event.__class__ is not dict:
            continue
        if "Start" in event:
            if event["Start"] != "Item":
                continue
            depth, begins, offset = depth + 1, True, span["start"]
        elif event.get("End") == "Item":
            depth, begins, offset = depth - 1, False, span["end"]
        else:
            continue
        if data is not None:
            at += len(data[byte:offset].decode("utf-8", "surrogatepass"))
            byte = offset
            offset = at
        found.append((offset, depth, begins))
    return found
