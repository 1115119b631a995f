"""Registry records as JSON: one, an array, a page of a service's answer, or one a line.

Every key of a record is read, ignored by name, or an issue. A record that is broken or of no
known registry is refused by itself; the others are read.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pipeline.extract.tree import known, record
from pipeline.extract.typed import typed
from pipeline.issues import Unreadable
from pipeline.spec.model import Spec
from pipeline.values import Record, Source

_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # one of a pair, or alone
_LINE = re.compile(r"[^\s][^\r\n]*")


def recognise(text: str, spec: Spec) -> bool:  # noqa: ARG001 - the registry is each record's own
    """Whether the text begins as JSON does."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """Each record in the text, numbered in its name where there are several."""
    many = ("\n" in text or "\r" in text) and _lines(text)
    documents = (match[0] for match in _LINE.finditer(text)) if many else iter([text])
    for number, document in enumerate(documents, 1):
        name = f"{source.name}#{number}" if many else source.name
        if (quick := typed(document, name, source.sha256, spec)) is not None:
            yield quick
            continue
        try:
            tree = _parsed(document)
        except (ValueError, RecursionError) as error:
            where = f"Line {number}: " if many else ""
            yield Unreadable("input.malformed", f"{where}{error or 'nested too deeply'}.")
            continue
        found = list(_trees(tree, spec))
        if not found:
            yield Unreadable("input.empty", "It is a list without records.")
        for at, one in enumerate(found, 1):
            name = (
                f"{source.name}#{number if many else at}" if many or len(found) > 1 else source.name
            )
            yield _one(one, document if one is tree else json.dumps(one), name, source, spec)


def _one(tree: Any, text: str, name: str, source: Source, spec: Spec) -> Record | Unreadable:
    mapping = known(tree, "json", spec)
    if mapping:
        return record(tree, text, mapping, name, source.sha256, spec)
    keys = ", ".join(list(tree)[:6]) if isinstance(tree, dict) else type(tree).__name__
    return Unreadable("input.unknown", f"{name} holds {keys or 'nothing'}.")


def _trees(tree: Any, spec: Spec) -> Iterator[Any]:
    """The records in a document: itself, or what stands in its list of records."""
    if isinstance(tree, list):
        for one in tree:
            yield from _trees(one, spec)
        return
    if isinstance(tree, dict) and not known(tree, "json", spec):
        for mapping in spec.registries.values():
            for path in getattr(mapping, "records", ()):
                inner: Any = tree
                for key in path.split("."):
                    inner = inner.get(key) if isinstance(inner, dict) else None
                if inner is not None:
                    yield from _trees(inner, spec)
                    return
    yield tree


def _lines(text: str) -> bool:
    """Whether each line is a document of its own, by the first two."""
    first = [match[0] for match in islice(_LINE.finditer(text), 2)]
    return len(first) > 1 and all(line.startswith("{") for line in first) and _whole(first[0])


def _whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(document: str) -> Any:
    """The document's content; a key written twice is an error, because one of the two would be
    lost. Half of a character, which no UTF-8 holds, becomes U+FFFD.
    """
    tree = json.loads(document, object_pairs_hook=_unique)
    if not _HALF.search(document):
        return tree
    text = json.dumps(tree, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(text.decode("utf-16", "replace"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(other == key for other, _ in pairs) > 1)
        raise ValueError(f"the key '{twice}' stands twice in one object")
    return found
