"""How long: a participant's part in the trial, the treatment, the follow-up, the whole trial."""

import re
from collections.abc import Iterator

from pipeline.formats import in_least_unit, same_length
from pipeline.spec.model import Spec
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent

_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_PLACEBO = re.compile(r"placebo|sham", re.IGNORECASE)
_TARGET = re.compile(r"(\d+) (year|month|week|day)s?", re.IGNORECASE)


def participation_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The planned length of the trial for one participant that the words state, as an ISO 8601
    duration; none where they state several.
    """
    yield from _only(facts["duration.participation"])


def treatment_duration(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The planned duration of treatment that the words state of each investigated treatment, as an
    ISO 8601 duration; none where they state several, or leave it open whether it is the whole.
    """
    said, unsure = facts["duration.treatment"], facts["duration.open"]
    if said:
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
    yield from _only(said)


def target_follow_up(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The target duration of follow-up of a registry's field, else the planned follow-up of a
    participant that the words state, as an ISO 8601 duration; none where they state several.
    """
    for fact in facts["design.target_duration"]:
        found = _TARGET.fullmatch(fact.value.strip())
        if found:
            value = f"P{int(found[1])}{_UNITS[found[2].lower()]}"
            yield Cell(value, "normalised", (fact,))
        else:
            yield absent("not stated", fact)
    if not facts["design.target_duration"]:
        yield from _only(facts["duration.follow_up"])


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
