"""Open-label treatment beside masked treatment: an extension of it, or a period that opens it."""

import re

from msgspec.structs import replace

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.element import Element, named_as, named_element, stated_length
from pipeline.transform.arms.treated import said
from pipeline.transform.rules import Facts
from pipeline.values import Fact

_OPEN_LABEL = re.compile(r"open[- ]label \w*\s?extension", re.IGNORECASE)
_IS_EXTENSION = re.compile(
    r"^(?!.*\b(?:with|and|including) (?:an? )?(?:[\w-]+ ){0,3}extension)"
    r".*\bextension (?:study|trial)",
    re.IGNORECASE,
)
_MASKED = re.compile(r"double[- ]blind\w*[^.;]{0,40}\b(?:period|phase|epoch|part)", re.IGNORECASE)
_TEXTS = ("text.summary", "text.description", "design.model.description", "arm.description")


def beside_open_label(
    body: list[Element], arm: Arm, tested: tuple[Fact, ...], facts: Facts, spec: Spec
) -> list[Element]:
    """An arm's treatments with the open-label period that words name for everyone, in which all get
    what is `tested`, and the masked ones before it in an epoch of their own.
    """
    epochs, opened = [element.epoch for element in body], spec.design.extension.epoch
    named = [] if len(set(epochs)) > 1 else _named(arm, tested, facts, spec)
    opens = epochs.index(opened) if opened in epochs else len(body)
    if not (named or opens < len(body)) or not _is_masked(facts):
        return body + named
    blinded = said("period.blinded", arm, facts)
    masked = [_blinded(element, blinded, spec) for element in body[:opens]] + body[opens:]
    if named and _opens_with(named[0], blinded, facts):
        return [named_as(named[0], spec.design.opening), *masked]
    return masked + named


def _is_masked(facts: Facts) -> bool:
    return any(fact.value != "NONE" for fact in facts["design.masking"][:1])


def _named(arm: Arm, tested: tuple[Fact, ...], facts: Facts, spec: Spec) -> list[Element]:
    words = said("period.extension", arm, facts)
    words = tuple(f for f in words if _is_masked(facts) or _OPEN_LABEL.search(f.value))
    titles = (*facts["title.official"], *facts["title.brief"])
    told = any("open" in fact.value.lower() for fact in words)
    if not told or any(_IS_EXTENSION.search(title.value) for title in titles):
        return []
    element = named_element(spec.design.extension, words)
    names = tuple(fact.value for fact in tested)
    return [stated_length(replace(element, basis=(*words[:1], *tested), names=names), words)]


def _opens_with(element: Element, blinded: tuple[Fact, ...], facts: Facts) -> bool:
    """Whether the words for an open-label period stand before all for the masked one in a text, and
    call it no extension.
    """
    words = element.basis[0]
    beside = any(words.span.path == one.span.path for one in blinded)
    if "extension" in words.value.lower() or not beside:
        return False
    for fact in (one for place in _TEXTS for one in facts[place]):
        if fact.span.path == words.span.path and (at := fact.value.find(words.value)) >= 0:
            masked = _MASKED.search(fact.value)
            return masked is not None and masked.start() > at
    return False


def _blinded(element: Element, words: tuple[Fact, ...], spec: Spec) -> Element:
    """A plain treatment as that of the masked period, with its length."""
    if element.epoch != spec.design.epoch:
        return element
    masked = replace(element, epoch=spec.design.blinded)
    opened = any("open" in one.value.lower() for one in element.lengths)
    if element.duration and not opened:
        return masked
    return stated_length(replace(masked, duration="", lengths=()), words)
