"""What several rules ask of the same study is found once."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts

R = TypeVar("R")


def once_per_study(find: Callable[[Facts, Spec], R]) -> Callable[[Facts, Spec], R]:
    """A function of a study's facts that keeps its answer until it is asked of other facts."""
    last: list[tuple[Facts, Spec, R]] = []

    @wraps(find)
    def found(facts: Facts, spec: Spec) -> R:
        for known, by, answer in last:
            if known is facts and by is spec:
                return answer
        answer = find(facts, spec)
        last[:] = [(facts, spec, answer)]
        return answer

    return found
