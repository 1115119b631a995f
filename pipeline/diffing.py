"""What differs between two builds, row by row of their lakes, and how much it matters."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from filecmp import cmp
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.issues import BadRequest
from pipeline.load.beside import BESIDE
from pipeline.spec import ROOT
from pipeline.spec.text import parse

Severity: TypeAlias = Literal["critical", "notable", "minor"]
Kind: TypeAlias = Literal["added", "removed", "changed"]
Row: TypeAlias = dict[str, str | int | float | None]

SEVERITIES: tuple[Severity, ...] = ("critical", "notable", "minor")
PLACE = ("STUDY", "REGISTRY_ID", "REGISTRY_VERSION", "STUDYID", "DOMAIN")
"""Variables that say where a row belongs; they are no part of what it says."""


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mappings/changes.yaml`."""

    critical: dict[str, tuple[str, ...]]
    notable: dict[str, tuple[str, ...]]
    passing: tuple[str, ...]
    known: dict[str, str]
    sets: dict[str, str] = {}


class Change(msgspec.Struct, frozen=True):
    """A row (or, without domain, a whole study) that came, went or changed.

    `version` is the version of the study's first record, before or (when it has one) after;
    `cells` are the variables that differ, with their values before and after.
    """

    severity: Severity
    study: str
    version: str
    domain: str
    key: str
    kind: Kind
    cells: tuple[tuple[str, str, str], ...] = ()


def diff(old: Path, new: Path) -> list[Change]:
    """The changes from one build to another, the gravest first, then by study.

    Raises `BadRequest` for a folder that holds no build.
    """
    weights = msgspec.convert(parse(ROOT / "mappings" / "changes.yaml"), Weights)
    before, after = _studies(old), _studies(new)
    found = [_study(name, after[name], "added") for name in after.keys() - before.keys()]
    found += [_study(name, before[name], "removed") for name in before.keys() - after.keys()]
    both = before.keys() & after.keys()
    there = {path.name for one in (old, new) for path in (one / "tables").glob("*")}
    for domain in sorted(there - {name.lower() for name in BESIDE}):
        found.extend(_domain(domain, old, new, both, weights))
    return sorted(
        found,
        key=lambda one: (SEVERITIES.index(one.severity), one.study, one.domain, one.key, one.cells),
    )


def _studies(build: Path) -> dict[str, str]:
    if not (build / "studies.parquet").is_file():
        raise BadRequest(f"{build} holds no build.")
    found = pq.read_table(build / "studies.parquet", columns=["id", "version"])
    return dict(zip(found["id"].to_pylist(), found["version"].to_pylist(), strict=True))


def _study(name: str, version: str, kind: Kind) -> Change:
    return Change("critical" if kind == "removed" else "notable", name, version, "", "", kind)


def _domain(
    domain: str, old: Path, new: Path, studies: set[str], weights: Weights
) -> Iterator[Change]:
    """The changes of one dataset; files that are the same in both builds are not opened."""
    folders = [one / "tables" / domain for one in (old, new)]
    places = [{path.name for path in folder.glob("*.parquet")} for folder in folders]
    same = {
        name
        for name in places[0] & places[1]
        if cmp(folders[0] / name, folders[1] / name, shallow=False)
    }
    before, keys = _rows(folders[0], places[0] - same)
    after, more = _rows(folders[1], places[1] - same)
    for study in sorted((before.keys() | after.keys()) & studies):
        yield from compare(before[study], after[study], domain.upper(), keys or more, weights)


def _rows(folder: Path, names: set[str]) -> tuple[dict[str, list[Row]], tuple[str, ...]]:
    """Rows by study, and the variables that name a row: the dataset's keys without numbering."""
    rows: dict[str, list[Row]] = defaultdict(list)
    keys: tuple[str, ...] = ()
    for name in sorted(names):
        table: pa.Table = pq.read_table(folder / name)
        said = (table.schema.metadata or {}).get(b"keys", b"").decode().split()
        keys = tuple(key for key in said if key not in PLACE and not key.endswith("SEQ"))
        for row in table.to_pylist():
            rows[row["STUDY"]].append(row)
    return rows, keys


def compare(
    old: list[Row], new: list[Row], domain: str, keys: tuple[str, ...], weights: Weights
) -> Iterator[Change]:
    """What differs in one study's rows of a dataset.

    Equal rows go first, then rows that are known by a text of theirs, then those of the same key;
    a number that only counts rows (TSSEQ) is no difference. Of several sets (TIVERS) the last one
    is compared.
    """
    known, name = weights.known.get(domain), weights.sets.get(domain, "")
    old, new = _last(old, name), _last(new, name)
    keys = tuple(key for key in keys if key != name)
    passes: list[Callable[[Row], object]] = [_said]
    passes += [lambda row: row.get(known)] if known else []
    passes += [lambda row: tuple(row.get(key) for key in keys)]
    left, right = old, new
    for same in passes:
        pairs, left, right = _paired(left, right, same)
        for one, other in pairs:
            cells = tuple(_cells(one, other))
            if cells:
                yield _change(one, other, domain, keys, cells, weights)
    for row in left:
        yield _change(row, None, domain, keys, tuple(_cells(row, {})), weights)
    for row in right:
        yield _change(None, row, domain, keys, tuple(_cells({}, row)), weights)


def _last(rows: list[Row], name: str) -> list[Row]:
    """The rows of the last set, without what names it."""
    if not any(row.get(name) for row in rows):
        return rows
    last = max(_text(row[name]) for row in rows)
    mine = (row for row in rows if row[name] == last)
    return [{key: value for key, value in row.items() if key != name} for row in mine]


def _said(row: Row) -> object:
    return tuple((name, value) for name, value in row.items() if _tells(name, value))


def _tells(name: str, value: object) -> bool:
    return value is not None and name not in PLACE and not name.endswith("SEQ")


def _paired(
    old: list[Row], new: list[Row], same: Callable[[Row], object]
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    waiting: dict[object, list[Row]] = defaultdict(list)
    for row in reversed(new):
        waiting[same(row)].append(row)
    pairs, left = [], []
    for row in old:
        found = waiting[same(row)]
        if found:
            pairs.append((row, found.pop()))
        else:
            left.append(row)
    taken = {id(other) for _, other in pairs}
    return pairs, left, [row for row in new if id(row) not in taken]


def _cells(old: Row, new: Row) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before != after and name not in PLACE and not name.endswith("SEQ"):
            yield name, _text(before), _text(after)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _change(
    old: Row | None,
    new: Row | None,
    domain: str,
    keys: tuple[str, ...],
    cells: tuple[tuple[str, str, str], ...],
    weights: Weights,
) -> Change:
    row = new or old
    assert row
    kind: Kind = "changed" if old and new else "added" if new else "removed"
    names = [_text(row["TSPARMCD"])] if domain == "TS" else [name for name, *_ in cells]
    severity = _severity(domain, names if domain == "TS" or kind == "changed" else ["*"], weights)
    if domain == "TS" and names[0] in weights.passing and _passed(old, new):
        severity = "critical"
    key = " ".join(_text(row.get(name)) for name in keys)
    return Change(
        severity, _text(row["STUDY"]), _text(row["REGISTRY_VERSION"]), domain, key, kind, cells
    )


def _severity(domain: str, names: list[str], weights: Weights) -> Severity:
    """The gravest of what is named; a name that no list has goes with the others (`*`)."""
    lists: dict[Severity, dict[str, tuple[str, ...]]] = {
        "critical": weights.critical,
        "notable": weights.notable,
    }
    known = {name: level for level, one in reversed(lists.items()) for name in one.get(domain, ())}
    found = [known.get(name, known.get("*", "minor")) for name in names]
    return min(found, key=SEVERITIES.index)


def _passed(old: Row | None, new: Row | None) -> bool:
    """Whether a date lay after its record's version and no longer does."""
    if not (old and new and old["TSVAL"] and new["TSVAL"]):
        return False
    versions = _text(old["REGISTRY_VERSION"]), _text(new["REGISTRY_VERSION"])
    return _text(old["TSVAL"]) > versions[0] and _text(new["TSVAL"]) <= versions[1]
