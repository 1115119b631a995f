"""Registry records as XML: one that is the document, or many in it, read one by one.

An element becomes a leaf with its text, or a tree of its elements; `[]` in the mapping's paths
says which elements make lists, however often they stand. An attribute stands as `@name` in its
element, or as `element@name` beside an element that is a leaf. A document type is refused: no
registry declares one, and entities are how XML is made to read files or to fill memory.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.extract.steps import Step, steps
from pipeline.extract.tree import known, record
from pipeline.issues import Unreadable
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Record, Source

_START = re.compile(
    r"(?>[\ufeff\s]+|<\?.*?\?>|<!--.*?-->)*+<(?P<type>!DOCTYPE\s+)?(?P<root>[\w:.-]+)", re.DOTALL
)
_NOTHING = Step({})
_MOST = 1000


def recognise(text: str, spec: Spec) -> bool:
    """Whether the document's root is one that a mapping names."""
    return bool(_place(text, spec)[0])


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """Each record in the text, numbered in its name where the format holds many.

    Of many, those before a break are read; the rest is one refusal.
    """
    name, path, typed = _place(text, spec)
    if typed:
        yield Unreadable("input.unsafe", "It declares a document type.")
        return
    number = 0
    try:
        for number, element in enumerate(_elements(text, path), 1):
            many = len(path) > 1
            words = etree.tostring(element, encoding="unicode", with_tail=False) if many else text
            where = f"{source.name}#{number}" if many else source.name
            tree = _tree(element, steps(name, spec))
            if known(tree, "xml", spec) == name:
                yield record(tree, words, name, where, source.sha256, spec)
            else:
                yield Unreadable("input.unknown", f"{where} has no {_missing(tree, name, spec)}.")
    except etree.XMLSyntaxError as error:
        where = f"After record {number}: " if number else ""
        yield Unreadable("input.malformed", f"{where}{error.msg}.")
    except Unreadable as error:
        yield error
    else:
        if not number:
            yield Unreadable("input.unknown", f"It holds no {'/'.join(path)}.")


def parsed(text: str, name: str, spec: Spec) -> Any:
    """The tree that the text of one record makes by the mapping `name`."""
    return _tree(etree.fromstring(text.encode(), etree.XMLParser(**_SAFE)), steps(name, spec))


_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "encoding": "utf-8",
}


def _place(text: str, spec: Spec) -> tuple[str, list[str], bool]:
    """The mapping that names the document's root, the path of its records from there, and whether
    a document type is declared.
    """
    if start := _START.match(text):
        root = start["root"].rpartition(":")[2]
        for name, mapping in spec.registries.items():
            if isinstance(mapping, TreeMapping) and mapping.syntax == "xml":
                for path in mapping.records:
                    if path.split(".")[0] == root:
                        return name, path.split("."), bool(start["type"])
    return "", [], False


def _elements(text: str, path: list[str]) -> Iterator[etree._Element]:
    """Each element at the path when it is whole; what has been read is let go."""
    if len(path) == 1:
        yield etree.fromstring(text.encode(), etree.XMLParser(**_SAFE))
        return
    stream = io.BytesIO(text.encode())
    for _, element in etree.iterparse(stream, tag=f"{{*}}{path[-1]}", **_SAFE):
        above = [_name(parent.tag) for parent in element.iterancestors()]
        if above[::-1] == path[:-1]:
            yield element
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _tree(element: etree._Element, step: Step) -> Any:
    """An element as a string or nothing, or as a dict of what stands in it."""
    if not len(element) and not step.keys:
        return element.text
    found: dict[str, Any] = {f"@{key}": words for key, words in _attributes(element)}
    counts = Counter(_name(child.tag) for child in element)
    for child in element:
        key = _name(child.tag)
        below = step.keys.get(key, _NOTHING)
        if below.ignore:
            continue
        several = below.each is not None or counts[key] > 1
        value = _tree(child, below.each or below)
        beside = [] if isinstance(value, dict) else _attributes(child)
        for place, one in [(key, value), *((f"{key}@{name}", words) for name, words in beside)]:
            if several:
                found.setdefault(place, []).append(one)
            else:
                found[place] = one
    words = "".join([element.text or "", *(child.tail or "" for child in element)])
    if words.strip():
        found["#text"] = words
    return found


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    """The attributes by name; lxml needs a time for them that grows with the square of their
    number.
    """
    if len(element.attrib) > _MOST:
        detail = f"An element has {len(element.attrib):,} attributes, at most {_MOST} are read."
        raise Unreadable("input.unsafe", detail)
    return [(_name(key), str(words)) for key, words in element.attrib.items()]


def _name(tag: Any) -> str:
    """A name without its namespace; a dot would be read as the next step of a path."""
    return str(tag).rpartition("}")[2].replace(".", "_")


def _missing(tree: Any, name: str, spec: Spec) -> str:
    has = getattr(spec.registries[name], "has", ())
    return " and no ".join(key for key in has if not isinstance(tree, dict) or key not in tree)
