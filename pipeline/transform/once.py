"""What several rules ask of the same study, worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts

R = TypeVar("R")


def once_per_study(make: Callable[[Facts, Spec], R]) -> Callable[[Facts, Spec], R]:
    """A function of a study's facts that keeps its last answer, for as long as it is asked of the
    same study.

    The facts and the specification are kept with it, so that no others can take their place.
    """
    last: list[tuple[Facts, Spec, R]] = []

    @wraps(make)
    def found(facts: Facts, spec: Spec) -> R:
        for known, under, made in last:
            if known is facts and under is spec:
                return made
        made = make(facts, spec)
        last[:] = [(facts, spec, made)]
        return made

    return found
