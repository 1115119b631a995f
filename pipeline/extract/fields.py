"""Records that are fields with codes (`E.7.2 Therapeutic exploratory (Phase II): Yes`), read by a
mapping of the codes.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.leaf import Walk, asked_first, in_main_language, read_leaf
from pipeline.extract.steps import asks
from pipeline.spec.mapping import TreeMapping, leaves
from pipeline.spec.model import Spec
from pipeline.values import Issue, Record, Source, Span


class Field(msgspec.Struct, frozen=True, gc=False):
    """One field: its code and label, where it begins in the text, and where its answer stands.

    A heading answers nothing: its label is its answer. `code` is empty for a field without one.
    """

    code: str
    label: str
    begin: int
    start: int
    end: int


def record(fields: Sequence[Field], text: str, name: str, source: Source, spec: Spec) -> Record:
    """The record that the fields of a text make by the mapping `name`."""
    mapping = spec.registries[name]
    assert isinstance(mapping, TreeMapping)
    number = next(_answers(fields, text, mapping, mapping.id), "")
    source = msgspec.structs.replace(source, registry=mapping.registry, id=number)
    going = Walk(source, spec, mapping, [], [], [], [])
    known = asks(name, spec)
    entry: int | None = None
    section = ""
    for field in fields:
        label = in_main_language(field.label, going) or field.label
        key = meaning(field.code, label, mapping)
        answer = text[field.start : field.end]
        if key in mapping.groups:
            entry, section = _entry(answer), field.code[:1]
        elif field.code[:1] != section:
            entry, section = None, field.code[:1]
        if answer in mapping.blank:
            read_leaf(answer, (), "", entry, going, field.start)
        elif key in mapping.read:
            read_leaf(answer, known[key], "", entry, going, field.start)
        elif not key and answer:
            going.issues.append(_unread(field, text, source))
        going.foreign = 0
    if not any(f"{field.code} ".startswith(mapping.last) for field in fields):
        going.issues.append(Issue("source.truncated", "", source))
    return Record(source, text, tuple(asked_first(going)), tuple(going.issues))


def meaning(code: str, label: str, mapping: TreeMapping) -> str:
    """The mapping's key for a field: code and label, the code, or an ignored code above it."""
    for key in (f"{code} {label}".strip(), code):
        if key and (key in mapping.read or key in mapping.ignore or key in mapping.groups):
            return key
    above = code.rpartition(".")[0]
    while above and above not in mapping.ignore:
        above = above.rpartition(".")[0]
    return above


def _answers(
    fields: Sequence[Field], text: str, mapping: TreeMapping, concept: str
) -> Iterator[str]:
    for field in fields:
        said = mapping.read.get(meaning(field.code, field.label, mapping), "")
        if any(leaf.concept == concept for leaf in leaves(said)):
            yield text[field.start : field.end].strip()


def _entry(answer: str) -> int:
    """The index of an entry that is called by its number, from 1."""
    found = re.search(r"\d{1,4}", answer)
    return max(int(found[0]) - 1, 0) if found else 0


def _unread(field: Field, text: str, source: Source) -> Issue:
    detail = f"The mapping does not know {f'{field.code} {field.label}'.strip()}."
    quote = text[field.begin : field.end]
    return Issue("source.unread", detail, source, Span(field.begin, field.end), quote)
