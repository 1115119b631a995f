"""What is read from one page so far: facts, issues, and the checks that each value passes."""

import re
from collections.abc import Iterator

from pipeline.extract.dates import without_month_end
from pipeline.extract.lines import Line, fact, passage
from pipeline.spec.mapping import PageMapping, PageValue
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Record, Source, Span

_WORD = re.compile(r"[A-Z][A-Z0-9_/]*")


class Reading:
    """A page being read: section readers take its lines, and what nobody takes becomes an issue."""

    def __init__(
        self, mapping: PageMapping, text: str, lines: list[Line], source: Source, spec: Spec
    ) -> None:
        self.mapping = mapping
        self.text = text
        self.source = source
        self.spec = spec
        self.facts: list[Fact] = []
        self.issues: list[Issue] = []
        self.left = {line.start: line for line in lines}

    def take(self, *lines: Line) -> None:
        """These lines are accounted for: read, or passed over for the mapping's reason."""
        for line in lines:
            self.left.pop(line.start, None)

    def add(self, line: Line, facts: list[Fact]) -> None:
        """What a line was found to state."""
        self.facts.extend(facts)
        self.take(line)

    def say(self, concept: str, line: Line, item: int = 0) -> None:
        """A whole line is the value."""
        self.add(line, [fact(concept, line, self.source, item=item)])

    def tell(self, concept: str, lines: list[Line], item: int = 0) -> None:
        """Several lines are one text."""
        if lines:
            self.facts.append(passage(concept, lines, self.text, self.source, item))
            self.take(*lines)

    def note(self, code: str, line: Line, detail: str = "", *more: Line) -> None:
        """Something about a line, and those that follow it, that a person should know."""
        self.take(line, *more)
        span = Span(line.start, (line, *more)[-1].end)
        quote = self.text[span.start : span.end]
        self.issues.append(Issue(code, detail, self.source, span, quote))

    def fits(self, value: PageValue, line: Line, item: int = 0) -> list[Fact]:
        """The facts that a line states if it is what `value` describes, else none."""
        concept = self.spec.concepts[value.concept]
        if value.pattern:
            match = re.fullmatch(value.pattern, line.text)
            if not match:
                return []
            said = without_month_end(match[1]) if value.imputed else ""
            group = match.span(1)
            return [fact(value.concept, line, self.source, value=said, group=group, item=item)]
        if concept.kind == "term":
            return self._terms(value, line)
        if concept.kind == "age":
            match = re.fullmatch(r"\d+ [A-Z][a-z]+", line.text)
            return [fact(value.concept, line, self.source)] if match else []
        return [fact(value.concept, line, self.source, item=item)]

    def _terms(self, value: PageValue, line: Line) -> list[Fact]:
        words = self.mapping.terms.get(value.concept, {})
        known = self.spec.concepts[value.concept].values
        facts = []
        for item, (start, end) in enumerate(_pieces(line.text, value.split)):
            word = line.text[start:end]
            term = words.get(word, word if word in known else "")
            if not term:
                return []
            found = fact(
                value.concept, line, self.source, value=term, group=(start, end), item=item
            )
            facts.append(found)
        return facts

    def record(self, first: tuple[Issue, ...]) -> Record:
        """The record as read: the source gains the id and version that the page states."""
        for line in list(self.left.values()):
            self.note("source.unread", line)
        for found in self.facts:
            if found.concept.startswith("date.") and len(found.value) < len(found.quote):
                self.issues.append(
                    Issue("date.month-end", "", self.source, found.span, found.quote)
                )
        stated = {found.concept: found.value for found in self.facts}
        source = Source(
            name=self.source.name,
            registry=self.source.registry,
            format=self.source.format,
            sha256=self.source.sha256,
            id=stated.get("id.nct", ""),
            version=stated.get("date.updated", ""),
        )
        facts = (_of(found, source) for found in self.facts)
        issues = (Issue(i.code, i.detail, source, i.span, i.quote) for i in (*first, *self.issues))
        return Record(source, self.text, tuple(facts), tuple(issues))


def looks_like_word(text: str) -> bool:
    """Whether a line looks like a word of a registry's vocabulary (`SOME_TERM`)."""
    return bool(_WORD.fullmatch(text))


def _pieces(text: str, separator: str) -> Iterator[tuple[int, int]]:
    start = 0
    for part in text.split(separator) if separator else [text]:
        yield start, start + len(part)
        start += len(part) + len(separator)


def _of(found: Fact, source: Source) -> Fact:
    return Fact(
        found.concept, found.value, found.quote, found.span, source, found.item, found.about
    )
