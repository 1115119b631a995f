"""A define.xml beside the datasets and the Spec that it must agree with."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
from lxml import etree

from pipeline.spec.model import Spec
from pipeline.values import Scalar

NAMES = {
    "odm": "http://www.cdisc.org/ns/odm/v1.3",
    "def": "http://www.cdisc.org/ns/def/v2.1",
    "xlink": "http://www.w3.org/1999/xlink",
}
ODM, DEF = f"{{{NAMES['odm']}}}", f"{{{NAMES['def']}}}"

Fault: TypeAlias = tuple[str, str, str]
"""The rule, the OID of what is wrong, and the sentence."""


class Package(NamedTuple):
    """The root of a define.xml, the datasets that it describes, and the Spec that both follow.

    `items` are the ItemDefs by OID, `codes` the values that each where clause checks for, `lists`
    the coded values of each codelist, `columns` the data by domain and variable.
    """

    root: etree._Element
    spec: Spec
    tables: Mapping[str, pa.Table]
    items: Mapping[str, etree._Element]
    codes: Mapping[str, list[str]]
    lists: Mapping[str, list[str]]
    columns: Mapping[str, Mapping[str, Sequence[Scalar]]]


def opened(root: etree._Element, tables: Mapping[str, pa.Table], spec: Spec) -> Package:
    """The package, with what the checks look up again and again."""
    return Package(
        root=root,
        spec=spec,
        tables=tables,
        items={item.get("OID", ""): item for item in root.iter(f"{ODM}ItemDef")},
        codes={
            clause.get("OID", ""): [value.text or "" for value in clause.iter(f"{ODM}CheckValue")]
            for clause in root.iter(f"{DEF}WhereClauseDef")
        },
        lists={
            codelist.get("OID", ""): [term.get("CodedValue", "") for term in terms_of(codelist)]
            for codelist in root.iter(f"{ODM}CodeList")
        },
        columns={code: table.to_pydict() for code, table in tables.items()},
    )


@cache
def _compiled(path: str, *, smart: bool = True) -> Any:
    """The XPath; texts that it finds know where they stand, if they are to be `smart`."""
    return etree.XPath(path, namespaces=NAMES, smart_strings=smart)


def select(package: Package, path: str) -> Any:
    """What an XPath finds in the document."""
    return _compiled(path)(package.root)


def texts(package: Package, path: str) -> frozenset[str]:
    """The different values that an XPath finds, without where they stand."""
    return frozenset(_compiled(path, smart=False)(package.root))


def terms_of(codelist: etree._Element) -> Iterator[etree._Element]:
    """The EnumeratedItems and CodeListItems of a codelist."""
    return iter(codelist.iterchildren(f"{ODM}EnumeratedItem", f"{ODM}CodeListItem"))


def oid_of(element: etree._Element) -> str:
    """The OID of the element, else of the nearest one around it, else what it refers to."""
    own = element.get("ItemOID") if element.tag == f"{ODM}ItemRef" else None
    around: etree._Element | None = element
    while not own and around is not None:
        own, around = around.get("OID"), around.getparent()
    return own or ""


def label_of(element: etree._Element) -> str:
    """The words of its Description."""
    return element.findtext(f"{ODM}Description/{ODM}TranslatedText") or ""


def number(element: etree._Element, attribute: str) -> int:
    """The attribute as a number; 0 when it is missing or none, which the XSD reports."""
    text = element.get(attribute, "")
    return int(text) if text.isdecimal() else 0


def nci_code(element: etree._Element) -> str:
    """The NCI code of a codelist or a term; empty when it has none."""
    aliases = element.iterchildren(f"{ODM}Alias")
    return next((a.get("Name", "") for a in aliases if a.get("Context") == "nci:ExtCodeID"), "")
