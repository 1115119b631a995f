"""Trial Inclusion/Exclusion Criteria: one row a criterion, in the record's words."""

from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.text import told_apart
from pipeline.transform.rules import Facts
from pipeline.values import Fact, Issue, Row, Table, Task, stated

CATEGORIES = {
    "INCLUSION": ("criterion.inclusion", "INCL"),
    "EXCLUSION": ("criterion.exclusion", "EXCL"),
}


def criteria(facts: Facts, spec: Spec) -> tuple[Table, list[Task], list[Issue]]:
    """TI in the order of the record: INCL01…, EXCL01… (IETESTCD has at most 8 characters).

    IETEST has at most 200 bytes (SDTMIG 3.4 section 7.4.1, assumption on IETEST); a longer
    criterion is shortened and its full text is the cell's basis.
    """
    rows: list[Row] = []
    issues: list[Issue] = []
    limit = spec.domains["TI"].variables["IETEST"].length
    asked = [fact for concept, _ in CATEGORIES.values() for fact in facts[concept]]
    texts = iter(told_apart([fact.value for fact in asked], limit, spec))
    for category, (concept, prefix) in CATEGORIES.items():
        digits = max(2, len(str(len(facts[concept]))))
        for number, fact in enumerate(facts[concept], 1):
            text = next(texts)
            if text != fact.value:
                issues.append(Issue("criteria.shortened", "", fact.source, fact.span, fact.quote))
            rows.append(_row(f"{prefix}{number:0{digits}}", text, category, fact))
    return Table("TI", tuple(sorted(rows, key=_code))), list(_tasks(facts)), issues


def _row(code: str, text: str, category: str, fact: Fact) -> Row:
    return {"IETESTCD": code, "IETEST": stated(text, fact), "IECAT": category}


def _code(row: Row) -> str:
    return str(row["IETESTCD"])


def _tasks(facts: Facts) -> Iterator[Task]:
    if not facts["criterion.inclusion"] and not facts["criterion.exclusion"]:
        yield Task("TI", "criteria", "required", "The record states no criteria.")
