"""The records of one trial speak as one: by precedence, families whole, numbers united."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.values import Fact, Issue, Record


def facts_of(record: Record) -> Facts:
    """One record's facts by concept."""
    return _by_concept(record.facts)


def ranked(records: Sequence[Record], spec: Spec) -> list[Record]:
    """The records in the order in which they are asked: by format, then the later version first."""
    order = {name: place for place, name in enumerate(spec.precedence.order)}
    newest = sorted(records, key=lambda r: (r.source.version, len(r.facts)), reverse=True)
    return sorted(newest, key=lambda record: order.get(record.source.format, len(order)))


def merged(records: Sequence[Record], spec: Spec) -> Facts:
    """The facts of the study: each concept from the first record that states it.

    Concepts of a family come whole from the record that states its first concept; united
    concepts come from all, each value once for each record.
    """
    if len(records) == 1:
        return facts_of(records[0])
    asked = [facts_of(record) for record in ranked(records, spec)]
    found: dict[str, tuple[Fact, ...]] = {}
    for family in spec.precedence.families:
        speaker = next((facts for facts in asked if facts[family[0]]), None)
        speaker = speaker or next((f for f in asked if any(f[concept] for concept in family)), None)
        for concept in family:
            found[concept] = speaker[concept] if speaker else ()
    for concept in {concept for facts in asked for concept in facts} - set(found):
        if concept in spec.precedence.united:
            found[concept] = tuple(fact for facts in asked for fact in facts[concept])
        else:
            found[concept] = next(facts[concept] for facts in asked if facts[concept])
    return defaultdict(tuple, found)


def superseded(records: Sequence[Record], spec: Spec) -> Iterator[Issue]:
    """Records of which a later version, or another file with more, is there too; those of other
    countries are other records.
    """
    seen: dict[tuple[str, str, str], Record] = {}
    for record in ranked(records, spec):
        part = ",".join(fact.value for fact in record.facts if fact.concept == "record.part")
        key = (record.source.format, record.source.id, part)
        if key in seen and seen[key].source.sha256 != record.source.sha256:
            detail = f"{seen[key].source.name} is asked before {record.source.name}."
            yield Issue("input.superseded", detail, record.source)
        seen.setdefault(key, record)


def _by_concept(facts: Iterable[Fact]) -> Facts:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.concept].append(fact)
    return defaultdict(tuple, {concept: tuple(facts) for concept, facts in found.items()})
