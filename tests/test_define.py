"""define.xml: valid, whole, true of the data, and every known way to break it is found."""

import datetime as dt
from collections.abc import Callable

import pytest
from lxml import etree

from pipeline.load.define import define_html, define_xml, stylesheet
from pipeline.spec import load
from pipeline.tabulate import tables
from pipeline.validate.define import define_findings, define_run
from pipeline.values import Cell, Fact, Record, Row, Source, Span, Study, Table

SPEC = load()
SOURCE = Source("NCT00000001.txt", "ctgov", "ctgov_page", "ab" * 32, "NCT00000001", "2024-05-01")
CREATED = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
METHODS = {"minimum_age": "The stated  minimum\nage.", "stated_element": "Each treatment."}
NAMES = {
    "o": "http://www.cdisc.org/ns/odm/v1.3",
    "d": "http://www.cdisc.org/ns/def/v2.1",
    "x": "http://www.w3.org/1999/xlink",
}
LONG = "Histologically confirmed disease, " * 12 + "no other malignancy."


def fact(words: str, concept: str = "title.official") -> Fact:
    return Fact(concept, words, words, Span(0, len(words)), SOURCE)


def said(
    words: str, how: str = "copied", basis: str = "", rule: str = "", reason: str = ""
) -> Cell:
    return Cell(words, how, (fact(basis or words),), rule, reason)  # type: ignore[arg-type]


def ts(code: str, cell: Cell, seq: int = 1, **more: str) -> Row:
    nci = SPEC.terminology.codelists["TSPARMCD"].terms[code]
    name = next(n for n, c in SPEC.terminology.codelists["TSPARM"].terms.items() if c == nci)
    flavor = SPEC.reasons[cell.reason].flavor if cell.value is None else None
    return {
        "TSSEQ": seq,
        "TSPARMCD": code,
        "TSPARM": name,
        "TSVAL": cell,
        "TSVALNF": flavor,
        **more,
    }


def study(title: str = "A trial of β-blockade: " + "very long words " * 20, **texts: str) -> Study:
    country = {"TSVCDREF": "ISO 3166-1 alpha-3", "TSVCDVER": "2020"}
    summary = (
        ts("ADAPT", Cell("N", "curated", reason="The sponsor says so.")),
        ts("AGEMAX", Cell(None, "absent", reason="no limit above")),
        ts("AGEMIN", said("P18Y", "normalised", "18 Years", "minimum_age"), TSVCDREF="ISO 8601"),
        ts("FCNTRY", said("FRA", "normalised", "France"), 1, **country),
        ts("FCNTRY", said("USA", "normalised", "United States"), 2, **country),
        ts("NARMS", said("2", "derived", "Arm A", "number_of_arms")),
        ts("RANDOM", said("Y", "normalised", "Randomized")),
        ts("RANDQT", said("0.67", "derived", "2:1", "randomisation_quotient")),
        ts("SDTIGVER", Cell("3.4", "assumed", reason="The version of this package.")),
        ts("SENDTC", said("2024-05-17")),
        ts("SSTDTC", said("2023-02")),
        ts("TITLE", said(title)),
        ts("TPHASE", said("PHASE II(A) TRIAL")),
    )
    arms: tuple[Row, ...] = tuple(
        {"ARMCD": Cell(code, "derived", (fact(name),), "arm_code"), "ARM": said(name), "TAETORD": n,
         "ETCD": etcd, "ELEMENT": Cell(words, how, (), rule, reason), "EPOCH": epoch}
        for code, name in (("A", "Arm A"), ("B", texts.get("arm", "Arm B")))
        for n, etcd, words, how, rule, reason, epoch in (
            (1, "SCREEN", "Screening", "assumed", "", "Somebody screens.", "SCREENING"),
            (2, "TRT", "Drug", "derived", "stated_element", "", "TREATMENT"),
        )
    )  # fmt: skip
    elements: tuple[Row, ...] = (
        {"ETCD": "SCREEN", "ELEMENT": "Screening", "TESTRL": "Informed consent"},
        {
            "ETCD": "TRT",
            "ELEMENT": "Drug",
            "TESTRL": said("First dose"),
            "TEENRL": said("Last dose"),
        },
    )
    criterion = texts.get("criterion", LONG)
    shortened = Cell(criterion[:150] + "...", "normalised", (fact(criterion),))
    criteria: tuple[Row, ...] = (
        {"IETESTCD": "EXCL01", "IETEST": said("Pregnancy"), "IECAT": "EXCLUSION"},
        {"IETESTCD": "INCL01", "IETEST": shortened, "IECAT": "INCLUSION"},
    )
    visits: tuple[Row, ...] = (
        {"VISITNUM": 1.0, "VISIT": said("Baseline"), "VISITDY": -1, "TVSTRL": said("Consent")},
        {"VISITNUM": 1.25, "VISIT": said("Call"), "VISITDY": 3, "TVSTRL": said("Dose + 3 days")},
    )
    domains = {"TA": arms, "TE": elements, "TI": criteria, "TS": summary, "TV": visits}
    made = {code: Table(code, rows) for code, rows in domains.items()}
    record = Record(SOURCE, "", ())
    return Study("NCT00000001", said("AB/12-3"), (record,), made, (), ())


STUDY = study()
TABLES = tables(STUDY, SPEC)
XML = define_xml(STUDY, TABLES, SPEC, CREATED, METHODS)


def found(root: etree._Element, path: str) -> list:
    return root.xpath(path, namespaces=NAMES)


def findings(xml: bytes) -> list:
    return define_findings(xml, TABLES, SPEC, STUDY.id)


def test_a_made_define_has_no_finding_and_is_the_same_each_time() -> None:
    assert findings(XML) == []
    assert define_xml(STUDY, TABLES, SPEC, CREATED, METHODS) == XML


@pytest.mark.parametrize(
    ("oid", "type_", "length", "digits"),
    [
        ("IT.TS.TSVAL", "text", "195", None),
        ("IT.TS.TSVAL.AGEMAX", "durationDatetime", None, None),
        ("IT.TS.TSVAL.NARMS", "integer", "1", None),
        ("IT.TS.TSVAL.RANDQT", "float", "4", "2"),
        ("IT.TS.TSVAL.SENDTC", "date", None, None),
        ("IT.TS.TSVAL.SSTDTC", "partialDate", None, None),
        ("IT.TS.TSVAL.RANDOM", "text", "1", None),
        ("IT.TV.VISITNUM", "float", "4", "2"),
        ("IT.TV.VISITDY", "integer", "2", None),
        ("IT.TV.ARMCD", "text", "1", None),
        ("IT.TI.IETEST", "text", "153", None),
    ],
)
def test_type_and_length_are_those_of_the_data(
    oid: str, type_: str, length: str | None, digits: str | None
) -> None:
    (item,) = found(etree.fromstring(XML), f"//o:ItemDef[@OID='{oid}']")
    assert (item.get("DataType"), item.get("Length"), item.get("SignificantDigits")) == (
        type_, length, digits,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("oid", "type_", "method", "comment"),
    [
        ("IT.TS.TSVAL.TITLE", "Protocol", "", ""),
        ("IT.TS.TSVAL.AGEMIN", "Protocol", "The stated minimum age.", ""),
        ("IT.TS.TSVAL.RANDOM", "Protocol", "RANDOMIZED -> Y; NON_RANDOMIZED -> N", ""),
        ("IT.TS.TSVAL.NARMS", "Derived", SPEC.hows["derived"], ""),
        ("IT.TS.TSVAL.AGEMAX", "Not Available", "", "PINF: The record sets no upper limit."),
        ("IT.TS.TSVAL.ADAPT", "Assigned", "", "The sponsor says so."),
        ("IT.TS.TSVAL.SDTIGVER", "Assigned", "", "The version of this package."),
        ("IT.TS.TSVALCD", "Not Available", "", "This study has no Parameter Value Code."),
        ("IT.TS.TSVAL1.TITLE", "Protocol", "", ""),
        ("IT.TA.ARMCD", "Assigned", SPEC.hows["derived"], ""),
        ("IT.TA.ELEMENT", "Derived", "Each treatment.", "A.1, B.1: The record does not state it"),
        ("IT.TI.IETEST", "Protocol", SPEC.hows["normalised"], f"INCL01 in full: {LONG}"),
    ],
)
def test_origin_method_and_comment_say_how_the_value_was_come_by(
    oid: str, type_: str, method: str, comment: str
) -> None:
    root = etree.fromstring(XML)
    assert found(root, f"//o:ItemDef[@OID='{oid}']/d:Origin/@Type") == [type_]
    said_of = f"[@OID=//o:ItemRef[@ItemOID='{oid}']/@MethodOID]"
    methods = found(root, f"//o:MethodDef{said_of}//o:TranslatedText/text()")
    comments = found(
        root,
        f"//d:CommentDef[@OID=//o:ItemDef[@OID='{oid}']/@d:CommentOID]//o:TranslatedText/text()",
    )
    assert bool(methods) == bool(method)
    assert method in "".join(methods)
    assert bool(comments) == bool(comment)
    assert comment in "".join(comments)


def test_datasets_name_the_record_that_they_rest_on() -> None:
    root = etree.fromstring(XML)
    for path in ("//o:ItemGroupDef", "//o:MetaDataVersion"):
        for oid in found(root, f"{path}/@d:CommentOID"):
            (words,) = found(root, f"//d:CommentDef[@OID='{oid}']//o:TranslatedText/text()")
            for part in ("NCT00000001", "2024-05-01", "NCT00000001.txt", SOURCE.sha256):
                assert part in words


def test_codelists_hold_used_terms_with_their_codes() -> None:
    root = etree.fromstring(XML)
    assert found(root, "//o:CodeList[@OID='CL.NY']/*/@CodedValue") == ["N", "Y"]
    assert found(root, "//o:CodeList[@OID='CL.NY']/*/o:Alias/@Name") == ["C49487", "C49488"]
    extended = found(root, "//*[@d:ExtendedValue='Yes']/@CodedValue")
    assert extended == ["ISO 3166-1 alpha-3", "ISO 8601", "PHASE II(A) TRIAL"]
    decode = "//o:CodeListItem[@CodedValue='RANDOM']/o:Decode/o:TranslatedText/text()"
    assert found(root, decode) == ["Trial is Randomized"]
    (country,) = found(
        root, "//o:CodeList[@OID=//o:ItemDef[@OID='IT.TS.TSVAL.FCNTRY']//@CodeListOID]/*"
    )
    assert (country.get("Dictionary"), country.get("Version")) == ("ISO 3166-1 alpha-3", "2020")
    flavors = "//o:CodeList[@OID='CL.NULLFLAV']"
    assert found(root, f"{flavors}/@d:IsNonStandard") == ["Yes"]
    assert found(root, f"{flavors}//o:TranslatedText/text()") == ["no limit above"]


def test_hostile_text_stays_text() -> None:
    evil = "]]> <script>alert(1)</script> &amp; <!-- \x00\x08\x0b\ufffe\ud800 --> \"'"
    bad = study(title=evil, arm=evil, criterion=evil + LONG)
    made = tables(study(title=evil.replace("\ud800", ""), arm="Arm B", criterion=LONG), SPEC)
    xml = define_xml(bad, made, SPEC, CREATED)
    assert [found for found in define_findings(xml, made, SPEC, "x") if found.engine == "xsd"] == []
    assert b"<script" not in xml
    page = define_html(xml)
    assert page.count(b"<script") == define_html(XML).count(b"<script") == 1
    assert not etree.HTML(page).xpath("//script[contains(., 'alert')]")


def test_the_page_says_what_the_document_says() -> None:
    root, page = etree.fromstring(XML), etree.HTML(define_html(XML))
    for item in found(root, "//o:ItemDef"):
        (row,) = page.xpath(f"//tr[@id='{item.get('OID')}']")
        told = " ".join("".join(row.itertext()).split())
        wanted = [item.get("Name") if item.get("OID").count(".") == 2 else item.get("OID")[3:].split(".")[-1],
                  found(item, "o:Description/o:TranslatedText/text()")[0], item.get("DataType"),
                  item.get("Length") or "", *found(item, "d:Origin/@Type")]  # fmt: skip
        assert all(words in told for words in wanted), item.get("OID")
    for term in found(root, "//o:EnumeratedItem | //o:CodeListItem"):
        (title,) = page.xpath(f"//h3[@id='{term.getparent().get('OID')}']")
        shown = page.xpath(f"//h3[@id='{title.get('id')}']/following::table[1]//th[@scope='row']")
        assert term.get("CodedValue") in {"".join(one.itertext()) for one in shown}
    for method in found(root, "//o:MethodDef"):
        assert page.xpath(f"//tr[@id='{method.get('OID')}']")


def test_the_page_is_self_contained() -> None:
    page = etree.HTML(define_html(XML))
    assert page.get("lang") == "en"
    links = set(page.xpath("//@href | //@src | //@action | //@background"))
    outward = {link for link in links if not link.startswith("#")}
    files = {f"submission/{code.lower()}.xpt" for code in TABLES} | {"submission/define.xml"}
    codes = set(TABLES["TS"]["TSPARMCD"].to_pylist())
    assert outward == files | {"study.html"} | {f"study.html#TS.{code}.1" for code in codes}
    assert {f"#IT.TS.TSVAL.{code}" for code in codes} <= links
    assert len(page.xpath("//script")) == 1
    anchors = set(page.xpath("//@id | //@name"))
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert b"MIT License" in stylesheet()


# Ways to break a define.xml. Each takes the document and changes it in one place.

Mutation = Callable[[etree._Element], None]
D = "{http://www.cdisc.org/ns/def/v2.1}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def put(path: str, attribute: str, value: str) -> Mutation:
    return lambda root: found(root, path)[0].set(attribute, value)


def unset(path: str, attribute: str) -> Mutation:
    def mutate(root: etree._Element) -> None:
        del found(root, path)[0].attrib[attribute]

    return mutate


def unset_all(path: str, attribute: str) -> Mutation:
    def mutate(root: etree._Element) -> None:
        for element in found(root, path):
            del element.attrib[attribute]

    return mutate


def drop(path: str) -> Mutation:
    def mutate(root: etree._Element) -> None:
        element = found(root, path)[0]
        element.getparent().remove(element)

    return mutate


def again(path: str) -> Mutation:
    def mutate(root: etree._Element) -> None:
        element = found(root, path)[0]
        element.addnext(etree.fromstring(etree.tostring(element)))

    return mutate


def last(path: str) -> Mutation:
    """The first of these elements goes to the end of its parent."""

    def mutate(root: etree._Element) -> None:
        element = found(root, path)[0]
        element.getparent().append(element)

    return mutate


def before(path: str, other: str) -> Mutation:
    """The last of these elements goes before the first of the others."""
    return lambda root: found(root, other)[0].addprevious(found(root, path)[-1])


def mixed(root: etree._Element) -> None:
    found(root, "//o:EnumeratedItem")[0].tag = "{http://www.cdisc.org/ns/odm/v1.3}CodeListItem"


def has_no_data(root: etree._Element) -> None:
    (group,) = found(root, "//o:ItemGroupDef[@Name='TS']")
    group.set(f"{D}HasNoData", "Yes")
    del group.attrib[f"{D}CommentOID"]


def retyped(root: etree._Element) -> None:
    (item,) = found(root, "//o:ItemDef[@OID='IT.TS.TSVAL.TITLE']")
    item.set("Length", "201")


TSGROUP = "//o:ItemGroupDef[@Name='TS']"
CT = "//d:Standard[@Type='CT']"
MUTATIONS: dict[str, Mutation] = {
    "ItemRef to no ItemDef": put(f"{TSGROUP}/o:ItemRef", "ItemOID", "IT.NO"),
    "CodeListRef to no CodeList": put("//o:CodeListRef", "CodeListOID", "CL.NO"),
    "WhereClauseRef to no WhereClauseDef": put("//d:WhereClauseRef", "WhereClauseOID", "WC.NO"),
    "ValueListRef to no ValueListDef": put("//d:ValueListRef", "ValueListOID", "VL.NO"),
    "RangeCheck to no ItemDef": put("//o:RangeCheck", f"{D}ItemOID", "IT.NO"),
    "MethodOID to no MethodDef": put("//o:ItemRef[@MethodOID]", "MethodOID", "MT.NO"),
    "CommentOID to no CommentDef": put(TSGROUP, f"{D}CommentOID", "COM.NO"),
    "ArchiveLocationID without leaf": put(TSGROUP, f"{D}ArchiveLocationID", "LF.NO"),
    "StandardOID to no Standard": put(TSGROUP, f"{D}StandardOID", "STD.NO"),
    "StandardOID of a codelist is the guide": put("//o:CodeList", f"{D}StandardOID", "STD.IG"),
    "duplicate ItemRef": again(f"{TSGROUP}/o:ItemRef"),
    "duplicate ItemDef": again("//o:ItemDef"),
    "duplicate CodeList": again("//o:CodeList"),
    "duplicate CodeList name": put("//o:CodeList[@OID='CL.NY']", "Name", "Epoch"),
    "Repeating": put(TSGROUP, "Repeating", "Yes"),
    "IsReferenceData": put(TSGROUP, "IsReferenceData", "No"),
    "Class in lower case": put("//d:Class", "Name", "Trial Design"),
    "Class missing": drop("//d:Class"),
    "Class after leaf": last("//d:Class"),
    "Origin CRF": put("//d:Origin", "Type", "CRF"),
    "Origin without Source": unset("//d:Origin", "Source"),
    "Origin Source Registry": put("//d:Origin", "Source", "Registry"),
    "Origin missing": drop("//d:Origin"),
    "Derived without MethodOID": unset("//o:ItemRef[@ItemOID='IT.TS.TSVAL.NARMS']", "MethodOID"),
    "Length missing": unset("//o:ItemDef[@DataType='text']", "Length"),
    "Length 0": put("//o:ItemDef[@DataType='text']", "Length", "0"),
    "Length no number": put("//o:ItemDef[@DataType='text']", "Length", "ten"),
    "Length less than the data": put("//o:ItemDef[@OID='IT.TI.IETEST']", "Length", "152"),
    "DataType string": put("//o:ItemDef", "DataType", "string"),
    "date with Length": put("//o:ItemDef[@DataType='date']", "Length", "10"),
    "float without digits": unset("//o:ItemDef[@DataType='float']", "SignificantDigits"),
    "no key": unset_all(f"{TSGROUP}/o:ItemRef[@KeySequence]", "KeySequence"),
    "other key": put(f"{TSGROUP}/o:ItemRef[@KeySequence='3']", "KeySequence", "4"),
    "key no number": put(f"{TSGROUP}/o:ItemRef[@KeySequence='3']", "KeySequence", "x"),
    "required, not mandatory": put(f"{TSGROUP}/o:ItemRef", "Mandatory", "No"),
    "other Role": put(f"{TSGROUP}/o:ItemRef", "Role", "Topic"),
    "Standard Name": put("//d:Standard", "Name", "SDTM-IG"),
    "CT without PublishingSet": unset(CT, "PublishingSet"),
    "CT Version no date": put(CT, "Version", "March 2026"),
    "Status FINAL": put(CT, "Status", "FINAL"),
    "Context missing": unset("/o:ODM", f"{D}Context"),
    "Context in lower case": put("/o:ODM", f"{D}Context", "submission"),
    "DefineVersion 2.1": put("//o:MetaDataVersion", f"{D}DefineVersion", "2.1"),
    "CreationDateTime is a date": put("/o:ODM", "CreationDateTime", "2026-11-22"),
    "leaf ID starts with a digit": put("//d:leaf", "ID", "1LF.TS"),
    "leaf href with a space": put("//d:leaf", "{http://www.w3.org/1999/xlink}href", "t s.xpt"),
    "RangeCheck without ItemOID": unset("//o:RangeCheck", f"{D}ItemOID"),
    "Comparator =": put("//o:RangeCheck", "Comparator", "="),
    "WhereClauseDef after ItemGroupDef": last("//d:WhereClauseDef"),
    "CodeList before ItemDef": before("//o:CodeList", "//o:ItemDef"),
    "EnumeratedItem and CodeListItem mixed": mixed,
    "wrong NCI code of a term": put("//o:EnumeratedItem/o:Alias", "Name", "C1"),
    "wrong NCI code of a codelist": put("//o:CodeList/o:Alias", "Name", "C1"),
    "extended, not extensible": put("//o:CodeList[@OID='CL.NY']/*", f"{D}ExtendedValue", "Yes"),
    "extended, not flagged": unset("//*[@d:ExtendedValue]", f"{D}ExtendedValue"),
    "value of the data not in its codelist": drop("//o:CodeList[@OID='CL.NY']/o:EnumeratedItem"),
    "codelist without StandardOID": unset("//o:CodeList[@d:StandardOID]", f"{D}StandardOID"),
    "dictionary without version": unset("//o:ExternalCodeList", "Version"),
    "two external codelists": again("//o:ExternalCodeList"),
    "no Decode": drop("//o:Decode"),
    "no xml:lang": unset("//o:TranslatedText", LANG),
    "no Description": drop(f"{TSGROUP}/o:Description"),
    "HasNoData without comment": has_no_data,
    "HasNoData No": put(TSGROUP, f"{D}HasNoData", "No"),
    "HasNoData of a variable not said": unset("//o:ItemRef[@d:HasNoData]", f"{D}HasNoData"),
    "value-level Length over its variable's": retyped,
    "TSPARMCD not covered": drop("//d:ValueListDef/o:ItemRef"),
    "dataset not described": drop("//o:ItemGroupDef"),
    "dataset not delivered": put(TSGROUP, "Name", "TD"),
    "variables in another order": before(f"{TSGROUP}/o:ItemRef", f"{TSGROUP}/o:ItemRef"),
    "SASDatasetName": put(TSGROUP, "SASDatasetName", "T"),
}


def words_changed(path: str) -> Mutation:
    def mutate(root: etree._Element) -> None:
        found(root, path)[0].text = "Other words"

    return mutate


def doubled(path: str, attribute: str, value: str) -> Mutation:
    """A copy of the element with another value of one attribute stands after it."""

    def mutate(root: etree._Element) -> None:
        again(path)(root)
        found(root, path)[1].set(attribute, value)

    return mutate


MUTATIONS |= {
    "coded variable without codelist": drop("//o:ItemDef[@OID='IT.TI.IECAT']/o:CodeListRef"),
    "Collected without a CRF": put("//d:Origin", "Type", "Collected"),
    "no file OID": unset("/o:ODM", "FileOID"),
    "no Study": drop("//o:Study"),
    "no StudyName": drop("//o:StudyName"),
    "two ProtocolNames": again("//o:ProtocolName"),
    "no Standard": drop("//d:Standards"),
    "no CheckValue": drop("//o:CheckValue"),
    "no RangeCheck": drop("//o:RangeCheck"),
    "SoftHard": put("//o:RangeCheck", "SoftHard", "soft"),
    "two RangeChecks of one value": again("//d:WhereClauseRef"),
    "no where clause": drop("//d:WhereClauseRef"),
    "Mandatory": put("//o:ItemRef", "Mandatory", "true"),
    "no OrderNumber": unset("//o:ItemRef", "OrderNumber"),
    "OrderNumber of one term": put("//o:EnumeratedItem", "OrderNumber", "1"),
    "no structure": unset(TSGROUP, f"{D}Structure"),
    "no leaf title": drop("//d:title"),
    "two leaves": again("//d:leaf"),
    "two Origins": again("//d:Origin"),
    "two Descriptions": again(f"{TSGROUP}/o:Description"),
    "two texts": again("//o:TranslatedText"),
    "MethodDef without type": unset("//o:MethodDef", "Type"),
    "MethodDef of another type": put("//o:MethodDef", "Type", "Transpose"),
    "method without words": drop("//o:MethodDef/o:Description"),
    "comment without words": drop("//d:CommentDef/o:Description"),
    "duplicate comment": again("//d:CommentDef"),
    "codelist without a name": unset("//o:CodeList", "Name"),
    "codelist of another type": put("//o:CodeList", "DataType", "string"),
    "term without value": unset("//o:EnumeratedItem", "CodedValue"),
    "alias without context": unset("//o:Alias", "Context"),
    "name over 8 characters": put("//o:ItemDef", "Name", "STUDYIDENT"),
    "value list without items": drop("//d:ValueListDef/o:ItemRef[1]"),
    "TSPARMCD covered twice": doubled("//d:ValueListDef/o:ItemRef", "OrderNumber", "99"),
}

WORDS = "o:Description/o:TranslatedText"
MUTATIONS["other label of a dataset"] = words_changed(f"{TSGROUP}/{WORDS}")
MUTATIONS["other label of a variable"] = words_changed(f"//o:ItemDef/{WORDS}")


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_way_to_break_it_is_found(name: str) -> None:
    root = etree.fromstring(XML)
    MUTATIONS[name](root)
    changed = etree.tostring(root)
    assert changed != etree.tostring(etree.fromstring(XML)), "the mutation changed nothing"
    broken = findings(changed)
    assert [one for one in broken if one.engine == "define"], "only the schema saw it"
    rules = {rule for run in define_run() for rule in run.rules}
    assert {finding.rule for finding in broken if finding.engine == "define"} <= rules


def test_data_that_the_document_does_not_describe_is_found() -> None:
    twice = TABLES | {"TI": TABLES["TI"].take([1, 0])}
    assert {found.rule for found in define_findings(XML, twice, SPEC, "x")} == {"keys"}
    less = {code: table for code, table in TABLES.items() if code != "TV"}
    assert "datasets" in {found.rule for found in define_findings(XML, less, SPEC, "x")}
    assert [found.engine for found in define_findings(b"<ODM>", TABLES, SPEC, "x")] == ["xsd"]
