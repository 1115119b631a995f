"""What of a set of records is read, ignored by name, or unknown: schema drift as a table."""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.sources import Item
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec

UNKNOWN = ("source.unread", "term.unknown", "source.ambiguous")


class Covered(msgspec.Struct, frozen=True, order=True):
    """A place of a format: how often it was read or met unknown, and as what, or why ignored.

    `place` is a path without indices; in a page, which is one text, it is the concept.
    """

    format: str
    place: str
    state: str
    count: int
    about: str


def coverage(items: Iterable[Item], spec: Spec) -> list[Covered]:
    """Every place that was read or met unknown, and every place that a mapping met here ignores."""
    read_as: dict[tuple[str, str], Counter[str]] = {}
    unknown: Counter[tuple[str, str, str]] = Counter()
    formats: set[str] = set()
    for item in items:
        if item.fault:
            unknown["", item.name, item.fault.code] += 1
            continue
        for found in read(item.data(), item.name, spec):
            if isinstance(found, Unreadable):
                unknown["", item.name, found.code] += 1
                continue
            form = found.source.format
            formats.add(form)
            for fact in found.facts:
                place = _plain(fact.span.path) or fact.concept
                read_as.setdefault((form, place), Counter())[fact.concept] += 1
            for issue in found.issues:
                if issue.code in UNKNOWN:
                    path = _plain(issue.span.path) if issue.span else ""
                    unknown[form, path or issue.quote[:40], issue.code] += 1
    rows = [
        Covered(form, place, "read", sum(concepts.values()), ", ".join(sorted(concepts)))
        for (form, place), concepts in read_as.items()
    ]
    rows += [
        Covered(form, place, "unknown", count, code)
        for (form, place, code), count in unknown.items()
    ]
    for form in formats:
        mapping = spec.registries.get(form)
        if isinstance(mapping, TreeMapping):
            rows += [Covered(form, path, "ignored", 0, why) for path, why in mapping.ignore.items()]
        elif mapping:
            rows += [
                Covered(form, heading, "ignored", 0, section.why)
                for heading, section in mapping.sections.items()
                if section.read == "ignore"
            ]
    return sorted(rows)


def _plain(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)
