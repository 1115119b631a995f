"""Which records speak of the same trial, by the numbers that they state as the trial's own.

A shared registry number joins; a sponsor's number joins only with its sponsor's name and only
across registries, and short numbers never do (`1` and `302` are sponsor numbers). A link that
would bring two numbers of one registry together is ambiguous: it joins nothing and is an issue.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from pipeline.spec.model import Spec
from pipeline.values import Issue, Record, Source

Key: TypeAlias = tuple[str, str]

CONCEPTS = ("id.sponsor", "sponsor.lead", "date.updated", "record.part")
"""What joining asks of a record besides the registries' numbers."""


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What joining needs to know of a record: by which numbers it may be found, by which one its
    own registry calls the trial, how the study's folder may be named (rank and name), and of
    which part of the trial it speaks.
    """

    source: Source
    keys: tuple[Key, ...]
    own: dict[str, str]
    names: tuple[tuple[int, str], ...]
    part: str = ""


def registry_ids(spec: Spec) -> tuple[str, ...]:
    """The concepts that are a registry's number for the trial, the first one naming it."""
    return spec.decisions["REGID"].from_


def brief(record: Record, spec: Spec) -> Brief:
    """The record as joining sees it; what its prose says is not asked."""
    ids = registry_ids(spec)
    numbers = _numbers(record, ids)
    keys = tuple(dict.fromkeys(_keys(numbers, ids)))
    names = tuple(_names(record, numbers, ids, spec))
    part = ",".join(fact.value for fact in record.facts if fact.concept == "record.part")
    return Brief(record.source, keys, _own(record, ids), names, part)


def study_id(group: Sequence[Brief]) -> str:
    """The name of the folder of a study: its registry number, else `page-` and 12 hex digits.

    A number is a name only in its registry's own shape, with hyphens for its slashes, so no
    words of a record become a path. The digits are those of the record's hash.
    """
    ranked = ((rank, at, name) for at, one in enumerate(group) for rank, name in one.names)
    return min(ranked, key=lambda found: found[:2])[2]


def join(briefs: Sequence[Brief]) -> tuple[list[list[int]], dict[int, Issue]]:
    """The records grouped by trial, in the order of their first record, and doubtful links by
    record. An earlier version of a record is joined by its own number alone: what it named
    besides, a later one may have set right.
    """
    owners: dict[Key, list[int]] = defaultdict(list)
    last: dict[tuple[str, str, str], str] = defaultdict(str)
    for one in briefs:
        last[_same(one)] = max(last[_same(one)], one.source.version)
    for index, one in enumerate(briefs):
        earlier = one.source.id and "" < one.source.version < last[_same(one)]
        for key in one.own.items() if earlier and one.own else one.keys:
            owners[key].append(index)
    groups = _Groups(briefs)
    doubts: dict[int, Issue] = {}
    for key in sorted(owners, key=lambda key: (key[0] == "sponsor", key)):
        first, *others = owners[key]
        for other in others:
            ours, theirs = briefs[first].source, briefs[other].source
            if key[0] == "sponsor" and ours.registry == theirs.registry:
                continue
            if not groups.unite(first, other):
                named = f"{key[1]} stands in {ours.name} too, another trial."
                doubts[other] = Issue("join.ambiguous", named, theirs)
    return groups.lists(), doubts


def _same(one: Brief) -> tuple[str, str, str]:
    return one.source.format, one.source.id, one.part


class _Groups:
    """Disjoint sets of records, each knowing the one number that every registry gave it."""

    def __init__(self, briefs: Sequence[Brief]) -> None:
        self.parent = list(range(len(briefs)))
        self.own = [one.own for one in briefs]

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

    def lists(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for index in range(len(self.parent)):
            found.setdefault(self.root(index), []).append(index)
        return list(found.values())


def _numbers(record: Record, ids: tuple[str, ...]) -> dict[str, list[str]]:
    """What the record says of each concept that joining asks for."""
    asked = {*ids, "id.sponsor", "sponsor.lead"}
    numbers: dict[str, list[str]] = defaultdict(list)
    for fact in record.facts:
        if fact.concept in asked:
            numbers[fact.concept].append(fact.value)
    return numbers


def _keys(numbers: dict[str, list[str]], ids: tuple[str, ...]) -> Iterator[Key]:
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


def _names(
    record: Record, numbers: dict[str, list[str]], ids: tuple[str, ...], spec: Spec
) -> Iterator[tuple[int, str]]:
    found: dict[int, str] = {}
    for rank, concept in enumerate(ids):
        for number in numbers[concept]:
            if re.fullmatch(spec.concepts[concept].pattern, number, re.ASCII):
                found.setdefault(rank, number.replace("/", "-"))
    if found:
        yield from sorted(found.items())
        return
    alone = "#" not in record.source.name
    digest = record.source.sha256 if alone else hashlib.sha256(record.text.encode()).hexdigest()
    yield len(ids), f"page-{digest[:12]}"


def _plain(concept: str, number: str) -> str:
    """A number without what differs between writings: CTIS numbers end in a version or not."""
    return number[:14] if concept == "id.ctis" else number.upper()


def _name(sponsor: str) -> str:
    return re.sub(r"\W+", " ", sponsor.casefold()).strip()
