"""The elements of one arm, in order: what the record says is done, and what the model needs
besides.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.element import (
    EVERYONE,
    Element,
    assumed_element,
    named_element,
    shown,
    stated_element,
    stated_length,
)
from pipeline.transform.rules import Facts
from pipeline.values import Fact

_PHASES = ("induction", "intensification", "consolidation", "extension", "build-up", "maintenance",
           "primary", "boost", "neoadjuvant", "adjuvant")  # fmt: skip
"""Stages of what the arm is given, where their words name no treatment."""
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_LONGEST_DOSE = 40
_OPEN_LABEL = re.compile(r"open[- ]label \w*\s?extension", re.IGNORECASE)
_LOOSE = re.compile(r",|\b(?:after|following|prior to|before)\b", re.IGNORECASE)
_WHOLE = re.compile(r"treatment|intervention|period", re.IGNORECASE)
_BARE = ("washout", "run-in", "conditioning", "surgery", "transplant", "standard", "placebo")
"""Stages to which no treatment is given that their words do not name."""


def arm_path(arm: Arm, tested: tuple[Fact, ...], facts: Facts, spec: Spec) -> list[Element]:
    """The elements of an arm, screening first, follow-up last; `tested` are the treatments that
    experimental arms are given, for an extension in which everyone gets them.
    """
    body = list(_body(arm, facts, spec))
    begun = {element.epoch for element in body}
    run_in = [] if "RUN-IN" in begun else list(_run_in(arm, facts, spec))
    extension = list(_extension(arm, tested, facts, spec)) if len(begun) == 1 else []
    if extension and facts["design.masking"] and facts["design.masking"][0].value != "NONE":
        body = [_in_epoch(element, spec.design.blinded, spec) for element in body]
    return [screening(arm, facts, spec), *run_in, *body, *extension, follow_up(arm, facts, spec)]


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
    return stated_length(named_element(spec.design.after, words), words)


def said(concept: str, arm: Arm, facts: Facts) -> tuple[Fact, ...]:
    """What an arm's own words say of a period, else what is said of the whole study."""
    own = arm.said(concept)
    study = tuple(fact for fact in facts[concept] if fact.item == EVERYONE)
    if any(fact.about for fact in own):
        return own
    return (*study, *own) if any(fact.about for fact in study) else (*own, *study)


def _run_in(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    if words := said("period.run-in", arm, facts):
        yield stated_length(named_element(spec.design.run_in, words), words)


def _extension(arm: Arm, tested: tuple[Fact, ...], facts: Facts, spec: Spec) -> Iterator[Element]:
    words = said("period.extension", arm, facts)
    masked = any(fact.value != "NONE" for fact in facts["design.masking"])
    words = tuple(f for f in words if masked or _OPEN_LABEL.search(f.value))
    if words:
        element = named_element(spec.design.extension, words)
        names = tuple(fact.value for fact in tested)
        element = msgspec.structs.replace(element, basis=(*words[:1], *tested), names=names)
        yield stated_length(element, words)


def _in_epoch(element: Element, epoch: str, spec: Spec) -> Element:
    if element.epoch != spec.design.epoch:
        return element
    return msgspec.structs.replace(element, epoch=epoch)


def _body(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    if arm.said("arm.stage") and not arm.said("regimen.start"):
        yield from staged(arm, facts, spec)
    elif arm.given and (shared := phases(facts)):
        own = {**arm.facts, "arm.stage": shared}
        yield from staged(msgspec.structs.replace(arm, facts=own), facts, spec)
    elif (split := prepared(arm, facts)) and not arm.said("regimen.start"):
        yield from _prepared(*split, arm, facts, spec)
    elif not arm.given:
        yield _untreated(arm, facts, spec)
    else:
        yield from _conditioning(arm, spec)
        yield from _treatments(arm, facts, spec)


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


def _prepared(
    first: list[Fact], rest: list[Fact], words: Fact, arm: Arm, facts: Facts, spec: Spec
) -> Iterator[Element]:
    stage = msgspec.structs.replace(words, value="conditioning")
    yield _stage(stage, first, arm, set(), facts, spec)
    yield _treatment(rest, arm, spec)


def staged(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    """The stages that the arm's words put in order; a treatment that none of them names is given
    in the one that names none, else in the first.
    """
    stages = [one for one in arm.said("arm.stage") if one.value != "follow-up"]
    named: dict[str, list[str]] = {stage.about: [] for stage in stages}
    for fact in arm.said("arm.stage.treatment"):
        named.get(fact.about, []).append(fact.value)
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
    for stage in stages:
        given = [everything[name] for name in dict.fromkeys(named[stage.about])
                 if name in everything]  # fmt: skip
        element = _stage(stage, given, arm, kinds, facts, spec)
        if length := lengths.get(stage.about):
            element = msgspec.structs.replace(element, duration=length.value, lengths=(length,))
        kinds.add(stage.value)
        yield element


def _stage(
    stage: Fact, given: list[Fact], arm: Arm, before: set[str], facts: Facts, spec: Spec
) -> Element:
    if stage.value == "treatment":
        made = _plain(given, spec) if given else _untreated(arm, facts, spec)
        return msgspec.structs.replace(made, basis=(*made.basis, stage), how="derived")
    scheme = spec.design.stages[stage.value]
    epoch = spec.design.epoch if before & set(scheme.plain_after) else scheme.epoch
    names = tuple(fact.value for fact in given)
    name = f"{scheme.element}: {' + '.join(names)}" if names else scheme.element
    plain = shown(spec, stage.value)
    start = spec.design.start.format(treatment=name) if names else plain.testrl
    end = spec.design.end.format(treatment=name) if names else plain.teenrl
    return stated_element(name, scheme.etcd, (*given, stage), start, end, epoch, names)


def _plain(given: list[Fact], spec: Spec) -> Element:
    """A treatment in its turn: when it begins and ends follows from the stages beside it."""
    names = tuple(fact.value for fact in given)
    name = " + ".join(names)
    start, end = (form.format(treatment=name) for form in (spec.design.start, spec.design.end))
    return stated_element(name, names[0], tuple(given), start, end, spec.design.epoch, names)


def _untreated(arm: Arm, facts: Facts, spec: Spec) -> Element:
    if arm.hidden:
        name = spec.design.hidden_placebo
        start = spec.design.start.format(treatment=name)
        end = spec.design.end.format(treatment=name)
        made = stated_element(name, name, (arm.label,), start, end, spec.design.epoch)
        return _with_length(made, arm, facts)
    kinds = {fact.value for fact in arm.said("arm.type")}
    if not kinds or "NO_INTERVENTION" in kinds:
        scheme = spec.design.untreated if kinds else spec.design.unlisted
        element = assumed_element(scheme, facts, spec)
        return msgspec.structs.replace(element, basis=arm.said("arm.type") or (arm.label,))
    named = named_element(spec.design.unlisted, (arm.label,))
    return msgspec.structs.replace(named, name=arm.label.value)


def _conditioning(arm: Arm, spec: Spec) -> Iterator[Element]:
    for fact in {fact.value: fact for fact in reversed(arm.said("regimen.conditioning"))}.values():
        word = re.search(spec.phrases.conditioning, fact.value, re.IGNORECASE)
        told = word[0] if word and _LOOSE.search(fact.value) else fact.value
        name = told[:1].upper() + told[1:]
        start = spec.design.start.format(treatment=told)
        end = spec.design.end.format(treatment=told)
        short = word[0] if word else name
        yield stated_element(name, short, (fact,), start, end, spec.design.epoch)


def _treatments(arm: Arm, facts: Facts, spec: Spec) -> Iterator[Element]:
    later = {fact.about for fact in arm.said("regimen.start")}
    together = [fact for fact in arm.given if fact.value not in later]
    parts = [together] if together else []
    parts += [[fact] for fact in arm.given if fact.value in later]
    for part in parts:
        element = _treatment(part, arm, spec)
        yield _with_length(element, arm, facts) if len(parts) == 1 else element


def _with_length(element: Element, arm: Arm, facts: Facts) -> Element:
    words = said("period.treatment", arm, facts)
    if len(arm.given) > 1:
        words = tuple(f for f in words if f.item != EVERYONE or _WHOLE.search(f.value))
    return stated_length(element, words)


def _treatment(given: list[Fact], arm: Arm, spec: Spec) -> Element:
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
    """The name, with the words of its dose when arms are given different doses of it."""
    doses = _about(arm.said("regimen.dose"), name)
    if not doses or name not in arm.varied:
        return name
    units = _about(arm.said("regimen.unit"), name)
    first, unit = doses[0], units[0] if units else doses[0]
    for sentence in _about(arm.said("regimen.treatment"), name):
        start, end = (at - sentence.span.start for at in (first.span.start, unit.span.end))
        if sentence.span.path == first.span.path and 0 <= start < end <= len(sentence.quote):
            words = " ".join(_ESCAPE.sub("", sentence.quote[start:end]).split())
            if len(words) <= _LONGEST_DOSE:
                return f"{name} {words}"
    return " ".join(dict.fromkeys([name, first.value, unit.value]))


def _about(facts: Iterable[Fact], name: str) -> list[Fact]:
    return [fact for fact in facts if fact.about == name]
