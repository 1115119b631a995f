"""Trial Summary: each parameter's decision becomes rows, coded by the terminology."""

from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.formats import LOOKS
from pipeline.spec.model import Decision, Parameter, Spec
from pipeline.transform.candidates import candidates
from pipeline.transform.coding import coded, needed, uncoded
from pipeline.transform.rules import Facts, Rule, rules
from pipeline.values import Cell, Fact, Issue, Row, Table, Task, Urgency, absent, stated

Answer = Cell | Issue
ANSWERED = {
    "not applicable",
    "no limit above",
    "no limit below",
}  # a null flavor that is the answer


def trial_summary(facts: Facts, spec: Spec) -> tuple[Table, list[Task], list[Issue]]:
    """TS with one row a value, in key order, what is left to supply, and issues.

    A parameter that must be present and is not stated gets a null flavor for its reason
    (SDTMIG 3.4 section 7.4); an optional one is left out.
    """
    rows: list[Row] = []
    tasks: list[Task] = []
    issues: list[Issue] = []
    named, names = rules(), spec.terminology.parameter_names()
    kinds = {fact.value for fact in facts["design.type"]}
    for code in sorted(spec.decisions):
        decision, parameter = spec.decisions[code], spec.parameters[code]
        applies = not decision.only or decision.only in kinds
        if not applies and parameter.required != "always":
            continue
        answers = (
            list(_answers(decision, facts, spec, named))
            if applies
            else [absent("not applicable", *facts["design.type"])]
        )
        issues.extend(answer for answer in answers if isinstance(answer, Issue))
        cells = [
            _stating(answer, parameter, spec) for answer in answers if isinstance(answer, Cell)
        ]
        kept = coded((cell for cell in cells if cell.value is not None), parameter, spec)
        if parameter.required and not kept:
            kept = cells[:1] or [absent("not stated")]
        rows.extend(
            _row(code, names[code], number, cell, parameter, spec)
            for number, cell in enumerate(kept, 1)
        )
        if task := _task(code, kept, decision, parameter, facts, spec):
            tasks.append(task)
    return Table("TS", tuple(rows)), tasks, issues


def _answers(
    decision: Decision, facts: Facts, spec: Spec, named: dict[str, Rule]
) -> Iterator[Answer]:
    if decision.constant:
        yield Cell(
            decision.constant,
            "assumed",
            reason="The version of the standard that this package follows.",
        )
    elif decision.rule:
        for answer in named[decision.rule](facts, spec):
            yield _with_rule(answer, decision.rule)
    elif decision.terms:
        yield from _recoded(decision, facts, spec)
    else:
        first = next((facts[concept] for concept in decision.from_ if facts[concept]), ())
        for fact in first:
            yield stated(fact.value, fact)


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


def _stating(cell: Cell, parameter: Parameter, spec: Spec) -> Cell:
    """The cell, or an absent one where a text is only a word for a missing value."""
    word = str(cell.value).upper()
    if parameter.codelist or word not in (*spec.flavors, *spec.flavors.values()):
        return cell
    return absent("not stated", *cell.basis)


def _with_rule(answer: Answer, rule: str) -> Answer:
    return answer if isinstance(answer, Issue) else replace(answer, rule=rule)


def _row(code: str, name: str, number: int, cell: Cell, parameter: Parameter, spec: Spec) -> Row:
    row: dict[str, Cell | str | int | None] = {
        "TSSEQ": number,
        "TSGRPID": cell.group or None,
        "TSPARMCD": code,
        "TSPARM": name,
        "TSVAL": cell,
        "TSVALNF": None if cell.value is not None else spec.reasons[cell.reason].flavor,
    }
    return row | codes_of(cell, parameter, spec)


def codes_of(cell: Cell, parameter: Parameter, spec: Spec) -> dict[str, str | None]:
    """TSVALCD, TSVCDREF and TSVCDVER; a text that no terminology codes leaves them blank."""
    blank: dict[str, str | None] = {"TSVALCD": None, "TSVCDREF": None, "TSVCDVER": None}
    if cell.value is None:
        return blank
    if cell.system:
        known = spec.dictionaries.get(parameter.dictionary)
        version = known.version if known and cell.code else None
        own = {"TSVALCD": cell.code or str(cell.value), "TSVCDREF": cell.system}
        return own | {"TSVCDVER": version}
    if parameter.codelist:
        code = spec.terminology.codelists[parameter.codelist].terms.get(str(cell.value))
        if code:
            return {"TSVALCD": code, "TSVCDREF": "CDISC CT", "TSVCDVER": spec.terminology.version}
        return blank
    if parameter.external:
        reference = spec.references[parameter.external]
        return blank | {"TSVCDREF": reference.name, "TSVCDVER": reference.version or None}
    if parameter.format in ("duration", "date"):
        return blank | {"TSVCDREF": spec.references["ISO 8601"].name}
    return blank


def _task(
    code: str, kept: list[Cell], decision: Decision, parameter: Parameter, facts: Facts, spec: Spec
) -> Task | None:
    """What is left to supply: a required value that is absent, an optional one hinted at, a code
    that only a dictionary has.
    """
    if left := uncoded(kept, parameter, spec):
        why = f"{left.why} The words are kept; TSVALCD, TSVCDREF and TSVCDVER are blank."
        return Task("TS", code, "required", why, left.allowed, parameter.rules, left.words)
    cell = kept[0] if kept else None
    if cell and (cell.value is not None or cell.reason in ANSWERED):
        return None
    hits = candidates(decision.look_for, facts)
    if cell is None and not hits:
        return None
    reason = (
        spec.reasons[cell.reason].sentence if cell else "It is optional and not stated outright."
    )
    words = [fact for fact in cell.basis if _is_value(fact, spec)] if cell else []
    later = cell is not None and cell.reason == "not yet known"
    asked = decision.ask or decision.never
    allowed = parameter.codelist and f"codelist {parameter.codelist}"
    return Task(
        domain="TS",
        item=code,
        severity=_urgency(parameter, later),
        why=" ".join(filter(None, [reason, asked, needed(parameter, spec)])),
        allowed=allowed
        or LOOKS.get(parameter.format)
        or parameter.external
        or parameter.dictionary
        or "text",
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
