"""The pure core: the records of one study become its tables, in one call."""

from collections.abc import Sequence

from pipeline.extract import with_prose
from pipeline.history import parted, with_planned, with_versions
from pipeline.join import brief, registry_ids, study_id
from pipeline.merge import facts_of, merged, ranked, superseded
from pipeline.spec.model import Spec
from pipeline.transform.curated import chosen, curated
from pipeline.transform.design import arms_and_elements
from pipeline.transform.discrepancies import discrepancies
from pipeline.transform.rules import Facts
from pipeline.transform.ti import criteria
from pipeline.transform.ts import trial_summary
from pipeline.transform.tv import visits
from pipeline.values import Cell, Issue, Record, Study, Task

_URGENCY = ("rejection", "required", "confirm", "later", "optional")
_DOMAINS = ("TA", "TE", "TI", "TS", "TV", "TD", "TM")


def build(records: Sequence[Record], spec: Spec, *, offer: bool = True) -> Study:
    """The study that the records speak of: tables, worklist and issues; no input, no output, no
    clock. Earlier versions of a record are among them: they say what was. Tasks offer all words
    that may help a person, unless nobody is to read them (`offer`).
    """
    speaking, earlier = parted(records)
    briefs = [brief(record, spec) for record in speaking]
    records = [with_prose(record, spec) for record in speaking]
    versions = [*records, *earlier]
    facts = with_planned(merged(records, spec), versions, spec)
    tables, tasks, issues = arms_and_elements(facts, spec)
    asked, open_tasks, doubts = criteria(facts, spec)
    asked, amended = with_versions(asked, versions, spec)
    for table, more_tasks, more_issues in (
        trial_summary(facts, spec, offer=offer),
        (asked, open_tasks, [*doubts, *amended]),
        visits(facts, spec, offer=offer),
    ):
        tables.append(table)
        tasks.extend(more_tasks)
        issues.extend(more_issues)
    issues = [issue for record in records for issue in record.issues] + issues
    issues.extend(superseded(versions, spec))
    if not any(record.source.id for record in records):
        issues.append(Issue("id.missing", "", records[0].source))
    folder = study_id(briefs)
    numbers = (name for one in briefs for _, name in one.names)
    curation, more_issues = chosen([folder, *numbers], spec.curations)
    issues.extend(more_issues)
    if curation:
        tables, tasks, more_issues = curated(tables, tasks, curation, spec)
        issues.extend(more_issues)
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
        earlier=tuple(earlier),
    )


def _studyid(facts: Facts, folder: str, spec: Spec) -> Cell:
    """The sponsor's own number when the record states one, else the registry number."""
    for concept in ("id.sponsor", *registry_ids(spec)):
        for fact in facts[concept]:
            return Cell(fact.value, "copied", (fact,))
    return Cell(folder, "assumed", reason="The record states no number of the study.")


def _urgency(task: Task) -> tuple[int, int, bool, str]:
    """Rejection first; then arms, on which the rest hangs; what every study must have (CG0287)
    before what some must.
    """
    some = task.domain == "TS" and "CG0287" not in task.rules
    return _URGENCY.index(task.severity), _DOMAINS.index(task.domain), some, task.item
