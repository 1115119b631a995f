"""Lines of eligibility text that name a part, cohort or group of participants."""

import re

from pipeline.extract.lines import unescape

GROUP = re.compile(
    r"\b(?:parts?|cohorts?|arms?|groups?|phase|stage|step|sub-?study|segment|module|protocol"
    r"|stratum|strata|"
    r"volunteers?|controls?|donors?|recipients?|caregivers?|carers?|siblings?|healthy"
    r"|children|adults?|adolescents?|infants?|pa?ediatric"
    r"|parents?|mothers?|fathers?|partners?|providers?|clinicians?|physicians?|staff|family"
    r"|spouses?|(?:only|all)[ \t]+(?:patients|participants|subjects)|dyads?)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[*_]*(?:(?:all|for|only|both|each|the|and|or|in|of|to|study|[A-Z]\d{0,2}[a-z]?|\d{1,2}[A-Za-z]?"
    r"|I{1,3}|IV|(?P<noun>parts?|cohorts?|arms?|groups?|phases?|stages?|strat(?:um|a)))\b"
    r"[ \t,&/()\-–:*_]*){2,9}",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"[*_]*(?P<name>(?:part|cohort|arm|group|stratum)[ ][A-Z\d]{1,3})[ ]\([^()]{3,120}\)[*_:]*",
    re.IGNORECASE,
)
_POPULATION = re.compile(
    r"(?:[\w'’/()-]+[ ]){0,6}(?P<who>patients|subjects|participants|individuals|people|women|men)"
    r"(?P<having>[ ]with(?:out)?(?:[ ][\w'’/()-]+){1,6}|[ ]\([^():]{2,60}\))?[ ]*[:：]",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"For (?:[\w'’-]+ ){0,3}(?:patients|subjects|participants|individuals|people|women|men"
    r"|children) with(?:out)?(?: [\w'’/-]+){1,6} ?:"
)
_BRACKETS = re.compile(r" ?\((?:[^()]|\([^()]*\))*\)")
_CHOICE = re.compile(
    r"\beither\b|\bof the following\b|\bcriteri|\bcollected\b|\bdefined\b|\bspecific:?$"
    r"|\bincluding:?$|\b[ei]\.[ge]\.|^(?:allowed|excluded|required)\b"
    r"|\bstage[ ](?:[I]{1,3}V?|IV)[AB]?(?:[/-]\w+)?[ ](?:disease|cancer|tumou?rs?)|^[^\[]*\]$|\.\[",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b(?:parts?|cohorts?|arms?|groups?|phases?|stages?|strat(?:um|a)|modules?|sub-?study"
    r"|protocol)\b",
    re.IGNORECASE,
)


def is_group(words: str) -> bool:
    """Whether a short line names a part, cohort or group of participants that criteria are for."""
    if len(words) > 80 and words[:4] == "For " and "(" in words:
        words = _BRACKETS.sub("", words)
    if len(words) > 80 or words[-1] in ".;," or _CHOICE.search(words):
        return False
    if words[0] == "(" and words[-2:] == "):" and words.count(")") == 1:
        return True
    return bool(GROUP.search(words)) or (words[:4] == "For " and words[-1] == ":")


def is_part(words: str) -> bool:
    """Whether a group is called a part, cohort or arm of the study, so that topics stand below it;
    of other groups the next heading says that their criteria are over.
    """
    return bool(_NAMES.search(words))


def names_group(words: str) -> bool:
    """Whether a line says nothing but which parts or cohorts are next ("All parts (A, B)")."""
    match = _NAMED.fullmatch(words) if len(words) < 60 else None
    return bool(match and match["noun"])


def cohort_of(words: str) -> str:
    """The part or cohort that a line names with what it is in brackets, and no more; else empty."""
    match = _DESCRIBED.fullmatch(words)
    return match["name"] if match else ""


def called(words: str) -> str:
    """What a line that names a group calls it; a long one by its part or cohort alone."""
    name = unescape(words).strip(":： *_[]-")
    name = name[1:-1] if name[0] == "(" and name[-1] == ")" else name
    return (len(name) > 80 and cohort_of(name)) or name


def heads_items(words: str, after: str) -> bool:
    """Whether an item only names the cohort that the items after it are for. Where the next one
    does so too, each of them says itself who may enter.
    """
    return bool(cohort_of(words)) and not cohort_of(after)


def is_for_people(words: str) -> bool:
    """Whether a line only says whom the list below it is for ("For people with gout:")."""
    return words.startswith("For ") and bool(_FOR.fullmatch(words))


def is_population(words: str, kind: str) -> bool:
    """Whether a line without mark names the patients that the list below it is about.

    Among exclusions "patients with ...:" may as well begin one of them, but not "for patients ...".
    """
    if is_for_people(words):
        return True
    match = _POPULATION.fullmatch(words)
    if not match or (match["having"] and kind == "exclusion"):
        return False
    before = words[: match.start("who")]
    if before.count("(") != before.count(")"):
        return False
    return bool(match["having"] or " " in words.rstrip(" :："))
