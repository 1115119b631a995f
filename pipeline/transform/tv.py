"""Trial Visits: only what the record states as a visit; else the worklist says why. What a record
says of assessments and milestones is offered there too: it never states all that TD and TM need.
"""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.transform.candidates import MOST, candidates
from pipeline.transform.rules import Facts
from pipeline.transform.visits import stated_visits
from pipeline.values import Fact, Issue, Row, Table, Task

TIMES = ("outcome.primary.time", "outcome.secondary.time")


def visits(
    facts: Facts, spec: Spec, *, offer: bool = True
) -> tuple[Table, list[Task], list[Issue]]:
    """TV in order of VISITNUM, without arms: the record states one schedule for all.

    Times of outcomes are no visits; they are offered as words that may help, where tasks are to
    offer such.
    """
    later = list(_later(facts, spec, MOST if offer else 1))
    rows: tuple[Row, ...] = tuple(stated_visits(facts))
    if rows:
        return Table("TV", rows), later, []
    why = "The record states no visit schedule, so there is no TV. Supply the planned visits."
    looked_for = candidates((spec.phrases.visits,), facts, spec) if offer else ()
    found = {fact.value: fact for fact in looked_for}
    for fact in _times(facts) if offer else ():
        found.setdefault(fact.value, fact)
    words = tuple(found.values())[:MOST]
    return Table("TV", ()), [Task("TV", "visits", "required", why, candidates=words), *later], []


def _times(facts: Facts) -> Iterator[Fact]:
    for concept in TIMES:
        yield from facts[concept]


def _later(facts: Facts, spec: Spec, most: int) -> Iterator[Task]:
    """What may belong to TD and TM: words that say how often disease is assessed, and events that
    the record's periods hang on.
    """
    if words := candidates((spec.design.assessed_every,), facts, spec, most):
        why = (
            "The record speaks of repeated disease assessments; TD needs their anchor, offset, "
            "interval and its limits, and how often they are repeated."
        )
        yield Task("TD", "assessments", "optional", why, candidates=words)
    if words := candidates((spec.design.milestones,), facts, spec, most):
        why = (
            "The record speaks of an event that periods hang on; TM needs its definition and "
            "whether it can occur more than once."
        )
        yield Task("TM", "milestones", "optional", why, candidates=words)
