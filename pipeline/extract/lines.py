"""A text as lines that know where they stand, and the markup that registries leave in it."""

import html
import re
from collections.abc import Iterator

import msgspec

from pipeline.values import ENTITY, Fact, Source, Span

_LINE = re.compile(r"[^\r\n]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line without its surrounding blanks, from character `start` of the text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The character after the line's last."""
        return self.start + len(self.text)


def split_lines(text: str) -> Iterator[Line]:
    """Every line that is not blank, whatever ends it (LF, CRLF, CR)."""
    for match in _LINE.finditer(text):
        if line := match[0].strip():
            yield Line(match.start() + match[0].index(line), line)


def unescape(text: str) -> str:
    """The text without Markdown's backslash escapes (CommonMark 2.4): `\\>` is `>`; and without
    HTML's, which some downloads leave in (`&gt;`).
    """
    plain = _ESCAPE.sub(r"\1", text) if "\\" in text else text
    return ENTITY.sub(lambda found: html.unescape(found[0]), plain) if "&" in plain else plain


def fact(
    concept: str,
    line: Line,
    source: Source,
    *,
    value: str = "",
    group: tuple[int, int] | None = None,
    item: int = 0,
) -> Fact:
    """What a line, or the characters `group` of it, says of a concept."""
    start, end = group or (0, len(line.text))
    quote = line.text[start:end]
    return Fact(
        concept=concept,
        value=value or unescape(quote),
        quote=quote,
        span=Span(line.start + start, line.start + end),
        source=source,
        item=item,
    )


def passage(concept: str, lines: list[Line], text: str, source: Source, item: int = 0) -> Fact:
    """What several lines say together, with the text between them."""
    start, end = lines[0].start, lines[-1].end
    quote = text[start:end]
    return Fact(concept, unescape(quote), quote, Span(start, end), source, item)
