"""Dataset-JSON 1.1: every key that the standard asks for, none that it does not know."""

import datetime as dt
import json
import re

import msgspec
import pytest

from pipeline import __version__
from pipeline.load.dataset_json import dataset_json, dataset_ndjson
from pipeline.load.define import define_xml
from pipeline.tabulate import tables
from tests.good_lot import SPEC, study

CREATED = dt.datetime(2024, 2, 9, tzinfo=dt.UTC)
STUDY = study("NCT01")
TABLES = tables(STUDY, SPEC)
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
REQUIRED = {
    "datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name",
    "label", "columns", "rows",
}  # fmt: skip
ALLOWED = REQUIRED | {
    "fileOID", "dbLastModifiedDateTime", "originator", "sourceSystem", "studyOID",
    "metaDataVersionOID", "metaDataRef",
}  # fmt: skip
OF_A_COLUMN = {
    "itemOID",
    "name",
    "label",
    "dataType",
    "targetDataType",
    "length",
    "displayFormat",
    "keySequence",
}


@pytest.fixture(params=sorted(TABLES))
def domain(request):
    return request.param


def made(domain):
    return json.loads(dataset_json(TABLES[domain], STUDY, SPEC, CREATED))


def test_it_has_the_keys_of_the_standard_and_no_other(domain):
    content = made(domain)
    assert set(content) >= REQUIRED
    assert set(content) <= ALLOWED
    assert content["datasetJSONVersion"] == "1.1.0"
    assert re.fullmatch(TIME, content["datasetJSONCreationDateTime"])
    assert content["sourceSystem"] == {"name": "registry-sdtm", "version": __version__}
    assert content["records"] == len(content["rows"]) == TABLES[domain].num_rows
    assert (content["name"], content["label"]) == (domain, SPEC.domains[domain].label)
    for column in content["columns"]:
        assert {"itemOID", "name", "label", "dataType"} <= set(column) <= OF_A_COLUMN
        assert column["dataType"] in {"string", "integer", "float"}
        assert column.get("length", 1) >= 1
    keys = {one["name"]: one["keySequence"] for one in content["columns"] if "keySequence" in one}
    expected = {key: number for number, key in enumerate(SPEC.domains[domain].keys, 1)}
    assert keys == {key: n for key, n in expected.items() if key in TABLES[domain].column_names}


def test_rows_are_typed_and_missing_texts_are_empty(domain):
    content = made(domain)
    types = {"string": str, "integer": int | None, "float": float | int | None}
    for row in content["rows"]:
        for value, column in zip(row, content["columns"], strict=True):
            assert isinstance(value, types[column["dataType"]])
            if column["dataType"] == "string":
                assert len(value) <= column["length"]


def test_the_lines_of_ndjson_are_the_same_object(domain):
    head, *rows = dataset_ndjson(TABLES[domain], STUDY, SPEC, CREATED).decode().splitlines()
    whole = made(domain)
    assert json.loads(head) | {"rows": [json.loads(row) for row in rows]} == whole
    assert "rows" not in json.loads(head)


def test_its_oids_stand_in_define_xml(domain):
    define = define_xml(STUDY, TABLES, SPEC, CREATED).decode()
    content = made(domain)
    oids = [content[key] for key in ("studyOID", "metaDataVersionOID", "itemGroupOID")]
    oids += [column["itemOID"] for column in content["columns"]]
    for oid in oids:
        assert f' OID="{oid}"' in define
    assert content["fileOID"] not in define


def test_the_same_rows_give_the_same_bytes_in_any_order(domain):
    table = TABLES[domain]
    turned = table.take(list(range(table.num_rows))[::-1])
    assert dataset_json(turned, STUDY, SPEC, CREATED) == dataset_json(table, STUDY, SPEC, CREATED)


def test_the_studys_folder_names_it_whatever_its_number():
    odd = msgspec.structs.replace(
        STUDY, studyid=msgspec.structs.replace(STUDY.studyid, value='A "/1')
    )
    content = json.loads(dataset_json(tables(odd, SPEC)["TE"], odd, SPEC, CREATED))
    assert content["studyOID"] == "STDY.NCT01"
    assert content["rows"][0][0] == 'A "/1'
