"""Bytes become records: the format is recognised from the content, never from the name alone."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pipeline.extract import formats
from pipeline.extract.concepts import by_concept
from pipeline.extract.criteria import split_criteria
from pipeline.extract.durations import read_durations
from pipeline.extract.groups import read_groups
from pipeline.extract.narrative import read_narrative
from pipeline.extract.plan import read_plan
from pipeline.extract.regimen import read_regimens
from pipeline.issues import Unreadable
from pipeline.spec.model import Spec
from pipeline.values import LARGEST, Record, Source

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# XML may say its encoding (XML 1.0, 4.3.3); these were usual before UTF-8 was.
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_OLD = frozenset({b"iso-8859-1", b"iso-8859-15", b"latin-1", b"windows-1252"})


def read(data: bytes, name: str, spec: Spec) -> Iterator[Record | Unreadable]:
    """Each record in a file's bytes, or why it cannot be read; its prose is not read yet.

    A format is a module of `pipeline.extract.formats` with `recognise(text, spec)` and
    `read(text, source, spec)`; modules without them help another.
    """
    try:
        text = _decode(data)
    except Unreadable as error:
        yield error
        return
    source = Source(name=name, registry="", format="", sha256=hashlib.sha256(data).hexdigest())
    for reader in _readers():
        if reader.recognise(text, spec):
            yield from reader.read(text, source, spec)
            return
    yield Unreadable("input.unknown", f"It begins with {text.strip()[:60]!r}.")


_READERS = (
    split_criteria, read_groups, read_regimens, read_durations, read_narrative, read_plan,
)  # fmt: skip


def with_prose(record: Record, spec: Spec) -> Record:
    """The record with the facts that its prose states: criteria, regimens, objectives, periods."""
    facts, issues = list(record.facts), list(record.issues)
    concepts = by_concept(facts)
    for read_part in _READERS:
        found, noted = read_part(concepts, spec)
        for fact in found:
            concepts[fact.concept].append(fact)
        facts.extend(found)
        issues.extend(noted)
    return Record(record.source, record.text, tuple(facts), tuple(issues))


def with_criteria(record: Record, spec: Spec) -> Record:
    """The record with the criteria of its prose, and nothing else of it."""
    found, _ = split_criteria(by_concept(record.facts), spec)
    return Record(record.source, record.text, (*record.facts, *found), record.issues)


@cache
def _readers() -> tuple[Any, ...]:
    modules = (
        import_module(f"{formats.__name__}.{m.name}") for m in iter_modules(formats.__path__)
    )
    return tuple(module for module in modules if hasattr(module, "recognise"))


def _decode(data: bytes) -> str:
    if not data.strip():
        raise Unreadable("input.empty", f"It has {len(data)} bytes.")
    if len(data) > LARGEST:
        raise Unreadable(
            "input.too-large", f"It has {len(data):,} bytes, at most {LARGEST:,} are read."
        )
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:4096]:
        raise Unreadable("input.binary", f"A zero byte stands at byte {data.index(0):,}.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        declared = _DECLARED.match(data)
        if declared and declared[1].lower() in _OLD:
            return data.decode(declared[1].decode(), "replace")
        raise Unreadable("input.encoding", f"Byte {error.start:,} is not {encoding}.") from error
