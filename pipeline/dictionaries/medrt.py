"""MED-RT: established pharmacologic classes, from `Core_MEDRT_<version>_XML.xml`, or its zip.

A concept has a name that ends in its type (`Biguanide [EPC]`), a code and a status; an
association `has_EPC` leads from an ingredient of RxNorm to its class.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from pipeline.dictionaries.parts import Part, opened
from pipeline.issues import BadRequest
from pipeline.spec.dictionary import Dictionary, Entry, dictionary

NAME = "MED-RT"
FILES = re.compile(r"Core_MEDRT_.*XML.*\.xml", re.IGNORECASE)
_MEMBER = ("has_EPC", "RxNorm")
_CLASS = re.compile(r"(.+?) *\[EPC\]")


def read(parts: Sequence[Part]) -> Dictionary:
    """The classes; `links` leads from an ingredient's RXCUI to the codes of its classes."""
    if len(parts) != 1:
        raise BadRequest(f"{parts[0].place}: there are {len(parts)} MED-RT files; keep one.")
    version, entries = "", []
    links: dict[str, dict[str, None]] = {}
    for element in _elements(parts[0]):
        if element.tag == "namespace" and element.findtext("name") == NAME:
            version = (element.findtext("version") or "").strip()
        elif element.tag == "concept" and element.findtext("namespace") == NAME:
            name = (element.findtext("name") or "").strip()
            kind = _CLASS.fullmatch(name)
            if kind and element.findtext("status") in (None, "A"):
                entries.append(Entry(element.findtext("code") or "", name, (kind[1],)))
        elif (element.findtext("name"), element.findtext("from_namespace")) == _MEMBER:
            known = links.setdefault(element.findtext("from_code") or "", {})
            known[element.findtext("to_code") or ""] = None
    if not version or not entries:
        raise BadRequest(f"{parts[0].place}: this is no MED-RT file in the XML form of its core.")
    return dictionary(NAME, version, entries, {code: tuple(to) for code, to in links.items()})


def _elements(part: Part) -> Iterator[etree._Element]:
    """The children of the root, one at a time."""
    tags = ("namespace", "concept", "association")
    with opened(part) as file:
        walk = etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True)
        try:
            for _, element in walk:
                parent = element.getparent()
                if parent is not None and parent.getparent() is None:
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del parent[0]
        except etree.XMLSyntaxError as error:
            raise BadRequest(f"{part.place}: {error}") from error
