"""The elements of each arm, in order: what the record says is done, and what the model needs
besides.
"""

import re
from collections.abc import Iterator

import msgspec

from pipeline.spec.model import ElementScheme, Spec
from pipeline.transform.rules import Facts
from pipeline.values import Fact, How, narrowed


class Element(msgspec.Struct, frozen=True):
    """A planned element: what it is called, where it stands in the trial, when it begins and ends.

    Two arms share an element when name, rules and epoch are the same.
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

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes two elements the same."""
        return self.name, self.epoch, self.testrl, self.teenrl


def arm_elements(arm: int, facts: Facts, spec: Spec) -> list[Element]:
    """The elements of the arm numbered `arm`, screening first, follow-up last."""
    return [
        assumed_element(spec.design.before, facts),
        *_conditioning(arm, facts, spec),
        *_treatments(arm, facts, spec),
        *_untreated(arm, facts, spec),
        assumed_element(spec.design.after, facts),
    ]


def assumed_element(scheme: ElementScheme, facts: Facts) -> Element:
    """The trial-design model needs an element here that the record does not describe; it follows
    the fixed scheme of the project, and words of the record that speak of it are its basis.
    """
    words = re.compile(scheme.words or r"(?!)", re.IGNORECASE)
    places = ("criterion.inclusion", "text.summary", "text.description")
    basis = [
        narrowed(fact, *match.span(), fact.concept)
        for concept in places
        for fact in facts.get(concept, ())
        if (match := words.search(fact.value))
    ]
    return Element(
        scheme.element, scheme.epoch, scheme.testrl, scheme.teenrl, "assumed", scheme.etcd,
        "assumed_element", scheme.why, tuple(basis[:1]),
    )  # fmt: skip


def stated_element(
    name: str, short: str, basis: tuple[Fact, ...], start: str, end: str, spec: Spec
) -> Element:
    """Each treatment that the arm is given is an element; treatments that the words put in no
    order are one element, one that starts after another is an element of its own. It begins with
    the first administration and ends with the last.
    """
    return Element(
        name, spec.design.epoch, start, end, "derived", short, "stated_element", basis=basis
    )


def _conditioning(arm: int, facts: Facts, spec: Spec) -> Iterator[Element]:
    seen: set[str] = set()
    for fact in facts["regimen.conditioning"]:
        if fact.item != arm or fact.value in seen:
            continue
        seen.add(fact.value)
        word = re.search(spec.phrases.conditioning, fact.value, re.IGNORECASE)
        name = fact.value[:1].upper() + fact.value[1:]
        start = spec.design.start.format(treatment=fact.value)
        end = spec.design.end.format(treatment=fact.value)
        yield stated_element(name, word[0] if word else name, (fact,), start, end, spec)


def _treatments(arm: int, facts: Facts, spec: Spec) -> Iterator[Element]:
    given = [fact for fact in facts["arm.intervention"] if fact.item == arm]
    later = {f.about: f for f in facts["regimen.start"] if f.item == arm}
    together = [fact for fact in given if fact.value not in later]
    if together:
        yield _treatment(together, arm, facts, spec)
    for fact in given:
        if fact.value in later:
            yield _treatment([fact], arm, facts, spec)


def _untreated(arm: int, facts: Facts, spec: Spec) -> Iterator[Element]:
    given = [fact for fact in facts["arm.intervention"] if fact.item == arm]
    types = [f for f in facts["arm.type"] if f.item == arm and f.value == "NO_INTERVENTION"]
    if types and not given:
        element = assumed_element(spec.design.untreated, {})
        yield msgspec.structs.replace(element, basis=tuple(types))


def _treatment(given: list[Fact], arm: int, facts: Facts, spec: Spec) -> Element:
    names = [fact.value for fact in given]

    def said(concept: str) -> list[Fact]:
        return [f for f in facts[concept] if f.item == arm and f.about in names]

    name = " + ".join(_with_dose(fact.value, arm, facts) for fact in given)
    starts, days, counts = said("regimen.start"), said("regimen.day"), said("regimen.count")
    form = spec.design
    if starts:
        start = form.start_after.format(treatment=name, start=starts[0].value)
    elif days:
        start = form.start_day.format(treatment=name, day=days[0].value)
    else:
        start = form.start.format(treatment=name)
    single = counts and len(names) == 1
    end = (
        form.end_doses.format(treatment=name, count=counts[0].value)
        if single
        else form.end.format(treatment=name)
    )
    basis = (*given, *said("regimen.treatment"), *said("regimen.dose"), *starts, *days, *counts)
    return stated_element(name, names[0], basis, start, end, spec)


def _with_dose(name: str, arm: int, facts: Facts) -> str:
    """The name, with the words of its dose when arms are given different doses of it."""
    doses = [f for f in facts["regimen.dose"] if f.about == name]
    own = [f for f in doses if f.item == arm]
    if len({fact.value for fact in doses}) < 2 or not own:
        return name
    units = [f for f in facts["regimen.unit"] if f.about == name and f.item == arm]
    words = [fact.quote for fact in units[:1]]
    return " ".join([name, own[0].value, *words])
