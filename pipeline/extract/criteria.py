"""Eligibility text becomes one fact a criterion, each with its own span.

The text is Markdown as registries serve it. Headings divide it into inclusion and exclusion; a
top-level list item is a criterion, with the options that are nested below it; outside lists, a
line is one. Headings are found first, because a heading line directly below a bullet is a lazy
continuation of that bullet in CommonMark (section 5.1).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyromark

from pipeline.extract.layout import unwrapped
from pipeline.extract.lines import unescape
from pipeline.extract.numbering import numbered
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Span

_HEADING = re.compile(
    r"(?:^|(?<=\r))[ \t]*(?:\*\*|__|#+ )?"
    r"(?:(?:[A-Za-z][\w-]*[ \t]+){0,3}(?P<kind>inclusion|exclusion)[ \t]+criteria"
    r"(?:[ \t]+(?:for|of|in)[ \t]+[^\n:]{1,60})?"
    r"|(?P<bare>inclusion|exclusion|exclusions|inclusions))"
    r"[ \t]*:?[ \t]*(?:\*\*|__)?[ \t]*(?=\r|$)",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET = re.compile(r"^[ \t]*[-*+•][ \t]+", re.MULTILINE)
_TEXTS = {
    "eligibility.criteria": "",
    "eligibility.inclusion": "inclusion",
    "eligibility.exclusion": "exclusion",
}
_OPTION = re.compile(r"\s*[-*+•]")
_MARK = re.compile(
    r"[ \t]*(?:(?:[*+-]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+|•[ \t]*"
    r"|(?:-|\(?\d{1,2}[.)])(?=[^\W\d_]))"
)


def split_criteria(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The criteria in every text of criteria, numbered within their category; a text of one
    category alone needs no heading.
    """
    found: list[Fact] = []
    issues: list[Issue] = []
    alternatives = re.compile(spec.phrases.alternatives, re.IGNORECASE)
    for whole in [fact for fact in facts if fact.concept in _TEXTS]:
        counts = {"inclusion": 0, "exclusion": 0}
        text, places = _plain(whole, spec)
        for heading, start, end in _parts(text):
            kind = heading or _TEXTS[whole.concept]
            for low, high, nested in _criteria(text, start, end):
                span = places[low], places[high - 1] + 1
                criterion = _criterion(whole, kind or "inclusion", *span, text[low:high], counts)
                found.append(criterion)
                if not kind:
                    issues.append(_about("criteria.unclassified", criterion))
                if not nested and alternatives.search(criterion.value):
                    issues.append(_about("criteria.flattened-list", criterion))
    return found, issues


def _plain(whole: Fact, spec: Spec) -> tuple[str, Sequence[int]]:
    """The text without the layout that its format is known to give it, with the place of each
    character.
    """
    mapping = spec.registries.get(whole.source.format)
    if isinstance(mapping, TreeMapping) and mapping.wrapped:
        return unwrapped(whole.quote)
    return whole.quote, range(len(whole.quote))


def _criterion(
    whole: Fact, kind: str, low: int, high: int, words: str, counts: dict[str, int]
) -> Fact:
    quote = whole.quote[low:high]
    item, counts[kind] = counts[kind], counts[kind] + 1
    at = whole.span.start
    return Fact(
        concept=f"criterion.{kind}",
        value=" ".join(unescape(_BULLET.sub("* ", words)).split()),
        quote=quote,
        span=Span(at + low, at + high, whole.span.path),
        source=whole.source,
        item=item,
    )


def _about(code: str, criterion: Fact) -> Issue:
    return Issue(code, "", criterion.source, criterion.span, criterion.quote)


def _parts(text: str) -> Iterator[tuple[str, int, int]]:
    """The stretches between headings with the kind that each heading announces."""
    kind, start = "", 0
    for match in _HEADING.finditer(text):
        yield kind, start, match.start()
        kind = (match["kind"] or match["bare"]).lower()[:9]
        start = match.end()
    yield kind, start, len(text)


def _criteria(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The criteria of one stretch as offsets, and whether options are nested below.

    Bullets below a numbered item that ends with a colon are its options.
    """
    last: tuple[int, int, bool] | None = None
    for low, high, nested in _pieces(text, start, end):
        if last and _announces(text, *last) and _OPTION.match(text, low, high):
            last = last[0], high, True
            continue
        if last and (span := _trimmed(text, *last[:2])):
            yield *span, last[2]
        last = low, high, nested
    if last and (span := _trimmed(text, *last[:2])):
        yield *span, last[2]


def _announces(text: str, low: int, high: int, nested: bool) -> bool:
    """Whether a numbered item announces options, or has taken some already."""
    words = text[low:high].strip()
    open_list = words.endswith(":") or (nested and re.search(r":[ \t]*[\r\n]", words))
    return words[:1].isdigit() and bool(open_list)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """List items and lines of one stretch as offsets, and whether options are nested below."""
    if not text[start:end].strip():
        return
    for block, low, high, nested in _blocks(text[start:end]):
        lines = [(0, high - low)]
        if block == "text":
            found = re.finditer(r"[^\r\n]+", text[start + low : start + high])
            lines = [line.span() for line in found]
        for begin, stop in lines:
            for piece in numbered(text, start + low + begin, start + low + stop):
                yield *piece, nested


def _blocks(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Top-level list items and what stands outside lists, by CommonMark, in characters."""
    characters = _characters(text)
    depth, begin, nested, outside = 0, 0, False, 0
    for event, span in pyromark.events_with_range(text):
        if not isinstance(event, dict):
            continue
        start, stop = event.get("Start"), event.get("End")
        if isinstance(start, dict) and "List" in start:
            depth += 1
            nested = depth > 1
            if depth == 1:
                yield "text", outside, characters(span["start"]), False
        elif isinstance(stop, dict) and "List" in stop:
            depth -= 1
            outside = characters(span["end"])
        elif start == "Item" and depth == 1:
            begin, nested = characters(span["start"]), False
        elif stop == "Item" and depth == 1:
            yield "item", begin, characters(span["end"]), nested
    yield "text", outside, len(text), False


def _characters(text: str) -> Callable[[int], int]:
    """From byte offsets, which the parser counts, to characters; offsets come in rising order."""
    if text.isascii():
        return lambda offset: offset
    data = text.encode("utf-8", "surrogatepass")
    at = [0, 0]

    def count(offset: int) -> int:
        if offset < at[0]:
            at[:] = [0, 0]
        at[1] += len(data[at[0] : offset].decode("utf-8", "surrogatepass"))
        at[0] = offset
        return at[1]

    return count


def _trimmed(text: str, low: int, high: int) -> tuple[int, int] | None:
    """The offsets without bullet or number, and without blanks at the ends."""
    if mark := _MARK.match(text, low, high):
        low = mark.end()
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return (low, high) if re.search(r"\w", text[low:high]) else None
