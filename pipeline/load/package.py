"""All files of one study's package, as bytes by their place in its folder."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

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
from pipeline.tabulate import plain
from pipeline.tabulate import tables as tabulated
from pipeline.transform import methods
from pipeline.values import Cell, Issue, Source, Study

TITLES = ("title.official", "title.brief", "condition.name")
_NONE: Mapping[str, bytes] = MappingProxyType({})


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


def package(study: Study, spec: Spec) -> tuple[dict[str, pa.Table], dict[str, bytes], Built]:
    """The datasets by domain, the package's files (datasets in five formats, define.xml, pages,
    lists), and a summary.

    A study with a character that XPT cannot hold keeps everything but its submission folder,
    and the issue says which character stands where.
    """
    tables, when = tabulated(study, spec), created(study, spec)
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
    built = summary(study, files, noted)
    files["manifest.json"] = manifest(built)
    return tables, files, built


def manifest(built: Built) -> bytes:
    """The summary as the file of a package."""
    return msgspec.json.format(msgspec.json.encode(built), indent=1) + b"\n"


def sized(files: Mapping[str, bytes]) -> dict[str, tuple[int, str]]:
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


def summary(study: Study, files: Mapping[str, bytes] = _NONE, noted: Sequence[Issue] = ()) -> Built:
    """What the rest of a build needs to know; without files, the study has rows in the lake only.

    `noted` are the issues that came up when the files were made.
    """
    hows = Counter(
        [
            cell.how
            for table in study.tables.values()
            for row in table.rows
            for cell in row.values()
            if type(cell) is Cell
        ]
    )
    arms = study.tables["TA"].rows if "TA" in study.tables else ()
    return Built(
        study=study.id,
        studyid=str(study.studyid.value),
        title=_title(study),
        records=tuple(record.source for record in (*study.records, *study.earlier)),
        rows={code: len(one.rows) for code, one in sorted(study.tables.items()) if one.rows},
        arms=len({plain(row["ARMCD"]) for row in arms}),
        cells=dict(sorted(hows.items())),
        worklist=_counted(task.severity for task in study.worklist),
        issues=_counted(CATALOGUE[issue.code].severity for issue in study.issues),
        codes=_counted(issue.code for issue in study.issues),
        substitutions=tuple(issue.detail for issue in noted),
        files=sized(files),
    )


def _title(study: Study) -> str:
    """The official title, else the brief one, else a condition; of the record that says it last."""
    said: dict[str, str] = {}
    for record in study.records:
        for fact in record.facts:
            if fact.concept in TITLES:
                said[fact.concept] = fact.value
    return next((said[concept] for concept in TITLES if concept in said), "")


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
