"""What is made from a specification once and kept as long as the process runs."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pipeline.spec.model import Spec

P = ParamSpec("P")
R = TypeVar("R")


def once_per_spec(make: Callable[P, R]) -> Callable[P, R]:
    """A function of hashable arguments and, last, a specification, that is called once for each.

    The specification is kept too, so that no other one can take its place.
    """
    made: dict[tuple[Hashable, ...], tuple[Spec, R]] = {}

    @wraps(make)
    def found(*args: P.args, **kwargs: P.kwargs) -> R:
        spec: Any = args[-1]
        key = (*args[:-1], id(spec))
        if key not in made:
            made[key] = spec, make(*args, **kwargs)
        return made[key][1]

    return found
