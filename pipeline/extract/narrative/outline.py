"""Headings and lists of objectives, line by line."""

import re
from collections.abc import Iterator

WORD = r"(?:objective|aim|goal|purpose)s?"
RANK = (
    r"(?P<rank>primary|main|principal|overall|secondary|key secondary|exploratory|tertiary|other|"
    r"additional|specific)"
)
HEAD = re.compile(
    rf"^[\W_]*(?:\d[.)]\s*)?(?:(?:study|trial|research)\s+)?(?:{RANK}\s+)?"
    rf"(?:(?:study|trial|research|clinical|efficacy|safety|endpoint|scientific)\s+)?{WORD}"
    r"(?:\s+(?:of|for) (?:the |this )?(?:study|trial|research|phase [\w/]+|part \w+)"
    r"|\s+(?:phase [\w/]+|part \w+))?"
    r"\s*(?:\([^)\n]{1,40}\))?[\s*_]*(?P<mark>[:.]|-(?=\s)|$)[\s*_]*",
    re.IGNORECASE,
)
_LIST_HEAD = re.compile(
    rf"^[^.:]{{0,40}}?\b(?:{RANK}\s+(?:\w+\s+){{0,2}}?)?{WORD}\b(?:[^.:]{{0,80}}?(?:\b(?:is|are|"
    r"were|was|include|be|to|following)\b[^.:]{0,20})?|[^.:]{0,220}?\b(?:is|are|were|was|"
    r"includes?|as follows|the following)\s?):[\s*_]*$",
    re.IGNORECASE,
)
RANK_HEAD = re.compile(
    r"^[\W_]*(?P<rank>primary|main|secondary|exploratory|tertiary|other)(?: (?:objectives?|aims?))?"
    r"\s*(?P<mark>:|$)\s*",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[*_\s]*(?:Primary|Secondary)[*_\s]*:?[*_\s]*")
MEASURED = re.compile(
    r"[\W_]*(?:[\w/-]+ ){0,3}?(?:outcomes?|end-? ?points?|measures?|variables?)\b[^.:\n]{0,30}:?"
    r"[\s*_]*",
    re.IGNORECASE,
)
"""The heading of what is measured; below it, Primary heads no objective."""
OTHER_HEAD = re.compile(r"^[^a-z\n]{4,60}:|^[A-Z][\w /-]{2,40}:\s*$|^[A-Z\s]{6,40}$")
BULLET = re.compile(
    r"^\s*(?:[-*•+·]\s+|\(?\d{1,2}[.)]\s*|\(?[ivx]{1,4}[.)]\s+|[IVX]{1,5}[.)]\s*|\(?[a-h][.)]\s+)+"
)
LEADS = re.compile(r":[\s*_]*$", re.MULTILINE)
_VERBS = ("to ", "determine ", "evaluate ", "assess ", "compare ")


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line that is not blank and where it starts; a listed one that ends with a colon, and is
    no heading, goes on with the deeper list below it.
    """
    nested = bool(LEADS.search(text))
    at, held = 0, (0, "")
    for line in text.split("\n"):
        if line.strip():
            start, before = held
            if nested and before and BULLET.match(line) and _depth(line) > _depth(before):
                held = start, text[start : at + len(line)]
            else:
                if before:
                    yield held
                held = at, line
                if not (nested and LEADS.search(line) and BULLET.match(line)) or heading(
                    line, listed=True
                ):
                    yield held
                    held = 0, ""
        at += len(line) + 1
    if held[1]:
        yield held


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def heading(line: str, *, listed: bool, measured: bool = False) -> tuple[str, int] | None:
    """The rank that a heading gives to what follows, and where the heading ends; a rank alone is
    one among objectives (`listed`), or by itself, but not among what is `measured`.
    """
    head = HEAD.match(line)
    if not head and line.rstrip(" *_").endswith(":"):
        head = None if "question" in line else _LIST_HEAD.match(line)
    if not head and not measured and (listed or _ALONE.fullmatch(line)):
        head = RANK_HEAD.match(line)
    if not head:
        return None
    again = RANK_HEAD.match(line[head.end() :])
    if again and again["mark"]:
        return again["rank"].lower(), head.end() + again.end()
    return (head["rank"] or "stated").lower(), head.end()


def item(line: str, items: int) -> int:
    """Where the words of a listed objective begin; -1 where the line is none."""
    if bullet := BULLET.match(line):
        return bullet.end()
    plain = line.lstrip().lower().startswith(_VERBS)
    return 0 if plain and not items else -1
