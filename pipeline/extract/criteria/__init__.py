"""Eligibility text becomes one fact a criterion, each with its own span.

What is no criterion is named too: a heading (`criterion.heading`, also the line above a list
whose items are criteria) or a remark (`criterion.remark`). The spans of criteria, headings and
remarks never overlap, and between them stand only blanks and the marks of lists. The words that
a criterion stands under are facts beside it, of the same item, `about` its category: the line
above its list (`criterion.parent`) and the part or cohort of its heading (`criterion.part`).
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from pipeline.extract.criteria.reading import Part, read_parts
from pipeline.extract.criteria.sections import hides_lists, is_flattened
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
}


def split_criteria(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:
    """The criteria in every text of criteria, numbered within their category; a text of one
    category alone needs no heading.
    """
    found: list[Fact] = []
    issues: list[Issue] = []
    counts = dict.fromkeys(_CONCEPTS, 0)
    for whole in [fact for fact in facts if fact.concept in _TEXTS]:
        text, places = _plain(whole, spec)
        joined = is_flattened(text)
        for part in read_parts(text, _TEXTS[whole.concept]):
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
                found.append(msgspec.structs.replace(above, value=part.group))
            if not part.classified:
                issues.append(_about("criteria.unclassified", made))
            if part.high - part.low > LONGEST and kind in ("inclusion", "exclusion"):
                issues.append(_about("criteria.unsplit", made))
            if part.flattened or (joined and hides_lists(text, part.low, part.high)):
                issues.append(_about("criteria.flattened-list", made))
    return found, issues


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
    at = whole.span.start
    span = Span(at + low, at + high, whole.span.path)
    return Fact(concept, " ".join(words.split()), quote, span, whole.source, item, about)


def _about(code: str, criterion: Fact) -> Issue:
    return Issue(code, "", criterion.source, criterion.span, criterion.quote)
