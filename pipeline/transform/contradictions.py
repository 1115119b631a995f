"""Where one record says two things: a field, and words elsewhere that say otherwise."""

import re
from collections.abc import Iterator

from pipeline.spec.clues import clues, hinted
from pipeline.spec.model import Spec
from pipeline.transform.ages import agrees, limits
from pipeline.transform.rules import Facts
from pipeline.transform.texts import texts
from pipeline.values import Fact, Issue, narrowed

_SUBJECTS = r"(?: (?:patients?|participants?|subjects?|volunteers?|adults?))?"
_WHICH = (
    r"(?:$|,|;| (?:only|aged?|ages|between|over|older|with|undergoing|diagnosed|scheduled|from|"
    r"attending|"
    r"who (?:have|had|are (?:diagnosed|scheduled|undergoing)))\b| [≥>(]| \d)"
)
_LEAD = (
    r"^(?:(?:healthy|adult|all|post-?menopausal|pre-?menopausal|pregnant|young|adolescent|"
    r"eligible),? )*"
)
_WOMEN = re.compile(
    rf"{_LEAD}(?:women|females?){_SUBJECTS}{_WHICH}|\b(?:only|exclusively) (?:women|females?)\b|"
    rf"\b(?:women|females?) only\b"
)
_MEN = re.compile(
    rf"{_LEAD}(?:men|males?){_SUBJECTS}{_WHICH}|\b(?:only|exclusively) (?:men|males?)\b|\b(?:men|"
    rf"males?) only\b"
)
_MAN, _WOMAN = re.compile(r"\b(?:men|males?)\b"), re.compile(r"\b(?:women|females?)\b")
_MEN_AT_ALL = re.compile(r"\b(?:wo)?men\b")
_BOTH = re.compile(
    r"\b(?:males? ?(?:and|or|/|&) ?females?|females? ?(?:and|or|/|&) ?males?|men (?:and|or) "
    r"women|women (?:and|or) men|"
    r"both (?:sexes|genders)|(?:either|any) (?:sex|gender))\b"
)
_WHOSE = r"(?:(?:human|adult|male|female|elderly|older|young|chinese|japanese|caucasian) ){0,2}"
_HEALTHY = re.compile(
    rf"\b(?:in|of|from|with|on|for) (?:[\w-]+ ){{0,2}}?(?:normal {_WHOSE}volunteers"
    rf"|healthy {_WHOSE}(?:volunteers|subjects|participants|adults|men|women|individuals))\b"
)
_HEALTHY_ONE = re.compile(
    r"^(?:any |all |for )?(?:healthy|normal) (?:adult |male |female )?volunteers?\b"
)
_CONDITION = re.compile(
    r"child-?\s?bear|contracept|reproduct|fertil|pregnancy|sterili|lactat|breast-?feed"
)
_AGED = re.compile(r"\bage|year|month|week|\byrs?\b")
_AGED_WORDS = clues(_AGED.pattern)
_OPEN = re.compile(
    r"\bopen[- ]?label(?:l?ed)?\b(?!,? (?:extension|period|phase|part|follow|run|treatment "
    r"period))",
    re.IGNORECASE,
)
_CONTROLLED = re.compile(r"\b(?:active|placebo|sham|vehicle)[- ]controlled\b", re.IGNORECASE)
_BLIND = re.compile(r"\bdouble[- ]?(?:blind|mask)(?:ed|ing)?\b", re.IGNORECASE)


def sexes_contradicted(facts: Facts, spec: Spec) -> Iterator[Issue]:
    """The field says all sexes and a criterion one, or the field one and a criterion both."""
    fields = facts["eligibility.sex"]
    all_sexes = len({field.value for field in fields}) > 1
    for field in fields[:1]:
        women: list[tuple[Fact, re.Match[str]]] = []
        men: list[tuple[Fact, re.Match[str]]] = []
        both: list[tuple[Fact, re.Match[str]]] = []
        for criterion, low in texts(facts, spec).lowered("criterion.inclusion"):
            if not _speaks_of_sex(low):
                continue
            if _CONDITION.search(low):
                continue
            if found := _BOTH.search(low):
                both.append((criterion, found))
            elif (found := _WOMEN.search(low)) and not _MAN.search(low):
                women.append((criterion, found))
            elif (found := _MEN.search(low)) and not _WOMAN.search(low):
                men.append((criterion, found))
        one = [] if both or (women and men) else women or men
        against = one if all_sexes or field.value == "ALL" else both
        for criterion, found in against[:1]:
            yield _issue("eligibility.contradiction", field, _words(criterion, found))


def healthy_contradicted(facts: Facts, spec: Spec) -> Iterator[Issue]:
    """The field says that no healthy people take part, and a title or a criterion names them."""
    for field in facts["eligibility.healthy"][:1]:
        if field.value != "No" or len({one.value for one in facts["eligibility.healthy"]}) > 1:
            continue
        for concept in ("title.official", "title.brief", "criterion.inclusion"):
            pattern = _HEALTHY if concept.startswith("title.") else _HEALTHY_ONE
            for said, low in texts(facts, spec).lowered(concept):
                if found := pattern.search(low):
                    yield _issue("eligibility.contradiction", field, _words(said, found))
                    return


def ages_contradicted(facts: Facts, spec: Spec) -> Iterator[Issue]:
    """The only criterion with ages sets another limit than the field, whatever their units."""
    said = []
    for criterion, low in texts(facts, spec).lowered("criterion.inclusion"):
        if len(low) >= 250 or len(low) != len(criterion.value):
            continue
        if hinted(_AGED_WORDS, low) and _AGED.search(low):
            said += [(criterion, found) for found in limits(low)]
    if len(said) != 1:
        return
    ((criterion, found),) = said
    for limit in found:
        for field in facts[f"eligibility.age.{limit.which}"][:1]:
            if not agrees(field.value, limit):
                words = narrowed(criterion, limit.start, limit.end, criterion.concept)
                yield _issue("eligibility.contradiction", field, words)


def masking_contradicted(facts: Facts) -> Iterator[Issue]:
    """A double-blind label without the participant among those masked; a title that says
    open-label or double-blind against the field.
    """
    for field in facts["design.masking"][:1]:
        roles = {fact.value for fact in facts["design.masking.role"]}
        if field.value not in ("NONE", "SINGLE") and roles and "PARTICIPANT" not in roles:
            said = facts["design.masking.role"][0]
            quotes = ", ".join(f"“{fact.quote}”" for fact in facts["design.masking.role"])
            yield _issue("masking.contradiction", field, said, quotes)
        for title in facts["title.official"][:1]:
            opened, blinded = _OPEN.search(title.value), _BLIND.search(title.value)
            if opened and not blinded and field.value != "NONE":
                yield _issue("masking.contradiction", field, _words(title, opened))
            elif blinded and "open" not in title.value.lower() and field.value == "NONE":
                yield _issue("masking.contradiction", field, _words(title, blinded))


def _speaks_of_sex(low: str) -> bool:
    if "male" in low or "sex" in low or "gender" in low:
        return True
    return "men" in low and bool(_MEN_AT_ALL.search(low))


def control_contradicted(facts: Facts) -> Iterator[Issue]:
    """The field says that there is no control, and the title names one, or an intervention is
    called a comparator.
    """
    fields = [field for field in facts["design.control"] if field.value == "NONE"]
    for field in fields:
        for title in facts["title.official"][:1]:
            if found := _CONTROLLED.search(title.value):
                yield _issue("control.contradiction", field, _words(title, found))
                return
        for role in facts["intervention.role"]:
            if role.value == "COMPARATOR":
                yield _issue("control.contradiction", field, role)
                return


def _words(fact: Fact, match: re.Match[str]) -> Fact:
    return narrowed(fact, *match.span(), fact.concept)


def _issue(code: str, field: Fact, words: Fact, quotes: str = "") -> Issue:
    """Both quotes: the field's in the sentence, the words as the issue's own."""
    detail = f"The field says “{field.quote}”; the words: {quotes or f'“{words.quote}”'}."
    return Issue(code, detail, words.source, words.span, words.quote)
