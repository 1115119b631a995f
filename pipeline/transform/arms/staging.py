"""The stages that an arm's words put in order, with what is given in each."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec

from pipeline.spec.model import Spec
from pipeline.spec.wording import ElementScheme
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.element import (
    EVERYONE,
    Element,
    named_element,
    shown,
    stated_element,
    stated_length,
)
from pipeline.transform.arms.treated import lasting, untreated
from pipeline.transform.rules import Facts
from pipeline.values import Fact, Span

_PHASES = ("induction", "intensification", "consolidation", "extension", "build-up", "maintenance",
           "primary", "boost", "neoadjuvant", "adjuvant", "initial", "continuation")  # fmt: skip
"""Stages of what the arm is given, where their words name no treatment."""
_BARE = ("washout", "run-in", "conditioning", "surgery", "transplant", "standard", "placebo")
"""Stages to which no treatment is given that their words do not name."""
_KINDS = ("surgery", "transplant", "radiotherapy", "chemotherapy")
"""Stages that a treatment's own name tells."""


def staged(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    """The stages that the arm's words put in order; a treatment that none of them names is given
    in the one that names none, else in the first.
    """
    stages = [one for one in arm.said("arm.stage") if one.value != "follow-up"]
    named: dict[str, list[str]] = {stage.about: [] for stage in stages}
    treatments = {fact.value for fact in arm.given}
    assessed = {fact.value for fact in arm.said("arm.intervention")} - treatments
    spoken = arm.said("arm.stage.treatment")
    for fact in spoken:
        if fact.value not in assessed:
            named.get(fact.about, []).append(fact.value)
    bare = {fact.about for fact in spoken if fact.value in assessed and not named[fact.about]}
    stages = [one for one in stages if one.value != "treatment" or one.about not in bare]
    ready = prepared(arm, facts)
    for stage in stages:
        if stage.value == "conditioning" and not named[stage.about] and ready:
            elsewhere = {name for names in named.values() for name in names}
            own = (fact.value for fact in ready[0])
            named[stage.about] += [name for name in own if name not in elsewhere]
    for name, number in _by_kind(arm, stages, named, spec):
        named[number].append(name)
    known = {name for names in named.values() for name in names}
    left = [fact.value for fact in arm.given if fact.value not in known]
    main = [one for one in stages if one.value not in _BARE]
    open_ones = [one for one in main if not named[one.about]] or main
    if left and open_ones:
        named[open_ones[0].about] += left
    for one in main:
        if one.value in _PHASES:
            named[one.about] = named[one.about] or [fact.value for fact in arm.given]
    everything = {fact.value: fact for fact in (*facts["arm.intervention"], *arm.given)}
    lengths = {fact.about: fact for fact in arm.said("arm.stage.duration")}
    kinds: set[str] = set()
    again = Counter(name for names in named.values() for name in set(names))
    for stage in stages:
        given = [everything[name] for name in dict.fromkeys(named[stage.about])
                 if name in everything]  # fmt: skip
        element = stage_element(stage, given, arm, kinds, facts, spec)
        if len(given) == 1 and again[given[0].value] == 1:
            element = stated_length(element, _told_of(given[0].value, arm, facts))
        if length := lengths.get(stage.about):
            words = msgspec.structs.replace(length, about=length.value)
            element = stated_length(element, (words,))
        kinds.add(stage.value)
        yield element


def _told_of(name: str, arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """The duration that the narrative states of one treatment alone of several in order."""
    if any(fact.value == "CROSSOVER" for fact in facts["design.model"]):
        return ()
    lists = (*facts["intervention.description"], *facts["arm.description"])
    elsewhere = {fact.span.path for fact in lists}
    about: dict[Span, set[str]] = defaultdict(set)
    for fact in facts["duration.treatment"]:
        about[fact.span].add(fact.about)
    return tuple(
        fact for fact in lasting([name], arm, facts)
        if about[fact.span] == {name} and fact.span.path not in elsewhere
    )  # fmt: skip


def _by_kind(
    arm: Arm, stages: list[Fact], named: dict[str, list[str]], spec: Spec
) -> list[tuple[str, str]]:
    """Treatments that no stage names and whose own names say of which kind they are (`Surgery`),
    with the number of the only stage of that kind.
    """
    known = {name for names in named.values() for name in names}
    found = []
    for name in dict.fromkeys(fact.value for fact in arm.given if fact.value not in known):
        fits = [
            stage.about
            for stage in stages
            if stage.value in _KINDS
            and re.search(spec.design.stages[stage.value].words, name.lower())
        ]  # fmt: skip
        found += [(name, fits[0])] if len(fits) == 1 else []
    return found


def stage_element(
    stage: Fact, given: list[Fact], arm: Arm, before: set[str], facts: Facts, spec: Spec
) -> Element:
    """The element of a stage: called by its kind, where it has one, and what is given in it."""
    if stage.value == "treatment":
        made = _plain(given, spec) if given else untreated(arm, facts, spec)
        return msgspec.structs.replace(made, basis=(*made.basis, stage), how="derived")
    scheme = spec.design.stages[stage.value]
    told = " + ".join(fact.value for fact in given)
    told = "" if told.lower() == scheme.element.lower() else told
    if not told and (period := _period(stage.value, spec)):
        return named_element(period, (stage,))
    epoch = spec.design.epoch if before & set(scheme.plain_after) else scheme.epoch
    names = tuple(fact.value for fact in given)
    name = f"{scheme.element}: {told}" if told else scheme.element
    plain = shown(spec, stage.value)
    start = spec.design.start.format(treatment=name) if told else plain.testrl
    end = spec.design.end.format(treatment=name) if told else plain.teenrl
    return stated_element(name, scheme.etcd, (*given, stage), start, end, epoch, names)


def _period(kind: str, spec: Spec) -> ElementScheme | None:
    """The scheme of a period that stands between treatments, and in which none is given."""
    design = spec.design
    known = {"washout": design.washout, "run-in": design.run_in, "extension": design.extension}
    return known.get(kind)


def _plain(given: list[Fact], spec: Spec) -> Element:
    """A treatment in its turn: when it begins and ends follows from the stages beside it."""
    names = tuple(fact.value for fact in given)
    name = " + ".join(names)
    start, end = (form.format(treatment=name) for form in (spec.design.start, spec.design.end))
    return stated_element(name, names[0], tuple(given), start, end, spec.design.epoch, names)


def phases(facts: Facts) -> tuple[Fact, ...]:
    """The phases that the narrative names for all arms."""
    return tuple(fact for fact in facts["arm.stage"] if fact.item == EVERYONE)


def prepared(arm: Arm, facts: Facts) -> tuple[list[Fact], list[Fact], Fact] | None:
    """What an arm is given to prepare for its treatment, the treatment, and the words for it."""
    names = {fact.item: fact.value for fact in facts["intervention.name"]}
    given = {fact.value for fact in arm.given}
    told = [(names.get(fact.item, ""), fact) for fact in facts["intervention.preparing"]]
    told = [(name, fact) for name, fact in told if name in given]
    first = {name for name, fact in told if fact.about == "itself"}
    first -= {name for name, fact in told if fact.about == "before"}
    rest = [fact for fact in arm.given if fact.value not in first]
    if not told or not rest:
        return None
    return [fact for fact in arm.given if fact.value in first], rest, told[0][1]
