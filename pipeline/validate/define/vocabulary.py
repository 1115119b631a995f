"""The elements and attributes that a define.xml of registry data is made of, and no others.

Most published rules about annotated CRFs, PDF pages, ranks, formulas, subclasses and analysis
datasets ask how these are written; here they are not written at all, which one check holds.
"""

from collections.abc import Iterator

from lxml import etree

from pipeline.validate.define.package import DEF, NAMES, ODM, Fault, Package, oid_of

RULES = ("DEFINE-002", "foreign-part")

_PARTS = """
odm:ODM              : CreationDateTime FileOID FileType ODMVersion Originator SourceSystem
                       def:Context
odm:Study            odm:ODM: OID
odm:GlobalVariables  odm:Study:
odm:StudyName        odm:GlobalVariables:
odm:StudyDescription odm:GlobalVariables:
odm:ProtocolName     odm:GlobalVariables:
odm:MetaDataVersion  odm:Study: Description Name OID def:CommentOID def:DefineVersion
def:Standards        odm:MetaDataVersion:
def:Standard         def:Standards: Name OID PublishingSet Status Type Version def:CommentOID
def:ValueListDef     odm:MetaDataVersion: OID
def:WhereClauseDef   odm:MetaDataVersion: OID def:CommentOID
odm:RangeCheck       def:WhereClauseDef: Comparator SoftHard def:ItemOID
odm:CheckValue       odm:RangeCheck:
odm:ItemGroupDef     odm:MetaDataVersion: Domain IsReferenceData Name OID Purpose Repeating
                       SASDatasetName def:ArchiveLocationID def:CommentOID def:HasNoData
                       def:StandardOID def:Structure
odm:ItemRef          odm:ItemGroupDef def:ValueListDef: ItemOID KeySequence Mandatory MethodOID
                       OrderNumber Role def:HasNoData def:IsNonStandard
def:WhereClauseRef   odm:ItemRef: WhereClauseOID
def:Class            odm:ItemGroupDef: Name
def:leaf             odm:ItemGroupDef: ID xlink:href
def:title            def:leaf:
odm:ItemDef          odm:MetaDataVersion: DataType Length Name OID SASFieldName SignificantDigits
                       def:CommentOID
def:Origin           odm:ItemDef: Source Type
odm:CodeListRef      odm:ItemDef: CodeListOID
def:ValueListRef     odm:ItemDef: ValueListOID
odm:CodeList         odm:MetaDataVersion: DataType Name OID def:CommentOID def:IsNonStandard
                       def:StandardOID
odm:EnumeratedItem   odm:CodeList: CodedValue OrderNumber def:ExtendedValue
odm:CodeListItem     odm:CodeList: CodedValue OrderNumber def:ExtendedValue
odm:ExternalCodeList odm:CodeList: Dictionary Version
odm:Decode           odm:CodeListItem:
odm:Alias            odm:CodeList odm:EnumeratedItem odm:CodeListItem odm:ItemGroupDef: Context Name
odm:MethodDef        odm:MetaDataVersion: Name OID Type
def:CommentDef       odm:MetaDataVersion: OID
odm:Description      odm:ItemGroupDef odm:ItemDef odm:MethodDef def:CommentDef:
odm:TranslatedText   odm:Description odm:Decode: xml:lang
"""
"""An element and where it may stand, then its attributes."""

PREFIXES = NAMES | {"xml": "http://www.w3.org/XML/1998/namespace"}


def _named(text: str) -> str:
    prefix, _, name = text.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{name}" if prefix else name


def _read(text: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    found = {}
    for line in text.strip().replace("\n   ", " ").splitlines():
        where, _, attributes = f"{line} ".partition(": ")
        name, *parents = map(_named, where.split())
        found[name] = frozenset(parents), frozenset(map(_named, attributes.split()))
    return found


PARTS = _read(_PARTS)


def parts(package: Package) -> Iterator[Fault]:
    """Every element stands where it may, and has no attribute that a define.xml here never has."""
    if package.root.tag != f"{ODM}ODM":
        yield "DEFINE-002", "", "the document is no ODM"
    for element in package.root.iter(etree.Element):
        around = element.getparent()
        parents, attributes = PARTS.get(element.tag, (frozenset(), frozenset()))
        if around is not None and around.tag not in parents:
            yield "foreign-part", oid_of(around), f"has no {_short(element.tag)}"
        if attributes.issuperset(element.keys()):
            continue
        for name in sorted(set(map(str, element.attrib)) - attributes):
            yield "foreign-part", oid_of(element), f"{_short(element.tag)} has no {_short(name)}"


def _short(name: str | bytes) -> str:
    return str(name).replace(DEF, "def:").rpartition("}")[2]
