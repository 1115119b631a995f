"""One dataset, three formats, the same rows; no text is ever cut or changed in silence."""

import datetime as dt
import io
import json
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.load.dataset_json import dataset_json
from pipeline.load.order import in_key_order
from pipeline.load.parquet import parquet
from pipeline.load.xport import Unwritable, xport
from pipeline.tabulate import tables
from pipeline.text import to_ascii
from pipeline.values import Cell, Study
from tests.good_lot import SPEC, study

CREATED = dt.datetime(2024, 2, 9, tzinfo=dt.UTC)
NOBODY = Study("NCT01", Cell("S", "copied"), (), {}, (), ())
DOMAINS = ["TS", "TA", "TE", "TV", "TI"]


def from_parquet(data: bytes) -> list[dict[str, object]]:
    return pq.read_table(io.BytesIO(data)).to_pylist()


def from_json(data: bytes) -> list[dict[str, object]]:
    content = json.loads(data)
    names = [column["name"] for column in content["columns"]]
    return [dict(zip(names, row, strict=True)) for row in content["rows"]]


def from_xport(data: bytes) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.xpt")
        path.write_bytes(data)
        frame, _ = pyreadstat.read_xport(path)
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def all_alike(table: pa.Table, made: Study) -> None:
    rows = from_parquet(parquet(table))
    plain = [
        {name: "" if is_text(table, name) and v is None else v for name, v in row.items()}
        for row in rows
    ]
    assert from_json(dataset_json(table, made, SPEC, CREATED)) == plain
    ascii_rows = [
        {name: to_ascii(v, SPEC)[0] if isinstance(v, str) else v for name, v in row.items()}
        for row in plain
    ]
    assert from_xport(xport(table, SPEC, CREATED)[0]) == ascii_rows


def is_text(table: pa.Table, name: str) -> bool:
    return pa.types.is_string(table.schema.field(name).type)


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_formats_carry_the_same_rows(domain):
    made = study("NCT01")
    all_alike(tables(made, SPEC)[domain], made)


def test_the_formats_carry_the_same_rows_of_the_supplied_page(seed):
    made = tables(seed, SPEC)
    assert {"TS", "TA", "TE", "TI"} <= set(made)
    for table in made.values():
        all_alike(table, seed)


@pytest.mark.parametrize("domain", DOMAINS)
def test_parquet_says_what_it_holds_and_is_the_same_however_it_came(domain):
    table = tables(study("NCT01"), SPEC)[domain]
    turned = table.take(list(range(table.num_rows))[::-1])
    parts = pa.concat_tables([turned.slice(0, 1), turned.slice(1)])
    assert parquet(parts) == parquet(table)
    keyless = table.replace_schema_metadata(None)
    assert parquet(pa.concat_tables([keyless.slice(0, 1), keyless.slice(1)])) == parquet(keyless)
    read = pq.read_table(io.BytesIO(parquet(table)))
    assert read.schema.equals(table.schema, check_metadata=True)
    about = pq.ParquetFile(io.BytesIO(parquet(table))).metadata.row_group(0).column(0)
    assert about.compression == "ZSTD"


def test_rows_stand_in_byte_order_of_their_keys_and_nulls_first():
    about = {"domain": "TE", "label": "Trial Elements", "keys": "STUDYID ETCD N"}
    schema = pa.schema([("STUDYID", pa.string()), ("ETCD", pa.string()), ("N", pa.int64())], about)
    texts = ["é", "a", "Z", "\U0001f9ea", "\uffee", None, "a"]
    rows = [{"STUDYID": "S", "ETCD": text, "N": 9 - n} for n, text in enumerate(texts)]
    ordered = in_key_order(pa.Table.from_pylist(rows, schema=schema)).to_pylist()
    assert [(row["ETCD"], row["N"]) for row in ordered] == [
        (None, 4), ("Z", 7), ("a", 3), ("a", 8), ("é", 9), ("\uffee", 5), ("\U0001f9ea", 6),
    ]  # fmt: skip
    without = pa.table({"b": [2, 1]})
    assert in_key_order(without).equals(without)


ANYTHING = st.characters(exclude_categories=())  # astral, controls, unpaired surrogates too
LIKELY = st.sampled_from(sorted(SPEC.ascii)) | st.characters(max_codepoint=0x17F)
TEXTS = st.lists(
    st.text(ANYTHING, max_size=8)
    | st.text(LIKELY, max_size=230)
    | st.text("a é≥", min_size=190, max_size=201),
    min_size=1,
    max_size=4,
)


@given(TEXTS)
@settings(max_examples=250, deadline=None)
@example(["x" * 200, "é" * 100, ""])
@example(["\x00\x1f\x7f\x85\u2028 a"])
@example(["=\u0338", "10⁹", "\ud800"])
def test_any_text_is_written_whole_or_refused(texts):
    names = {
        "STUDYID": ["S"] * len(texts),
        "DOMAIN": ["TE"] * len(texts),
        "ETCD": [f"E{n}" for n in range(len(texts))],
    }
    fields = [pa.field(name, pa.string(), metadata={"label": name}) for name in (*names, "TESTRL")]
    about = {"domain": "TE", "label": "Trial Elements", "keys": "STUDYID ETCD"}
    try:
        columns = {**names, "TESTRL": pa.array(texts, pa.string())}
    except UnicodeEncodeError:
        return  # an unpaired surrogate is no text: Arrow holds none, so it reaches no file
    table = pa.table(columns, schema=pa.schema(fields, metadata=about))
    assert [row["TESTRL"] for row in from_parquet(parquet(table))] == texts
    assert [row["TESTRL"] for row in from_json(dataset_json(table, NOBODY, SPEC, CREATED))] == texts
    try:
        data, made = xport(table, SPEC, CREATED)
    except Unwritable:
        assert not all(text.isascii() and len(text) <= 200 for text in texts)
        return
    told = defaultdict(dict)
    for one in made:
        told[one.row][one.char] = one.replacement
    assert [row["TESTRL"] for row in from_xport(data)] == [
        written(text, told[row]).rstrip(" ") for row, text in enumerate(texts, 1)
    ]


def written(text: str, told: dict[str, str]) -> str:
    """The text with what was told of it; nothing else may have changed, and nothing vanished."""
    for char, replacement in told.items():
        assert replacement.isascii()
        assert replacement or char in SPEC.ascii or unicodedata.category(char)[0] == "M"
    plain = "".join(told.get(char, char) for char in text)
    assert plain.isascii()
    assert plain.isprintable()
    assert max(len(plain), len(text.encode())) <= 200
    return plain
