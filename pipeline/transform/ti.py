"""Trial Inclusion/Exclusion Criteria: one row a criterion, in the record's words."""

from collections import Counter
from collections.abc import Iterator

from pipeline.spec.model import Spec
from pipeline.text import told_apart
from pipeline.transform.condensing import condensed, under
from pipeline.transform.limits import rule_of
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, Row, Scalar, Table, Task, stated

CATEGORIES = {
    "INCLUSION": ("criterion.inclusion", "INCL"),
    "EXCLUSION": ("criterion.exclusion", "EXCL"),
}


_MARK = len(" [999]")
"""The bytes of the number that tells two rows with the same words apart."""


def criteria(facts: Facts, spec: Spec) -> tuple[Table, list[Task], list[Issue]]:
    """TI in the order of the record: INCL01…, EXCL01… (IETESTCD has at most 8 characters).

    IETEST has at most 200 bytes (SDTMIG 3.4 section 7.4.1, assumption on IETEST); a longer
    criterion is shortened and its full text is the cell's basis. A criterion of a list says the
    words above the list first, and one that another part repeats its part. IESCAT is the part or
    cohort of its heading, TIRL its rule where it is simple enough to be one.
    """
    rows: list[Row] = []
    issues: list[Issue] = []
    limit = spec.domains["TI"].variables["IETEST"].length
    parents, parts = (_beside(facts[name]) for name in ("criterion.parent", "criterion.part"))
    asked = [fact for concept, _ in CATEGORIES.values() for fact in facts[concept]]
    wholes = []
    for fact in asked:
        parent = parents.get(_key(fact)) if parents else None
        wholes.append(under(parent.value, fact.value, limit, spec) if parent else fact.value)
    again = Counter(wholes)
    short = []
    shared: set[tuple[str, int]] = set()
    for fact, whole in zip(asked, wholes, strict=True):
        part = parts.get(_key(fact))
        same = again[whole] > 1
        said = f"{part.value}: {whole}" if same and part else whole
        if same:
            shared.add(_key(fact))
        text, lost = condensed(said, limit - (_MARK if same else 0), spec)
        short.append(text)
        if text != said:
            code = "criteria.limit-cut" if lost else "criteria.shortened"
            issues.append(Issue(code, "", fact.source, fact.span, fact.quote))
    texts = iter(told_apart(short, limit, spec))
    for category, (concept, prefix) in CATEGORIES.items():
        digits = max(2, len(str(len(facts[concept]))))
        for number, fact in enumerate(facts[concept], 1):
            row: dict[str, Cell | Scalar] = {"IETESTCD": f"{prefix}{number:0{digits}}"}
            key = _key(fact)
            parent, part = parents.get(key), parts.get(key)
            beside = [one for one in (parent, part if key in shared else None) if one]
            row["IETEST"] = stated(next(texts), fact, *beside)
            row["IECAT"] = category
            if part:
                row["IESCAT"] = stated(condensed(part.value, limit, spec)[0], part)
            if rule := rule_of(fact.value, parent.value if parent else ""):
                row["TIRL"] = stated(rule, fact)
            rows.append(row)
    return Table("TI", tuple(sorted(rows, key=_code))), list(_tasks(facts)), issues


def _beside(facts: tuple[Fact, ...]) -> dict[tuple[str, int], Fact]:
    return {(fact.about, fact.item): fact for fact in facts}


def _key(fact: Fact) -> tuple[str, int]:
    return fact.concept.removeprefix("criterion."), fact.item


def _code(row: Row) -> str:
    return str(row["IETESTCD"])


def _tasks(facts: Facts) -> Iterator[Task]:
    if not facts["criterion.inclusion"] and not facts["criterion.exclusion"]:
        yield Task("TI", "criteria", "required", "The record states no criteria.")
