"""A build made of the one before it: only the studies that a change touches are built, and only
their partitions of the lake are written; every other file is the same file (a hard link).
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.build import OURS, Outcome, build
from pipeline.load.beside import BESIDE
from pipeline.load.lake import described, index, whole
from pipeline.load.pages import StudyLine
from pipeline.load.saved import save
from pipeline.plan import partition_width, plan
from pipeline.publish import Packages
from pipeline.sources.item import Item
from pipeline.spec.model import Spec
from pipeline.tabulate import ADDED, KEPT
from pipeline.update.touched import Touched
from pipeline.validate.report import read_back, report

MARK = "gone.csv"
"""What says in a study's folder, and for all in the build's, which records are gone."""
REPORT = ("index.html", "findings.csv", "findings.json")


def renew(
    old: Path, made: Path, changed: Touched, spec: Spec, jobs: int, packages: Packages
) -> Outcome | None:
    """The build `made` from the build `old` and what is touched; the outcome speaks of what was
    built anew.

    Nothing when only a whole build is sure to be right: something was refused, before or now,
    or the lake is to be cut into other partitions.
    """
    parts = made.with_name(f"{made.name}-parts")
    shutil.rmtree(parts, ignore_errors=True)
    try:
        records, gone = _planned(changed.before, parts / "before", spec)
        after = build(changed.after, parts / "after", spec, jobs, packages, docs=False)
        was, now = (json.loads((one / OURS).read_bytes()) for one in (old, parts / "after"))
        lines = _lines(old, parts / "after", gone)
        names = [[line.id for line in _read(old)], [line.id for line in lines]]
        width, wanted = (partition_width(np.array(one, "S48")) for one in names)
        if records is None or was["refused"] or now["refused"] or width != wanted:
            return None
        fresh = set(after.studies)
        _linked(old, made, gone, {name[:width] or "all" for name in gone | fresh})
        _tables(old, parts / "after", made, gone, width, spec)
        for name in sorted(fresh):
            if (parts / "after" / "studies" / name).is_dir():
                (parts / "after" / "studies" / name).rename(made / "studies" / name)
        save(index(lines, spec), made)
        save(described(made, lines, spec), made)
        _checked(old, parts / "after", made, gone)
        counts = {name: was[name] - records + now[name] for name in ("inputs", "built")}
        content = was | counts | {"studies": [line.id for line in lines], "refused": []}
        save({OURS: json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"}, made)
        shutil.copytree(parts / "after" / "runs", made / "runs", dirs_exist_ok=True)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return after


def _planned(items: list[Item], folder: Path, spec: Spec) -> tuple[int | None, set[str]]:
    """How many records there were (nothing when one was refused) and which studies they were."""
    folder.mkdir(parents=True)
    refused: list[str] = []
    found = plan(items, folder, lambda item, _, __: refused.append(item.name), spec)
    studies = {one.study for lot in found.lots() for _, part in lot for one in part}
    return None if refused or found.doubles else found.records, studies


def _read(build: Path) -> list[StudyLine]:
    rows = pq.read_table(build / "studies.parquet").to_pylist()
    names = StudyLine.__struct_fields__
    return [
        msgspec.convert(
            {name: row[name] for name in names if name != "registries"}
            | {"registries": row["registries"].split()},
            StudyLine,
        )
        for row in rows
    ]


def _lines(old: Path, after: Path, gone: set[str]) -> list[StudyLine]:
    lines = [line for line in _read(old) if line.id not in gone] + _read(after)
    return sorted(lines, key=lambda line: line.id.encode())


def _linked(old: Path, made: Path, gone: set[str], cut: set[str]) -> None:
    """Everything that stays as it was: packages and partitions, which nothing writes to, as links;
    what `check` writes to as copies.
    """
    (made / "studies").mkdir(parents=True)
    for home in sorted((old / "studies").iterdir()):
        if home.name not in gone:
            shutil.copytree(
                home,
                made / "studies" / home.name,
                copy_function=os.link,
                ignore=shutil.ignore_patterns(MARK),
            )
    for path in sorted(old.glob("tables/*/*.parquet")):
        if path.stem not in cut:
            place = made / path.relative_to(old)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)
    for room in ("validation", "runs"):
        shutil.copytree(old / room, made / room)


def _tables(old: Path, after: Path, made: Path, gone: set[str], width: int, spec: Spec) -> None:
    """The partitions that are touched, written anew from the old rows and the new ones."""
    for name in (*spec.domains, *BESIDE):
        fresh: dict[str, dict[str, pa.Table]] = {}
        for path in sorted((after / "tables" / name.lower()).glob("*.parquet")):
            for study, table in _studies(path, name, spec):
                fresh.setdefault(study[:width] or "all", {})[study] = table
        stale = {study[:width] or "all" for study in gone}
        for part in sorted(fresh.keys() | stale):
            path = old / "tables" / name.lower() / f"{part}.parquet"
            there = dict(_studies(path, name, spec)) if path.exists() else {}
            kept = {study: table for study, table in there.items() if study not in gone}
            found = kept | fresh.get(part, {})
            if found:
                ordered = [found[study] for study in sorted(found, key=str.encode)]
                data = whole(name, ordered, spec)
                save({f"tables/{name.lower()}/{part}.parquet": data}, made)


def _studies(path: Path, name: str, spec: Spec) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each study, with the columns that it has by itself."""
    table = pq.read_table(path)
    table = table.take(pc.sort_indices(table["STUDY"])).combine_chunks()
    names = table["STUDY"].to_pylist()
    variables = spec.domains[name].variables if name in spec.domains else None
    always = [
        column
        for column in table.column_names
        if column in ADDED
        or column in KEPT
        or variables is None
        or (column in variables and variables[column].core != "Perm")
    ]
    begin = 0
    for at in range(1, len(names) + 1):
        if at == len(names) or names[at] != names[begin]:
            part = table.slice(begin, at - begin)
            yield names[begin], part.select(list(_own(part, always)))
            begin = at


def _own(part: pa.Table, always: Iterable[str]) -> Iterator[str]:
    known = set(always)
    for name in part.column_names:
        if name in known or part[name].null_count < part.num_rows:
            yield name


def _checked(old: Path, after: Path, made: Path, gone: set[str]) -> None:
    """The findings of the studies that stay, with those of the studies that are new."""
    found, engines = read_back((old / "validation" / "findings.json").read_bytes())
    engines = [one for one in engines if one.name != "core"]  # CORE has not seen what is new
    fresh, more = read_back((after / "validation" / "findings.json").read_bytes())
    kept = [one for one in found if one.study not in gone and one.engine != "core"]
    names = {one.name for one in engines}
    runs: list[Any] = [*engines, *(one for one in more if one.name not in names)]
    pages = report([*kept, *fresh], runs)
    save({f"validation/{name}": data for name, data in zip(REPORT, pages, strict=True)}, made)
