"""CodeList elements: CDISC's with NCI codes, others by the name of their dictionary."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from pipeline.load.define.element import described, element
from pipeline.load.define.model import Item
from pipeline.spec.model import Codelist, Spec


def codelist_oid(item: Item) -> str:
    """The OID of the codelist that the item refers to; each version of a dictionary has its own."""
    return "CL." + re.sub(r"[^A-Za-z0-9]+", "-", f"{item.codelist} {item.version}").strip("-")


def codelist_elements(items: Iterable[Item], spec: Spec) -> Iterator[etree._Element]:
    """The codelists that the items refer to, each once, with the values that the data use."""
    merged: dict[str, tuple[Item, set[str]]] = {}
    for item in items:
        if item.codelist:
            merged.setdefault(codelist_oid(item), (item, set()))[1].update(item.used)
    for oid in sorted(merged):
        item, used = merged[oid]
        if item.codelist in spec.terminology.codelists:
            yield _cdisc(oid, item.codelist, used, spec)
        elif item.version:
            yield _external(oid, item, spec)
        else:
            yield _null_flavors(oid, item.codelist, used, spec)


def _cdisc(oid: str, key: str, used: set[str], spec: Spec) -> etree._Element:
    codelist = spec.terminology.codelists[key]
    attributes = {
        "OID": oid,
        "Name": codelist.name,
        "DataType": "text",
        "def:StandardOID": "STD.CT",
    }
    decodes = spec.terminology.parameter_names() if key == "TSPARMCD" else {}
    terms = (_term(value, codelist, decodes) for value in sorted(used or codelist.terms))
    return element("CodeList", attributes, *terms, _nci(codelist.code))


def _term(value: str, codelist: Codelist, decodes: dict[str, str]) -> etree._Element:
    code = codelist.terms.get(value)
    extended = "Yes" if code is None and codelist.extensible else None
    attributes = {"CodedValue": value, "def:ExtendedValue": extended}
    alias = _nci(code) if code else None
    if not decodes:
        return element("EnumeratedItem", attributes, alias)
    words = decodes.get(value, value)
    return element("CodeListItem", attributes, described(words, "Decode"), alias)


def _external(oid: str, item: Item, spec: Spec) -> etree._Element:
    reference = spec.references[item.codelist]
    attributes = {
        "OID": oid,
        "Name": f"{reference.name} {item.version}: {reference.defines}",
        "DataType": "text",
        "def:IsNonStandard": "Yes",
    }
    dictionary = {"Dictionary": reference.name, "Version": item.version}
    return element("CodeList", attributes, element("ExternalCodeList", dictionary))


def _null_flavors(oid: str, key: str, used: set[str], spec: Spec) -> etree._Element:
    meanings: dict[str, list[str]] = {}
    for name, reason in spec.reasons.items():
        meanings.setdefault(reason.flavor, []).append(name)
    terms = (
        element(
            "CodeListItem",
            {"CodedValue": flavor},
            described(" or ".join(meanings.get(flavor, [flavor])), "Decode"),
        )
        for flavor in sorted(used or meanings)
    )
    reference = spec.references[key]
    name = f"{reference.name} {reference.defines}"
    attributes = {"OID": oid, "Name": name, "DataType": "text", "def:IsNonStandard": "Yes"}
    return element("CodeList", attributes, *terms)


def _nci(code: str) -> etree._Element:
    return element("Alias", {"Name": code, "Context": "nci:ExtCodeID"})
