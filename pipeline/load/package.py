"""All files of one study's package, as bytes by their place in its folder."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec
import pyarrow as pa

from pipeline.issues import CATALOGUE
from pipeline.load.created import created
from pipeline.load.dataset_json import both_forms
from pipeline.load.define import define_html, define_xml, stylesheet
from pipeline.load.guide import guide
from pipeline.load.lists import (
    WORKLIST,
    discrepancies_csv,
    issues_csv,
    worklist_csv,
    worklist_rows,
)
from pipeline.load.pages import study_page
from pipeline.load.parquet import parquet
from pipeline.load.provenance import provenance
from pipeline.load.workbook import workbook
from pipeline.load.xport import Unwritable, xport
from pipeline.spec.model import Spec
from pipeline.tabulate import tables as tabulated
from pipeline.transform import methods
from pipeline.values import Cell, Issue, Source, Study


class Built(msgspec.Struct, frozen=True):
    """What the rest of a build needs to know of a study whose package is made.

    `rows` counts by domain, `cells` by how their value was come by, `codes` issues by their code,
    `worklist` and `issues` by
    severity; `files` has each file's size and SHA-256.
    """

    study: str
    studyid: str
    title: str
    records: tuple[Source, ...]
    rows: dict[str, int]
    arms: int
    cells: dict[str, int]
    worklist: dict[str, int]
    issues: dict[str, int]
    codes: dict[str, int]
    substitutions: tuple[str, ...]
    files: dict[str, tuple[int, str]]


def package(
    study: Study, spec: Spec, *, whole: bool = True
) -> tuple[dict[str, pa.Table], dict[str, bytes], Built]:
    """The datasets by domain, the package's files (datasets in five formats, define.xml, pages,
    lists), and a summary.

    A package that is not wanted whole has no files: the lake has the datasets.
    A study with a character that XPT cannot hold keeps everything but its submission folder,
    and the issue says which character stands where.
    """
    tables, when = tabulated(study, spec), created(study, spec)
    if not whole:
        return tables, {}, _summary(study, tables, {}, [])
    datasets = {f"parquet/{code.lower()}.parquet": parquet(table) for code, table in tables.items()}
    define = define_xml(study, tables, spec, when, methods=methods())
    submission, noted = _submission(tables, define, spec, when)
    study = msgspec.structs.replace(study, issues=(*study.issues, *noted))
    files = datasets | submission
    for code, table in tables.items():
        place = f"json/{code.lower()}"
        files[f"{place}.json"], files[f"{place}.ndjson"] = both_forms(table, study, spec, when)
    basis = provenance(study, spec)
    tasks = WORKLIST, worklist_rows(study, spec)
    files |= guide(study, tables, spec)
    files |= {
        "data.xlsx": workbook(tables, tasks, basis, when),
        "define.html": define_html(define),
        "study.html": study_page(study, tables, spec),
        "provenance.parquet": parquet(basis),
        "worklist.csv": worklist_csv(study, spec),
        "issues.csv": issues_csv(study),
        "discrepancies.csv": discrepancies_csv(study),
    }
    built = _summary(study, tables, files, noted)
    files["manifest.json"] = manifest(built)
    return tables, files, built


def manifest(built: Built) -> bytes:
    """The summary as the file of a package."""
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def sized(files: dict[str, bytes]) -> dict[str, tuple[int, str]]:
    """Each file's size and SHA-256, by name."""
    return {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items())
    }


def _submission(
    tables: dict[str, pa.Table], define: bytes, spec: Spec, when: datetime
) -> tuple[dict[str, bytes], list[Issue]]:
    files = {"submission/define.xml": define, "submission/define2-1.xsl": stylesheet()}
    made: Counter[tuple[str, str]] = Counter()
    for domain, table in tables.items():
        try:
            data, substitutions = xport(table, spec, when)
        except Unwritable as error:
            return {}, [Issue("xpt.unwritable", str(error))]
        files[f"submission/{domain.lower()}.xpt"] = data
        made.update((sub.char, sub.replacement) for sub in substitutions)
    words = (
        f"U+{ord(char):04X} {char!r} as {plain!r}: {n}" for (char, plain), n in sorted(made.items())
    )
    return files, [Issue("xpt.substituted", text) for text in words]


def _summary(
    study: Study, tables: dict[str, pa.Table], files: dict[str, bytes], noted: list[Issue]
) -> Built:
    cells = [
        cell
        for table in study.tables.values()
        for row in table.rows
        for cell in row.values()
        if isinstance(cell, Cell)
    ]
    facts = {fact.concept: fact.value for record in study.records for fact in record.facts}
    titles = ("title.official", "title.brief", "condition.name")
    return Built(
        study=study.id,
        studyid=str(study.studyid.value),
        title=next((facts[concept] for concept in titles if concept in facts), ""),
        records=tuple(record.source for record in (*study.records, *study.earlier)),
        rows={domain: table.num_rows for domain, table in tables.items()},
        arms=len(set(tables["TA"]["ARMCD"].to_pylist())) if "TA" in tables else 0,
        cells=_counted(cell.how for cell in cells),
        worklist=_counted(task.severity for task in study.worklist),
        issues=_counted(CATALOGUE[issue.code].severity for issue in study.issues),
        codes=_counted(issue.code for issue in study.issues),
        substitutions=tuple(issue.detail for issue in noted),
        files=sized(files),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
