"""Amounts that prose gives of a treatment: the number as SDTM writes it, and the unit's term."""

import re
from collections.abc import Container, Iterable, Iterator

import msgspec

from pipeline.extract.figures import EACH, PAIR, RUN, digits, listed_before, plain, power
from pipeline.extract.wordings import COUNTED, Wordings
from pipeline.spec.clues import clues, hinted

_TENS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TO_NUMBER = (
    r"(?: or equal to| from)?(?: an?| the)?(?: dose| doses)?(?: of| is| in| at|:)?(?: an?| the)?"
    r"\s*\(?\s*$"
)

# A limit, a change, a total, a strength or a volume to mix in is no dose.
_NO_DOSE_BEFORE = re.compile(
    r"(?:\b(?:less|more|greater|higher|lower|smaller|fewer|larger|rather) than|"
    r"\bat least|"
    r"\bat most|\bup to|\bmax(?:imum|imal|\.)?(?: \w+){0,5}|\bmin(?:imum|imal|\.)?(?: \w+){0,3}|"
    r"\bexceed(?:s|ing)?|\bbelow|\babove|\bunder|\bweigh(?:s|ing|t)?(?: \w+)?|\bbmi|"
    r"(?<!followed )\bby|\btotal(?:l?ing)?(?: \w+){0,5}|"
    r"\bcumulative(?: \w+){0,2}|\bincrements?|\bsteps?|\bincreas(?:ed?|es|ing)|"
    r"\bdecreas(?:ed?|es|ing)|\breduc(?:ed?|es|ing|tions?)|\bequivalent|\bsaline|\bdextrose|"
    r"\bconcentrations?|\bcomposition\b.*|\bstrengths?|\btolerat\w*(?: \w+){0,3}|\bevery|\bmeal|"
    r"\blevels? (?:of|below|above)|\bcutoff|\bceiling|\bcap)" + _TO_NUMBER,
    re.IGNORECASE,
)
_LIMITED = clues(_NO_DOSE_BEFORE.pattern)
_SIGN_BEFORE = re.compile(rf"(?:[<>≤≥=~±]|\+/?-|[a-zµμ)]/){_TO_NUMBER}", re.IGNORECASE)
_PART = re.compile(
    r"(?:\bi\.e\.|\bof which\b|"
    r"\b(?:supplied|available|provided|packaged) (?:as|in)\b|\bcomposed of\b|"
    r"\bingredients?\b|\b(?:each\b[\w ]{0,25}|(?:tablet|"
    r"capsule|vial|ampoule|ampule|syringe?|bottle|sachet|gram|g|ml)s? )contain(?:s|ing|ed)?\b)"
    r"(?:[^.;]|\.(?=\d))*$",
    re.IGNORECASE,
)
_IN_PART = clues(_PART.pattern)
_SHARE = re.compile(
    r"\d ?% of\b(?! (?:all |the )?(?:patients|subjects|participants))(?:[^.;]|\.(?=\d))*$",
    re.IGNORECASE,
)
_VOLUME_BEFORE = re.compile(
    r"\b(?:in|with|into|using|water|draw\w*|collect\w*|blood|urine|sample|from|mixed|volume of)"
    r"(?: an?| the| about| approximately)?\s*\(?$", re.IGNORECASE,
)  # fmt: skip
_NO_DOSE_AFTER = re.compile(
    r"\s*[\])]*\s*(?:(?:/|per\b)(?!\s?(?:0?\.0\d ?ml|dose|disc|eye|injection|infusion|"
    r"administration|arm\b|time\b|application|nostril|session|fraction|treatment|bolus|intake|meal))|"
    r"an? day\b|-eq\b|"
    r"[^.;]{0,45}\b(?:in|into|as) (?:[\w-]+ ){0,2}(?:divided|split) dos\w*(?! of)|"
    r"of [\w-]+ per (?:kg|kilogram)\b|"
    r"in (?!one\b|1\b|a single\b)[\w ]{1,12} fractions\b|[^.;(]{1,40}\d ?\w+ per fraction\b|"
    r"%|(?:\w+ ?)?(?:/|per) ?(?:kg|m2|m²|ml|dl|l|lit(?:er|re))\b|added to (?:each|every)\b|"
    r"(?:of )?(?:alumini?um|alum\b|adjuvant)|"
    r"(?:-|–|to) ?\d[\d.,]* ?\S{1,6} ?(?:/|per )\s?day\b|"
    r"(?:[\w-]+ ){0,3}powder (?:and solvent )?for\b|(?:of )?(?:matching |matched )?placebo\b|"
    r"of (?:maltodextrin|lactose|starch|cellulose)\b|"
    r"(?:of )?[\w'’ -]{0,25} per (?:portion|serving|tablet|capsule|vial|sachet)\b|"
    r"volumes?\b|\(\s*\d[\d.,]*\s?\S{1,4}/ml|of \d[\d.]* ?%|"
    r"(?:of )?(?:protein|fat|carbohydrates?|fib(?:er|re))\b(?! powder)|"
    r"[\w ]{0,20}/\s?(?!0?\.0\d ?ml)\d|"
    r"(?:(?:bolus|infusion|injection|solution) )?\bof (?:\w+ ){0,2}(?:blood|urine|serum|plasma"
    r"|water|saline|milk(?! protein)|juice|tissue|samples?|"
    r"carbohydrates?|glucose solution|stool|dextrose|buffer|p?rbcs?|platelets|red cells)\b|"
    r"(?:[\w-]+ )?(?:blood|urine|serum|samples?|syringe|vial|ampoule|ampule|bottle|cartridge|pen\b|"
    r"(?:will be |is |was |are )(?:dissolv|dilut|reconstitut|mix)ed\b|"
    r"(?:as |in )?(?:an? |\w+ )?(?:split|divided|fractionated) (?:dos|fraction)\w*|"
    r"(?:[\w-]+ ){0,3}increments?|total|tid$|or (?:more|less|greater|higher)\b|"
    r"maximum|max\b|daily maximum|"
    r"bid total|"
    r"red blood|packed|pad\b|tube|balloon|strength)|x\s*\d|[x×]\s*\d|\+/?-|±)",
    re.IGNORECASE,
)  # fmt: skip
_STRENGTH = re.compile(r"\s?(?:\([^()]*\) )?(?:of )?\d[\d.]* ?% (?:(?:hyper|iso|plain)\w* )?")
_OF_PAIR = re.compile(r"\)? ?of [^.;]{1,30}\d/\d")
"""What is counted of a combination (`2 puffs of 160/4.5 mcg`)."""
_BLANKS = re.compile(r"\s+")
_PER_DAY = re.compile(r"\s?(?:/|per )\s?(?:day|d)\b", re.IGNORECASE)
_UP_TO = re.compile(r"\d ?[a-zµμ]{1,4} ?(?:to|-|–)\s?$")
"""Before the upper end of a range whose ends have units each."""
_ONCE = re.compile(
    r"\b(?:once|one time|single dose) (?:daily|a day|per day|each day)\b|\b(?:QD|qd)\b"
)
"""Words with which what a day is given is one administration; elsewhere in a text they leave the
unit one of a day.
"""
_OFTEN = re.compile(
    r"\b(?:twice|two times|three times|thrice|four times|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|"
    r"divided|split|2 times|3 times|every (?:\d+|six|eight|twelve) h\w*|q\d+h)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:two|three|four|five|six|[2-9])\s?(?:[x×]\s?)?$",
    re.IGNORECASE,
)
_COUNTED_FORM = re.compile(
    r"[\s-]?(?:[\w-]+ ){0,2}"
    r"(?:tab(?:let)?|cap(?:sule)?|caplet|pill|sachet|vial|patche|puff|inhalation|spray)s\b",
    re.IGNORECASE,
)
_OF_EACH = re.compile(
    r"\b(?:two|three|four|five|six|[2-9]) "
    r"(?:tab|tablet|cap|capsule|caplet|pill|sachet|vial|puff|inhalation|spray)s (?:of |\()$",
    re.IGNORECASE,
)
"""Of several (`three 5-mg tablets`, `3 tablets of 5 mg`) the strength of one is no dose."""
_SEVERAL_AFTER = re.compile(
    r"(?: \w+)?, ?(?:two|three|four|five|six|[2-9]) "
    r"(?:tab|tablet|cap|capsule|caplet|pill|sachet|vial)s\b",
    re.IGNORECASE,
)


class Amount(msgspec.Struct, frozen=True, gc=False):
    """A dose: where its number and unit stand, the number in the unit, and the unit's term."""

    start: int
    end: int
    unit_start: int
    unit_end: int
    value: str
    unit: str


_GRAYS = frozenset({"Gy", "cGy"})
_TO = re.compile(r"\bto\s*$")
"""What radiation comes to is the whole of it."""
_LOOSE = frozenset({"mL", "g", "U", "mmol", "mEq"})
_ABOUT = 60
_NEAR = 300
_ABOUT_SO = re.compile(r"(?:\babout|\bapproximately|\bof|~)\s*$")


def amounts(
    text: str, start: int, end: int, numbers: Iterable[int], words: Wordings,
    known: Container[str], names: Container[int] = (),
) -> Iterator[Amount]:  # fmt: skip
    """Each dose in a stretch of text in which numbers begin at some places; of a list or range each
    level (`2.5, 5 and 10 mg`). A volume of a strength (`20 ml of 0.25 %`) is one where a name
    of a treatment follows, at one of the `names`.
    """
    reached = start
    for place in numbers:
        match = words.amount.match(text, place, end) if place >= reached else None
        if match is None:
            continue
        reached = match.end()
        unit, shift = _unit(match, words, known)
        at, number = digits(text, start, match)
        before = text[max(start, at - _ABOUT) : at]
        after = text[match.end() : min(end, match.end() + _ABOUT)]
        unit_at = match.span("rest")
        if (daily := _PER_DAY.match(after)) and _ONCE.search(text, start, end):
            after = after[daily.end() :]
        elif (
            daily
            and not _UP_TO.search(before)
            and f"{unit}/day" in known
            and not _OFTEN.search(text)
        ):
            after, unit = after[daily.end() :], f"{unit}/day"
            unit_at = unit_at[0], unit_at[1] + daily.end()
        listed = listed_before(before, number)
        if listed:
            before = before[: listed.start()]
        if (
            not (unit and number)
            or RUN.match(number)
            or _limited(before)
            or _of_several(before, after)
            or (listed and PAIR.fullmatch(listed[0]))
            or (
                _NO_DOSE_AFTER.match(after)
                and not _of_strength(text, match.end(), names)
                and not (unit in COUNTED and _OF_PAIR.match(after))
            )
        ):
            continue
        if unit in _GRAYS and _TO.search(before):
            continue
        if _of_part(text[max(0, at - _NEAR) : at]) or _is_more(unit, before):
            continue
        if listed:
            first = at - len(listed[0])
            for one in EACH.finditer(listed[0]):
                raised = power(one)
                own = shift + (raised - _power(match) if raised else 0)
                if own >= 0:
                    span = first + one.start(), first + one.end("number")
                    yield Amount(*span, *unit_at, plain(one["number"], own), unit)
        value = plain("1" if match["bare"] else number, shift)
        yield Amount(at, match.end("number"), *unit_at, value, unit)


def _of_several(before: str, after: str) -> bool:
    """Whether the words around an amount say that it is the strength of each of several."""
    if _COUNT.search(before):
        return _COUNTED_FORM.match(after) is not None
    if _SEVERAL_AFTER.match(after):
        return True
    each = before.endswith("s of ") or (before.endswith("s (") and after.startswith(" each"))
    return each and _OF_EACH.search(before) is not None


def _of_strength(text: str, at: int, names: Container[int]) -> bool:
    """Whether a strength and then a treatment's name follow an amount."""
    strength = _STRENGTH.match(text, at)
    return strength is not None and strength.end() in names


def _is_more(unit: str, before: str) -> bool:
    """Whether the words before say that the amount is what a dose is mixed in, or a rough count."""
    if unit in _LOOSE:
        return bool(_VOLUME_BEFORE.search(before)) and not before.endswith("dose of ")
    return unit in COUNTED and bool(_ABOUT_SO.search(before))


def _limited(before: str) -> bool:
    """Whether the words before a number say that it is no dose: a limit, a change, a total."""
    if _SIGN_BEFORE.search(before):
        return True
    return (
        hinted(_LIMITED, before.lower())
        and _NO_DOSE_BEFORE.search(_BLANKS.sub(" ", before)) is not None
    )


def _of_part(before: str) -> bool:
    """Whether the words before a number say that it is that of a part, or the whole of a share."""
    if hinted(_IN_PART, before.lower()) and _PART.search(before):
        return True
    return "%" in before and _SHARE.search(before) is not None


def _unit(match: re.Match[str], words: Wordings, known: Container[str]) -> tuple[str, int]:
    """The unit's term, and the power of ten that the number has beyond it."""
    term = next(term for group, term in words.units.items() if match[group] is not None)
    for group, below in words.per.items():
        if match[group] is not None:
            term = f"{term}/{below}"
    rate = next((f"/{one}" for one in ("h", "min") if match[one]), "")
    if term == "mL" and rate == "/min":
        return "", 0  # how the kidneys clear, and no rate of an infusion
    term += rate
    power = _power(match)
    powered = term if "{n}" in term else f"10^{{n}} {term}"
    for listed in range(power, 0, -1):
        if (found := powered.replace("{n}", str(listed))) in known:
            return found, power - listed
    return (term, power) if term in known else ("", 0)


def _power(match: re.Match[str]) -> int:
    if match["tens"]:
        return _TENS[match["tens"].lower()]
    bare = match["bare"] if match["number"] == "10" else ""
    return power(match) or int(bare or 0)
