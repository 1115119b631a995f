"""Earlier versions of a registry's record: they say what was, and nothing of what is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract import with_criteria
from pipeline.merge import facts_of, ranked
from pipeline.spec.model import Spec
from pipeline.transform.editions import Edition, with_editions
from pipeline.transform.rules import Facts
from pipeline.transform.rules.progress import planned_enrolment
from pipeline.transform.ti import criteria
from pipeline.values import Cell, Fact, Issue, Record, Source, Table

COUNT, KIND = "enrolment.before", "enrolment.before.type"


def parted(records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The records that speak, and the earlier versions of some of them.

    A record is an earlier version when there is one of the same format, number and part that its
    registry updated on a later day; one without a date is none.
    """
    last: dict[tuple[str, str, str], str] = defaultdict(str)
    for one in records:
        last[_same(one)] = max(last[_same(one)], one.source.version)
    earlier = [one for one in records if _dated(one) and one.source.version < last[_same(one)]]
    gone = {id(one) for one in earlier}
    return [one for one in records if id(one) not in gone], earlier


def with_planned(facts: Facts, records: Sequence[Record], spec: Spec) -> Facts:
    """The facts with the planned enrolment of the last version before that states one
    (`enrolment.before`, and what says that it was planned).
    """
    if not facts["enrolment.count"]:
        return facts
    for one in reversed(_before(facts["enrolment.count"][0].source, records, spec)):
        for cell in planned_enrolment(facts_of(one), spec):
            if isinstance(cell, Cell) and cell.value is not None:
                counts = cell.basis if cell.how == "derived" else cell.basis[:1]
                more = cell.basis[len(counts) :]
                found = dict(facts) | {COUNT: _named(COUNT, counts), KIND: _named(KIND, more)}
                return defaultdict(tuple, found)
    return facts


def with_versions(table: Table, records: Sequence[Record], spec: Spec) -> tuple[Table, list[Issue]]:
    """TI with the sets of criteria of earlier versions of the record that states the criteria."""
    source = next((fact.source for row in table.rows for fact in _basis(row["IETEST"])), None)
    if source is None:
        return table, []
    editions = list(_editions(_before(source, records, spec), spec))
    if not editions:
        return table, []
    now = next((one for one in records if one.source == source), None)
    last = Edition(source, _date(now) if now else (), table.rows)
    return with_editions([*editions, last], spec)


def _editions(versions: Sequence[Record], spec: Spec) -> Iterator[Edition]:
    for one in versions:
        known = any(fact.concept.startswith("criterion.") for fact in one.facts)
        read = one if known else with_criteria(one, spec)
        table, _, _ = criteria(facts_of(read), spec)
        if table.rows:
            yield Edition(one.source, _date(one), table.rows)


def _before(source: Source, records: Sequence[Record], spec: Spec) -> list[Record]:
    """The versions of a record before one of them, the earliest first; one a day."""
    ours = [one for one in records if one.source == source]
    part = _part(ours[0]) if ours else ""
    days: dict[str, Record] = {}
    for one in ranked(records, spec):
        said = one.source
        if (said.registry, said.id, _part(one)) != (source.registry, source.id, part):
            continue
        if _dated(one) and said.version < source.version:
            days.setdefault(said.version, one)
    return [one for _, one in sorted(days.items())]


def _dated(one: Record) -> bool:
    return bool(one.source.version and one.source.id)


def _same(one: Record) -> tuple[str, str, str]:
    return one.source.format, one.source.id, _part(one)


def _part(one: Record) -> str:
    return ",".join(fact.value for fact in one.facts if fact.concept == "record.part")


def _date(one: Record) -> tuple[Fact, ...]:
    version = one.source.version
    found = (f for f in one.facts if f.concept == "date.updated" and f.value == version)
    return tuple(found)[:1]


def _basis(cell: object) -> tuple[Fact, ...]:
    return cell.basis if isinstance(cell, Cell) else ()


def _named(concept: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(msgspec.structs.replace(fact, concept=concept) for fact in facts)
