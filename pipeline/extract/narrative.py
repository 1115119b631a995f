"""What prose states outright about the whole study."""

import re
from collections.abc import Iterable

from pipeline.extract.sentences import sentences
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue, narrowed

PROSE = (
    "text.summary",
    "text.description",
    "design.model.description",
    "design.masking.description",
)
_OBJECTIVE = re.compile(
    r"\bprimary (?:objective|aim|goal|purpose)\b[^.]{0,120}?(?:\b(?:is|was|are|were|will be)\b|:)"
    r"\s*(?P<objective>\w.*)",
    re.IGNORECASE,
)


def read_narrative(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:  # noqa: ARG001
    """What sentences that name the primary objective say it is, verbatim."""
    found = []
    for fact in facts:
        if fact.concept not in PROSE or "primary" not in fact.value.lower():
            continue
        for start, end in sentences(fact.value):
            if match := _OBJECTIVE.search(fact.value, start, end):
                low, high = match.span("objective")
                high -= fact.value[low:high].endswith(".")
                found.append(narrowed(fact, low, high, "objective.primary"))
    return found, []
