"""The pure core: the records of one study become its tables, in one call."""

import hashlib
import re
from collections.abc import Sequence

from pipeline.extract import with_prose
from pipeline.join import registry_ids
from pipeline.merge import facts_of, merged, ranked, superseded
from pipeline.spec.model import Spec
from pipeline.transform.design import arms_and_elements
from pipeline.transform.discrepancies import discrepancies
from pipeline.transform.rules import Facts
from pipeline.transform.ti import criteria
from pipeline.transform.ts import trial_summary
from pipeline.transform.tv import visits
from pipeline.values import Cell, Issue, Record, Study, Task

DOMAINS = (trial_summary, criteria, visits)
_ORDER = {"required": 0, "confirm": 1, "optional": 2}


def build(records: Sequence[Record], spec: Spec) -> Study:
    """The study that the records speak of: tables, worklist and issues; no input, no output, no
    clock.
    """
    records = [with_prose(record, spec) for record in records]
    facts = merged(records, spec)
    tables, tasks, issues = arms_and_elements(facts, spec)
    for domain in DOMAINS:
        table, more_tasks, more_issues = domain(facts, spec)
        tables.append(table)
        tasks.extend(more_tasks)
        issues.extend(more_issues)
    issues = [issue for record in records for issue in record.issues] + issues
    issues.extend(superseded(records, spec))
    if not any(record.source.id for record in records):
        issues.append(Issue("id.missing", "", records[0].source))
    folder = study_id(records, spec)
    several = ranked(records, spec) if len(records) > 1 else []
    speakers = [(record.source, facts_of(record)) for record in several]
    return Study(
        id=folder,
        studyid=_studyid(facts, folder, spec),
        records=tuple(records),
        tables={table.domain: table for table in tables},
        worklist=tuple(sorted(tasks, key=_urgency)),
        issues=tuple(dict.fromkeys(issues)),
        discrepancies=tuple(discrepancies(speakers, spec)),
    )


def study_id(records: Sequence[Record], spec: Spec) -> str:
    """The name of the study's folder: its registry number, else `page-` and 12 hex digits.

    A number is a name only in its registry's own shape, with hyphens for its slashes, so no
    words of a record become a path. The digits are those of the record's hash.
    """
    for concept in registry_ids(spec):
        shape = spec.concepts[concept].pattern
        for record in records:
            for fact in record.facts:
                if fact.concept == concept and re.fullmatch(shape, fact.value, re.ASCII):
                    return fact.value.replace("/", "-")
    first = records[0]
    alone = "#" not in first.source.name
    digest = first.source.sha256 if alone else hashlib.sha256(first.text.encode()).hexdigest()
    return f"page-{digest[:12]}"


def _studyid(facts: Facts, folder: str, spec: Spec) -> Cell:
    """The sponsor's own number when the record states one, else the registry number."""
    for concept in ("id.sponsor", *registry_ids(spec)):
        for fact in facts[concept]:
            return Cell(fact.value, "copied", (fact,))
    return Cell(folder, "assumed", reason="The record states no number of the study.")


def _urgency(task: Task) -> tuple[int, str, str]:
    return _ORDER[task.severity], task.domain, task.item
