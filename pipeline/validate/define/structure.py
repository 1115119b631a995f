"""What the document must be in itself: references that lead somewhere, attributes that belong.

Each check has a name: the number of the published Define-XML conformance rule where there is one.
"""

from collections.abc import Iterator

from pipeline.validate.define.package import DEF, ODM, Fault, Package, oid_of, select, texts

REFERENCES = (
    ("DEFINE-065", "//odm:ItemRef/@ItemOID", "//odm:ItemDef/@OID"),
    ("DEFINE-151", "//odm:CodeListRef/@CodeListOID", "//odm:CodeList/@OID"),
    ("DEFINE-163", "//def:ValueListRef/@ValueListOID", "//def:ValueListDef/@OID"),
    ("DEFINE-081", "//def:WhereClauseRef/@WhereClauseOID", "//def:WhereClauseDef/@OID"),
    ("DEFINE-091", "//odm:RangeCheck/@def:ItemOID", "//odm:ItemDef/@OID"),
    ("DEFINE-074", "//odm:ItemRef/@MethodOID", "//odm:MethodDef/@OID"),
    ("DEFINE-148", "//@def:CommentOID", "//def:CommentDef/@OID"),
    ("DEFINE-124", "//odm:ItemGroupDef/@def:StandardOID", "//def:Standard[@Type='IG']/@OID"),
    ("DEFINE-152", "//odm:CodeList/@def:StandardOID", "//def:Standard[@Type='CT']/@OID"),
    ("DEFINE-043", "//def:DocumentRef/@leafID", "//def:leaf/@ID"),
    ("unused-item", "//odm:ItemDef/@OID", "//odm:ItemRef/@ItemOID"),
    ("unused-codelist", "//odm:CodeList/@OID", "//odm:CodeListRef/@CodeListOID"),
    ("unused-comment", "//def:CommentDef/@OID", "//@def:CommentOID"),
    ("unused-method", "//odm:MethodDef/@OID", "//odm:ItemRef/@MethodOID"),
)
"""Rule, what refers, what it refers to."""

OFFENDERS = (
    ("DEFINE-007", "ODMVersion is not 1.3.2", "/odm:ODM[not(@ODMVersion='1.3.2')]"),
    ("DEFINE-008", "FileType is not Snapshot", "/odm:ODM[not(@FileType='Snapshot')]"),
    ("DEFINE-031", "no def:Standards", "//odm:MetaDataVersion[not(def:Standards)]"),
    ("DEFINE-035", "no PublishingSet", "//def:Standard[@Type='CT'][not(@PublishingSet)]"),
    (
        "DEFINE-263",
        "Version is no date",
        "//def:Standard[@Type='CT'][not(translate(@Version,'123456789','000000000')='0000-00-00')]",
    ),
    (
        "DEFINE-264",
        "Status is not in the codelist",
        "//def:Standard[not(@Status='Final' or @Status='Draft' or @Status='Provisional')]",
    ),
    ("DEFINE-070", "no key", "//odm:ItemGroupDef[not(odm:ItemRef/@KeySequence)]"),
    (
        "DEFINE-095",
        "Domain is not Name, and no Alias says why",
        "//odm:ItemGroupDef[not(@Domain=@Name)][not(odm:Alias)]",
    ),
    ("DEFINE-110", "SASDatasetName is not Name", "//odm:ItemGroupDef[not(@SASDatasetName=@Name)]"),
    (
        "DEFINE-112",
        "the file is not named by the dataset",
        "//odm:ItemGroupDef/def:leaf[not(@xlink:href=concat(translate(../@SASDatasetName,"
        "'ABCDEFGHIJKLMNOPQRSTUVWXYZ','abcdefghijklmnopqrstuvwxyz'),'.xpt'))]",
    ),
    ("DEFINE-124", "no StandardOID", "//odm:ItemGroupDef[not(@def:StandardOID)]"),
    (
        "DEFINE-120",
        "ArchiveLocationID is not the leaf's ID",
        "//odm:ItemGroupDef[@def:ArchiveLocationID][not(@def:ArchiveLocationID=def:leaf/@ID)]",
    ),
    (
        "DEFINE-125",
        "neither data nor HasNoData",
        "//odm:ItemGroupDef[boolean(@def:HasNoData)=boolean(@def:ArchiveLocationID)]",
    ),
    (
        "DEFINE-240",
        "HasNoData without comment",
        "//odm:ItemGroupDef[@def:HasNoData][not(@def:CommentOID)]",
    ),
    ("DEFINE-131", "no def:Class", "//odm:ItemGroupDef[not(def:Class)]"),
    ("DEFINE-239", "IsReferenceData is not Yes", "//odm:ItemGroupDef[not(@IsReferenceData='Yes')]"),
    ("DEFINE-260", "Repeating is not No", "//odm:ItemGroupDef[not(@Repeating='No')]"),
    ("DEFINE-251", "Purpose is not Tabulation", "//odm:ItemGroupDef[not(@Purpose='Tabulation')]"),
    (
        "DEFINE-155",
        "an origin must stand at exactly one level",
        "//odm:ItemDef[count(def:Origin)+count(def:ValueListRef)!=1]",
    ),
    (
        "DEFINE-140",
        "unknown DataType",
        "//odm:ItemDef[not(contains(' text integer float date partialDate durationDatetime ',"
        "concat(' ',@DataType,' ')))]",
    ),
    (
        "DEFINE-141",
        "no Length",
        "//odm:ItemDef[@DataType='text' or @DataType='integer' or @DataType='float']"
        "[not(@Length>0)]",
    ),
    (
        "DEFINE-143",
        "this type has no Length",
        "//odm:ItemDef[@Length][not(@DataType='text' or @DataType='integer' or @DataType='float')]",
    ),
    (
        "DEFINE-145",
        "float without SignificantDigits",
        "//odm:ItemDef[@DataType='float'][not(@SignificantDigits)]",
    ),
    ("DEFINE-147", "no SASFieldName", "//odm:ItemDef[not(@SASFieldName)]"),
    (
        "DEFINE-168",
        "no Description",
        "//*[self::odm:ItemGroupDef or self::odm:ItemDef or self::odm:MethodDef or"
        " self::def:CommentDef][not(odm:Description/odm:TranslatedText[normalize-space()])]",
    ),
    ("lang", "no xml:lang", "//odm:TranslatedText[not(@xml:lang)]"),
    (
        "DEFINE-172",
        "another codelist has this Name",
        "//odm:CodeList[@Name=preceding-sibling::odm:CodeList/@Name]",
    ),
    (
        "DEFINE-176",
        "neither StandardOID nor IsNonStandard",
        "//odm:CodeList[not(@def:StandardOID)][not(@def:IsNonStandard)]",
    ),
    (
        "DEFINE-249",
        "no NCI code",
        "//odm:CodeList[@def:StandardOID][not(odm:Alias/@Context='nci:ExtCodeID')]",
    ),
    (
        "DEFINE-165",
        "no terms",
        "//odm:CodeList[not(odm:EnumeratedItem|odm:CodeListItem|odm:ExternalCodeList)]",
    ),
    (
        "DEFINE-185",
        "all terms have an OrderNumber, or none",
        "//odm:CodeList[odm:EnumeratedItem/@OrderNumber or odm:CodeListItem/@OrderNumber]"
        "[odm:EnumeratedItem[not(@OrderNumber)] or odm:CodeListItem[not(@OrderNumber)]]",
    ),
    (
        "DEFINE-159",
        "Collected without an annotated CRF",
        "//def:Origin[@Type='Collected'][not(def:DocumentRef)]",
    ),
    (
        "DEFINE-079",
        "a where clause at a dataset",
        "//odm:ItemGroupDef/odm:ItemRef/def:WhereClauseRef",
    ),
    (
        "where-clause-missing",
        "no where clause",
        "//def:ValueListDef/odm:ItemRef[not(def:WhereClauseRef)]",
    ),
    (
        "DEFINE-063",
        "two texts in one language",
        "//odm:TranslatedText[@xml:lang=preceding-sibling::odm:TranslatedText/@xml:lang]",
    ),
    ("DEFINE-199", "no Decode", "//odm:CodeListItem[not(odm:Decode/odm:TranslatedText)]"),
    (
        "DEFINE-204",
        "no Dictionary or Version",
        "//odm:ExternalCodeList[not(@Dictionary and @Version)]",
    ),
)
"""Rule, sentence, and the XPath of what breaks it."""

PATHS = {path for _, *paths in REFERENCES for path in paths}

RULES = (
    *(rule for rule, *_ in (*REFERENCES, *OFFENDERS)),
    "DEFINE-073",
    "DEFINE-084",
    "DEFINE-242",
)


def dangling(package: Package) -> Iterator[Fault]:
    """References to what is not there, and definitions that nothing refers to."""
    found = {path: texts(package, path) for path in PATHS}
    for rule, refers, target in REFERENCES:
        known = found[target]
        if found[refers] <= known:
            continue
        for value in select(package, refers):
            if value not in known:
                yield rule, oid_of(value.getparent()), f"{value} is not among {target}"


def offenders(package: Package) -> Iterator[Fault]:
    """Elements that break a rule which an XPath can say."""
    for rule, sentence, path in OFFENDERS:
        for element in select(package, path):
            yield rule, oid_of(element), sentence


def reference_needs(package: Package) -> Iterator[Fault]:
    """What an ItemRef must say because of its ItemDef, and the ItemDef because of its ItemRef."""
    for ref in package.root.iter(f"{ODM}ItemRef"):
        item = package.items.get(ref.get("ItemOID", ""))
        if item is None:
            continue
        origins = {origin.get("Type") for origin in item.iter(f"{DEF}Origin")}
        if "Derived" in origins and not ref.get("MethodOID"):
            yield "DEFINE-073", oid_of(item), "Derived without method"
        if ref.get(f"{DEF}HasNoData") and not item.get(f"{DEF}CommentOID"):
            yield "DEFINE-242", oid_of(item), "HasNoData without comment"


def clauses(package: Package) -> Iterator[Fault]:
    """A where clause that looks into several datasets has a comment."""
    homes = {
        ref.get("ItemOID", ""): group.get("OID", "")
        for group in package.root.iter(f"{ODM}ItemGroupDef")
        for ref in group.iter(f"{ODM}ItemRef")
    }
    for clause in package.root.iter(f"{DEF}WhereClauseDef"):
        items = {check.get(f"{DEF}ItemOID", "") for check in clause.iter(f"{ODM}RangeCheck")}
        several = len({homes[item] for item in items if item in homes}) > 1
        if several and not clause.get(f"{DEF}CommentOID"):
            yield "DEFINE-084", oid_of(clause), "checks several datasets without a comment"
