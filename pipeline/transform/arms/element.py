"""An element of the plan, and the two ways in which one is made: from words, or by the scheme."""

import re

import msgspec

from pipeline.formats import in_least_unit
from pipeline.spec.model import Spec
from pipeline.spec.wording import ElementScheme
from pipeline.transform.rules import Facts
from pipeline.transform.texts import texts
from pipeline.values import Fact, How

_PLACES = ("criterion.inclusion", "text.summary", "text.description")
EVERYONE = -1
"""The number of no arm: what prose says of the whole study (`pipeline.extract.periods`)."""


_AT_ONCE = re.compile(r"\bradi(?:o|ation)|\bsurg|ectomy\b|\btransplant", re.IGNORECASE)
"""What takes weeks at most: years are of what is given beside it."""


class Element(msgspec.Struct, frozen=True):
    """A planned element: what it is called, where it stands in the trial, when it begins and ends.

    `how`, `rule`, `reason` and `basis` are of its name and epoch. Where `assumed_rules` is set,
    its start and end rules come from the scheme for the reason given there. `duration` is ISO 8601,
    `lengths` the words for it.
    """

    name: str
    epoch: str
    testrl: str
    teenrl: str
    how: How
    short: str
    rule: str = ""
    reason: str = ""
    basis: tuple[Fact, ...] = ()
    assumed_rules: str = ""
    duration: str = ""
    lengths: tuple[Fact, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes two elements the same."""
        return self.name, self.epoch, self.testrl, self.teenrl, self.duration


def assumed_element(scheme: ElementScheme, facts: Facts, spec: Spec) -> Element:
    """The trial-design model needs an element here that the record does not describe; it follows
    the fixed scheme of the project, and words of the record that speak of it are its basis.
    """
    said = texts(facts, spec).spoken(scheme.words, _PLACES) if scheme.words else None
    return Element(
        scheme.element, scheme.epoch, scheme.testrl, scheme.teenrl, "assumed", scheme.etcd,
        "assumed_element", scheme.why, (said,) if said else (),
    )  # fmt: skip


def named_element(scheme: ElementScheme, words: tuple[Fact, ...]) -> Element:
    """The record names this period (screening, run-in, washout, extension, follow-up), so the
    element stands; where the record does not say when it begins and ends, that is assumed.
    """
    return Element(
        scheme.element, scheme.epoch, scheme.testrl, scheme.teenrl, "derived", scheme.etcd,
        "named_element", "", words[:1], scheme.why,
    )  # fmt: skip


def named_as(element: Element, scheme: ElementScheme) -> Element:
    """A named element as one of another scheme, with its words and length."""
    made = named_element(scheme, element.basis[:1])
    return msgspec.structs.replace(
        made, basis=element.basis, names=element.names, duration=element.duration,
        lengths=element.lengths,
    )  # fmt: skip


def stated_length(element: Element, words: tuple[Fact, ...]) -> Element:
    """The planned duration that the record's words state for this period, as an ISO 8601 duration;
    none where the words state different ones, in the units of the first.
    """
    told = [fact for fact in words if fact.about]
    if len({in_least_unit(fact.about) for fact in told}) != 1:
        return element
    fact = told[0]
    length = fact.about
    beside = len(element.names) > 1 and any(_AT_ONCE.search(name) for name in element.names)
    if beside and length.endswith("Y"):
        return element
    return msgspec.structs.replace(element, duration=length, lengths=(fact,))


def stated_element(
    name: str, short: str, basis: tuple[Fact, ...], start: str, end: str, epoch: str,
    names: tuple[str, ...] = (),
) -> Element:  # fmt: skip
    """Each treatment that the arm is given is an element; treatments that the words put in no
    order are one element, one that starts after another is an element of its own. It begins with
    the first administration and ends with the last.
    """
    return Element(
        name, epoch, start, end, "derived", short, "stated_element", basis=basis, names=names
    )


def shown(spec: Spec, kind: str) -> ElementScheme:
    """A stage of the design as a scheme: what an element without treatments is called."""
    stage = spec.design.stages[kind]
    start = spec.design.start.format(treatment=stage.element.lower())
    end = spec.design.end.format(treatment=stage.element.lower())
    if kind in ("surgery", "transplant"):
        start, end = f"Start of {stage.element.lower()}", f"End of {stage.element.lower()}"
    return ElementScheme(stage.etcd, stage.element, stage.epoch, start, end, "")
