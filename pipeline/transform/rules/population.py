"""Who takes part: ages, conditions, countries."""

import re
from collections.abc import Iterator
from functools import lru_cache

import pycountry

from pipeline.spec.model import Spec
from pipeline.transform.ages import limits
from pipeline.transform.contradictions import ages_contradicted, healthy_contradicted
from pipeline.transform.rules import Facts
from pipeline.values import Cell, Fact, Issue, absent, narrowed

_UNITS = {
    "year": "P{}Y",
    "month": "P{}M",
    "week": "P{}W",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
}
_WHO = r"(?:normal|adult|male|female|human|young|older|elderly|japanese|chinese)"
_HEALTHY = re.compile(
    rf"(?:{_WHO}[ -])*healthy(?:[ -]{_WHO})*(?:[ -](?:volunteers?|subjects?|participants?|"
    r"individuals?|adults?|people|persons?|males?|females?|men|women|controls?))?",
    re.IGNORECASE,
)
_SHORT = 250
_FOR = re.compile(r"\b(?:for|within|during)\b", re.IGNORECASE)
_AGED = re.compile(
    r"[≥≤<>]\s*=?\s*\d+ ?(?:years?|yrs?|months?)\b|\bage[ds]?\b"
    r"|\b(?:years?|months?)(?: of age|[- ]old)\b",
    re.IGNORECASE,
)
"""What another criterion says that has ages of its own."""
_OF_SOME = re.compile(
    r"\b(?:if|when|except|unless|contracepti\w+|pregnan\w+|child-?bearing|donors?|caregivers?|"
    r"partners?|onset|diagnosed|cohort|group|arm)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"(\d+) ([A-Za-z]+?)s?")
_NUMBER = r"(?P<number>\d{1,3})"
_LOWER = re.compile(
    r"\bage[ds]?\b[^.;]{0,40}?(?:≥|>=|>|\bat least|\bover|\babove|\bolder than|\bfrom)"
    rf"\s*{_NUMBER}\b"
    r"|(?:≥|>=|\bat least)\s*(?P<at_least>\d{1,3})\s*"
    r"(?:years?|yrs?|months?|weeks?)(?: of age| old)"
    r"|\b(?P<older>\d{1,3})\s*(?:years?|yrs?)(?: of age)?\s*(?:or|and)\s*(?:older|above|over)",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"\bage[ds]?\b[^.;]{0,40}?(?:≤|<=|<|\bunder|\bbelow|\byounger than|\bup to|\bat most)"
    rf"\s*{_NUMBER}\b"
    r"|\b(?P<younger>\d{1,3})\s*(?:years?|yrs?)(?: of age)?\s*(?:or|and)\s*(?:younger|below|under)",
    re.IGNORECASE,
)


def minimum_age(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The minimum age as an ISO 8601 duration. An age that the record does not call minimum or
    maximum is the minimum when an inclusion criterion sets the same lower limit. No minimum beside
    a stated maximum means no lower limit. Where a registry other than ClinicalTrials.gov gives no
    age, the limit that the only criterion with an age sets.
    """
    yield from ages_contradicted(facts, spec)
    yield from _limit(facts, "minimum", "maximum", "no limit below")


def maximum_age(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The maximum age as an ISO 8601 duration. An age that the record does not call minimum or
    maximum is the maximum when an inclusion criterion sets the same upper limit. No maximum beside
    a stated minimum means no upper limit.
    """
    yield from _limit(facts, "maximum", "minimum", "no limit above")


def indication(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The conditions that the record names; not applicable where healthy volunteers take part.
    "Healthy participants" are no condition.
    """
    yield from healthy_contradicted(facts, spec)
    yield from _conditions(facts)


def diagnosis_group(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:  # noqa: ARG001
    """The conditions that the record names as the diagnosis of the participants; not applicable
    where healthy volunteers take part. "Healthy participants" are no condition.
    """
    yield from _conditions(facts)


def countries(facts: Facts, spec: Spec) -> Iterator[Cell | Issue]:
    """The ISO 3166-1 alpha-3 code of each country with a site, in the order of the record."""
    found: dict[str, list[Fact]] = {}
    for fact in facts["location.country"]:
        code = spec.phrases.countries.get(fact.value) or _alpha_3(fact.value)
        if code:
            found.setdefault(code, []).append(fact)
        else:
            yield Issue(
                "term.unknown",
                f"'{fact.value}' is no country that is known.",
                fact.source,
                fact.span,
                fact.quote,
            )
    for code, basis in found.items():
        yield Cell(code, "normalised", tuple(basis))
    if not found:
        yield absent("not stated", *facts["location.country"])


def _iso_duration(age: str) -> str:
    """An age such as `18 Years` as an ISO 8601 duration, or nothing."""
    match = _AGE.fullmatch(age)
    form = _UNITS.get(match[2].lower(), "") if match else ""
    return form.format(int(match[1])) if match and form else ""


def _limit(facts: Facts, this: str, other: str, none: str) -> Iterator[Cell | Issue]:
    stated = facts[f"eligibility.age.{this}"]
    if stated:
        yield from _age(stated[0])
        return
    single = facts["eligibility.age"]
    if single:
        agrees = _corroborated(single[0], facts)
        if not agrees:
            yield absent("ambiguous", single[0])
        elif this in agrees:
            yield Cell(_iso_duration(single[0].value), "normalised", (single[0], agrees[this]))
        else:
            yield absent(none, single[0], *agrees.values())
    elif facts[f"eligibility.age.{other}"]:
        yield absent(none, *facts[f"eligibility.age.{other}"])
    else:
        yield _asked(facts, this) or absent("not stated")


def _asked(facts: Facts, this: str) -> Cell | None:
    """The limit that the only inclusion criterion with an age sets for all, itself included.

    Where ClinicalTrials.gov's field says nothing there is no limit; other registries have none.
    """
    criteria = facts["criterion.inclusion"]
    if facts["criterion.part"] or any(
        one.source.registry == "ctgov" or one.source.id.startswith("NCT") for one in criteria
    ):
        return None
    said = [
        (one, limit)
        for one in criteria
        if len(one.value) < _SHORT and len(low := one.value.lower()) == len(one.value)
        for place in limits(low)
        for limit in place
    ]
    own = [(one, limit) for one, limit in said if limit.which == this]
    if len({one.span for one, _ in said}) != 1 or len(own) != 1:
        return None
    ((criterion, limit),) = own
    words = narrowed(criterion, limit.start, limit.end, criterion.concept)
    value = _iso_duration(limit.words)
    if limit.room or not value or _OF_SOME.search(criterion.value) or _FOR.search(words.value):
        return None
    if any(_AGED.search(one.value) for one in criteria if one.span != criterion.span):
        return None
    return Cell(value, "derived", (words,))


def _age(stated: Fact) -> Iterator[Cell | Issue]:
    duration = _iso_duration(stated.value)
    if duration:
        yield Cell(duration, "normalised", (stated,))
    else:
        yield absent("not stated", stated)
        yield Issue(
            "term.unknown",
            f"'{stated.value}' is no age that is known.",
            stated.source,
            stated.span,
            stated.quote,
        )


def _corroborated(age: Fact, facts: Facts) -> dict[str, Fact]:
    """Which limit an inclusion criterion sets at the same number: `minimum` or `maximum`, not
    both.
    """
    number = age.value.split()[0]
    found: dict[str, Fact] = {}
    for criterion in facts["criterion.inclusion"]:
        for kind, pattern in (("minimum", _LOWER), ("maximum", _UPPER)):
            for match in pattern.finditer(criterion.value):
                if number in match.groupdict().values():
                    words = narrowed(criterion, *match.span(), "criterion.inclusion")
                    found.setdefault(kind, words)
    return found if len(found) == 1 else {}


def _conditions(facts: Facts) -> Iterator[Cell | Issue]:
    healthy = facts["eligibility.healthy"]
    if healthy and healthy[0].value == "Yes":
        yield absent("not applicable", *healthy)
        return
    conditions = facts["condition.name"]
    ill = [fact for fact in conditions if not _HEALTHY.fullmatch(fact.value.strip())]
    for fact in ill:
        yield Cell(fact.value, "copied", (fact,))
    if not ill:
        yield absent("not applicable" if conditions else "not stated", *conditions)


@lru_cache(maxsize=1024)
def _alpha_3(name: str) -> str:
    try:
        return str(pycountry.countries.lookup(name).alpha_3)
    except LookupError:
        return ""
