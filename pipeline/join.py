"""Which records speak of the same trial, by the numbers that they state as the trial's own.

A shared registry number joins; a sponsor's number joins only with its sponsor's name and only
across registries, and short numbers never do (`1` and `302` are sponsor numbers). A link that
would bring two numbers of one registry together is ambiguous: it joins nothing and is an issue.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from pipeline.spec.model import Spec
from pipeline.values import Issue, Record

Key: TypeAlias = tuple[str, str]


def registry_ids(spec: Spec) -> tuple[str, ...]:
    """The concepts that are a registry's number for the trial, the first one naming it."""
    return spec.decisions["REGID"].from_


def join(records: Sequence[Record], spec: Spec) -> tuple[list[list[Record]], list[Issue]]:
    """The records grouped by trial, in the order of their first record, and doubtful links."""
    ids = registry_ids(spec)
    keys = [set(_keys(record, ids)) for record in records]
    owners: dict[Key, list[int]] = defaultdict(list)
    for index, own in enumerate(keys):
        for key in own:
            owners[key].append(index)
    groups = _Groups(len(records), [_own(record, ids) for record in records])
    issues: list[Issue] = []
    for key in sorted(owners, key=lambda key: (key[0] == "sponsor", key)):
        first, *others = owners[key]
        for other in others:
            if key[0] == "sponsor" and _registry(records[first]) == _registry(records[other]):
                continue
            if not groups.unite(first, other):
                named = f"{key[1]} stands in {records[first].source.name} too, another trial."
                issues.append(Issue("join.ambiguous", named, records[other].source))
    return groups.lists(records), issues


class _Groups:
    """Disjoint sets of records, each knowing the one number that every registry gave it."""

    def __init__(self, size: int, own: list[dict[str, str]]) -> None:
        self.parent = list(range(size))
        self.own = own

    def root(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def unite(self, one: int, other: int) -> bool:
        """Join two groups, unless a registry calls them by different numbers of its own."""
        one, other = self.root(one), self.root(other)
        if one == other:
            return True
        ours, theirs = self.own[one], self.own[other]
        if any(ours[name] != theirs[name] for name in ours.keys() & theirs.keys()):
            return False
        low, high = sorted((one, other))
        self.parent[high] = low
        self.own[low] = ours | theirs
        return True

    def lists(self, records: Sequence[Record]) -> list[list[Record]]:
        found: dict[int, list[Record]] = {}
        for index, record in enumerate(records):
            found.setdefault(self.root(index), []).append(record)
        return list(found.values())


def _keys(record: Record, ids: tuple[str, ...]) -> Iterator[Key]:
    numbers: dict[str, list[str]] = defaultdict(list)
    for fact in record.facts:
        if fact.concept in ids or fact.concept in ("id.sponsor", "sponsor.lead"):
            numbers[fact.concept].append(fact.value)
    for concept in ids:
        for number in numbers[concept]:
            yield concept, _plain(concept, number)
    sponsor = next(iter(numbers["sponsor.lead"]), "")
    for number in numbers["id.sponsor"]:
        if sponsor and len(number) >= 5 and re.search(r"\d{2}", number):
            yield "sponsor", f"{_name(sponsor)} {number.casefold()}"


def _own(record: Record, ids: tuple[str, ...]) -> dict[str, str]:
    """The number by which the record's own registry calls the trial."""
    source = record.source
    concept = next((f.concept for f in record.facts if f.value == source.id and source.id), "")
    return {concept: _plain(concept, source.id)} if concept in ids else {}


def _plain(concept: str, number: str) -> str:
    """A number without what differs between writings: CTIS numbers end in a version or not."""
    return number[:14] if concept == "id.ctis" else number.upper()


def _name(sponsor: str) -> str:
    return re.sub(r"\W+", " ", sponsor.casefold()).strip()


def _registry(record: Record) -> str:
    return record.source.registry
