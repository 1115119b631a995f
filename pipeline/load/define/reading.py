"""What a define.xml says, read back from its XML for the page that shows it."""

from collections.abc import Iterator

import msgspec
from lxml import etree

from pipeline.load.define.element import ODM, named

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_O = f"{{{ODM}}}"
_COMMENT, _TYPE = named("def:CommentOID"), f"{_O}Description/{_O}TranslatedText"


class Said(msgspec.Struct, frozen=True, gc=False):
    """An item: a variable, or the part of TSVAL that a TSPARMCD selects (`where`)."""

    oid: str
    name: str
    label: str
    type: str
    length: str
    key: str
    mandatory: bool
    role: str
    origin: str
    codelist: str
    listed: str
    values: str
    where: str
    method: str
    comment: str
    empty: bool


class Group(msgspec.Struct, frozen=True):
    """A dataset: its items, and those of its value lists by the variable's OID."""

    oid: str
    name: str
    label: str
    structure: str
    href: str
    title: str
    comment: str
    items: tuple[Said, ...]
    parts: tuple[tuple[Said, tuple[Said, ...]], ...]


class Codes(msgspec.Struct, frozen=True, gc=False):
    """A codelist: terms as (value, decode, NCI code, extended), or the dictionary it stands for."""

    oid: str
    name: str
    code: str
    dictionary: str
    terms: tuple[tuple[str, str, str, bool], ...]


class Document(msgspec.Struct, frozen=True):
    """The whole define.xml, as a page tells it."""

    study: str
    description: str
    protocol: str
    created: str
    comment: str
    standards: tuple[str, ...]
    groups: tuple[Group, ...]
    codelists: tuple[Codes, ...]
    methods: tuple[tuple[str, str, str, str], ...]


def read_define(xml: bytes) -> Document:
    """The document; raises `lxml.etree.XMLSyntaxError` for what is no XML."""
    root = etree.fromstring(xml, PARSER)
    version = next(root.iter(f"{_O}MetaDataVersion"))
    whole = _Whole(version)
    names = next(root.iter(f"{_O}GlobalVariables"))
    return Document(
        study=names.findtext(f"{_O}StudyName") or "",
        description=names.findtext(f"{_O}StudyDescription") or "",
        protocol=names.findtext(f"{_O}ProtocolName") or "",
        created=root.get("CreationDateTime", ""),
        comment=whole.comment(version),
        standards=tuple(
            " ".join(filter(None, (one.get("Name"), one.get("PublishingSet"), one.get("Version"))))
            for one in version.iter(named("def:Standard"))
        ),
        groups=tuple(whole.group(one) for one in version.iterchildren(f"{_O}ItemGroupDef")),
        codelists=tuple(_codes(one) for one in version.iterchildren(f"{_O}CodeList")),
        methods=tuple(
            (one.get("OID", ""), one.get("Name", ""), one.get("Type", ""), _words(one))
            for one in version.iterchildren(f"{_O}MethodDef")
        ),
    )


class _Whole:
    """The definitions of a document, by OID."""

    def __init__(self, version: etree._Element) -> None:
        def by_oid(tag: str) -> dict[str, etree._Element]:
            return {one.get("OID", ""): one for one in version.iterchildren(named(tag, ODM))}

        self.items, self.lists = by_oid("ItemDef"), by_oid("def:ValueListDef")
        self.clauses, self.codelists = by_oid("def:WhereClauseDef"), by_oid("CodeList")
        self.comments = {oid: _words(one) for oid, one in by_oid("def:CommentDef").items()}

    def comment(self, element: etree._Element) -> str:
        return self.comments.get(element.get(_COMMENT, ""), "")

    def group(self, element: etree._Element) -> Group:
        leaf = element.find(named("def:leaf"))
        items = tuple(self.item(ref) for ref in element.iterchildren(f"{_O}ItemRef"))
        return Group(
            oid=element.get("OID", ""),
            name=element.get("Name", ""),
            label=_words(element),
            structure=element.get(named("def:Structure"), ""),
            href=leaf.get(named("xlink:href"), "") if leaf is not None else "",
            title=leaf.findtext(named("def:title"), "") if leaf is not None else "",
            comment=self.comment(element),
            items=items,
            parts=tuple((item, tuple(self.listed(item.values))) for item in items if item.values),
        )

    def listed(self, oid: str) -> Iterator[Said]:
        return (self.item(ref) for ref in self.lists[oid].iterchildren(f"{_O}ItemRef"))

    def item(self, ref: etree._Element) -> Said:
        item = self.items[ref.get("ItemOID", "")]
        codes = item.find(f"{_O}CodeListRef")
        origin, values = item.find(named("def:Origin")), item.find(named("def:ValueListRef"))
        codelist = codes.get("CodeListOID", "") if codes is not None else ""
        digits = item.get("SignificantDigits")
        return Said(
            oid=item.get("OID", ""),
            name=item.get("Name", ""),
            label=_words(item),
            type=item.get("DataType", ""),
            length=item.get("Length", "") + (f".{digits}" if digits else ""),
            key=ref.get("KeySequence", ""),
            mandatory=ref.get("Mandatory") == "Yes",
            role=ref.get("Role", ""),
            origin=origin.get("Type", "") if origin is not None else "",
            codelist=codelist,
            listed=self.codelists[codelist].get("Name", "") if codelist else "",
            values=values.get("ValueListOID", "") if values is not None else "",
            where=self.where(ref),
            method=ref.get("MethodOID", ""),
            comment=self.comment(item),
            empty=ref.get(named("def:HasNoData")) == "Yes",
        )

    def where(self, ref: etree._Element) -> str:
        clauses = (one.get("WhereClauseOID", "") for one in ref.iterchildren())
        return ", ".join(
            value.text or ""
            for oid in clauses
            for value in self.clauses[oid].iter(f"{_O}CheckValue")
        )


def _codes(element: etree._Element) -> Codes:
    outside = element.find(f"{_O}ExternalCodeList")
    said = (
        (outside.get("Dictionary", ""), outside.get("Version", "")) if outside is not None else ()
    )
    return Codes(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        code=_nci(element),
        dictionary=" ".join(said),
        terms=tuple(
            (
                term.get("CodedValue", ""),
                term.findtext(f"{_O}Decode/{_O}TranslatedText") or "",
                _nci(term),
                term.get(named("def:ExtendedValue")) == "Yes",
            )
            for term in element.iterchildren(f"{_O}EnumeratedItem", f"{_O}CodeListItem")
        ),
    )


def _nci(element: etree._Element) -> str:
    alias = element.find(f"{_O}Alias")
    return alias.get("Name", "") if alias is not None else ""


def _words(element: etree._Element) -> str:
    return element.findtext(_TYPE) or ""
