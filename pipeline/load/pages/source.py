"""A record as a page shows it: its text by lines, quoted words marked, with what rests on them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from pipeline.load.pages.words import Places, text_of
from pipeline.values import Fact, Record, Span


class Use(msgspec.Struct, frozen=True, gc=False):
    """Something on the page that rests on words: in which part, under which heading, its link."""

    part: str
    head: str
    tail: str
    link: str


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A stretch of text; `depth` counts the quotes that it is part of, `names` begin with it."""

    text: str
    depth: int
    names: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True, gc=False):
    """What rests on a line's words, in one part and under one heading: texts with their links."""

    part: str
    head: str
    links: tuple[tuple[str, str], ...]


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of a record, numbered in a text; in a tree the first line of a string has its path."""

    number: int
    path: str
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


class Shown(msgspec.Struct, frozen=True, gc=False):
    """One record as a page shows it."""

    record: Record
    sign: str
    lines: tuple[Line, ...]


def shown(
    record: Record, sign: str, known: Places, facts: Iterable[Fact], uses: Mapping[str, list[Use]]
) -> Shown:
    """The record's text, or the strings of its tree that were read, in linear time.

    `facts` are what the page quotes from any record, `uses` what rests on a place, by its name.
    """
    own = [fact for fact in facts if fact.source == record.source]
    by_path: dict[str, list[Fact]] = {} if any(f.span.path for f in record.facts) else {"": []}
    for fact in (*record.facts, *own):
        by_path.setdefault(fact.span.path, []).append(fact)
    spans: dict[str, list[tuple[Span, str]]] = {}
    for (source, span), place in known.items():
        if source == record.source:
            spans.setdefault(span.path, []).append((span, place.name))
    lines: list[Line] = []
    for path in dict.fromkeys([*by_path, *spans]):
        text = text_of(path, record, by_path.get(path, ()))
        for number, pieces in enumerate(by_lines(marked(text, spans.get(path, ()))), 1):
            names = [name for piece in pieces for name in piece.names]
            notes = _notes(use for name in names for use in uses.get(name, ()))
            lines.append(
                Line(0, path if number == 1 else "", pieces, notes)
                if path
                else Line(number, "", pieces, notes)
            )
    return Shown(record, sign, tuple(lines))


def marked(text: str, spans: Sequence[tuple[Span, str]]) -> list[Piece]:
    """The text cut at the ends of all spans, which may overlap and lie in each other."""
    opens: dict[int, list[str]] = {}
    change: dict[int, int] = {}
    for span, name in spans:
        start, end = min(span.start, len(text)), min(span.end, len(text))
        opens.setdefault(start, []).append(name)
        change[start] = change.get(start, 0) + 1
        change[end] = change.get(end, 0) - 1
    pieces, depth = [], 0
    for low, high in pairwise([*sorted({0, *change}), len(text)]):
        depth += change.get(low, 0)
        if low < high or low in opens:
            pieces.append(Piece(text[low:high], depth, tuple(opens.get(low, ()))))
    return pieces


def by_lines(pieces: Iterable[Piece]) -> list[tuple[Piece, ...]]:
    """The pieces by the lines of the text that they make; no line break is kept."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        if first or piece.names:
            lines[-1].append(Piece(first, piece.depth, piece.names))
        lines.extend([Piece(text, piece.depth)] if text else [] for text in others)
    return [tuple(line) for line in lines]


def _notes(uses: Iterable[Use]) -> tuple[Note, ...]:
    """The uses by part and heading, each row once; single rows share their part's note."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for use in uses:
        rows.setdefault((use.part, use.head), {}).setdefault(use.tail, use.link)
    notes: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (part, head), links in rows.items():
        if len(links) > 1:
            notes[part, head] = list(links.items())
        else:
            notes.setdefault((part, ""), []).extend((head, link) for link in links.values())
    return tuple(Note(part, head, tuple(links)) for (part, head), links in notes.items())
