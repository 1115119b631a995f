"""Elements of treatments, or of none, with the doses and the length that the words give."""

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.element import (
    EVERYONE,
    Element,
    assumed_element,
    named_element,
    stated_element,
    stated_length,
)
from pipeline.transform.rules import Facts
from pipeline.values import Fact

_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_LONGEST_DOSE = 40
_PERIOD = re.compile(r"\b(?:treatment|intervention|study) (?:period|phase)", re.IGNORECASE)
"""What all arms go through, also those without treatment."""
_WHOLE = re.compile(r"treatment|intervention|period", re.IGNORECASE)


def said(concept: str, arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """What an arm's own words say of a period, else what is said of the whole study."""
    own = arm.said(concept)
    study = tuple(fact for fact in facts[concept] if fact.item == EVERYONE)
    if any(fact.about for fact in own):
        return own
    return (*study, *own) if any(fact.about for fact in study) else (*own, *study)


def untreated(arm: Arm, facts: Facts, spec: Spec) -> Element:
    """The element of an arm of which no treatment is listed."""
    if arm.hidden:
        name = spec.design.hidden_placebo
        start = spec.design.start.format(treatment=name)
        end = spec.design.end.format(treatment=name)
        made = stated_element(name, name, (arm.label,), start, end, spec.design.epoch)
        return with_length(made, arm, facts)
    kinds = {fact.value for fact in arm.said("arm.type")}
    if not kinds or "NO_INTERVENTION" in kinds:
        scheme = spec.design.untreated if kinds else spec.design.unlisted
        element = assumed_element(scheme, facts, spec)
        element = msgspec.structs.replace(element, basis=arm.said("arm.type") or (arm.label,))
        study = (one for one in facts["period.treatment"] if one.item == EVERYONE)
        words = tuple(fact for fact in study if _PERIOD.search(fact.value))
        return stated_length(element, arm.said("period.treatment") or words)
    named = named_element(spec.design.unlisted, (arm.label,))
    return msgspec.structs.replace(named, name=arm.label.value)


def with_length(element: Element, arm: Arm, facts: Facts) -> Element:
    """An element with how long the words say that treatment lasts; of several treatments only
    words on the whole study's treatment period count.
    """
    words = said("period.treatment", arm, facts) or _given(arm, facts)
    if len(arm.tried) > 1:
        words = tuple(f for f in words if f.item != EVERYONE or _WHOLE.search(f.value))
    own = any(fact.about for fact in arm.said("period.treatment"))
    told = lasting([fact.value for fact in arm.tried], arm, facts)
    return stated_length(element, words if own else told or words)


def lasting(given: Iterable[str], arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """The stated durations of some of an arm's treatments (those of PTRTDUR), where each of them
    has one or the words speak of treatment in general; what another arm's description states is
    not meant, nor that of an intervention which shares its name.
    """
    own = {fact.span.path for fact in arm.said("arm.description")}
    names = [fact.value for fact in facts["intervention.name"]]
    again = {fact.item for fact in facts["intervention.name"] if names.count(fact.value) > 1}
    others = {fact.span.path for fact in facts["arm.description"]} - own
    others |= {fact.span.path for fact in facts["intervention.description"] if fact.item in again}
    stated = facts["duration.treatment"] or facts["duration.limit"]
    told = [fact for fact in stated if fact.span.path not in others]
    wanted, about = set(given), {fact.about for fact in told}
    if not wanted or ("" not in about and not wanted <= about):
        return ()
    return tuple(
        replace(fact, about=fact.value) for fact in told if fact.about in wanted or not fact.about
    )


def _given(arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """What the descriptions of an arm's treatments say of how long each is given; nothing where
    one of them says nothing.
    """
    items = {fact.value: fact.item for fact in facts["intervention.name"]}
    told = {fact.item: fact for fact in facts["period.given"] if fact.about}
    words = [told.get(items.get(fact.value, EVERYONE)) for fact in arm.tried]
    return tuple(fact for fact in words if fact) if all(words) else ()


def treatment(given: list[Fact], arm: Arm, spec: Spec) -> Element:
    """Treatments that are given together, with doses where arms differ by them."""
    names = tuple(fact.value for fact in given)

    def about(concept: str) -> list[Fact]:
        return [fact for fact in arm.said(concept) if fact.about in names]

    name = " + ".join(_with_dose(fact.value, arm) for fact in given)
    starts, days, counts = (about(f"regimen.{one}") for one in ("start", "day", "count"))
    form, until = spec.design, arm.said("arm.until")
    if starts:
        start = form.start_after.format(treatment=name, start=starts[0].value)
    elif days:
        start = form.start_day.format(treatment=name, day=days[0].value)
    else:
        start = form.start.format(treatment=name)
    if counts and len(names) == 1:
        end = form.end_doses.format(treatment=name, count=counts[0].value)
    elif until:
        end = form.end_until.format(treatment=name, until=until[0].value)
    else:
        end = form.end.format(treatment=name)
    words = (*about("regimen.treatment"), *about("regimen.dose"), *starts, *days, *counts)
    basis = (*given, *words, *until[:1])
    return stated_element(name, names[0], basis, start, end, form.epoch, names)


def _with_dose(name: str, arm: Arm) -> str:
    """The name, with the words of its dose when arms are given different doses of it; none where
    the dose of the arm itself changes.
    """
    doses = _about(arm.said("regimen.dose"), name)
    if name not in arm.varied or len({dose.value for dose in doses}) != 1:
        return name
    units = _about(arm.said("regimen.unit"), name)
    first, unit = doses[0], units[0] if units else doses[0]
    if f"{first.quote.strip()} {unit.quote.strip()}" in name:
        return name
    for sentence in _about(arm.said("regimen.treatment"), name):
        start, end = (at - sentence.span.start for at in (first.span.start, unit.span.end))
        if sentence.span.path == first.span.path and 0 <= start < end <= len(sentence.quote):
            words = " ".join(_ESCAPE.sub("", sentence.quote[start:end]).split())
            if len(words) <= _LONGEST_DOSE:
                return f"{name} {words}"
    return " ".join(dict.fromkeys([name, first.quote.strip(), unit.quote.strip()]))


def _about(facts: Iterable[Fact], name: str) -> list[Fact]:
    return [fact for fact in facts if fact.about == name]
