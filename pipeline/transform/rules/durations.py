"""How long: a participant's part in the trial, the treatment, the follow-up, the whole trial."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.formats import in_least_unit, same_length
from pipeline.spec.model import Spec
from pipeline.transform.arms.element import EVERYONE
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.transform.treating import treating_lengths
from pipeline.values import Cell, Fact, Issue, absent

_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_PLACEBO = re.compile(r"placebo|sham", re.IGNORECASE)
_STAGE = re.compile(r"\b(stage|period|phase|step)s? (?:\d|[a-d]\b|i)", re.IGNORECASE)
"""An arm of one stage, after which its participants go on in another."""
_TARGET = re.compile(r"(\d+) (year|month|week|day)s?", re.IGNORECASE)


def participation_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The planned length of the trial for one participant that the words state, as an ISO 8601
    duration; none where they state several.
    """
    yield from _only(facts["duration.participation"])


def treatment_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The planned duration of treatment that the words state of each investigated treatment, as an
    ISO 8601 duration, else the length of the one element in which each arm is given them; none
    where the words state several, or leave it open whether it is the whole.
    """
    said = facts["duration.treatment"] or facts["duration.limit"]
    unsure = (*facts["duration.limit"], *facts["duration.open"])
    if any(_of_a_stage(label.value, facts) for label in facts["arm.label"]):
        return
    if not said and not unsure:
        said = tuple(map(_as_length, treating_lengths(facts, spec)))
    elif said:
        names = (f.value for f in facts["intervention.name"] if not _PLACEBO.search(f.value))
        tested = {name.casefold() for name in list(roles(facts, spec).tested) or names}
        about = {fact.about.casefold() for fact in said}
        if tested and about != {""}:
            said = tuple(f for f in said if not f.about or f.about.casefold() in tested)
            unsure = tuple(f for f in unsure if not f.about or f.about.casefold() in tested)
        if tested and "" not in about and not tested <= about:
            return
        if any(not any(_alike(one.value, f.value) for f in said) for one in unsure):
            return
    found = list(_only(said))
    yield from found or (_by_arm(facts, spec) if said else ())


def _by_arm(facts: Facts, spec: Spec) -> Iterator[Cell]:
    """The lengths of arms that are treated for different times, each once."""
    lengths: dict[str, list[Fact]] = {}
    for fact in treating_lengths(facts, spec):
        lengths.setdefault(fact.about, []).append(fact)
    for value, words in lengths.items():
        yield Cell(value, "normalised", tuple(map(_as_length, words)))


def _of_a_stage(label: str, facts: Facts) -> bool:
    """Whether an arm is named by its stage; participants of a trial of several phases are in one
    of them.
    """
    stage = _STAGE.search(label)
    return bool(stage and (stage[1].lower() != "phase" or len(facts["design.phase"]) < 2))


def target_follow_up(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The target duration of follow-up of a registry's field, else the planned follow-up of a
    participant that the words state, else the stated length of the element of follow-up that all
    arms share, as an ISO 8601 duration; none where they state several.
    """
    for fact in facts["design.target_duration"]:
        found = _TARGET.fullmatch(fact.value.strip())
        if found:
            value = f"P{int(found[1])}{_UNITS[found[2].lower()]}"
            yield Cell(value, "normalised", (fact,))
        else:
            yield absent("not stated", fact)
    if not facts["design.target_duration"]:
        yield from _only(facts["duration.follow_up"] or _of_all_arms(facts))


def _of_all_arms(facts: Facts) -> tuple[Fact, ...]:
    """The words for how long the participants of each arm are followed."""
    told = tuple(fact for fact in facts["period.follow-up"] if fact.about)
    arms = {fact.item for fact in facts["arm.label"] or facts["arm.described"]}
    items = {fact.item for fact in told}
    return tuple(map(_as_length, told)) if EVERYONE in items or arms == items else ()


def _as_length(fact: Fact) -> Fact:
    """A fact that has its length beside it, as one that says it."""
    return replace(fact, value=fact.about, about="")


def planned_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The planned duration of the whole trial as one ISO 8601 duration of the years, months and
    days that the record gives, zeros left out; else the one that the words state.
    """
    parts, basis = "", []
    for fact in facts["design.duration"]:
        number, _, unit = fact.value.partition(" ")
        letter = _UNITS.get(unit.lower().removesuffix("s"), "")
        if number.isdecimal() and int(number) and letter:
            parts += f"{int(number)}{letter}"
            basis.append(fact)
    if parts:
        yield Cell(f"P{parts}", "normalised", tuple(basis))
    elif facts["duration.trial"]:
        yield from _only(facts["duration.trial"])
    else:
        yield absent("not stated")


def _alike(one: str, other: str) -> bool:
    return bool(one) and same_length(one, other)


def _only(said: tuple[Fact, ...]) -> Iterator[Cell]:
    """The duration that all words agree on, in the units of the first."""
    if len({in_least_unit(fact.value) for fact in said}) == 1:
        yield Cell(said[0].value, "normalised", said)
