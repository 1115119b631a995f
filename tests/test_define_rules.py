"""Every published rule of Define-XML has a check, and one broken define.xml that trips it."""

import csv

import pytest
import yaml
from lxml import etree

from pipeline.validate.define import define_run
from tests.conftest import ROOT, SHARED
from tests.test_define import (
    CT,
    MUTATIONS,
    TSGROUP,
    XML,
    D,
    Mutation,
    again,
    drop,
    findings,
    found,
    put,
    unset,
    unset_all,
)

DECIDED = yaml.safe_load((ROOT / "mappings" / "define_rules.yaml").read_text(encoding="utf-8"))
OURS = {rule for run in define_run() for rule in run.rules if run.name == "define"}
ALSO: dict[str, str] = DECIDED["also"]
NEVER = {rule: "foreign-part" for rules in DECIDED["never"].values() for rule in rules}
ABSENT = {rule: "datasets" for rules in DECIDED["datasets"].values() for rule in rules}
WANTED = {**ALSO, **NEVER, **ABSENT}
PUBLISHED = SHARED / "standards" / "define_conformance_rules.tsv"
META, VALUES, CLAUSE = "//o:MetaDataVersion", "//d:ValueListDef", "//d:WhereClauseDef"
ITEM, CODED, TERM = "//o:ItemDef", "//o:EnumeratedItem", "//o:CodeListItem"
LIST, METHOD, COMMENT, LEAF = "//o:CodeList", "//o:MethodDef", "//d:CommentDef", "//d:leaf"
WORDS = "/o:Description/o:TranslatedText"


def insert(path: str, xml: str) -> Mutation:
    """A part more, at the end of the element."""
    names = (
        'xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:d="http://www.cdisc.org/ns/def/v2.1" '
        'xmlns:x="http://www.w3.org/1999/xlink"'
    )

    def mutate(root: etree._Element) -> None:
        whole = etree.fromstring(f"<all {names}>{xml}</all>")
        for part in whole:
            found(root, path)[0].append(part)

    return mutate


def both(*changes: Mutation) -> Mutation:
    def mutate(root: etree._Element) -> None:
        for change in changes:
            change(root)

    return mutate


def emptied(path: str) -> Mutation:
    """No ItemRef is left in the element."""

    def mutate(root: etree._Element) -> None:
        for ref in found(root, f"{path}/o:ItemRef"):
            ref.getparent().remove(ref)

    return mutate


def no_odm(root: etree._Element) -> None:
    root.tag = "{http://www.cdisc.org/ns/odm/v1.3}Study"


CRF = '<d:AnnotatedCRF><d:DocumentRef leafID="LF.CRF">{}</d:DocumentRef></d:AnnotatedCRF>'
DESCRIBED = '<Description><TranslatedText xml:lang="en">Words</TranslatedText></Description>'
TWICE = DESCRIBED + DESCRIBED
PAGE = insert(META, CRF.format('<d:PDFPageRef Type="Page" FirstPage="one" LastPage="two"/>'))
SUPP = both(*(put(TSGROUP, name, "SUPPTS") for name in ("Domain", "SASDatasetName", "Name")))
ADAM = put("//d:Standard[@Type='IG']", "Name", "ADaMIG")
BREAKS: dict[str, Mutation] = {
    "DEFINE-001": put("//o:Standard | //d:Class", "OID", "X"),
    "DEFINE-002": no_odm,
    "DEFINE-003": insert("/o:ODM", "<ODM/>"),
    "DEFINE-005": put("/o:ODM", "AsOfDateTime", "yesterday"),
    "DEFINE-006": unset("/o:ODM", "ODMVersion"),
    "DEFINE-007": put("/o:ODM", "ODMVersion", "1.3"),
    "DEFINE-008": put("/o:ODM", "FileType", "Transactional"),
    "DEFINE-011": again("//o:Study"),
    "DEFINE-012": unset("//o:Study", "OID"),
    "DEFINE-013": unset("/o:ODM", "CreationDateTime"),
    "DEFINE-014": drop("//o:GlobalVariables"),
    "DEFINE-015": again("//o:GlobalVariables"),
    "DEFINE-016": unset("/o:ODM", f"{D}Context"),
    "DEFINE-019": again("//o:StudyName"),
    "DEFINE-020": drop("//o:StudyDescription"),
    "DEFINE-021": again("//o:StudyDescription"),
    "DEFINE-023": again("//o:ProtocolName"),
    "DEFINE-024": drop(META),
    "DEFINE-025": again(META),
    "DEFINE-026": unset(META, "OID"),
    "DEFINE-027": unset(META, "Name"),
    "DEFINE-029": unset(META, f"{D}DefineVersion"),
    "DEFINE-030": put(META, f"{D}CommentOID", "COM.NO"),
    "DEFINE-032": again("//d:Standards"),
    "DEFINE-034": unset(CT, "Type"),
    "DEFINE-036": unset(CT, "Version"),
    "DEFINE-038": both(*[insert(META, CRF.format(""))] * 2),
    "DEFINE-039": insert(META, "<d:AnnotatedCRF/>"),
    "DEFINE-042": insert(META, "<d:AnnotatedCRF><d:DocumentRef/></d:AnnotatedCRF>"),
    "DEFINE-043": insert(META, CRF.format("")),
    "DEFINE-044": insert("//d:Origin", '<d:DocumentRef leafID="LF.TS"/>'),
    **dict.fromkeys(
        ("DEFINE-045", "DEFINE-046", "DEFINE-047", "DEFINE-048", "DEFINE-049", "DEFINE-050"), PAGE
    ),
    "DEFINE-051": insert(META, "<d:SupplementalDoc/><d:SupplementalDoc/>"),
    "DEFINE-054": insert(META, "<d:SupplementalDoc/>"),
    "DEFINE-055": SUPP,
    "DEFINE-056": drop(f"{METHOD}/o:Description"),
    "DEFINE-057": put(TSGROUP, f"{D}IsNonStandard", "Yes"),
    "DEFINE-060": drop(f"{TSGROUP}{WORDS}"),
    "DEFINE-061": drop(f"{COMMENT}{WORDS}"),
    "DEFINE-062": drop("//o:Decode/o:TranslatedText"),
    "DEFINE-066": put("//o:ItemRef", "OrderNumber", "first"),
    "DEFINE-069": unset("//o:ItemRef", "Mandatory"),
    "DEFINE-075": put("//o:ItemRef", f"{D}IsNonStandard", "No"),
    "DEFINE-077": put("//o:ItemRef", f"{D}HasNoData", "No"),
    "DEFINE-079": insert(
        f"{TSGROUP}/o:ItemRef", '<d:WhereClauseRef WhereClauseOID="WC.TS.ADAPT"/>'
    ),
    "DEFINE-080": unset("//d:WhereClauseRef", "WhereClauseOID"),
    "DEFINE-082": unset(CLAUSE, "OID"),
    "DEFINE-083": put(CLAUSE, f"{D}CommentOID", "COM.NO"),
    "DEFINE-084": insert(
        CLAUSE,
        '<RangeCheck Comparator="EQ" SoftHard="Soft" d:ItemOID="IT.TI.IECAT"><CheckValue>'
        "EXCLUSION</CheckValue></RangeCheck>",
    ),
    "DEFINE-087": unset("//o:RangeCheck", "Comparator"),
    "DEFINE-089": unset("//o:RangeCheck", "SoftHard"),
    "DEFINE-093": both(*[drop("//o:ItemGroupDef")] * 5),
    "DEFINE-094": unset(TSGROUP, "OID"),
    "DEFINE-095": put(TSGROUP, "Domain", "XX"),
    "DEFINE-096": SUPP,
    "DEFINE-097": drop(f"{LIST}/o:Alias"),
    "DEFINE-098": drop(f"{CODED}/o:Alias"),
    "DEFINE-099": drop(f"{TERM}/o:Alias"),
    "DEFINE-101": unset("//o:Alias", "Name"),
    "DEFINE-104": unset(TSGROUP, "Name"),
    "DEFINE-105": unset(TSGROUP, "Domain"),
    "DEFINE-106": ADAM,
    "DEFINE-108": unset(TSGROUP, "SASDatasetName"),
    "DEFINE-109": put(TSGROUP, "SASDatasetName", "trial summary"),
    "DEFINE-113": unset(TSGROUP, "Repeating"),
    "DEFINE-114": put(TSGROUP, "Repeating", "no"),
    "DEFINE-115": put(TSGROUP, "IsReferenceData", "yes"),
    "DEFINE-116": put(TSGROUP, "Purpose", "Listing"),
    "DEFINE-117": unset(TSGROUP, "Purpose"),
    "DEFINE-119": unset(TSGROUP, f"{D}ArchiveLocationID"),
    "DEFINE-122": put(TSGROUP, "Name", "XX"),
    "DEFINE-123": put(TSGROUP, f"{D}IsNonStandard", "No"),
    "DEFINE-127": put(TSGROUP, f"{D}CommentOID", "COM.NO"),
    "DEFINE-128": drop(f"{TSGROUP}/o:Description"),
    "DEFINE-134": insert("//d:Class", "<d:SubClass/>"),
    "DEFINE-135": again("//o:CodeListRef"),
    "DEFINE-137": unset(ITEM, "OID"),
    "DEFINE-139": unset(ITEM, "DataType"),
    "DEFINE-146": put("//o:ItemDef[@SignificantDigits]", "SignificantDigits", "-1"),
    "DEFINE-147": unset(ITEM, "SASFieldName"),
    "DEFINE-153": both(
        unset("//o:CodeList[@d:StandardOID]", f"{D}StandardOID"), drop(f"{LIST}/o:Alias")
    ),
    "DEFINE-154": drop("//d:Origin"),
    "DEFINE-158": unset("//d:Origin", "Type"),
    "DEFINE-162": again("//d:ValueListRef"),
    "DEFINE-164": unset("//d:ValueListRef", "ValueListOID"),
    "DEFINE-166": unset(LIST, "OID"),
    "DEFINE-167": put("//o:CodeList[@d:IsNonStandard]", f"{D}IsNonStandard", "No"),
    "DEFINE-169": again(f"{ITEM}/o:Description"),
    "DEFINE-173": unset(LIST, "DataType"),
    "DEFINE-175": put(ITEM, "SASFormatName", "1.2.3"),
    "DEFINE-177": put(LIST, f"{D}CommentOID", "COM.NO"),
    "DEFINE-178": put("//o:EnumeratedItem[@d:ExtendedValue]", f"{D}ExtendedValue", "No"),
    "DEFINE-182": put(CODED, "Rank", "x"),
    "DEFINE-183": put(CODED, "Rank", "1"),
    "DEFINE-184": put(CODED, "OrderNumber", "x"),
    "DEFINE-191": unset(TERM, "CodedValue"),
    "DEFINE-192": put(f"{TERM}/o:Alias", "Name", "C1"),
    "DEFINE-193": put(TERM, "Rank", "x"),
    "DEFINE-194": put(TERM, "Rank", "1"),
    "DEFINE-195": put(TERM, "OrderNumber", "x"),
    "DEFINE-196": put("//o:CodeList/o:CodeListItem[2]", "OrderNumber", "1"),
    "DEFINE-197": put(TERM, f"{D}ExtendedValue", "No"),
    "DEFINE-198": again("//o:Decode"),
    "DEFINE-201": put("//o:CodeList[@d:StandardOID]/o:CodeListItem", "CodedValue", "NOTERM"),
    "DEFINE-202": both(
        put("//o:CodeList[@OID='CL.NY']/*", f"{D}ExtendedValue", "Yes"),
    ),
    "DEFINE-203": unset("//o:ExternalCodeList", "Dictionary"),
    "DEFINE-205": again(f"{METHOD}/o:Description"),
    "DEFINE-206": unset(METHOD, "OID"),
    "DEFINE-207": unset(METHOD, "Name"),
    "DEFINE-208": unset(METHOD, "Type"),
    "DEFINE-210": drop(f"{METHOD}/o:Description"),
    "DEFINE-212": unset(COMMENT, "OID"),
    "DEFINE-213": again(COMMENT),
    "DEFINE-214": drop(f"{COMMENT}/o:Description"),
    "DEFINE-215": again(f"{COMMENT}/o:Description"),
    "DEFINE-219": again("//d:title"),
    "DEFINE-221": insert(METHOD, "<FormalExpression>1 + 1</FormalExpression>"),
    "DEFINE-233": both(*[drop("//d:Standard")] * 2),
    "DEFINE-235": insert(VALUES, TWICE),
    "DEFINE-236": unset(VALUES, "OID"),
    "DEFINE-237": emptied(VALUES),
    "DEFINE-241": emptied(TSGROUP),
    "DEFINE-242": put(
        "//o:ItemRef[@ItemOID=//o:ItemDef[not(@d:CommentOID)]/@OID]", f"{D}HasNoData", "Yes"
    ),
    "DEFINE-243": insert("//d:Origin", TWICE),
    "DEFINE-244": insert(LIST, TWICE),
    "DEFINE-245": insert(CODED, TWICE),
    "DEFINE-246": insert(TERM, TWICE),
    "DEFINE-251": put(TSGROUP, "Purpose", "Analysis"),
    "DEFINE-252": ADAM,
    "DEFINE-254": put("/o:ODM", "CreationDateTime", "2026-13-41T00:00:00"),
    "DEFINE-255": unset("/o:ODM", "FileType"),
    "DEFINE-256": put("//d:Standard", f"{D}CommentOID", "COM.NO"),
    "DEFINE-257": unset("//d:Standard", "OID"),
    "DEFINE-258": both(*[drop("//d:Standard")] * 2),
    "DEFINE-261": insert("//d:Class", '<d:SubClass Name="NONE"/>'),
    "DEFINE-262": insert("//d:Class", '<d:SubClass Name="NONE" ParentClass="NONE"/>'),
    "unused-comment": unset_all("//*[@d:CommentOID]", f"{D}CommentOID"),
}


def broken(change: Mutation) -> set[str]:
    root = etree.fromstring(XML)
    change(root)
    return {one.rule for one in findings(etree.tostring(root)) if one.engine == "define"}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_define_trips_the_rule(rule: str) -> None:
    wanted = WANTED.get(rule, rule)
    assert wanted in OURS
    assert wanted in broken(BREAKS[rule])


def test_every_check_has_a_define_that_trips_it() -> None:
    tripped = {rule for change in MUTATIONS.values() for rule in broken(change)}
    tripped |= {WANTED.get(rule, rule) for rule in BREAKS}
    assert OURS - tripped == {"keys"}, "test_define.py spoils the data for that one"


def test_every_published_rule_is_decided_once() -> None:
    if not PUBLISHED.is_file():
        pytest.skip("no published rules in ../shared/standards")
    with PUBLISHED.open(encoding="utf-8") as lines:
        published = {row["rule_id"] for row in csv.DictReader(lines, delimiter="\t")}
    own = {rule for rule in OURS if rule.startswith("DEFINE-")}
    decided = [own, {*ALSO}, {*NEVER}, {*ABSENT}, {*DECIDED["unsaid"]}]
    assert set().union(*decided) == published
    assert sum(map(len, decided)) == len(published)
    assert WANTED.keys() <= BREAKS.keys()
