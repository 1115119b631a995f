"""The lists that a person reads in a spreadsheet: what to supply, and what to know."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from pipeline.issues import CATALOGUE
from pipeline.spec.model import Spec
from pipeline.text import visible
from pipeline.values import Fact, Issue, Source, Study, Task

WORKLIST = (
    "severity", "domain", "item", "name", "why", "allowed", "terms", "rules", "candidates",
    "places",
)  # fmt: skip
MOST = 60
"""As many terms of a codelist are listed; the codelist names the others."""
ISSUES = (
    "severity",
    "code",
    "sentence",
    "detail",
    "remedy",
    "file",
    "record",
    "path",
    "start",
    "end",
    "quote",
)

DISCREPANCIES = (
    "severity", "domain", "item", "record", "value", "other record", "other value",
)  # fmt: skip


def worklist_csv(study: Study, spec: Spec) -> bytes:
    """What must still be supplied or confirmed, most urgent first, with words that may help."""
    return table_csv(WORKLIST, worklist_rows(study, spec))


def worklist_rows(study: Study, spec: Spec) -> Iterator[Sequence[object]]:
    """The rows of the worklist, with the columns of `WORKLIST`."""
    return (_task(task, spec) for task in study.worklist)


def issues_csv(study: Study) -> bytes:
    """What a person should know about the data, with the place and the words."""
    return table_csv(ISSUES, (_issue(issue) for issue in study.issues))


def discrepancies_csv(study: Study) -> bytes:
    """Where the records of one study disagree, in SDTM terms; one record disagrees with nothing."""
    rows = (
        (d.severity, d.domain, d.item, _named(d.source), d.value, _named(d.other), d.other_value)
        for d in study.discrepancies
    )
    return table_csv(DISCREPANCIES, rows)


def _named(source: Source) -> str:
    return f"{source.registry} {source.id} {source.version} ({source.name})"


def _task(task: Task, spec: Spec) -> Sequence[object]:
    words = " | ".join(fact.value for fact in task.candidates)
    places = " | ".join(_place(fact) for fact in task.candidates)
    names = spec.terminology.parameter_names() if task.domain == "TS" else {}
    return (
        task.severity,
        task.domain,
        task.item,
        names.get(task.item, ""),
        task.why,
        task.allowed,
        _terms(task, spec),
        " ".join(task.rules),
        words,
        places,
    )


def _terms(task: Task, spec: Spec) -> str:
    """The terms of the codelist, and whether another may be added to them."""
    parameter = spec.parameters.get(task.item) if task.domain == "TS" else None
    codelist = spec.terminology.codelists.get(parameter.codelist) if parameter else None
    if codelist is None:
        return ""
    if len(codelist.terms) > MOST:
        return f"{len(codelist.terms)} terms of {codelist.name} ({codelist.code})"
    return " | ".join([*codelist.terms, *(["(extensible)"] if codelist.extensible else [])])


def _place(fact: Fact) -> str:
    path = f" {fact.span.path}" if fact.span.path else ""
    return f"{fact.source.name}{path}:{fact.span.start}-{fact.span.end}"


def _issue(issue: Issue) -> Sequence[object]:
    kind = CATALOGUE[issue.code]
    source, span = issue.source, issue.span
    return (
        kind.severity, issue.code, kind.sentence, issue.detail, kind.remedy,
        source.name if source else "", source.id if source else "", span.path if span else "",
        span.start if span else "", span.end if span else "", issue.quote,
    )  # fmt: skip


def table_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table for a spreadsheet: UTF-8 with its mark, every cell inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_inert(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula, on one line."""
    text = visible(" ".join(str(value).split()))
    return "'" + text if text[:1] in ("=", "+", "-", "@") and not text[1:2].isdigit() else text
