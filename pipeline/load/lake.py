"""The lake and its index: all studies' rows by domain, and one line a study."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.load.created import dated
from pipeline.load.define import define_html, lake_define, stylesheet
from pipeline.load.package import Built
from pipeline.load.pages import StudyLine, index_page
from pipeline.load.parquet import parquet
from pipeline.spec.model import Spec

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
    name: str, built: Sequence[Built], tables: dict[str, dict[str, pa.Table]], spec: Spec
) -> dict[str, bytes]:
    """The part `name` of each table below `tables/`, as bytes by place.

    `tables` are the datasets by study and domain, in the order in which they are to stand.
    """
    files: dict[str, bytes] = {}
    for domain in spec.domains:
        parts = [
            _with_study(study, tables[study.study][domain])
            for study in built
            if domain in tables[study.study]
        ]
        if parts:
            whole = pa.concat_tables(parts, promote_options="default")
            files[f"tables/{domain.lower()}/{name}.parquet"] = parquet(whole)
    return files


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


def _with_study(study: Built, table: pa.Table) -> pa.Table:
    """The rows with the study's folder, its registry id and the record's version before them."""
    source = study.records[0]
    for name, value in (
        ("REGISTRY_VERSION", source.version),
        ("REGISTRY_ID", source.id),
        ("STUDY", study.study),
    ):
        column = pa.array([value or None] * table.num_rows, pa.string())
        table = table.add_column(0, name, column)
    return table
