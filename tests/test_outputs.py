"""Every output of a package: the same rows in every format, whatever the words are."""

import csv
import io
import json
import re
import zipfile

import jsonschema
import lxml.html
import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from lxml import etree

from pipeline.load.created import created
from pipeline.load.guide import guide
from pipeline.load.order import in_key_order
from pipeline.load.package import package
from pipeline.load.workbook import CUT, MOST, workbook
from pipeline.spec.documented import Expectation, When, may_be_found
from pipeline.study import build
from pipeline.text import in_xpt
from pipeline.validate.define import define_findings
from tests.conftest import ROOT, record_of

FIXTURE = (ROOT / "tests" / "fixtures" / "ctgov_trial.json").read_text(encoding="utf-8")
CORE = ROOT / ".venv-core" / "lib" / "python3.12" / "site-packages" / "resources" / "schema"
SHEET = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WIDE = "Café ≥ 10⁹ µg/m² – “β” "
EVIL = (
    "=cmd('x')!A1 +1 @SUM(1) ]]> <script>alert(1)</script> &#0; <!-- {{ 7*7 }} | `x` "
    "[a](javascript:alert(1)) \x00\x08\x0b\x1b[31m\ufffe\ud800 \U0001f9ea 漢 \"' \r\n\t--"
)
WORDS = (
    "A Randomized Trial of Bluamine in Adults With Heartburn",
    "Bluamine in Heartburn",
    "ACME-17/1",
    "Acme Remedies",
    "Participants receive bluamine 20 mg once daily by mouth for one week.",
    "Oat bran",
    "Relief of heartburn",
    "Pregnancy",
    "Control",
    "Gent",
)


def made(words: str = "", spec=None):
    """The package of the fixture with other words in its texts, some at their start."""
    text = json.loads(FIXTURE)

    def put(value):
        if isinstance(value, dict):
            return {key: put(one) for key, one in value.items()}
        if isinstance(value, list):
            return [put(one) for one in value]
        for word in WORDS if isinstance(value, str) else ():
            value = value.replace(word, words + word) if words else value
        return value

    data = json.dumps(put(text)).encode("utf-8")
    study = build([record_of(data, "trial.json", spec)], spec)
    tables, files, built = package(study, spec)
    return study, tables, files, built


@pytest.fixture(scope="module", params=["plain", "wide", "evil"])
def packaged(request, spec):
    words = {"plain": "", "wide": WIDE, "evil": EVIL}[request.param]
    return (request.param, *made(words, spec))


def rows_of(table: pa.Table) -> list[list[object]]:
    """The cells in key order; a text that is missing is empty."""
    columns = [
        ["" if value is None else value for value in column.to_pylist()]
        if pa.types.is_string(column.type)
        else column.to_pylist()
        for column in in_key_order(table).columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    """The cells of a workbook by sheet, by a reader of our own."""
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    strings = etree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(one.itertext("{*}t")) for one in strings.findall("s:si", SHEET)]
    names = etree.fromstring(book.read("xl/workbook.xml")).xpath(
        "//s:sheet/@name", namespaces=SHEET
    )
    found = {}
    for number, name in enumerate(names, 1):
        root = etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        assert not root.findall(".//s:f", SHEET), "a formula"
        assert not root.findall(".//s:hyperlink", SHEET), "a link"
        found[name] = {
            cell.get("r"): texts[int(cell.findtext("s:v", namespaces=SHEET))]
            if cell.get("t") == "s"
            else float(cell.findtext("s:v", namespaces=SHEET))
            for cell in root.iterfind(".//s:c", SHEET)
        }
    return found


def at(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row}"


def test_all_formats_have_the_same_cells(packaged, tmp_path, spec):
    kind, _, tables, files, _ = packaged
    book = sheets(files["data.xlsx"])
    for code, table in tables.items():
        name, wanted = code.lower(), rows_of(table)
        heads = table.column_names
        parquet = pq.read_table(io.BytesIO(files[f"parquet/{name}.parquet"]))
        assert parquet.column_names == heads
        assert rows_of(parquet) == wanted
        assert parquet.schema.metadata[b"label"].decode() == spec.domains[code].label
        whole = json.loads(files[f"json/{name}.json"])
        first, *lines = files[f"json/{name}.ndjson"].splitlines()
        for about, rows in ((whole, whole["rows"]), (json.loads(first), map(json.loads, lines))):
            assert [column["name"] for column in about["columns"]] == heads
            assert list(rows) == wanted
        for row, values in enumerate([heads, *wanted], 1):
            for column, value in enumerate(values):
                shown = book[code].get(at(row, column), "" if isinstance(value, str) else None)
                if kind == "evil" and isinstance(value, str):
                    assert len(shown) == len(value)
                else:
                    assert shown == value
        if kind == "evil":
            continue  # a symbol that the table does not know: nothing is submitted
        path = tmp_path / f"{name}.xpt"
        path.write_bytes(files[f"submission/{name}.xpt"])
        plain = [[in_xpt(v, spec) if isinstance(v, str) else v for v in row] for row in wanted]
        for frame in (
            pyreadstat.read_xport(path)[0],
            pd.read_sas(path, format="xport", encoding="ascii"),
        ):
            assert list(frame) == heads
            found = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
            assert found == [
                [v.rstrip(" ") if isinstance(v, str) else v for v in row] for row in plain
            ]


def test_substitutions_are_in_the_issues_and_the_manifest(spec):
    _, _, files, built = made(WIDE, spec)
    rows = list(csv.DictReader(io.StringIO(files["issues.csv"].decode("utf-8-sig"))))
    told = [row["detail"] for row in rows if row["code"] == "xpt.substituted"]
    assert any(text.startswith("U+2265 '≥' as '>=': ") for text in told)
    manifest = json.loads(files["manifest.json"])
    assert manifest["substitutions"] == list(built.substitutions) == told
    assert all(int(text.rpartition(" ")[2]) > 0 for text in told)


def test_what_xpt_cannot_hold_is_said_and_nothing_is_submitted(spec):
    _, tables, files, _ = made(EVIL, spec)
    assert not [name for name in files if name.startswith("submission/")]
    assert b"xpt.unwritable" in files["issues.csv"]
    assert {f"json/{code.lower()}.json" for code in tables} <= set(files)


def test_every_file_is_valid_and_inert(packaged, spec):
    kind, study, tables, files, _ = packaged
    for name, data in files.items():
        if name.endswith((".html", ".json", ".ndjson", ".csv", ".xml", ".md")):
            text = data.decode("utf-8")
            assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), name
        if name.endswith(".html"):
            tree = lxml.html.document_fromstring(data.decode("utf-8"))
            scripts = [one.text for one in tree.iter("script")]
            assert not any("alert" in one for one in scripts)
            assert not tree.xpath("//img | //iframe | //object | //@onerror | //@onclick"), name
            assert not [
                h for h in tree.xpath("//@href") if re.match(r"(?i)\s*(javascript:|data:|http)", h)
            ]
            assert len(tree.xpath("//meta[@http-equiv='Content-Security-Policy']")) == 1
        elif name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
                assert not any(re.match(r"[=+@\t\r]|-\D", cell) for cell in row), name
        elif name.endswith(".json"):
            json.loads(data)
        elif name.endswith(".ndjson"):
            assert all(json.loads(line) for line in data.splitlines())
        elif name.endswith(".md"):
            assert not re.search(r"(?<!\\)(<|\]\()", data.decode("utf-8")), "markup of the record's"
        elif name == "submission/define.xml":
            assert define_findings(data, tables, spec, study.id) == []
    if kind == "evil":
        assert "=cmd" in "".join(map(str, sheets(files["data.xlsx"])["TS"].values()))


def test_a_workbook_says_where_it_cuts_a_text_and_is_the_same_every_time(spec, seed):
    schema = pa.schema([("A", pa.string())], metadata={"keys": "A"})
    long = pa.Table.from_pylist([{"A": "x" * (MOST + 1)}], schema=schema)
    data = workbook({"TS": long}, (("A",), []), long, created(seed, spec))
    text = sheets(data)["TS"]["A2"]
    assert len(text) == MOST
    assert text.endswith(CUT)
    assert workbook({"TS": long}, (("A",), []), long, created(seed, spec)) == data
    times = {one.date_time for one in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}
    assert b"1980" in data or created(seed, spec).strftime("%Y-%m-%dT").encode() in (
        zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml")
    )


@pytest.mark.parametrize("form", ["dataset.schema.json", "dataset-ndjson-schema.json"])
def test_dataset_json_keeps_to_its_schema(form, spec):
    if not (CORE / form).is_file():
        pytest.skip("no .venv-core with the published schema: `make conformance` makes it")
    schema = json.loads((CORE / form).read_text(encoding="utf-8"))
    _, tables, files, _ = made(WIDE, spec)
    for code in tables:
        if form.startswith("dataset-ndjson"):
            head, *rows = files[f"json/{code.lower()}.ndjson"].splitlines()
            jsonschema.validate(json.loads(head), schema)
            assert rows
            assert all(isinstance(json.loads(row), list) for row in rows)
        else:
            jsonschema.validate(json.loads(files[f"json/{code.lower()}.json"]), schema)


def test_the_guide_tells_what_is_assumed_open_and_known(spec, seed):
    _, files, _ = package(seed, spec)
    page = lxml.html.document_fromstring(files["reviewers-guide.html"].decode())
    text, plain = page.text_content(), files["reviewers-guide.md"].decode().replace("\\", "")
    for record in seed.records:
        assert record.source.sha256 in text
        assert record.source.sha256 in plain
    for task in seed.worklist:
        for shown in (text, plain):
            assert f"{task.domain} {task.item}" in shown
            assert task.why in " ".join(shown.split())
    assumed = [
        cell.reason
        for table in seed.tables.values()
        for row in table.rows
        for cell in row.values()
        if isinstance(cell, msgspec.Struct) and cell.how == "assumed"
    ]
    assert assumed
    assert all(reason in text and reason in plain for reason in assumed)
    assert "CORE-000581" in text
    titles = [h2.text for h2 in page.iter("h2")]
    assert titles == re.findall(r"^## (.*)$", plain, re.MULTILINE)
    assert guide(seed, {}, spec)["reviewers-guide.html"], "a study without datasets has a guide too"


def test_only_findings_with_a_cause_are_announced():
    ts = [
        {"TSPARMCD": "ADAPT", "TSVAL": None, "TSVALNF": "NI"},
        {"TSPARMCD": "TRT", "TSVAL": "Alphamab"},
    ]
    documented = {
        "absent": Expectation("a.", When(absent=("ADAPT",))),
        "there": Expectation("b.", When(absent=("TRT",))),
        "uncoded": Expectation("c.", When(uncoded=("TRT",))),
        "study": Expectation("d.", When(study={"STYPE": ("OBSERVATIONAL",)})),
        "split": Expectation("e.", When(value="TSVAL[1-9]")),
        "always": Expectation("f."),
    }
    assert list(may_be_found(ts, documented)) == ["absent", "uncoded", "always"]
    assert "split" in may_be_found([{"TSPARMCD": "TITLE", "TSVAL1": "more"}], documented)
