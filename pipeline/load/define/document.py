"""define.xml 2.1: one function for each of its elements, in the order of the document."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import pyarrow as pa
from lxml import etree

from pipeline.load.define.codelists import codelist_elements, codelist_oid
from pipeline.load.define.describe import described_datasets
from pipeline.load.define.element import described, element
from pipeline.load.define.model import About, Dataset, Item, Note
from pipeline.load.define.provenance import rests_on
from pipeline.load.oid import dataset_oid, define_oid, metadata_oid, study_oid, variable_oid
from pipeline.spec.model import Spec
from pipeline.tabulate import plain
from pipeline.values import Study

STYLESHEET = 'type="text/xsl" href="define2-1.xsl"'
NO_METHODS: Mapping[str, str] = MappingProxyType({})


def define_xml(
    study: Study,
    tables: Mapping[str, pa.Table],
    spec: Spec,
    created: dt.datetime,
    methods: Mapping[str, str] = NO_METHODS,
) -> bytes:
    """define.xml of the package that holds `tables`, which were made from `study`.

    `methods` gives the text of each named rule. Lengths are in bytes, in UTF-8 or in XPT's ASCII,
    whichever is more. Standard: CDISC Define-XML 2.1, submission context.
    """
    datasets = described_datasets(study, tables, spec, methods)
    studyid = str(study.studyid.value or study.id)
    about = About(
        id=study.id,
        name=studyid,
        description=_parameter(study, "TITLE") or study.id,
        protocol=_parameter(study, "SPREFID") or studyid,
        title=f"Study {studyid}, data definitions",
        words="Trial design datasets made from registry records",
        comment=rests_on((record.source for record in study.records), spec),
    )
    return document(about, datasets, spec, created)


def document(about: About, datasets: Sequence[Dataset], spec: Spec, created: dt.datetime) -> bytes:
    """The define.xml that says so much of these datasets."""
    root = element(
        "ODM",
        {
            "ODMVersion": "1.3.2",
            "FileType": "Snapshot",
            "FileOID": define_oid(about.id),
            "CreationDateTime": created.isoformat(timespec="seconds"),
            "Originator": "registry-sdtm",
            "SourceSystem": "registry-sdtm",
            "def:Context": about.context,
        },
        _study(about, datasets, spec),
    )
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", STYLESHEET))
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _study(about: About, datasets: Sequence[Dataset], spec: Spec) -> etree._Element:
    names = {
        "StudyName": about.name,
        "StudyDescription": about.description,
        "ProtocolName": about.protocol,
    }
    variables = (element(name, {}, words) for name, words in names.items())
    return element(
        "Study",
        {"OID": study_oid(about.id)},
        element("GlobalVariables", {}, *variables),
        _metadata_version(about, datasets, spec),
    )


def _parameter(study: Study, code: str) -> str:
    rows = study.tables["TS"].rows if "TS" in study.tables else ()
    found = (plain(row.get("TSVAL")) for row in rows if plain(row.get("TSPARMCD")) == code)
    return str(next(found, None) or "")


def _metadata_version(about: About, datasets: Sequence[Dataset], spec: Spec) -> etree._Element:
    items = [item for dataset in datasets for item in dataset.items]
    parts = [part for item in items for part in item.values]
    return element(
        "MetaDataVersion",
        {
            "OID": metadata_oid(about.id),
            "Name": about.title,
            "Description": about.words,
            "def:DefineVersion": "2.1.0",
            "def:CommentOID": about.comment.oid,
        },
        _standards(spec),
        *(_value_list(item) for item in items if item.values),
        *_where_clauses(parts),
        *(_item_group(dataset) for dataset in datasets),
        *(_item(item) for item in [*items, *parts]),
        *codelist_elements([*items, *parts], spec),
        *_methods([*items, *parts]),
        *_comments(about.comment, datasets, [*items, *parts]),
    )


def _standards(spec: Spec) -> etree._Element:
    guide = {"OID": "STD.IG", "Name": "SDTMIG", "Type": "IG",
             "Version": spec.standard.sdtmig, "Status": "Final"}  # fmt: skip
    terms = {"OID": "STD.CT", "Name": "CDISC/NCI", "Type": "CT",
             "PublishingSet": spec.terminology.package,
             "Version": spec.terminology.version, "Status": "Final"}  # fmt: skip
    return element(
        "def:Standards", {}, element("def:Standard", guide), element("def:Standard", terms)
    )


def _value_list(item: Item) -> etree._Element:
    references = (
        _item_ref(part, number, element("def:WhereClauseRef", {"WhereClauseOID": _where(part)}))
        for number, part in enumerate(item.values, 1)
    )
    return element("def:ValueListDef", {"OID": _value_list_oid(item)}, *references)


def _where_clauses(parts: Sequence[Item]) -> Iterator[etree._Element]:
    for oid, code in {_where(part): part.where for part in parts}.items():
        attributes = {
            "Comparator": "EQ",
            "SoftHard": "Soft",
            "def:ItemOID": variable_oid("TS", "TSPARMCD"),
        }
        check = element("RangeCheck", attributes, element("CheckValue", {}, code))
        yield element("def:WhereClauseDef", {"OID": oid}, check)


def _item_group(dataset: Dataset) -> etree._Element:
    code, file = dataset.domain, dataset.file or f"{dataset.domain.lower()}.xpt"
    attributes = {
        "OID": dataset_oid(code),
        "Domain": code,
        "Name": code,
        "Repeating": "No",
        "IsReferenceData": "Yes",
        "SASDatasetName": None if dataset.file else code,
        "Purpose": "Tabulation",
        "def:StandardOID": "STD.IG",
        "def:Structure": dataset.structure,
        "def:ArchiveLocationID": f"LF.{code}",
        "def:CommentOID": dataset.comment.oid,
    }
    return element(
        "ItemGroupDef",
        attributes,
        described(dataset.label),
        *(_item_ref(item, number) for number, item in enumerate(dataset.items, 1)),
        element("def:Class", {"Name": "TRIAL DESIGN"}),
        element(
            "def:leaf", {"ID": f"LF.{code}", "xlink:href": file}, element("def:title", {}, file)
        ),
    )


def _item_ref(item: Item, number: int, *where: etree._Element) -> etree._Element:
    attributes = {
        "ItemOID": item.oid,
        "OrderNumber": number,
        "Mandatory": "Yes" if item.mandatory else "No",
        "KeySequence": item.key or None,
        "MethodOID": item.method.oid if item.method else None,
        "Role": item.role or None,
        "def:IsNonStandard": "Yes" if item.own else None,
        "def:HasNoData": None if item.has_data else "Yes",
    }
    return element("ItemRef", attributes, *where)


def _item(item: Item) -> etree._Element:
    attributes = {
        "OID": item.oid,
        "Name": item.name,
        "DataType": item.type,
        "Length": item.length or None,
        "SignificantDigits": item.digits if item.type == "float" else None,
        "SASFieldName": item.name if len(item.name) <= 8 else None,
        "def:CommentOID": item.comment.oid if item.comment else None,
    }
    codelist = {"CodeListOID": codelist_oid(item)}
    return element(
        "ItemDef",
        attributes,
        described(item.label),
        element("CodeListRef", codelist) if item.codelist else None,
        element("def:Origin", {"Type": item.origin, "Source": "Sponsor"}) if item.origin else None,
        element("def:ValueListRef", {"ValueListOID": _value_list_oid(item)})
        if item.values
        else None,
    )


def _methods(items: Sequence[Item]) -> Iterator[etree._Element]:
    for note in _once(item.method for item in items):
        attributes = {"OID": note.oid, "Name": note.name, "Type": note.type}
        yield element("MethodDef", attributes, described(note.text))


def _comments(
    whole: Note, datasets: Sequence[Dataset], items: Sequence[Item]
) -> Iterator[etree._Element]:
    notes = [whole, *(dataset.comment for dataset in datasets), *(item.comment for item in items)]
    for note in _once(iter(notes)):
        yield element("def:CommentDef", {"OID": note.oid}, described(note.text))


def _once(notes: Iterator[Note | None]) -> Sequence[Note]:
    return list({note.oid: note for note in notes if note}.values())


def _value_list_oid(item: Item) -> str:
    return item.oid.replace("IT.", "VL.", 1)


def _where(part: Item) -> str:
    return f"WC.TS.{part.where}"
