"""Trial Visits: only what the record states as a visit; else the worklist says why."""

from pipeline.spec.model import Spec
from pipeline.transform.candidates import candidates
from pipeline.transform.rules import Facts
from pipeline.transform.visits import stated_visits
from pipeline.values import Issue, Row, Table, Task


def visits(facts: Facts, spec: Spec) -> tuple[Table, list[Task], list[Issue]]:
    """TV in order of VISITNUM, without arms: the record states one schedule for all."""
    rows: tuple[Row, ...] = tuple(stated_visits(facts))
    if rows:
        return Table("TV", rows), [], []
    why = "The record states no visit schedule, so there is no TV. Supply the planned visits."
    words = candidates((spec.phrases.visits,), facts)
    return Table("TV", ()), [Task("TV", "visits", "required", why, candidates=words)], []
