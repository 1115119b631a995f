"""Words elsewhere in the record that may answer what no field states: offered, never filled in."""

import re
from collections.abc import Iterable

from pipeline.transform.rules import Facts
from pipeline.values import Fact, narrowed

PLACES = (
    "title.official", "title.brief", "text.summary", "text.description", "design.model.description",
    "arm.label", "arm.description", "intervention.description", "criterion.inclusion",
)  # fmt: skip
MOST = 8


def candidates(patterns: Iterable[str], facts: Facts) -> tuple[Fact, ...]:
    """Hits of the patterns in the record's prose, each different words once, at most eight."""
    found: dict[str, Fact] = {}
    for pattern in patterns:
        search = re.compile(pattern)
        for concept in PLACES:
            for fact in facts[concept]:
                for match in search.finditer(fact.value):
                    words = narrowed(fact, *match.span(), concept)
                    found.setdefault(words.value.casefold().strip(), words)
                    if len(found) == MOST:
                        return tuple(found.values())
    return tuple(found.values())
