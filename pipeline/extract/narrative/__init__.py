"""What prose states outright about the whole study: its objectives, how participants are
allotted, and when it stops.
"""

from pipeline.extract.concepts import Concepts, named
from pipeline.extract.narrative.allocation import factors, ratios
from pipeline.extract.narrative.diagnosis import diagnostic_criteria
from pipeline.extract.narrative.equal_parts import equal_parts
from pipeline.extract.narrative.objectives import objectives
from pipeline.extract.narrative.stopping import stopping_rules
from pipeline.spec.model import Spec
from pipeline.values import Fact, Issue

PROSE = (
    "text.summary",
    "text.description",
    "design.model.description",
    "design.masking.description",
)
_MEASURES = ("outcome.primary", "outcome.secondary")
_GIVEN = ("arm.label", "arm.description", "intervention.description")
_RANKED = ("objective.primary", "objective.secondary")
_ENTRY = ("criterion.inclusion",)


def read_narrative(facts: Concepts, spec: Spec) -> tuple[list[Fact], list[Issue]]:  # noqa: ARG001
    """Facts of the sentences that state something of the whole study, verbatim."""
    found: list[Fact] = []
    for fact in named(facts, *PROSE):
        low = fact.value.lower()
        found.extend(objectives(fact, low))
        found.extend(ratios(fact, low))
        found.extend(equal_parts(fact, low))
        found.extend(factors(fact, low))
        found.extend(stopping_rules(fact, low))
    for fact in named(facts, *_MEASURES):
        if " objective" in (low := fact.value.lower()):
            found.extend(one for one in objectives(fact, low) if one.concept in _RANKED)
    for fact in named(facts, *_GIVEN):
        found.extend(ratios(fact, fact.value.lower()))
    diseases = " ".join(fact.value for fact in named(facts, "condition.name"))
    for fact in named(facts, *_ENTRY):
        found.extend(diagnostic_criteria(fact, fact.value.lower(), diseases))
    return found, []
