"""Where quoted words stand in the records: a name for each place, and how a page refers to it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import msgspec

from pipeline.values import Cell, Fact, Issue, Record, Source, Span, Study

MOST = 280  # characters of a quote that are shown away from its place


class Place(msgspec.Struct, frozen=True, gc=False):
    """A quoted stretch: its name on the page, its file, its place in full and in brief."""

    name: str
    file: str
    where: str
    brief: str


class Word(msgspec.Struct, frozen=True, gc=False):
    """A quote as it is shown away from its place; without `place` it stands in no record."""

    quote: str
    place: Place | None


Places = Mapping[tuple[Source, Span], Place]


def places(study: Study) -> dict[tuple[Source, Span], Place]:
    """The place of everything that the study quotes from its records, in the order it is met."""
    texts = {record.source: record.text for record in told(study)}
    starts = {source: line_starts(text) for source, text in texts.items()}
    letters = dict(zip(texts, sigla(len(texts)), strict=True))
    found: dict[tuple[Source, Span], Place] = {}
    for source, span in _quoted(study):
        if source in texts and (source, span) not in found:
            name = f"w{len(found) + 1}"
            line = bisect_right(starts[source], span.start)
            found[source, span] = _place(name, span, line, source.name, letters[source])
    return found


def told(study: Study) -> list[Record]:
    """The records that the study rests on; of earlier versions those that a cell rests on."""
    if not study.earlier:
        return [*study.records]
    quoted = {fact.source for cell in cells(study) for fact in cell.basis}
    return [*study.records, *(one for one in study.earlier if one.source in quoted)]


def word(fact: Fact, known: Places) -> Word:
    """The fact's words on one line, cut when they are long, with their place."""
    quote = fact.quote if len(fact.quote) <= MOST else fact.quote[:MOST].rstrip() + "…"
    return Word(" ".join(quote.split()), known.get((fact.source, fact.span)))


def sigla(number: int) -> Sequence[str]:
    """A short sign for each record of a study; a single record needs none."""
    return [""] if number == 1 else [f"R{n} " for n in range(1, number + 1)]


def line_starts(text: str) -> list[int]:
    """Where each line of the text begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]


def cells(study: Study) -> Iterable[Cell]:
    """Every cell of the study's tables, in order."""
    for table in study.tables.values():
        for row in table.rows:
            yield from (value for value in row.values() if isinstance(value, Cell))


def _quoted(study: Study) -> Iterable[tuple[Source, Span]]:
    for cell in (study.studyid, *cells(study)):
        yield from ((fact.source, fact.span) for fact in cell.basis)
    for task in study.worklist:
        yield from ((fact.source, fact.span) for fact in task.candidates)
    yield from (spot for issue in study.issues if (spot := spot_of(issue)))


def spot_of(issue: Issue) -> tuple[Source, Span] | None:
    """Where the words of an issue stand, when it quotes any."""
    return (issue.source, issue.span) if issue.source and issue.span and issue.quote else None


def _place(name: str, span: Span, line: int, file: str, letter: str) -> Place:
    characters = f"characters {span.start}–{span.end}"
    if span.path:
        brief = letter + span.path.split(".")[-1]
        return Place(name, file, f"{letter}{span.path}, {characters}", brief)
    return Place(name, file, f"{letter}line {line}, {characters}", f"{letter}{line}")


def text_of(path: str, record: Record, facts: Iterable[Fact]) -> str:
    """The string at a path as far as facts quote it; what lies between quotes shows as blanks."""
    if not path:
        return record.text
    parts: list[str] = []
    length = 0
    for fact in sorted(facts, key=lambda fact: (fact.span.start, -fact.span.end)):
        start, end = fact.span.start, fact.span.start + len(fact.quote)
        if end > length:
            parts += [" " * max(0, start - length), fact.quote[max(0, length - start) :]]
            length = end
    return "".join(parts)
