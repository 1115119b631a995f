"""The EU Clinical Trials Register's text download: a block for each trial and country, in it a
field a line, whose answer may go on below it.

A line begins a field when it has a code of the same or a later section, or is a heading that the
mapping knows: prose has numbered lines too.
"""

import re
from collections.abc import Iterator

from pipeline.extract.fields import Field, meaning, record
from pipeline.issues import Unreadable
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Record, Source

NAME = "euctr_txt"
_CODE = r"[A-Z]\.(?:IMP|Sponsor|\d{1,2}(?:\.\d{1,2}){0,6})?"
_FIELD = re.compile(
    rf"(?P<code>{_CODE}(?: (?:and|to) {_CODE})?)(?=[\s:])"
    r"[ \t]*(?P<label>[^\r\n:?]*[?]?)(?P<colon>:?)"
)
_PLAIN = re.compile(r"(?P<label>[^\r\n:]{1,90}?)(?P<colon>:|(?= \d{1,3}$)|$)", re.MULTILINE)


def recognise(text: str, spec: Spec) -> bool:
    """Whether the text has the fields by which the mapping knows a record, at line starts."""
    found = spec.registries.get(NAME)
    if not isinstance(found, TreeMapping) or text.lstrip("\ufeff \r\n\t")[:1] in ("<", "{", "["):
        return False
    return all(re.search(rf"^{re.escape(key)}\b", text, re.MULTILINE) for key in found.has)


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """Each block in the text, numbered in its name where there are several."""
    mapping = spec.registries[NAME]
    assert isinstance(mapping, TreeMapping)
    blocks = list(_blocks(text, mapping.has[0]))
    for number, block in enumerate(blocks, 1):
        name = f"{source.name}#{number}" if len(blocks) > 1 else source.name
        fields = list(split_fields(block, mapping))
        if not any(field.code == mapping.has[1] for field in fields):
            yield Unreadable("input.malformed", f"{name} has no field {mapping.has[1]}.")
            continue
        ours = Source(name, "", NAME, source.sha256)
        yield record(fields, block, NAME, ours, spec)


def split_fields(text: str, mapping: TreeMapping) -> Iterator[Field]:
    """The fields of one block in order; a field's answer ends where the next field begins."""
    section, last = "", None
    for line in re.finditer(r"[^\r\n]+", text):
        found = _begins(line[0], section, mapping)
        if not found:
            continue
        if last:
            yield _closed(last, line.start(), text)
        code, label, at = found
        section = code[:1] or section
        last = Field(code, label, line.start(), line.start() + at, len(text))
    if last:
        yield _closed(last, len(text), text)


def headed(words: str) -> tuple[str, str, str | None]:
    """Code and label of a heading, with its number as the answer where it has one."""
    found = _FIELD.match(words)
    if not found:
        return "", words.rstrip(":"), None
    answer = words[found.end() :].strip()
    return found["code"], found["label"].strip(), answer or None


def _blocks(text: str, opening: str) -> Iterator[str]:
    """What stands from each opening line to the next, without a title above it."""
    starts = [
        found.start() for found in re.finditer(rf"^{re.escape(opening)}:", text, re.MULTILINE)
    ]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _begins(line: str, section: str, mapping: TreeMapping) -> tuple[str, str, int] | None:
    """Code and label of the field that a line begins, and where its answer does."""
    if found := _FIELD.match(line):
        code, label = found["code"], found["label"].strip()
        numbered = len(code) > 2 and code[0] >= section
        if numbered or code[0] == section != "E" or meaning(code, label, mapping):
            headed = not found["colon"] and not label.endswith("?")
            return code, label, found.start("label") if headed else found.end()
        return None
    if found := _PLAIN.match(line.strip()):
        label = found["label"].strip()
        known = meaning("", label, mapping)
        if (known and (not section or not found["colon"])) or (not section and found["colon"]):
            return "", label, found.end() if found["colon"] else line.index(label)
    return None


def _closed(field: Field, end: int, text: str) -> Field:
    """The field with its answer, without blanks at its ends."""
    answer = text[field.start : end]
    start = field.start + len(answer) - len(answer.lstrip())
    stop = max(start, field.start + len(answer.rstrip()))
    return Field(field.code, field.label, field.begin, min(start, stop), stop)
