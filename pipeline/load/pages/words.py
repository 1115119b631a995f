"""The record's words as a page shows them: its text with every quoted span marked and named."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from pipeline.load.visible import visible
from pipeline.values import Fact, Record


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text: plain, or quoted; `names` are the spans that begin here."""

    text: str
    quoted: bool
    names: tuple[str, ...] = ()


class Passage(msgspec.Struct, frozen=True):
    """One text of a record (the whole of it, or the string at a path) in pieces."""

    path: str
    pieces: tuple[Piece, ...]


class Shown(msgspec.Struct, frozen=True):
    """One record as a page shows it."""

    record: Record
    passages: tuple[Passage, ...]


def named(facts: Iterable[Fact]) -> dict[tuple[str, str, int, int], str]:
    """A short name for each place that facts stand at, in the order in which they are met."""
    names: dict[tuple[str, str, int, int], str] = {}
    for fact in facts:
        names.setdefault(place(fact), f"w{len(names) + 1}")
    return names


def place(fact: Fact) -> tuple[str, str, int, int]:
    """Where a fact stands: file, path, start, end."""
    return fact.source.name, fact.span.path, fact.span.start, fact.span.end


def shown(record: Record, names: dict[tuple[str, str, int, int], str]) -> Shown:
    """The record's texts with the named spans marked; of a tree the strings that are quoted."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for (file, path, start, end), name in names.items():
        if file == record.source.name:
            spans.setdefault(path, []).append((start, end, name))
    texts = {"": record.text} if "" in spans or not spans else {}
    for fact in record.facts:
        path = fact.span.path
        if path and path in spans and len(fact.quote) + fact.span.start > len(texts.get(path, "")):
            texts[path] = " " * fact.span.start + fact.quote
    passages = [Passage(path, tuple(_pieces(texts[path], spans.get(path, [])))) for path in texts]
    return Shown(record, tuple(passages))


def _pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """The text cut at every span's ends, in linear time; spans may overlap."""
    opens: dict[int, list[str]] = {}
    change: dict[int, int] = {}
    for start, end, name in spans:
        opens.setdefault(start, []).append(name)
        change[start] = change.get(start, 0) + 1
        change[end] = change.get(end, 0) - 1
    cuts = sorted({0, len(text), *change})
    pieces, depth = [], 0
    for low, high in pairwise(cuts):
        depth += change.get(low, 0)
        names = tuple(opens.get(low, ()))
        pieces.append(Piece(visible(text[low:high]), depth > 0, names))
    return pieces
