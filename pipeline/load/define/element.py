"""XML elements with the prefixes of Define-XML, and no character that XML 1.0 forbids."""

import re
from collections.abc import Mapping
from functools import cache

from lxml import etree

ODM = "http://www.cdisc.org/ns/odm/v1.3"
PREFIXES = {
    None: ODM,
    "def": "http://www.cdisc.org/ns/def/v2.1",
    "xlink": "http://www.w3.org/1999/xlink",
}
XML = "http://www.w3.org/XML/1998/namespace"

# XML 1.0 section 2.2: the characters that a document may hold, even when they are escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(
    tag: str, attributes: Mapping[str, object], *children: "etree._Element | str | None"
) -> etree._Element:
    """An element such as `def:Origin`; an attribute that is None, and a child, is left out."""
    said = {named(n): allowed(str(value)) for n, value in attributes.items() if value is not None}
    made = etree.Element(named(tag, ODM), said, PREFIXES)  # type: ignore[arg-type]
    for child in children:
        if isinstance(child, str):
            made.text = allowed(child)
        elif child is not None:
            made.append(child)
    return made


def described(words: str, tag: str = "Description") -> etree._Element:
    """A Description, or a Decode, in English."""
    return element(tag, {}, element("TranslatedText", {"xml:lang": "en"}, words))


def allowed(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return text if text.isprintable() else FORBIDDEN.sub("", text)


@cache
def named(name: str, default: str = "") -> str:
    """The name with its namespace: `def:Class` as lxml writes it."""
    prefix, colon, local = name.rpartition(":")
    space = (XML if prefix == "xml" else PREFIXES[prefix]) if colon else default
    return f"{{{space}}}{local}" if space else local
