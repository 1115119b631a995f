"""A part of a document for readers, as sentences and a table; and parts as Markdown."""

import textwrap
from collections.abc import Iterable, Iterator

import msgspec

MOST = 12
"""Names in one cell; the others are counted."""
LONGEST = 90
"""Characters of a quote in a table; the whole stands in the study's own page."""
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]#|!~<>&"})


class Section(msgspec.Struct, frozen=True):
    """A part: what it says in sentences, and a table (none without heads).

    `anchor` names it for links from elsewhere; others are numbered.
    """

    title: str
    texts: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    anchor: str = ""


def shortened(text: str) -> str:
    """The text on one line, or its beginning."""
    return textwrap.shorten(text, LONGEST, placeholder=" …") if len(text) > LONGEST else text


def some(names: Iterable[str]) -> str:
    """The first different names, and how many more there are."""
    each = list(dict.fromkeys(filter(None, names)))
    more = f" and {len(each) - MOST} more" if len(each) > MOST else ""
    return "; ".join(each[:MOST]) + more


def markdown(title: str, sections: Iterable[Section]) -> str:
    """The document with its title; texts are on one line, and nothing in them is markup."""
    return "\n".join([f"# {_plain(title)}", "", *(in_markdown(one) for one in sections)])


def in_markdown(one: Section) -> str:
    """One part under its heading."""
    return "\n".join(_lines(one))


def _lines(one: Section) -> Iterator[str]:
    yield from (f"## {one.title}", "")
    for text in one.texts:
        yield from (_plain(text), "")
    if one.heads:
        yield from (_row(one.heads), _row(["---"] * len(one.heads)))
        yield from (_row([_plain(cell) for cell in row]) for row in one.rows)
        yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """The text on one line, with nothing that Markdown or HTML would take for its own."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable()).translate(MARKS)
