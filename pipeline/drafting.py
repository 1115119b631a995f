"""Curation entries in comments: why each is asked, what is allowed, words that may help."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from pipeline.explaining import plain_text, row_name
from pipeline.issues import BadRequest
from pipeline.load.pages.worklist import URGENCY
from pipeline.spec.model import Spec

HEAD = """\
# Curation of {study}: what persons decided about its cells, applied last (docs/curation.md).
# Everything here is a comment. To use an entry, take "# " from the start of each of its lines,
# fill it in, give the reason, and set the date. Instead of `value` an answer of TS may have
# `values` (a list), `flavor` (a null flavor: why there is none) or `drop: yes`.
# `words` are the registry's words under the cell: leave them; a change of them is then noticed."""

BLANK: dict[tuple[str, str], tuple[tuple[str, dict[str, str]], ...]] = {
    ("TA", "arms"): (
        ("TE.SCREEN", {"add": "yes", "ELEMENT": "", "TESTRL": "", "TEENRL": ""}),
        ("TE.TRT", {"add": "yes", "ELEMENT": "", "TESTRL": "", "TEENRL": ""}),
        ("TA.ARM.1", {"add": "yes", "ARM": "", "ETCD": "SCREEN", "EPOCH": "SCREENING"}),
        ("TA.ARM.2", {"add": "yes", "ARM": "", "ETCD": "TRT", "EPOCH": "TREATMENT"}),
    ),
    ("TI", "criteria"): (
        ("TI.INCL01", {"add": "yes", "IETEST": "", "IECAT": "INCLUSION"}),
        ("TI.EXCL01", {"add": "yes", "IETEST": "", "IECAT": "EXCLUSION"}),
    ),
    ("TV", "visits"): (
        ("TV.1", {"add": "yes", "VISIT": "", "VISITDY": "", "TVSTRL": ""}),
        ("TV.2", {"add": "yes", "VISIT": "", "VISITDY": "", "TVSTRL": ""}),
    ),
}  # fmt: skip
"""The rows that a person adds where the record has none."""
CLOSED = {
    "TA": ("STUDYID", "DOMAIN", "ARMCD", "ARM", "TAETORD", "ELEMENT"),
    "TE": ("STUDYID", "DOMAIN", "ETCD"),
    "TI": ("STUDYID", "DOMAIN", "IETESTCD"),
    "TV": ("STUDYID", "DOMAIN", "VISITNUM", "ARMCD", "ARM"),
}
"""What an entry about a row does not give anew."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()/-]*")
UNPRINTABLE = re.compile(
    r"[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class Draft(msgspec.Struct, frozen=True):
    """Entries in comments with the keys that they have; `words` when it only renews those."""

    keys: tuple[str, ...]
    text: str
    words: str = ""


class Cells:
    """What stands in a built study's cells, and the words that they rest on.

    A row is known by its keys as an entry writes them: `TS.ADAPT.1`, `TA.PLACEBO.2`, `TV.3`.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], basis: Iterable[Mapping[str, Any]], spec: Spec
    ) -> None:
        self.spec = spec
        self.rows: dict[str, dict[str, Any]] = {}
        self.basis: dict[str, list[Mapping[str, Any]]] = {}
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for one in basis:
            found.setdefault((one["domain"], one["key"]), []).append(one)
        for domain, table in tables.items():
            keys = spec.domains[domain].keys_of(table.column_names)
            names = [name for name in keys if name != "STUDYID"]
            for row in table.to_pylist():
                key = f"{domain}.{row_name(row, names)}"
                self.rows[key] = row
                same = ".".join(str(row.get(name)) for name in names)
                self.basis[key] = found.get((domain, same), [])

    def keys(self, start: str) -> list[str]:
        """The rows whose keys are `start`, or begin with it."""
        return [key for key in self.rows if key == start or key.startswith(f"{start}.")]

    def words(self, start: str, variables: Iterable[str]) -> list[str]:
        """The different quotes under cells of these rows."""
        wanted = set(variables)
        quotes = [
            " ".join(one["quote"].split())
            for key in self.keys(start)
            for one in self.basis[key]
            if one["variable"] in wanted and one["quote"]
        ]
        return list(dict.fromkeys(quotes))

    def curated(self, start: str) -> list[str]:
        """The variables of these rows that are curated."""
        facts = [one for key in self.keys(start) for one in self.basis[key]]
        return list(dict.fromkeys(one["variable"] for one in facts if one["how"] == "curated"))


def drafts(
    tasks: Iterable[Mapping[str, str]], rows: Sequence[str], cells: Cells, day: str
) -> Iterator[Draft]:
    """A draft for each task of a worklist, and for each row that is named: `TS.TTYPE`, `TI.INCL04`.

    Raises `BadRequest` for a named row that the study does not have.
    """
    for task in tasks:
        about = list(_about(task))
        start = f"{task['domain']}.{task['item']}"
        if cells.curated(start):
            yield _renewed(start, about, cells)
        elif blank := BLANK.get((task["domain"], task["item"])):
            yield _draft([_entry(key, parts, None, day) for key, parts in blank], about)
        elif task["item"] == "TABRANCH":
            lines = [key for key in cells.keys("TA") if cells.rows[key]["TABRANCH"] is not None]
            yield _draft([_row(key, ("TABRANCH",), cells, day) for key in lines], about)
        else:
            yield _draft([_named(start, cells, day)], about)
    for name in rows:
        domain, _, item = name.partition(".")
        here = item in cells.spec.parameters if domain == "TS" else name in cells.rows
        if not here:
            known = ", ".join([key for key in cells.rows if key.startswith(f"{domain}.")][:8])
            raise BadRequest(
                f"There is no row {name}; there are {known or 'TS.ADAPT, TI.INCL01'}, …"
            )
        yield _draft([_named(name, cells, day)], [f"{name}: asked for"])


def _about(task: Mapping[str, str]) -> Iterator[str]:
    called = f" ({task['name']})" if task["name"] else ""
    rules = f" ({task['rules']})" if task["rules"] else ""
    yield f"{task['domain']}.{task['item']}{called}: {URGENCY[task['severity']].lower()}{rules}"
    yield task["why"]
    if allowed := task["terms"] or task["allowed"]:
        yield f"allowed: {allowed}"
    for words, place in zip(
        task["candidates"].split(" | "), task["places"].split(" | "), strict=False
    ):
        if words:
            yield f"perhaps: “{words}” ({place})"


def _named(start: str, cells: Cells, day: str) -> tuple[str, list[str]]:
    domain = start.partition(".")[0]
    if domain == "TS":
        return _answer(start, cells, day)
    row = cells.rows.get(start, {})
    names = [name for name in cells.spec.domains[domain].variables if name not in CLOSED[domain]]
    return _row(start, [name for name in names if row.get(name) is not None], cells, day)


def _answer(start: str, cells: Cells, day: str) -> tuple[str, list[str]]:
    """The parameter's values as they are, or a blank one."""
    parameter = cells.spec.parameters.get(start.partition(".")[2])
    reference = cells.spec.references.get(parameter.dictionary) if parameter else None
    rows = [row for key in cells.keys(start) if (row := cells.rows[key])["TSVAL"] is not None]
    values = []
    for row in rows or [{}]:
        text = "".join(_whole(row))
        value = {"value": text} | ({"group": row["TSGRPID"]} if row.get("TSGRPID") else {})
        if reference:
            known = {"code": row.get("TSVALCD"), "version": row.get("TSVCDVER")}
            value |= {"code": known["code"] or "", "dictionary": reference.name}
            value["version"] = known["version"] or reference.version
        values.append(value)
    words = cells.words(start, ["TSVAL"])
    if len(values) == 1:
        return _entry(start, values[0], words, day)
    lines = ["  values:"]
    for value in values:
        marks = ["-", *[" "] * len(value)]
        pairs = zip(marks, value.items(), strict=False)
        lines += [f"    {mark} {name}: {_scalar(text)}".rstrip() for mark, (name, text) in pairs]
    return start, [f"{start}:", *lines, *_signed(words, day)]


def _row(start: str, names: Sequence[str], cells: Cells, day: str) -> tuple[str, list[str]]:
    row = cells.rows.get(start, {})
    parts = {name: plain_text(row.get(name) or "") for name in names}
    return _entry(start, parts, cells.words(start, names), day)


def _entry(
    key: str, parts: Mapping[str, str], words: Sequence[str] | None, day: str
) -> tuple[str, list[str]]:
    lines = [f"  {name}: {_scalar(text)}".rstrip() for name, text in parts.items()]
    return key, [f"{key}:", *lines, *_signed(words, day)]


def _signed(words: Sequence[str] | None, day: str) -> list[str]:
    kept = [] if words is None else [f"  words: [{', '.join(_quoted(one) for one in words)}]"]
    return ["  reason:", f"  date: {day}", *kept]


def _renewed(start: str, about: list[str], cells: Cells) -> Draft:
    """The words as they are now, to be put into an entry that is there."""
    words = cells.words(start, cells.curated(start))
    line = f"words: [{', '.join(_quoted(one) for one in words)}]"
    return Draft((start,), "\n".join(f"# # {_safe(one)}" for one in (*about, line)), line)


def _draft(entries: Sequence[tuple[str, list[str]]], about: Iterable[str]) -> Draft:
    lines = [f"# # {_safe(one)}" for one in about]
    lines += [f"# {line}" for _, entry in entries for line in entry]
    return Draft(tuple(key for key, _ in entries), "\n".join(lines))


def _whole(row: Mapping[str, Any]) -> Iterator[str]:
    """A text of TS with what goes on in TSVAL1, TSVAL2, …, as it was before it was cut."""
    parts = [row[name] for name in row if re.fullmatch(r"TSVAL\d*", name) and row[name]]
    yield " ".join(parts)


def _scalar(text: str) -> str:
    return text if not text or PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """A text in YAML's double quotes, whatever its characters."""
    written = json.dumps(text, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08x}", written)


def _safe(text: str) -> str:
    return UNPRINTABLE.sub("\ufffd", " ".join(text.split()))
