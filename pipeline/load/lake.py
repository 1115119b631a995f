"""The lake and its index: all studies' rows by domain, and one line a study."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.load.beside import BESIDE, FOUND_BY
from pipeline.load.created import dated
from pipeline.load.define import define_html, lake_define, stylesheet
from pipeline.load.package import Built
from pipeline.load.pages import StudyLine, index_page
from pipeline.load.parquet import lake_parquet, parquet
from pipeline.spec.model import Spec
from pipeline.tabulate import in_standard_order

COUNTS = ("arms", "criteria", "filled", "absent", "assumed", "curated", "tasks", "issues_error",
          "issues_warning", "findings_error")  # fmt: skip
STUDIES = pa.schema(
    [
        *[
            (name, pa.string())
            for name in ("id", "studyid", "title", "registries", "version", "status")
        ],
        *[(name, pa.int64()) for name in COUNTS],
        ("path", pa.string()),
    ]
)


def part(
    name: str, tables: Sequence[Mapping[str, pa.Table]], spec: Spec
) -> Iterator[tuple[str, bytes]]:
    """The part `name` of each table below `tables/`, as bytes by place, one at a time.

    `tables` are the rows of its studies, some by some, by the name of their table.
    """
    for table in (*spec.domains, *BESIDE):
        parts = [one[table] for one in tables if table in one]
        if parts:
            yield f"tables/{table.lower()}/{name}.parquet", whole(table, parts, spec)


def whole(name: str, parts: Sequence[pa.Table], spec: Spec) -> bytes:
    """A part of the table of that name as bytes: the same whatever it is put together from.

    Rows can be found by STUDYID, and by the parameter, item or code that they are about.
    """
    rows = pa.concat_tables(parts, promote_options="default")
    if name not in spec.domains:
        return lake_parquet(rows, FOUND_BY.get(name, ""))
    domain = spec.domains[name]
    coded = (key for key in domain.keys if domain.variables[key].codelist)
    return lake_parquet(in_standard_order(rows, domain, spec), next(coded, ""))


def index(lines: Sequence[StudyLine], spec: Spec) -> dict[str, bytes]:
    """`studies.parquet`, a row a study, and `index.html`."""
    rows = [
        {name: getattr(line, name) for name in STUDIES.names if name not in ("registries", "path")}
        | {
            "registries": " ".join(line.registries),
            "path": f"studies/{line.id}" if line.status == "package" else None,
        }
        for line in lines
    ]
    table = pa.Table.from_pylist(rows, schema=STUDIES)
    return {"studies.parquet": parquet(table), "index.html": index_page(lines, spec)}


def described(folder: Path, lines: Sequence[StudyLine], spec: Spec) -> dict[str, bytes]:
    """What describes the parts that stand below `folder/tables`: define.xml, and as a page."""
    columns: dict[str, list[str]] = {}
    for domain in spec.domains:
        names = columns.setdefault(domain, [])
        for path in sorted((folder / "tables" / domain.lower()).glob("*.parquet")):
            before = None
            for name in pq.read_schema(path).names:
                if name not in names:
                    names.insert(names.index(before) + 1 if before else 0, name)
                before = name
    there = {domain: names for domain, names in columns.items() if names}
    if not there:
        return {}
    xml = lake_define(there, len(lines), spec, _newest(lines, spec))
    return {
        "tables/define.xml": xml,
        "tables/define2-1.xsl": stylesheet(),
        "tables/define.html": define_html(xml, beside="", dossier=""),
    }


def _newest(lines: Sequence[StudyLine], spec: Spec) -> dt.datetime:
    """The newest version date of all studies; the same records give the same bytes on any day."""
    versions = [line.version for line in lines if line.version]
    return dated(max(versions, default=""), spec)


def line(study: Built, findings: int) -> StudyLine:
    """The study as lists show it; `findings` are its errors."""
    cells = study.cells
    return StudyLine(
        id=study.study,
        studyid=study.studyid,
        title=study.title,
        registries=tuple(sorted({source.registry for source in study.records})),
        version=study.records[0].version,
        arms=study.arms,
        criteria=study.rows.get("TI", 0),
        filled=sum(count for how, count in cells.items() if how != "absent"),
        absent=cells.get("absent", 0),
        assumed=cells.get("assumed", 0),
        curated=cells.get("curated", 0),
        tasks=sum(study.worklist.values()),
        issues_error=study.issues.get("error", 0),
        issues_warning=study.issues.get("warning", 0),
        findings_error=findings,
        status="package" if study.files else "tables",
    )
