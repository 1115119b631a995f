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
    r"\bprimary (?:objective|aim|goal|purpose)\b[^.]{0,120}?(?:\b(?:is|was|are|were|will be)\b|:)",
    re.IGNORECASE,
)


def read_narrative(facts: Iterable[Fact], spec: Spec) -> tuple[list[Fact], list[Issue]]:  # noqa: ARG001
    """The sentences that name the primary objective, verbatim."""
    found = []
    for fact in facts:
        if fact.concept not in PROSE:
            continue
        for start, end in sentences(fact.value):
            if _OBJECTIVE.search(fact.value, start, end):
                found.append(narrowed(fact, start, end, "objective.primary"))
    return found, []
