"""What each element must have, and in which order: the schema's part, in our own words too.

A reader that does not validate still stumbles over these, and the schema names no rule.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from pipeline.validate.define.package import DEF, NAMES, ODM, Fault, Package, oid_of

XLINK = f"{{{NAMES['xlink']}}}"
YES = re.compile("Yes")
YES_NO = re.compile("Yes|No")
COUNT = re.compile(r"[1-9]\d*")
NUMBER = re.compile(r"\d+")
ANY = re.compile(r"[\s\S]*\S[\s\S]*")
TIME = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?"
    r"(Z|[+-]\d\d:\d\d)?"
)
XML_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)

ATTRIBUTES: dict[str, tuple[tuple[str, str, re.Pattern[str], bool], ...]] = {
    f"{ODM}ODM": (
        ("DEFINE-004", "CreationDateTime", TIME, True),
        ("DEFINE-006", "ODMVersion", ANY, True),
        ("DEFINE-009", "FileOID", ANY, True),
        ("DEFINE-017", f"{DEF}Context", re.compile("Submission|Other"), True),
    ),
    f"{ODM}Study": (("DEFINE-012", "OID", ANY, True),),
    f"{ODM}MetaDataVersion": (
        ("DEFINE-026", "OID", ANY, True),
        ("DEFINE-027", "Name", ANY, True),
        ("DEFINE-028", f"{DEF}DefineVersion", re.compile(r"2\.1\.\d+"), True),
    ),
    f"{DEF}Standard": (
        ("DEFINE-257", "OID", ANY, True),
        ("DEFINE-033", "Name", re.compile("SDTMIG|CDISC/NCI"), True),
        ("DEFINE-034", "Type", re.compile("IG|CT"), True),
        ("DEFINE-036", "Version", ANY, True),
    ),
    f"{DEF}ValueListDef": (("DEFINE-236", "OID", ANY, True),),
    f"{DEF}WhereClauseDef": (("DEFINE-082", "OID", ANY, True),),
    f"{DEF}WhereClauseRef": (("DEFINE-080", "WhereClauseOID", ANY, True),),
    f"{DEF}ValueListRef": (("DEFINE-164", "ValueListOID", ANY, True),),
    f"{ODM}RangeCheck": (
        ("DEFINE-086", "Comparator", re.compile("EQ|NE|LT|LE|GT|GE|IN|NOTIN"), True),
        ("DEFINE-088", "SoftHard", re.compile("Soft|Hard"), True),
        ("DEFINE-090", f"{DEF}ItemOID", ANY, True),
    ),
    f"{ODM}ItemGroupDef": (
        ("DEFINE-094", "OID", ANY, True),
        ("DEFINE-104", "Name", ANY, True),
        ("DEFINE-105", "Domain", ANY, True),
        ("DEFINE-108", "SASDatasetName", re.compile(r"[A-Z_][A-Z0-9_]{0,7}"), True),
        ("DEFINE-114", "Repeating", YES_NO, True),
        ("DEFINE-115", "IsReferenceData", YES_NO, False),
        ("DEFINE-116", "Purpose", re.compile("Tabulation|Analysis"), True),
        ("DEFINE-118", f"{DEF}Structure", ANY, True),
        ("DEFINE-126", f"{DEF}HasNoData", YES, False),
    ),
    f"{DEF}Class": (("DEFINE-132", "Name", re.compile("TRIAL DESIGN"), True),),
    f"{ODM}ItemRef": (
        ("DEFINE-065", "ItemOID", ANY, True),
        ("DEFINE-238", "OrderNumber", COUNT, True),
        ("DEFINE-068", "Mandatory", YES_NO, True),
        ("DEFINE-072", "KeySequence", COUNT, False),
        ("DEFINE-075", f"{DEF}IsNonStandard", YES, False),
        ("DEFINE-077", f"{DEF}HasNoData", YES, False),
    ),
    f"{ODM}ItemDef": (
        ("DEFINE-137", "OID", ANY, True),
        ("DEFINE-138", "Name", re.compile(r"[A-Z_][A-Z0-9_]{0,7}"), True),
        ("DEFINE-139", "DataType", ANY, True),
        ("DEFINE-144", "Length", COUNT, False),
        ("DEFINE-146", "SignificantDigits", NUMBER, False),
    ),
    f"{DEF}Origin": (
        ("DEFINE-160", "Type",
         re.compile("Assigned|Derived|Not Available|Other|Predecessor|Protocol"), True),
        ("DEFINE-161", "Source", re.compile("Investigator|Sponsor|Subject|Vendor"), True),
    ),
    f"{ODM}CodeList": (
        ("DEFINE-166", "OID", ANY, True),
        ("DEFINE-171", "Name", ANY, True),
        ("DEFINE-174", "DataType", re.compile("text|float|integer"), True),
        ("DEFINE-167", f"{DEF}IsNonStandard", YES, False),
    ),
    f"{ODM}EnumeratedItem": (
        ("DEFINE-180", "CodedValue", ANY, True),
        ("DEFINE-178", f"{DEF}ExtendedValue", YES, False),
        ("DEFINE-184", "OrderNumber", COUNT, False),
    ),
    f"{ODM}CodeListItem": (
        ("DEFINE-191", "CodedValue", ANY, True),
        ("DEFINE-197", f"{DEF}ExtendedValue", YES, False),
        ("DEFINE-195", "OrderNumber", COUNT, False),
    ),
    f"{ODM}Alias": (
        ("DEFINE-100", "Context", ANY, True),
        ("DEFINE-101", "Name", ANY, True),
    ),
    f"{ODM}MethodDef": (
        ("DEFINE-206", "OID", ANY, True),
        ("DEFINE-207", "Name", ANY, True),
        ("DEFINE-209", "Type", re.compile("Computation|Imputation"), True),
    ),
    f"{DEF}CommentDef": (("DEFINE-212", "OID", ANY, True),),
    f"{DEF}leaf": (
        ("DEFINE-259", "ID", XML_ID, True),
        ("DEFINE-248", f"{XLINK}href", re.compile(r"\S+"), True),
    ),
}  # fmt: skip
"""For each element: rule, attribute, what it must match, and whether it must be there."""

CHILDREN = {
    f"{ODM}ODM": (("DEFINE-010", f"{ODM}Study", 1, 1),),
    f"{ODM}Study": (
        ("DEFINE-014", f"{ODM}GlobalVariables", 1, 1),
        ("DEFINE-024", f"{ODM}MetaDataVersion", 1, 1),
    ),
    f"{ODM}GlobalVariables": (
        ("DEFINE-018", f"{ODM}StudyName", 1, 1),
        ("DEFINE-020", f"{ODM}StudyDescription", 1, 1),
        ("DEFINE-022", f"{ODM}ProtocolName", 1, 1),
    ),
    f"{ODM}MetaDataVersion": (
        ("DEFINE-032", f"{DEF}Standards", 0, 1),
        ("DEFINE-093", f"{ODM}ItemGroupDef", 1, 0),
    ),
    f"{DEF}Standards": (("DEFINE-233", f"{DEF}Standard", 1, 0),),
    f"{DEF}ValueListDef": (("DEFINE-237", f"{ODM}ItemRef", 1, 0),),
    f"{DEF}WhereClauseDef": (("DEFINE-085", f"{ODM}RangeCheck", 1, 0),),
    f"{ODM}RangeCheck": (("DEFINE-092", f"{ODM}CheckValue", 1, 0),),
    f"{ODM}ItemGroupDef": (
        ("DEFINE-129", f"{ODM}Description", 0, 1),
        ("DEFINE-241", f"{ODM}ItemRef", 1, 0),
    ),
    f"{ODM}ItemDef": (
        ("DEFINE-169", f"{ODM}Description", 0, 1),
        ("DEFINE-135", f"{ODM}CodeListRef", 0, 1),
        ("DEFINE-162", f"{DEF}ValueListRef", 0, 1),
    ),
    f"{ODM}CodeList": (("DEFINE-250", f"{ODM}ExternalCodeList", 0, 1),),
    f"{ODM}CodeListItem": (("DEFINE-198", f"{ODM}Decode", 0, 1),),
    f"{ODM}MethodDef": (("DEFINE-205", f"{ODM}Description", 0, 1),),
    f"{DEF}CommentDef": (("DEFINE-215", f"{ODM}Description", 0, 1),),
    f"{DEF}leaf": (("DEFINE-218", f"{DEF}title", 1, 1),),
}
"""For each element: rule, child, how many at least, how many at most (0: any number)."""

ORDER = {
    f"{ODM}MetaDataVersion": (
        f"{DEF}Standards", f"{DEF}AnnotatedCRF", f"{DEF}SupplementalDoc", f"{DEF}ValueListDef",
        f"{DEF}WhereClauseDef", f"{ODM}ItemGroupDef", f"{ODM}ItemDef", f"{ODM}CodeList",
        f"{ODM}MethodDef", f"{DEF}CommentDef", f"{DEF}leaf",
    ),
    f"{ODM}ItemGroupDef": (
        f"{ODM}Description", f"{ODM}ItemRef", f"{ODM}Alias", f"{DEF}Class", f"{DEF}leaf",
    ),
    f"{ODM}ItemDef": (
        f"{ODM}Description", f"{ODM}CodeListRef", f"{ODM}Alias", f"{DEF}Origin",
        f"{DEF}ValueListRef",
    ),
}  # fmt: skip
TERMS = (f"{ODM}EnumeratedItem", f"{ODM}CodeListItem", f"{ODM}ExternalCodeList")
RULES = (
    *(rule for asked in ATTRIBUTES.values() for rule, *_ in asked),
    *(rule for asked in CHILDREN.values() for rule, *_ in asked),
    "DEFINE-165", "DEFINE-216", "DEFINE-230", "element-order", "item-twice",
)  # fmt: skip


def elements(package: Package) -> Iterator[Fault]:
    """Attributes that must be there and mean something, children in number and order."""
    for element in package.root.iter(etree.Element):
        for rule, name, pattern, needed in ATTRIBUTES.get(element.tag, ()):
            value = element.get(name)
            if value is None:
                if needed:
                    yield rule, oid_of(element), f"no {_short(name)}"
            elif not pattern.fullmatch(value):
                yield rule, oid_of(element), f"{_short(name)} cannot be {value}"
        if element.tag in CHILDREN or element.tag in ORDER:
            yield from _children(element)


def _children(element: etree._Element) -> Iterator[Fault]:
    tags = [child.tag for child in element.iterchildren(etree.Element)]
    for rule, name, least, most in CHILDREN.get(element.tag, ()):
        count = tags.count(name)
        if count < least or (most and count > most):
            yield rule, oid_of(element), f"{_short(name)} stands there {count} times"
    wanted = ORDER.get(element.tag, ())
    places = [wanted.index(tag) for tag in tags if tag in wanted]
    if places != sorted(places):
        yield "element-order", oid_of(element), "its parts are not in the standard's order"


def names(package: Package) -> Iterator[Fault]:
    """One definition for each OID, one reference for each item, one kind of term in a codelist."""
    defined = (e for e in package.root.iter(etree.Element) if e.get("OID"))
    for oid, count in Counter(element.get("OID", "") for element in defined).items():
        if count > 1:
            yield "DEFINE-230", oid, f"{count} elements have this OID"
    leaves = Counter(leaf.get("ID", "") for leaf in package.root.iter(f"{DEF}leaf"))
    for oid, count in leaves.items():
        if count > 1:
            yield "DEFINE-216", oid, f"{count} leaves have this ID"
    for group in package.root.iter(f"{ODM}ItemGroupDef", f"{DEF}ValueListDef"):
        refs = Counter(ref.get("ItemOID", "") for ref in group.iter(f"{ODM}ItemRef"))
        for oid, count in refs.items():
            if count > 1:
                yield "item-twice", oid, f"is referred to {count} times in {oid_of(group)}"
    for codelist in package.root.iter(f"{ODM}CodeList"):
        if len({term.tag for term in codelist.iterchildren(*TERMS)}) > 1:
            yield "DEFINE-165", oid_of(codelist), "its terms are of more than one kind"


def _short(name: str) -> str:
    return name.rpartition("}")[2]
