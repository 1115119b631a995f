"""Words elsewhere in the record that may answer what no field states: offered, never filled in."""

import re
from collections.abc import Iterable
from functools import cache

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.transform.texts import PLACES, texts
from pipeline.values import Fact, narrowed

MOST = 8


def candidates(
    patterns: Iterable[str], facts: Facts, spec: Spec, most: int = MOST
) -> tuple[Fact, ...]:
    """Hits of the patterns in the record's prose, each different words once, at most so many."""
    found: dict[str, Fact] = {}
    said = texts(facts, spec)
    for pattern in patterns:
        search = _compiled(pattern)
        for fact in said.telling(pattern, PLACES):
            for match in search.finditer(fact.value):
                words = narrowed(fact, *match.span(), fact.concept)
                found.setdefault(words.value.casefold().strip(), words)
                if len(found) == most:
                    return tuple(found.values())
    return tuple(found.values())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
