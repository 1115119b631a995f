"""define.xml of the lake: valid, whole, from the Spec alone, and true of the columns."""

import datetime as dt

import lxml.html
import pytest
from lxml import etree

from pipeline.load.define import define_html, lake_define
from pipeline.load.lake import described
from pipeline.load.parquet import parquet
from pipeline.load.saved import save
from pipeline.validate.define import PARSER, SCHEMA, _schema, shape, structure
from pipeline.validate.define.package import opened
from tests.good_lot import SPEC, good_lot
from tests.test_pages import line

CREATED = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
NAMES = {"o": "http://www.cdisc.org/ns/odm/v1.3", "d": "http://www.cdisc.org/ns/def/v2.1"}
COLUMNS = {
    code: ["STUDY", "REGISTRY_ID", "REGISTRY_VERSION", *domain.variables]
    for code, domain in SPEC.domains.items()
}
COLUMNS["TS"].insert(COLUMNS["TS"].index("TSVAL") + 1, "TSVAL1")
XML = lake_define(COLUMNS, 7, SPEC, CREATED)
ROOT = etree.fromstring(XML, PARSER)
SUBMITTED_ONLY = {"DEFINE-108", "DEFINE-138"}
"""Rules about SAS names: the lake has none."""


def test_the_schema_and_our_checks_have_nothing_to_say() -> None:
    assert SCHEMA
    schema = _schema()
    schema.validate(ROOT.getroottree())
    assert not list(schema.error_log)
    package = opened(ROOT, {}, SPEC)
    faults = [*shape.elements(package), *shape.names(package), *structure.dangling(package)]
    assert {fault for fault in faults if fault[0] not in SUBMITTED_ONLY} == set()


@pytest.mark.parametrize("code", sorted(COLUMNS))
def test_every_column_is_described_with_its_key(code: str) -> None:
    (group,) = ROOT.xpath(f"//o:ItemGroupDef[@Name='{code}']", namespaces=NAMES)
    items = {item.get("OID"): item.get("Name") for item in ROOT.iter(f"{{{NAMES['o']}}}ItemDef")}
    refs = group.findall("o:ItemRef", NAMES)
    assert [items[ref.get("ItemOID")] for ref in refs] == COLUMNS[code]
    keys = {ref.get("KeySequence"): items[ref.get("ItemOID")] for ref in refs}
    wanted = ["STUDY", *(key for key in SPEC.domains[code].keys if key != "STUDYID")]
    assert [keys.get(str(number)) for number in range(1, len(wanted) + 1)] == wanted


def test_every_parameter_of_the_spec_has_its_value_level() -> None:
    codes = ROOT.xpath("//o:CheckValue/text()", namespaces=NAMES)
    assert set(codes) == set(SPEC.parameters)
    assert len(codes) == len(set(codes))
    listed = ROOT.xpath("//o:CodeList[@OID='CL.SEXPOP']/*/@CodedValue", namespaces=NAMES)
    assert set(listed) == set(SPEC.terminology.codelists["SEXPOP"].terms)


def test_the_page_leads_nowhere_but_to_the_tables() -> None:
    page = lxml.html.document_fromstring(define_html(XML, beside="", dossier="").decode())
    outward = {href for href in page.xpath("//@href") if not href.startswith("#")}
    assert outward == {"define.xml", *(f"{code.lower()}/" for code in COLUMNS)}
    inside = {href[1:] for href in page.xpath("//@href") if href.startswith("#")}
    assert inside <= set(page.xpath("//@id"))


def test_it_is_made_of_the_parts_that_stand_there(tmp_path) -> None:
    lot = good_lot("NCT01", "NCT02")
    save({"tables/te/a.parquet": parquet(lot["TE"])}, tmp_path)
    made = described(tmp_path, [line("NCT01", "2024-05-01")], SPEC)
    assert sorted(made) == ["tables/define.html", "tables/define.xml", "tables/define2-1.xsl"]
    root = etree.fromstring(made["tables/define.xml"], PARSER)
    assert root.get("CreationDateTime") == "2024-05-01T00:00:00+00:00"
    assert root.xpath("//o:ItemGroupDef/@Name", namespaces=NAMES) == ["TE"]
    assert described(tmp_path / "nothing", [], SPEC) == {}
