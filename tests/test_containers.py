"""Containers are opened by what they are, one record at a time; what is hostile or broken in them is
a fault of its own.
"""

import gzip
import io
import json
import os
import tarfile
import tracemalloc
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.extract import read
from pipeline.issues import CATALOGUE, BadRequest, Unreadable
from pipeline.sources import items, stream
from pipeline.values import LARGEST
from tests.conftest import shared


def record(number):
    study = {"identificationModule": {"nctId": f"NCT9000000{number}"}, "note": "x" * 200}
    return json.dumps({"protocolSection": study}).encode()


ONE, TWO, THREE = record(1), record(2), record(3)
LINES = b"\n".join([ONE, TWO, b"", THREE]) + b"\n"


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(entries, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
            else:
                entry.type, entry.linkname = data
                archive.addfile(entry)
    return out.getvalue()


def zst(data):
    return pa.compress(data, codec="zstd", asbytes=True)


def parquet(columns, **options):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def taken(tmp_path, data, name="input"):
    """Names with bytes, and names with faults."""
    (tmp_path / name).write_bytes(data)
    found = list(items([tmp_path / name]))
    good = {item.name: item.data() for item in found if item.fault is None}
    bad = {item.name: (item.fault.code, item.fault.detail) for item in found if item.fault}
    assert len(good) + len(bad) == len(found)
    assert all(isinstance(item.fault, Unreadable) for item in found if item.fault)
    assert {code for code, _ in bad.values()} <= set(CATALOGUE)
    return good, bad


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (ONE, ["input"]),
        (b"\xef\xbb\xbf" + LINES, ["input#1", "input#2", "input#3"]),
        (LINES, ["input#1", "input#2", "input#3"]),
        (gzip.compress(ONE), ["input"]),
        (gzip.compress(LINES), ["input#1", "input#2", "input#3"]),
        (gzip.compress(LINES[:300]) + gzip.compress(LINES[300:]), ["input#1", "input#2", "input#3"]),
        (zst(LINES), ["input#1", "input#2", "input#3"]),
        (zst(ONE), ["input"]),
        (zipped({"a.json": ONE, "b.json": TWO}), ["input/a.json", "input/b.json"]),
        (zipped({"deep/er/a.json": ONE, "b.json": TWO}, zipfile.ZIP_STORED), ["input/deep/er/a.json", "input/b.json"]),
        (zipped({"all.jsonl": LINES}), ["input/all.jsonl#1", "input/all.jsonl#2", "input/all.jsonl#3"]),
        (tarred({"a": ONE, "b/c": TWO}), ["input/a", "input/b/c"]),
        (gzip.compress(tarred({"a": ONE, "b/" + "c" * 150: TWO}, tarfile.GNU_FORMAT)), ["input/a", "input/b/" + "c" * 150]),
        (zst(tarred({"a": ONE})), ["input/a"]),
        (parquet({"id": ["1", "2"], "raw": [ONE.decode(), TWO.decode()]}), ["input#1", "input#2"]),
        (parquet({"meta": ["{}", "{}"], "n": [1, 2], "body": [ONE, TWO]}, compression="zstd"), ["input#1", "input#2"]),
    ],
)  # fmt: skip
def test_a_container_is_opened_by_what_it_is(tmp_path, data, names):
    good, bad = taken(tmp_path, data)
    assert not bad
    assert list(good) == names
    records = [data.removeprefix(b"\xef\xbb\xbf") for data in good.values()]
    assert records == [ONE, TWO, THREE][: len(records)]


def test_a_folder_is_read_in_the_order_of_its_names_whatever_it_holds(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.json").write_bytes(ONE)
    (tmp_path / "b" / "lines.txt").write_bytes(LINES)
    (tmp_path / "b.json").write_bytes(ONE)
    (tmp_path / "a.bin").write_bytes(
        zipped({"x.json": ONE, "__MACOSX/._x.json": b"?", ".DS_Store": b"?"})
    )
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [item.name for item in items([tmp_path])]
    assert found == ["a.bin/x.json", "b/lines.txt#1", "b/lines.txt#2", "b/lines.txt#3", "b.json"]
    with pytest.raises(BadRequest, match="no such file"):
        list(items([tmp_path / "nothing"]))


def test_lines_are_named_as_the_reader_of_json_names_them(tmp_path, spec):
    cut = [item.name for item in items([write(tmp_path, "x.jsonl", LINES)])]
    whole = [found.source.name for found in read(LINES, "x.jsonl", spec)]
    assert cut == whole


def test_one_broken_line_among_many_is_its_own_record(tmp_path, spec):
    for broken in (0, 1, 2):
        lines = [ONE, TWO, THREE]
        lines[broken] = lines[broken][:50]
        found = list(items([write(tmp_path, "x", b"\n".join(lines))]))
        codes = [
            [getattr(one, "code", "") for one in read(item.data(), item.name, spec)]
            for item in found
        ]
        assert codes == [["input.malformed"] if at == broken else [""] for at in range(3)]


def test_json_that_is_laid_out_in_lines_is_one_record(tmp_path):
    data = json.dumps(json.loads(ONE), indent=1).encode()
    good, bad = taken(tmp_path, data)
    assert (good, bad) == ({"input": data}, {})


LINK, HARD, DEVICE = (
    (tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "a"), (tarfile.CHRTYPE, ""),
)  # fmt: skip
HOSTILE = {
    "zip, up": (zipped({"a": ONE, "../b": TWO}), "input/../b", "leads out"),
    "zip, up within": (zipped({"a": ONE, "c/../../b": TWO}), "input/c/../../b", "leads out"),
    "zip, root": (zipped({"a": ONE, "/etc/b": TWO}), "input//etc/b", "leads out"),
    "zip, drive": (zipped({"a": ONE, "C:/b": TWO}), "input/C:/b", "leads out"),
    "zip, backslashes": (zipped({"a": ONE, "..\\b": TWO}), "input/..\\b", "leads out"),
    "zip, line in a name": (zipped({"a": ONE, "../b\nc": TWO}), "input/../b?c", "leads out"),
    "zip in zip": (zipped({"a": ONE, "b": zipped({"c": TWO})}), "input/b", "(zip) in an archive"),
    "gz in zip": (zipped({"a": ONE, "b": gzip.compress(TWO)}), "input/b", "(gz) in an archive"),
    "tar, up": (tarred({"a": ONE, "../b": TWO}), "input/../b", "leads out"),
    "tar, root": (gzip.compress(tarred({"a": ONE, "/b": TWO})), "input//b", "leads out"),
    "tar, link": (tarred({"a": ONE, "b": LINK}), "input/b", "link"),
    "tar, hard link": (tarred({"a": ONE, "b": HARD}), "input/b", "link"),
    "tar, device": (tarred({"a": ONE, "b": DEVICE}), "input/b", "no plain file"),
    "tar in tar": (tarred({"a": ONE, "b": tarred({"c": TWO})}), "input/b", "(tar) in an archive"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_is_refused_and_the_others_are_read(tmp_path, name):
    data, entry, words = HOSTILE[name]
    before = sorted(tmp_path.parent.rglob("*"))
    good, bad = taken(tmp_path, data)
    assert good == {"input/a": ONE}
    assert list(bad) == [entry]
    assert bad[entry][0] == "input.unopened"
    assert words in bad[entry][1]
    assert set(tmp_path.parent.rglob("*")) - set(before) == {tmp_path / "input"}


def test_a_link_in_a_zip_and_an_encrypted_entry_are_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", ONE)
        link = zipfile.ZipInfo("b")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("c", TWO)
    data = bytearray(out.getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    good, bad = taken(tmp_path, bytes(data))
    assert list(good) == ["input/a"]
    assert "link" in bad["input/b"][1]
    assert "encrypted" in bad["input/c"][1]


@pytest.mark.parametrize(
    "data",
    [b"PK\x05\x06" + bytes(18), zipped({"folder/": b""}), bytes(10240), gzip.compress(bytes(10240)),
     zipped({".hidden": ONE})],
    ids=["zip", "zip of folders", "tar", "tar.gz", "only hidden"],
)  # fmt: skip
def test_an_empty_archive_is_said_to_be_empty(tmp_path, data):
    good, bad = taken(tmp_path, data)
    assert (good, bad["input"][0]) == ({}, "input.empty")


NOISE = b"\n".join(
    b'{"protocolSection": "%s"}' % os.urandom(400).hex().encode() for _ in range(900)
)
MANY = {f"{number:03}": os.urandom(900).hex().encode() for number in range(300)}


@pytest.mark.parametrize(
    ("data", "least"),
    [
        (gzip.compress(ONE)[:-12], 0), (gzip.compress(ONE)[:30], 0), (zipped({"a": ONE})[:-30], 0),
        (gzip.compress(NOISE)[:-9], 800), (zst(NOISE)[:-9], 600), (tarred(MANY)[:-11_000], 290),
        (tarred({"a": ONE})[:1024], 1), (gzip.compress(tarred(MANY))[:-9], 290), (b"PAR1 and then nothing", 0),
        (gzip.compress(ONE)[:40] + b"\xff" * 20, 0), (zst(ONE) + b"rubbish", 0),
        (tarred({"a": ONE}) + tarred({"b": TWO}), 1), (tarred({"a": ONE, "b": TWO}).replace(b"b\0", b"c\0", 1), 1),
    ],
)  # fmt: skip
def test_what_breaks_off_is_one_fault_after_what_came_before(tmp_path, data, least):
    good, bad = taken(tmp_path, data)
    assert len(good) >= least
    assert [code for code, _ in bad.values()] == ["input.unopened"]


def test_a_damaged_entry_of_a_zip_leaves_the_others(tmp_path):
    data = bytearray(zipped({"a": ONE, "b": TWO, "c": THREE}, zipfile.ZIP_STORED))
    data[data.index(TWO) + 9] ^= 1
    good, bad = taken(tmp_path, bytes(data))
    assert list(good) == ["input/a", "input/c"]
    assert "CRC" in bad["input/b"][1]


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b'{"a": 1}\n{' + b" " * 6_000_000),
        zst((ONE + b"\n") * 30_000),
        zipped({str(number): b" " * 500_000 for number in range(20)}),
        gzip.compress(tarred({"a": ONE, "b": b" " * 6_000_000})),
        parquet({"raw": [("{" + " " * 6_000_000)]}, compression="zstd", use_dictionary=False),
    ],
    ids=["gz", "zst", "zip", "tar.gz", "parquet"],
)
def test_a_bomb_stops_early(tmp_path, monkeypatch, data):
    for module in ("stream", "parquet"):
        monkeypatch.setattr(f"pipeline.sources.{module}.SOME", 1_000_000)
    (tmp_path / "bomb").write_bytes(data)
    size = 0
    for item in items([tmp_path / "bomb"]):
        size += len(item.data())
        last = item
    assert "times its size" in last.fault.detail or "not unpacked" in last.fault.detail
    assert size <= 200 * len(data) + 1_000_000 + stream.CHUNK


def test_what_is_larger_than_a_record_is_refused_without_being_unpacked(tmp_path):
    large = b"<x>" + os.urandom(500).hex().encode() * (LARGEST // 1000) + b"y"
    good, bad = taken(tmp_path, large)
    assert (good, bad["input"][0]) == ({}, "input.too-large")
    good, bad = taken(tmp_path, zipped({"a": large, "b": TWO}, zipfile.ZIP_STORED))
    assert (list(good), bad["input/a"][0]) == (["input/b"], "input.too-large")
    good, bad = taken(tmp_path, b"\n".join([ONE, b'{"a":"' + large, THREE]))
    assert (list(good), bad["input#2"][0]) == (["input#1", "input#3"], "input.too-large")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(50 * LARGEST)
        file.write(b"<")
    (item,) = items([tmp_path / "sparse"])
    assert item.fault is not None


def packed(form, rows):
    if form == "parquet":
        return parquet({"raw": rows}, row_group_size=500)
    if form == "tar.gz":
        entries = {f"{n}": b"".join(rows[n : n + 10]) for n in range(0, len(rows), 10)}
        return gzip.compress(tarred(entries), 1)
    data = b"".join(rows)
    return {"lines": data, "zip": zipped({"all": data}), "zst": zst(data)}[form]


@pytest.mark.parametrize("form", ["lines", "zip", "tar.gz", "zst", "parquet"])
def test_memory_is_flat_however_many_records(tmp_path, form):
    body = os.urandom(400).hex().encode()
    line = b'{"protocolSection": {"note": "%s"}, "n": %d}\n'
    rows = [line % (body, number) for number in range(20_000)]
    (tmp_path / "many").write_bytes(packed(form, rows))
    del rows
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    try:
        count = sum(1 for item in items([tmp_path / "many"]) if item.data() and not item.fault)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000  # of 17 MB of records
    assert pa.total_allocated_bytes() - before < 2_000_000


@pytest.mark.parametrize(
    "columns", [{"n": [1, 2]}, {"name": ["a", "b"]}, {"raw": pa.array([], pa.string())}]
)
def test_a_parquet_without_records_is_refused(tmp_path, columns):
    good, bad = taken(tmp_path, parquet(columns))
    assert (good, bad["input"][0]) == ({}, "input.unknown")


def test_an_office_document_is_refused_with_a_remedy(tmp_path):
    good, bad = taken(tmp_path, zipped({"[Content_Types].xml": "<x/>", "xl/a.xml": "<x/>"}))
    assert (good, bad["input"]) == (
        {}, ("input.unknown", "It is a document of an office program: save its table as CSV."),
    )  # fmt: skip


def test_shared_spreadsheets_are_refused(tmp_path):
    (item,) = items([shared("records/ictrp/covid-19-trials_25Mar2020.xlsx")])
    assert item.fault.code == "input.unknown"


def test_a_file_that_may_not_be_read_is_a_fault(tmp_path):
    path = write(tmp_path, "x.json", ONE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    (item,) = items([path])
    assert item.fault.code == "input.unopened"


def test_the_bulk_download_is_read_like_the_folder(tmp_path, spec):
    paths = sorted(shared("records/ctgov_v2").glob("*.json"))[:20]
    data = zipped({f"{path.stem[:7]}/{path.name}": path.read_bytes() for path in paths})
    packed = [item.data() for item in items([write(tmp_path, "ctg-public.zip", data)])]
    assert packed == [path.read_bytes() for path in paths]


def write(folder, name, data):
    (folder / name).write_bytes(data)
    return folder / name
