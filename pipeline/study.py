"""The pure core: the records of one study become its tables, in one call."""

import re
from collections.abc import Sequence

from pipeline.merge import facts_of, merged, ranked, superseded
from pipeline.spec.model import Spec
from pipeline.transform.design import arms_and_elements
from pipeline.transform.discrepancies import discrepancies
from pipeline.transform.rules import Facts
from pipeline.transform.ti import criteria
from pipeline.transform.ts import trial_summary
from pipeline.transform.tv import visits
from pipeline.values import Cell, Issue, Record, Study, Task

IDS = ("id.nct", "id.ctis", "id.eudract", "id.isrctn", "id.jrct", "id.utn")
DOMAINS = (trial_summary, criteria, visits)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,39}")
_ORDER = {"required": 0, "confirm": 1, "optional": 2}


def build(records: Sequence[Record], spec: Spec) -> Study:
    """The study that the records speak of: tables, worklist and issues; no input, no output, no
    clock.
    """
    facts = merged(records, spec)
    tables, tasks, issues = arms_and_elements(facts, spec)
    for domain in DOMAINS:
        table, more_tasks, more_issues = domain(facts, spec)
        tables.append(table)
        tasks.extend(more_tasks)
        issues.extend(more_issues)
    issues = [issue for record in records for issue in record.issues] + issues
    issues.extend(superseded(records, spec))
    if not any(facts[concept] for concept in IDS[:1]):
        issues.append(Issue("id.missing", "No ClinicalTrials.gov number.", records[0].source))
    folder = study_id(records)
    speakers = [(record.source, facts_of(record)) for record in ranked(records, spec)]
    return Study(
        id=folder,
        studyid=_studyid(facts, folder),
        records=tuple(records),
        tables={table.domain: table for table in tables},
        worklist=tuple(sorted(tasks, key=_urgency)),
        issues=tuple(dict.fromkeys(issues)),
        discrepancies=tuple(discrepancies(speakers, spec)),
    )


def study_id(records: Sequence[Record]) -> str:
    """The name of the study's folder: its registry number, else `page-` and 12 hex digits of the
    record's hash.
    """
    for concept in IDS:
        for record in records:
            for fact in record.facts:
                if fact.concept == concept and _SAFE.fullmatch(fact.value):
                    return fact.value
    return f"page-{records[0].source.sha256[:12]}"


def _studyid(facts: Facts, folder: str) -> Cell:
    """The sponsor's own number when the record states one, else the registry number."""
    for concept in ("id.sponsor", *IDS):
        for fact in facts[concept]:
            return Cell(fact.value, "copied", (fact,))
    return Cell(folder, "assumed", reason="The record states no number of the study.")


def _urgency(task: Task) -> tuple[int, str, str]:
    return _ORDER[task.severity], task.domain, task.item
