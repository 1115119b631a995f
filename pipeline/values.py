"""The few values that flow from a registry's bytes to the cells of a dataset."""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec

How: TypeAlias = Literal["copied", "normalised", "derived", "assumed", "curated", "absent"]
Urgency: TypeAlias = Literal["rejection", "required", "confirm", "later", "optional"]
Gravity: TypeAlias = Literal["critical", "notable", "minor"]
Scalar: TypeAlias = str | int | float | None
ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9A-Fa-f]{1,5}|[A-Za-z]{2,8});")
"""A character as HTML writes it."""
PARTED, LISTED, NAMED = "in parts", "listed", "named"
"""What an objective is `about` that is a part of one aim, stands in a list without ranks, or is
stated weakly; in the order in which they speak for the study.
"""
_BULLETS = "-*+•"
_BLOCK = 64


LARGEST = 20_000_000
"""The bytes that one record can have; the largest real one known has 1.8 million."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """A place in a record: characters `start` to `end` of the string at `path`.

    `path` is empty for a format that is one text; for JSON and XML it leads to a string.
    """

    start: int
    end: int
    path: str = ""


class Source(msgspec.Struct, frozen=True, gc=False):
    """Which registry said it, in which format, under which id and version, in which file.

    `id` is the registry's own id (empty when the record states none), `version` the ISO 8601
    date of the record's last update (empty when unknown).
    """

    name: str
    registry: str
    format: str
    sha256: str
    id: str = ""
    version: str = ""


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One thing that a record says: what it is about, its words, and where they stand.

    `value` is the quote without markup, in the concept's own vocabulary; `item` numbers the
    thing that the fact is about among its kind (the second arm is 1), and `about` names a second
    one where prose ties two (the intervention that an arm's dose belongs to).
    """

    concept: str
    value: str
    quote: str
    span: Span
    source: Source
    item: int = 0
    about: str = ""


class Issue(msgspec.Struct, frozen=True, gc=False):
    """Something a person should know about the data; `code` stands in the issue catalogue."""

    code: str
    detail: str = ""
    source: Source | None = None
    span: Span | None = None
    quote: str = ""


class Record(msgspec.Struct, frozen=True):
    """What one registry says of one study: facts, and the text that their spans point into."""

    source: Source
    text: str
    facts: tuple[Fact, ...]
    issues: tuple[Issue, ...] = ()


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A value of a dataset with how it was come by, the facts it rests on, and the rule.

    A cell without value is `absent`, and `reason` names why in the words of the null flavors.
    An assumed or curated one gives its reason there too. `group` ties rows of one treatment;
    `system` names the code system of a value that is a code by itself (a registry number), or
    that `code` is from.
    """

    value: Scalar
    how: How
    basis: tuple[Fact, ...] = ()
    rule: str = ""
    reason: str = ""
    group: str = ""
    system: str = ""
    code: str = ""


Row: TypeAlias = Mapping[str, Cell | Scalar]
"""Variable to cell, or to a plain value where the specification alone gives it."""


class Table(msgspec.Struct, frozen=True):
    """The rows of one domain of one study, in key order."""

    domain: str
    rows: tuple[Row, ...]


class Task(msgspec.Struct, frozen=True, gc=False):
    """What a person must still supply or confirm, why, from which terms, and words that may help.

    `severity` is `rejection` when a submission is rejected without the value, `required` when a
    standard asks for it (`later` when it is not known yet), `confirm` when it was assumed or its
    ground has changed, else `optional`.
    """

    domain: str
    item: str
    severity: Urgency
    why: str
    allowed: str = ""
    rules: tuple[str, ...] = ()
    candidates: tuple[Fact, ...] = ()


class Discrepancy(msgspec.Struct, frozen=True, gc=False):
    """Where two records of one study disagree, in SDTM terms: what each of them says."""

    domain: str
    item: str
    severity: Gravity
    source: Source
    value: str
    other: Source
    other_value: str


class Study(msgspec.Struct, frozen=True):
    """One study as built: its ids, the records it rests on, its tables, and what is left to do.

    `id` names its folder (a registry id, safe as a path); `studyid` is STUDYID in the data;
    `earlier` are earlier versions of its records.
    """

    id: str
    studyid: Cell
    records: tuple[Record, ...]
    tables: dict[str, Table]
    worklist: tuple[Task, ...]
    issues: tuple[Issue, ...]
    discrepancies: tuple[Discrepancy, ...] = ()
    earlier: tuple[Record, ...] = ()


def stated(value: str, *basis: Fact, group: str = "") -> Cell:
    """A value that the first fact states: copied when it is its very words, else normalised."""
    how: How = "copied" if value == basis[0].quote else "normalised"
    return Cell(value, how, basis, group=group)


def absent(reason: str, *basis: Fact) -> Cell:
    """A cell without value, for a reason of `schemas/vocabularies.yaml`."""
    return Cell(None, "absent", basis, reason=reason)


def narrowed(
    fact: Fact, start: int, end: int, concept: str, *, value: str = "", about: str = ""
) -> Fact:
    """The part of a fact between two offsets of its value, placed in the source.

    Offsets are found again in the quote by walking both texts, because markup (a backslash
    escape, a line break) may stand in the quote that the value no longer shows; a bullet is a
    bullet, whichever character it is.
    """
    if fact.value == fact.quote:
        low, high = start, end
    else:
        low, high = _aligned(fact.value, fact.quote, start, end)
    at = fact.span.start
    return Fact(
        concept=concept,
        value=value or fact.value[start:end],
        quote=fact.quote[low:high],
        span=Span(at + low, at + high, fact.span.path),
        source=fact.source,
        item=fact.item,
        about=about,
    )


def _aligned(value: str, quote: str, start: int, end: int) -> tuple[int, int]:
    places = _places(value, quote)
    low = places[start] if start < len(places) else 0
    if not 0 < end <= len(places):
        return low, len(quote)
    last = places[end - 1]
    wide = _width(value[end - 1], quote, last) if last < len(quote) else 0
    return low, last + (wide or 1)


@lru_cache(maxsize=64)
def _places(value: str, quote: str) -> tuple[int, ...]:
    """Where each character of the value stands in the quote; parts that are the same go quickly."""
    places: list[int] = []
    at = index = 0
    while index < len(value):
        part = value[index : index + _BLOCK]
        if part == quote[at : at + _BLOCK] and "&" not in part:
            places.extend(range(at, at + len(part)))
            index, at = index + len(part), at + len(part)
            continue
        for char in part:
            wide = 0
            while at < len(quote) and not (wide := _width(char, quote, at)):
                at += 1
            places.append(at)
            at += wide or 1
        index += len(part)
    return tuple(places)


def _width(char: str, quote: str, at: int) -> int:
    """How many characters of the quote stand for one of the value: one, an entity's, or none."""
    entity = ENTITY.match(quote, at) if quote[at] == "&" else None
    if entity and html.unescape(entity[0]) == char:
        return len(entity[0])
    return int(quote[at] == char or _alike(char, quote[at]))


def _alike(one: str, other: str) -> bool:
    return (one.isspace() and other.isspace()) or (one in _BULLETS and other in _BULLETS)
