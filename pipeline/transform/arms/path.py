"""The elements of one arm, in order: what the record says is done, and what the model needs
besides.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.crossing import is_crossover
from pipeline.transform.arms.element import (
    Element,
    assumed_element,
    named_element,
    stated_element,
    stated_length,
)
from pipeline.transform.arms.open_label import beside_open_label
from pipeline.transform.arms.staging import phases, prepared, stage_element, staged
from pipeline.transform.arms.treated import said, treatment, untreated, with_length
from pipeline.transform.rules import Facts
from pipeline.values import Fact

_LOOSE = re.compile(r",|\b(?:after|following|prior to|before)\b", re.IGNORECASE)


def arm_path(arm: Arm, tested: tuple[Fact, ...], facts: Facts, spec: Spec) -> list[Element]:
    """The elements of an arm, screening first, follow-up last; `tested` are the treatments that
    experimental arms are given, for an extension in which everyone gets them.
    """
    body = list(_body(arm, facts, spec))
    begun = {element.epoch for element in body}
    run_in = [] if "RUN-IN" in begun else list(_run_in(arm, facts, spec))
    treated = beside_open_label(body, arm, tested, facts, spec)
    return [screening(arm, facts, spec), *run_in, *treated, follow_up(arm, facts, spec)]


def screening(arm: Arm, facts: Facts, spec: Spec) -> Element:
    """The element before all others, named where the record's words speak of it."""
    words = said("period.screening", arm, facts)
    if not words:
        return assumed_element(spec.design.before, facts, spec)
    return stated_length(named_element(spec.design.before, words), words)


def follow_up(arm: Arm, facts: Facts, spec: Spec) -> Element:
    """The element after all others, named where the record's words speak of it."""
    words = said("period.follow-up", arm, facts)
    if not words:
        return assumed_element(spec.design.after, facts, spec)
    if not any(fact.about for fact in words):
        told = (replace(f, about=f.value) for f in facts["duration.follow_up"])
        return stated_length(named_element(spec.design.after, words), tuple(told))
    return stated_length(named_element(spec.design.after, words), words)


def _run_in(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    if words := said("period.run-in", arm, facts):
        stage = replace(words[0], value="run-in")
        told = said("period.run-in.given", arm, facts)[:1]
        names = {fact.value for fact in told}
        given = {fact.value: fact for fact in facts["arm.intervention"] if fact.value in names}
        element = named_element(spec.design.run_in, words)
        if given:
            element = stage_element(stage, list(given.values()), arm, set(), facts, spec)
            element = replace(element, basis=(*element.basis, *told))
        yield stated_length(element, words)


def _body(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    if arm.said("arm.stage") and not arm.said("regimen.start") and not _of_few(arm, facts):
        yield from staged(arm, facts, spec)
    elif arm.given and (shared := phases(facts)):
        own = {**arm.facts, "arm.stage": shared}
        yield from staged(replace(arm, facts=own), facts, spec)
    elif (split := prepared(arm, facts)) and not arm.said("regimen.start"):
        yield from _prepared(*split, arm, facts, spec)
    elif not arm.given:
        yield untreated(arm, facts, spec)
    else:
        conditioned = list(_conditioning(arm, spec))
        yield from conditioned or _conditioned(arm, facts, spec)
        yield from _treatments(arm, facts, spec)


def _of_few(arm: Arm, facts: Facts) -> bool:
    """Whether words put some treatments in an order, by their names alone, and do not name most."""
    named = {fact.value for fact in arm.said("arm.stage.treatment")}
    plain = all(fact.value == "treatment" for fact in arm.said("arm.stage"))
    left = sum(fact.value not in named for fact in arm.given)
    return plain and left > len(named) and not is_crossover(facts)


def _prepared(
    first: list[Fact], rest: list[Fact], words: Fact, arm: Arm, facts: Facts, spec: Spec
) -> Iterator[Element]:
    stage = replace(words, value="conditioning")
    yield stage_element(stage, first, arm, set(), facts, spec)
    yield treatment(rest, arm, spec)


def _conditioning(arm: Arm, spec: Spec) -> Iterator[Element]:
    for fact in {fact.value: fact for fact in reversed(arm.said("regimen.conditioning"))}.values():
        word = re.search(spec.phrases.conditioning, fact.value, re.IGNORECASE)
        told = word[0] if word and _LOOSE.search(fact.value) else fact.value
        name = told[:1].upper() + told[1:]
        start = spec.design.start.format(treatment=told)
        end = spec.design.end.format(treatment=told)
        short = word[0] if word else name
        yield stated_element(name, short, (fact,), start, end, spec.design.epoch)


def _conditioned(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    """What the words say comes before an infusion of cells, where the arm lists only the cells."""
    words = said("period.conditioning", arm, facts)
    if not words:
        words = _of_alike(arm, facts)
    if words and any(re.search(spec.design.infused, one.value.lower()) for one in arm.given):
        stage = replace(words[0], value="conditioning")
        yield stage_element(stage, [], arm, set(), facts, spec)


def _of_alike(arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """What another arm that is given the same treatments says of conditioning, where an arm has no
    words of its own.
    """
    if arm.said("arm.description"):
        return ()
    given: dict[int, set[str]] = defaultdict(set)
    for fact in facts["arm.intervention"]:
        given[fact.item].add(fact.value)
    own = given[arm.label.item]
    return tuple(f for f in facts["period.conditioning"] if given.get(f.item) == own)


def _treatments(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    later = {fact.about for fact in arm.said("regimen.start")}
    together = [fact for fact in arm.given if fact.value not in later]
    parts = [together] if together else []
    parts += [[fact] for fact in arm.given if fact.value in later]
    for part in parts:
        element = treatment(part, arm, spec)
        yield with_length(element, arm, facts) if len(parts) == 1 else element
