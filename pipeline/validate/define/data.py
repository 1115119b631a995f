"""What the document must say truly of the data: datasets, columns, lengths, values, keys."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from pipeline.text import in_xpt, width
from pipeline.validate.define.package import DEF, ODM, Fault, Package, number, oid_of
from pipeline.values import Scalar

RULES = (
    "DEFINE-076",
    "DEFINE-142",
    "codelist-data",
    "datasets",
    "keys",
    "length",
    "variables",
    "where-clauses",
)


def datasets(package: Package) -> Iterator[Fault]:
    """Datasets and their variables are those of the data, in the data's order."""
    groups = {group.get("Name"): group for group in package.root.iter(f"{ODM}ItemGroupDef")}
    for name in [name for name in groups if name not in package.tables]:
        yield "datasets", oid_of(groups[name]), "is not among the datasets"
    for code, table in package.tables.items():
        if code not in groups:
            yield "datasets", f"IG.{code}", "the dataset is not described"
            continue
        items = [package.items.get(ref.get("ItemOID", "")) for ref in _refs(groups[code])]
        names = [item.get("Name") for item in items if item is not None]
        if names != table.column_names:
            yield "variables", f"IG.{code}", f"its variables are {', '.join(table.column_names)}"


def values(package: Package) -> Iterator[Fault]:
    """Each item has room for its values, lists coded ones, and says when it has none."""
    for ref in _refs(package.root):
        item = package.items.get(ref.get("ItemOID", ""))
        if item is None:
            continue
        there = [value for value in _column(package, ref, item) if value is not None]
        if (not there) != (ref.get(f"{DEF}HasNoData") == "Yes"):
            yield "DEFINE-076", oid_of(item), "HasNoData must be said when, and only when, it is so"
        length = number(item, "Length")
        longest = max((width(_written(value), package.spec) for value in there), default=0)
        if length and length < longest:
            yield "length", oid_of(item), f"Length is less than the {longest} of the data"
        yield from _unlisted(package, item, there)


def _column(package: Package, ref: etree._Element, item: etree._Element) -> Sequence[Scalar]:
    """The values that the reference is about: of a dataset's variable, or of its where clause."""
    name, group = item.get("Name", ""), ref.getparent()
    if group is not None and group.tag == f"{ODM}ItemGroupDef":
        return package.columns.get(group.get("Name", ""), {}).get(name, [])
    codes = set(_codes(package, ref))
    columns = package.columns.get("TS", {})
    pairs = zip(columns.get("TSPARMCD", []), columns.get(name, []), strict=False)
    return [value for code, value in pairs if code in codes]


def _unlisted(package: Package, item: etree._Element, there: Sequence[Scalar]) -> Iterator[Fault]:
    for ref in item.iter(f"{ODM}CodeListRef"):
        listed = package.lists.get(ref.get("CodeListOID", ""))
        for value in sorted({str(value) for value in there}):
            if listed and not {value, in_xpt(value, package.spec)} & set(listed):
                yield "codelist-data", oid_of(item), f"{value} is in the data, not in the codelist"


def value_lists(package: Package) -> Iterator[Fault]:
    """Every TSPARMCD has one item of TSVAL; no item is longer than the variable it is a part of."""
    for item in package.items.values():
        for listed in item.iter(f"{DEF}ValueListRef"):
            refs = _listed(package, listed.get("ValueListOID", ""))
            whole = number(item, "Length")
            for ref in refs:
                part = package.items.get(ref.get("ItemOID", ""))
                if part is not None and number(part, "Length") > whole:
                    sentence = f"Length is more than the {whole} of its variable"
                    yield "DEFINE-142", oid_of(part), sentence
            if item.get("Name") == "TSVAL":
                yield from _where_clauses(package, refs)


def _where_clauses(package: Package, refs: Sequence[etree._Element]) -> Iterator[Fault]:
    codes = [code for ref in refs for code in _codes(package, ref)]
    there = {str(code) for code in package.columns.get("TS", {}).get("TSPARMCD", ())}
    for code in sorted(there.symmetric_difference(codes)):
        yield "where-clauses", f"WC.TS.{code}", "where clauses and TSPARMCDs are not the same"
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield "where-clauses", f"WC.TS.{code}", "is covered more than once"


def keys(package: Package) -> Iterator[Fault]:
    """Rows are unique and in order by the keys of their dataset."""
    for code, columns in package.columns.items():
        names = [name for name in package.spec.domains[code].keys_of(columns) if name in columns]
        rows = [
            tuple((value is not None, value) for value in row)
            for row in zip(*(columns[name] for name in names), strict=True)
        ]
        if any(before >= after for before, after in pairwise(rows)):
            yield "keys", f"IG.{code}", f"rows are not unique and sorted by {', '.join(names)}"


def _codes(package: Package, ref: etree._Element) -> list[str]:
    """The TSPARMCDs that the where clauses of a value-level ItemRef select."""
    clauses = [clause.get("WhereClauseOID", "") for clause in ref.iter(f"{DEF}WhereClauseRef")]
    return [code for clause in clauses for code in package.codes.get(clause, ())]


def _listed(package: Package, oid: str) -> list[etree._Element]:
    lists = package.root.iter(f"{DEF}ValueListDef")
    return [ref for listed in lists if listed.get("OID") == oid for ref in _refs(listed)]


def _refs(element: etree._Element) -> Iterator[etree._Element]:
    return iter(element.iter(f"{ODM}ItemRef"))


def _written(value: Scalar) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
