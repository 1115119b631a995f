"""Eligibility text becomes one fact a criterion, each with its own span.

What is no criterion is named too: a heading (`criterion.heading`, also the line above a list
whose items are criteria) or a remark (`criterion.remark`). The spans of criteria, headings and
remarks never overlap, and between them stand only blanks and the marks of lists. The words that
a criterion stands under are facts beside it, of the same item, `about` its category: the line
above its list (`criterion.parent`) and the part or cohort of its heading (`criterion.part`).
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pipeline.extract.concepts import Concepts, named
from pipeline.extract.criteria.entries import entry, headed
from pipeline.extract.criteria.medication import with_medication
from pipeline.extract.criteria.parts import Part
from pipeline.extract.criteria.reading import read_parts
from pipeline.extract.criteria.sections import hides_lists, is_flattened
from pipeline.extract.criteria.tails import unformed, untailed
from pipeline.extract.layout import unwrapped
from pipeline.extract.lines import unescape
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, Span

_BULLET = re.compile(r"^[ \t]*[-*+•][ \t]+", re.MULTILINE)
LONGEST = 6_000
"""The characters of the longest text that is taken for one criterion without a word about it."""
_CONCEPTS = {kind: f"criterion.{kind}" for kind in ("inclusion", "exclusion", "heading", "remark")}
_TEXTS = {
    "eligibility.criteria": "",
    "eligibility.inclusion": "inclusion",
    "eligibility.exclusion": "exclusion",
    "eligibility.inclusion.entry": "inclusion",
    "eligibility.exclusion.entry": "exclusion",
}


def split_criteria(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The criteria in every text of criteria, numbered within their category; a text of one
    category alone needs no heading.
    """
    found: list[Fact] = []
    issues: list[Issue] = []
    counts = dict.fromkeys(_CONCEPTS, 0)
    texts = list(named(facts, *_TEXTS))
    listed = [fact for fact in texts if fact.concept.endswith(".entry")]
    for category in ("inclusion", "exclusion") if listed else ():
        found += _entries(
            [one for one in listed if _TEXTS[one.concept] == category], category, counts
        )
    for whole in texts if not listed else ():
        text, places = _plain(whole, spec)
        joined = is_flattened(text)
        parts = untailed(text, unformed(text, read_parts(text, _TEXTS[whole.concept])))
        for part in with_medication(text, parts):
            kind = part.kind
            item, counts[kind] = counts[kind], counts[kind] + 1
            made = _fact(whole, text, places, part, _CONCEPTS[kind], item)
            found.append(made)
            if part.parent:
                found.append(
                    _fact(whole, text, places, part.parent, "criterion.parent", item, kind)
                )
            if part.under:
                above = _fact(whole, text, places, part.under, "criterion.part", item, kind)
                found.append(replace(above, value=part.group))
            if not part.classified:
                issues.append(_about("criteria.unclassified", made))
            if part.high - part.low > LONGEST and kind in ("inclusion", "exclusion"):
                issues.append(_about("criteria.unsplit", made))
            if part.flattened or (joined and hides_lists(text, part.low, part.high)):
                issues.append(_about("criteria.flattened-list", made))
    return found, issues


def _entries(listed: list[Fact], category: str, counts: dict[str, int]) -> Iterator[Fact]:
    """The criteria of a list of entries; a heading in one names the part of those after it."""
    part: Fact | None = None
    for whole in listed:
        text, start = whole.quote, 0
        if head := headed(text, category):
            said, low, start = head
            above = Part(low, start, "heading")
            made = _fact(whole, text, None, above, "criterion.heading", counts["heading"])
            counts["heading"] += 1
            part = replace(made, concept="criterion.part", value=said.part) if said.part else None
            yield made
        for (low, high, _), other in entry(text, start):
            kind = other or category
            item, counts[kind] = counts[kind], counts[kind] + 1
            yield _fact(whole, text, None, Part(low, high, kind), _CONCEPTS[kind], item)
            if part and kind == category:
                yield replace(part, item=item, about=kind)


def _plain(whole: Fact, spec: Spec) -> tuple[str, Sequence[int] | None]:
    mapping = spec.registries.get(whole.source.format)
    if isinstance(mapping, TreeMapping) and mapping.wrapped:
        return unwrapped(whole.quote)
    return whole.quote, None


def _fact(
    whole: Fact, text: str, places: Sequence[int] | None, part: Part, concept: str, item: int,
    about: str = "",
) -> Fact:  # fmt: skip
    low, high = part.low, part.high
    words = quote = text[low:high]
    if places is not None:
        low, high = places[low], places[high - 1] + 1
        quote = whole.quote[low:high]
    if "\n" in words or "\r" in words:
        words = _BULLET.sub("* ", words)
    if "\\" in words or "&" in words:
        words = unescape(words)
    words = words.strip()
    if "  " in words or not words.isprintable():
        words = " ".join(words.split())
    at = whole.span.start
    span = Span(at + low, at + high, whole.span.path)
    return Fact(concept, words, quote, span, whole.source, item, about)


def _about(code: str, criterion: Fact) -> Issue:
    return Issue(code, "", criterion.source, criterion.span, criterion.quote)
