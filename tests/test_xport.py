"""XPT: what other readers read is what stands in the table, or nothing is written."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest

from pipeline.load.order import in_key_order
from pipeline.load.xport import Substitution, Unwritable, xport
from pipeline.tabulate import tables
from tests.good_lot import SPEC, study

CREATED = dt.datetime(2024, 2, 9, 13, 5, 7, tzinfo=dt.UTC)
CORE_OF_TE = {"STUDYID": "S", "DOMAIN": "TE", "ETCD": "A", "ELEMENT": "Alpha"}


def table(rows: list[dict[str, object]], **types: pa.DataType) -> pa.Table:
    """A table of TE with these rows; a column is text unless `types` says otherwise."""
    names = dict.fromkeys(name for row in rows for name in row)
    fields = [
        pa.field(n, types.get(n, pa.string()), metadata={"label": f"Label of {n}"}) for n in names
    ]
    about = {"domain": "TE", "label": "Trial Elements", "keys": "STUDYID ETCD"}
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata=about))


def one(value: object, name: str = "TESTRL", kind: pa.DataType | None = None) -> pa.Table:
    types = {name: kind} if kind else {}
    return table([CORE_OF_TE | {name: value}], **types)


def read(data: bytes, folder):
    path = folder / "data.xpt"
    path.write_bytes(data)
    return pyreadstat.read_xport(path)


def read_by_pandas(folder):
    return pd.read_sas(folder / "data.xpt", format="xport", encoding="ascii")


@pytest.mark.parametrize("domain", ["TS", "TA", "TE", "TV", "TI"])
def test_two_readers_read_what_the_table_has(tmp_path, domain):
    written = in_key_order(tables(study("NCT01"), SPEC)[domain])
    data, _ = xport(written, SPEC, CREATED)
    frame, about = read(data, tmp_path)
    assert (about.table_name, about.file_label) == (
        domain,
        written.schema.metadata[b"label"].decode(),
    )
    assert about.column_names == written.column_names
    assert about.column_labels == [f.metadata[b"label"].decode() for f in written.schema]
    for found in (frame, read_by_pandas(tmp_path)):
        assert list(found) == written.column_names
        for field, column in zip(written.schema, written.columns, strict=True):
            values = column.to_pylist()
            if pa.types.is_string(field.type):
                values = [(value or "").replace("β", "beta") for value in values]
            assert found[field.name].tolist() == values


def as_another_writer_has_it(written: pa.Table, data: bytes, folder) -> bytes:
    """The dataset by pyreadstat, with our four times in place of its own."""
    plain = {
        field.name: [str(value or "").replace("β", "beta") for value in column.to_pylist()]
        if pa.types.is_string(field.type)
        else column.to_pylist()
        for field, column in zip(written.schema, written.columns, strict=True)
    }
    labels = [field.metadata[b"label"].decode() for field in written.schema]
    about = {key: value.decode() for key, value in written.schema.metadata.items()}
    pyreadstat.write_xport(
        pd.DataFrame(plain), folder / "other.xpt", file_label=about[b"label"],
        column_labels=labels, table_name=about[b"domain"], file_format_version=5,
    )  # fmt: skip
    other = bytearray((folder / "other.xpt").read_bytes())
    for at in (144, 160, 464, 480):
        other[at : at + 16] = data[at : at + 16]
    return bytes(other)


@pytest.mark.parametrize("domain", ["TS", "TI"])  # short records are widened: see below
def test_another_writer_makes_the_same_bytes(tmp_path, domain):
    written = in_key_order(tables(study("NCT01"), SPEC)[domain])
    data, _ = xport(written, SPEC, CREATED)
    assert data == as_another_writer_has_it(written, data, tmp_path)


@pytest.mark.parametrize(
    "number", [0.0, 1.0, -1.0, 0.1, 1.25, 15.999, 16.0, 255.5, 1e-60, -1e60, 2.0**53, 1 / 3, None]
)
def test_numbers_are_what_another_writer_and_two_readers_have(tmp_path, number):
    written = table(
        [CORE_OF_TE | {"TESTRL": "x" * 80, "N": n} for n in (number, 1.0)], N=pa.float64()
    )
    data, _ = xport(written, SPEC, CREATED)
    assert data == as_another_writer_has_it(written, data, tmp_path)
    frame, _ = read(data, tmp_path)
    for found in (frame["N"][0], read_by_pandas(tmp_path)["N"][0]):
        # pandas reads zero as the smallest number of the format
        assert pd.isna(found) if number is None else abs(found - number) < 1e-70 or found == number


@pytest.mark.parametrize("width", [1, 8, 9, 20, 50, 70, 90])
def test_no_reader_loses_a_short_last_row_that_ends_in_blanks(tmp_path, width):
    for number in range(1, 15):
        rows = [
            CORE_OF_TE | {"ETCD": f"E{n:02}", "TESTRL": "", "TEENRL": ""} for n in range(number)
        ]
        rows[0] |= {"TESTRL": "x" * width, "TEENRL": "y" * 8}
        data, _ = xport(table(rows), SPEC, CREATED)
        frame, about = read(data, tmp_path)
        again = read_by_pandas(tmp_path)
        assert frame.to_dict("list") == again.to_dict("list") == table(rows).to_pydict()
        assert about.variable_storage_width["TESTRL"] in (width, 81 - len("STEE00Alpha") - 8)


def test_the_headers_say_when_the_records_were_made_and_nothing_else_does():
    data, _ = xport(one("Text"), SPEC, CREATED)
    later, _ = xport(one("Text"), SPEC, CREATED.replace(year=2025))
    assert data.count(b"09FEB24:13:05:07") == 4
    assert data.replace(b"09FEB24", b"09FEB25") == later
    assert len(data) % 80 == 0
    data.decode("ascii")


def test_every_substitution_is_told_with_its_place():
    rows = [
        CORE_OF_TE | {"ETCD": "B", "TESTRL": "a\tb\u2028c"},
        CORE_OF_TE | {"TESTRL": "Caf\u00e9 \u2265 10\u2079"},
    ]
    _, made = xport(table(rows), SPEC, CREATED)
    assert made == [
        Substitution(1, "TESTRL", "é", "e"),
        Substitution(1, "TESTRL", "≥", ">="),
        Substitution(1, "TESTRL", "⁹", "^9"),
        Substitution(2, "TESTRL", "\t", " "),
        Substitution(2, "TESTRL", "\u2028", " "),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 201, "201 bytes"),
        ("é" * 101, "202 bytes"),  # 101 characters, and 101 bytes of ASCII
        ("½" * 70, "210 bytes"),  # 140 bytes of UTF-8
        ("\U0001f9ea", "U\\+1F9EA"),
        ("5 \u2644", "U\\+2644"),
        ("a =\u0338 b", "U\\+0338"),  # the decomposed form of a sign that means not equal
        ("\u0640", "U\\+0640"),  # a letter for which anyascii has nothing
    ],
)
def test_what_cannot_be_written_is_named(text, why):
    with pytest.raises(Unwritable, match=f"^TE row 1, TESTRL: .*{why}"):
        xport(one(text), SPEC, CREATED)


def test_200_bytes_are_written_whole(tmp_path):
    for text in ("x" * 200, "é" * 100, "x" * 199):
        data, _ = xport(one(text), SPEC, CREATED)
        frame, _ = read(data, tmp_path)
        assert frame["TESTRL"][0] == text.replace("é", "e")


def test_missing_values_and_lengths(tmp_path):
    rows = [
        CORE_OF_TE | {"TESTRL": None, "N": None},
        CORE_OF_TE | {"ETCD": "B", "TESTRL": None, "N": 0.1},
    ]
    data, _ = xport(table(rows, N=pa.float64()), SPEC, CREATED)
    frame, about = read(data, tmp_path)
    assert frame["TESTRL"].tolist() == ["", ""]
    assert frame["N"].isna().tolist() == [True, False]
    assert frame["N"][1] == 0.1
    assert about.variable_storage_width == {
        "STUDYID": 1, "DOMAIN": 2, "ETCD": 1, "ELEMENT": 5, "TESTRL": 1, "N": 8,
    }  # fmt: skip


@pytest.mark.parametrize("number", [2**53 + 1, 1e76, 1e-80, float("inf"), float("nan")])
def test_a_number_that_the_format_would_change_is_refused(number):
    kind = pa.int64() if isinstance(number, int) else pa.float64()
    with pytest.raises(Unwritable, match="TE row 1, N: "):
        xport(one(number, "N", kind), SPEC, CREATED)


@pytest.mark.parametrize("name", ["NINELETTR", "1A", "Étcd", "A B"])
def test_names_that_xport_cannot_hold(name):
    with pytest.raises(Unwritable, match="name"):
        xport(one("a", name), SPEC, CREATED)


@pytest.mark.parametrize("label", ["x" * 41, "Étiquette"])
def test_labels_that_xport_cannot_hold(label):
    written = one("a")
    about = written.schema.metadata | {b"label": label.encode()}
    with pytest.raises(Unwritable, match="label"):
        xport(written.replace_schema_metadata(about), SPEC, CREATED)
