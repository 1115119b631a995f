"""How long each arm is treated with what is investigated, where its elements say so."""

from msgspec.structs import replace

from pipeline.spec.model import Spec
from pipeline.transform.arms.arm import read_arms
from pipeline.transform.arms.crossing import is_crossover
from pipeline.transform.arms.path import arm_path
from pipeline.transform.roles import roles
from pipeline.transform.rules import Facts
from pipeline.values import Fact

_ENDS = ("SCREENING", "RUN-IN", "WASHOUT", "FOLLOW-UP")
"""Epochs in which nothing is tried."""


def treating_lengths(facts: Facts, spec: Spec) -> tuple[Fact, ...]:
    """The words for the one stated length of treatment, `about` its duration in ISO 8601, of each
    arm that is given what is investigated; none where one of these arms has several treatment
    elements, or one without a length.
    """
    told = [*facts["period.treatment"], *facts["period.given"]]
    told += (*facts["duration.treatment"], *facts["duration.limit"])
    if not any(fact.about for fact in told) or is_crossover(facts):
        return ()
    tested = {name.casefold() for name in roles(facts, spec).tested}
    words: list[Fact] = []
    for arm in read_arms(facts, spec) if tested else ():
        if not tested & {fact.value.casefold() for fact in arm.given}:
            continue
        body = [one for one in arm_path(arm, (), facts, spec) if one.epoch not in _ENDS]
        if len(body) != 1 or not body[0].lengths:
            return ()
        words += (replace(one, about=body[0].duration) for one in body[0].lengths)
    return tuple(words)
