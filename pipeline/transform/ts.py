"""Trial Summary: each parameter's decision becomes rows, coded by the terminology."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from pipeline.formats import LOOKS
from pipeline.spec.model import Decision, Parameter, Spec
from pipeline.spec.once import once_per_spec
from pipeline.transform.candidates import MOST, candidates
from pipeline.transform.coding import coded, needed, uncoded
from pipeline.transform.rules import Facts, rules
from pipeline.values import Cell, Fact, Issue, Row, Table, Task, Urgency, absent, stated

Answer = Cell | Issue
ANSWERED = {
    "not applicable",
    "no limit above",
    "no limit below",
}  # a null flavor that is the answer
_NOT_STATED = absent("not stated")
_BLANK: dict[str, str | None] = {"TSVALCD": None, "TSVCDREF": None, "TSVCDVER": None}


class Asked(msgspec.Struct, frozen=True):
    """A parameter as every study is asked for it: its name, what the standards say of it, its
    decision, what answers it, whether there is nothing to do where nothing does, and what a person
    is asked to supply from which terms.
    """

    code: str
    name: str
    parameter: Parameter
    decision: Decision
    answers: Callable[[Facts, Spec], Iterable[Answer]]
    passed_over: bool
    supply: str
    allowed: str


def trial_summary(
    facts: Facts, spec: Spec, *, offer: bool = True
) -> tuple[Table, list[Task], list[Issue]]:
    """TS with one row a value, in key order, what is left to supply, and issues.

    A parameter that must be present and is not stated gets a null flavor for its reason
    (SDTMIG 3.4 section 7.4); an optional one is left out. Tasks offer words that may help only
    where they are to.
    """
    rows: list[Row] = []
    tasks: list[Task] = []
    issues: list[Issue] = []
    kinds = {fact.value for fact in facts["design.type"]}
    missing = _missing(spec)
    for asked in _asked(spec):
        parameter, decision = asked.parameter, asked.decision
        applies = not decision.only or decision.only in kinds
        if not applies and parameter.required != "always":
            continue
        cells: list[Cell] = []
        for answer in asked.answers(facts, spec) if applies else _inapplicable(facts):
            if isinstance(answer, Issue):
                issues.append(answer)
            elif not parameter.codelist and str(answer.value).upper() in missing:
                cells.append(absent("not stated", *answer.basis))  # a word for a missing value
            else:
                cells.append(_with_rule(answer, decision.rule) if applies else answer)
        if not cells and asked.passed_over:
            continue
        kept = [cell for cell in cells if cell.value is not None]
        if kept and parameter.dictionary:
            kept = coded(kept, parameter, spec)
        if parameter.required and not kept:
            kept = cells[:1] or [_NOT_STATED]
        for number, cell in enumerate(kept, 1):
            rows.append(_row(asked, number, cell, spec))
        if task := _task(asked, kept, facts, spec, offer=offer):
            tasks.append(task)
    return Table("TS", tuple(rows)), tasks, issues


@once_per_spec
def _asked(spec: Spec) -> tuple[Asked, ...]:
    """Every parameter that a record may answer or that the worklist may ask for, in key order."""
    names = spec.terminology.parameter_names()
    made: list[Asked] = []
    for code, decision in sorted(spec.decisions.items()):
        parameter, answers = spec.parameters[code], _answers(decision)
        passed_over = not parameter.required and not decision.look_for
        if not passed_over or answers is not _nothing:
            supply = " ".join(
                filter(None, [decision.ask or decision.never, needed(parameter, spec)])
            )
            made.append(
                Asked(
                    code, names[code], parameter, decision, answers, passed_over, supply,
                    _allowed(parameter),
                )
            )  # fmt: skip
    return tuple(made)


def _allowed(parameter: Parameter) -> str:
    """Where a parameter's terms are from, or what its values look like."""
    if parameter.codelist:
        return f"codelist {parameter.codelist}"
    return LOOKS.get(parameter.format) or parameter.external or parameter.dictionary or "text"


def _answers(decision: Decision) -> Callable[[Facts, Spec], Iterable[Answer]]:
    """What answers a decision, of any study."""
    if decision.constant:
        reason = "The version of the standard that this package follows."
        constant = (Cell(decision.constant, "assumed", reason=reason),)
        return lambda facts, spec: constant  # noqa: ARG005
    if decision.rule:
        return rules()[decision.rule]
    if not decision.from_:
        return _nothing
    if decision.terms:
        return lambda facts, spec: _recoded(decision, facts, spec)
    return lambda facts, spec: _stated(decision.from_, facts)  # noqa: ARG005


def _nothing(facts: Facts, spec: Spec) -> tuple[Answer, ...]:  # noqa: ARG001
    return ()


def _inapplicable(facts: Facts) -> tuple[Answer, ...]:
    return (absent("not applicable", *facts["design.type"]),)


def _stated(concepts: Iterable[str], facts: Facts) -> Iterable[Answer]:
    """What the first of the concepts that the record speaks of says."""
    for concept in concepts:
        if found := facts[concept]:
            return [stated(fact.value, fact) for fact in found]
    return ()


def _recoded(decision: Decision, facts: Facts, spec: Spec) -> Iterator[Answer]:
    words = [fact for concept in decision.from_ for fact in facts[concept]]
    found: dict[str, list[Fact]] = {}
    for fact in words:
        if fact.value not in decision.terms:
            yield Issue(
                "term.unknown", f"'{fact.value}' has no term.", fact.source, fact.span, fact.quote
            )
        else:
            found.setdefault(decision.terms[fact.value], []).append(fact)
    for term, basis in found.items():
        if term in spec.reasons:
            yield absent(term, *basis)
        elif term:
            yield stated(term, *basis)


@once_per_spec
def _missing(spec: Spec) -> frozenset[str]:
    return frozenset((*spec.flavors, *spec.flavors.values()))


def _with_rule(c: Cell, rule: str) -> Cell:
    return Cell(c.value, c.how, c.basis, rule, c.reason, c.group, c.system, c.code) if rule else c


def _row(asked: Asked, number: int, cell: Cell, spec: Spec) -> Row:
    return {
        "TSSEQ": number,
        "TSGRPID": cell.group or None,
        "TSPARMCD": asked.code,
        "TSPARM": asked.name,
        "TSVAL": cell,
        "TSVALNF": None if cell.value is not None else spec.reasons[cell.reason].flavor,
        **codes_of(cell, asked.parameter, spec),
    }


def codes_of(cell: Cell, parameter: Parameter, spec: Spec) -> dict[str, str | None]:
    """TSVALCD, TSVCDREF and TSVCDVER; a text that no terminology codes leaves them blank."""
    if cell.value is None:
        return _BLANK
    if cell.system:
        known = spec.dictionaries.get(parameter.dictionary)
        version = known.version if known and cell.code else None
        own = {"TSVALCD": cell.code or str(cell.value), "TSVCDREF": cell.system}
        return own | {"TSVCDVER": version}
    if parameter.codelist:
        code = spec.terminology.codelists[parameter.codelist].terms.get(str(cell.value))
        if code:
            return {"TSVALCD": code, "TSVCDREF": "CDISC CT", "TSVCDVER": spec.terminology.version}
        return _BLANK
    if parameter.external:
        reference = spec.references[parameter.external]
        return _BLANK | {"TSVCDREF": reference.name, "TSVCDVER": reference.version or None}
    if parameter.format in ("duration", "date"):
        return _BLANK | {"TSVCDREF": spec.references["ISO 8601"].name}
    return _BLANK


def _task(asked: Asked, kept: list[Cell], facts: Facts, spec: Spec, *, offer: bool) -> Task | None:
    """What is left to supply: a required value that is absent, an optional one hinted at, a code
    that only a dictionary has.
    """
    code, parameter = asked.code, asked.parameter
    if parameter.dictionary and (left := uncoded(kept, parameter, spec)):
        why = f"{left.why} The words are kept; TSVALCD, TSVCDREF and TSVCDVER are blank."
        return Task("TS", code, "required", why, left.allowed, parameter.rules, left.words)
    cell = kept[0] if kept else None
    if cell and (cell.value is not None or cell.reason in ANSWERED):
        return None
    look_for = asked.decision.look_for if offer or cell is None else ()
    hits = candidates(look_for, facts, spec, MOST if offer else 1) if look_for else ()
    if cell is None and not hits:
        return None
    reason = (
        spec.reasons[cell.reason].sentence if cell else "It is optional and not stated outright."
    )
    words = [fact for fact in cell.basis if _is_value(fact, spec)] if cell else []
    later = cell is not None and cell.reason == "not yet known"
    return Task(
        domain="TS",
        item=code,
        severity=_urgency(parameter, later),
        why=f"{reason} {asked.supply}".strip(),
        allowed=asked.allowed,
        rules=parameter.rules,
        candidates=(*words, *hits),
    )


def _urgency(parameter: Parameter, later: bool) -> Urgency:
    """What technical rejection criteria (TRC) ask for is first, even when it is not known yet."""
    if any(rule.startswith("TRC") for rule in parameter.rules):
        return "rejection"
    if not parameter.required:
        return "optional"
    return "later" if later else "required"


def _is_value(fact: Fact, spec: Spec) -> bool:
    """Whether a fact could itself be the value, rather than say why there is none."""
    return spec.concepts[fact.concept].kind in ("date", "age", "count", "text", "name")
