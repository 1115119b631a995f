"""Cross-over studies whose arms are treatments: where the words say that each participant takes
both in turn, the arms are the two sequences.
"""

import msgspec

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import Arm
from pipeline.transform.arms.element import Element, named_element, stated_length
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue


class Planned(msgspec.Struct, frozen=True):
    """An arm of TA: its name, and the elements of its path."""

    name: Cell
    path: list[Element]
    basis: tuple[Fact, ...]


def sequence_arm(name: str) -> str:
    """The record lists the treatments of a cross-over as its arms and says that each participant
    takes them in turn, so the arms of the design are the sequences, named by their treatments.
    """
    return name


def is_crossover(facts: Facts) -> bool:
    """Whether the record registers a cross-over whose words do not say that it is a switch."""
    models = {fact.value for fact in facts["design.model"]}
    return "CROSSOVER" in models and not facts["design.switch"]


def narrowed_given(arms: list[Arm], facts: Facts) -> list[Arm]:
    """The two arms of a cross-over that are both listed with both treatments, each with those that
    its own label names.
    """
    crossover = any(fact.value == "CROSSOVER" for fact in facts["design.model"])
    if not crossover or len(arms) != 2 or arms[0].said("arm.stage") or arms[1].said("arm.stage"):
        return arms
    made = []
    for arm in arms:
        label = arm.label.value.lower()
        own = tuple(fact for fact in arm.given if fact.value.split()[0].lower() in label)
        made.append(msgspec.structs.replace(arm, given=own))
    return made if all(arm.given for arm in made) else arms


def crossed(planned: list[Planned], facts: Facts, spec: Spec) -> tuple[list[Planned], list[Issue]]:
    """The arms of a cross-over as sequences of periods, with a washout between where stated."""
    models = [fact for fact in facts["design.model"] if fact.value == "CROSSOVER"]
    if not models:
        return planned, []
    if switch := facts["design.switch"]:
        one = switch[0]
        detail = "It is registered as a cross-over."
        return planned, [Issue("arms.model-contradicted", detail, one.source, one.span, one.quote)]
    paths = [_treated(arm.path) for arm in planned]
    if any(len(path) > 1 for path in paths):
        return [_washed(arm, facts, spec) for arm in planned], []
    words = facts["design.in_turn"]
    if len(planned) == 2 and words and paths[0] != paths[1]:
        first, second = planned
        made = [_sequence(a, b, words, facts, spec) for a, b in ((first, second), (second, first))]
        detail = f"{made[0].name.value}; {made[1].name.value}."
        said = words[0]
        return made, [Issue("arms.sequences", detail, said.source, said.span, said.quote)]
    one = models[0]
    return planned, [Issue("arms.crossover-unclear", "", one.source, one.span, one.quote)]


def _sequence(
    first: Planned, second: Planned, words: tuple[Fact, ...], facts: Facts, spec: Spec
) -> Planned:
    names = [str(arm.name.value) for arm in (first, second)]
    name = spec.design.sequence.format(first=names[0], second=names[1])
    path = [*first.path[:-1], *_treated(second.path), first.path[-1]]
    basis = (*first.basis, *second.basis, *words[:1])
    cell = Cell(name, "derived", basis, "sequence_arm")
    return _washed(Planned(cell, path, basis), facts, spec)


def _treated(path: list[Element]) -> list[Element]:
    return [one for one in path if one.epoch.endswith("TREATMENT")]


def _washed(arm: Planned, facts: Facts, spec: Spec) -> Planned:
    """The arm with a washout between its treatment periods, where the record states one."""
    words = facts["period.washout"]
    if not words or any(one.epoch == "WASHOUT" for one in arm.path):
        return arm
    washout = stated_length(named_element(spec.design.washout, words), words)
    path: list[Element] = []
    for before, element in zip([None, *arm.path], arm.path, strict=False):
        if before and before.epoch == element.epoch == spec.design.epoch:
            path.append(washout)
        path.append(element)
    return msgspec.structs.replace(arm, path=path)
