"""Lines without list that name what the lines after them are about, and whom they are for."""

import re

from pipeline.extract.criteria.blocks import Unit
from pipeline.extract.criteria.groups import (
    cohort_of,
    is_for_people,
    is_group,
    is_part,
    is_population,
    names_group,
)
from pipeline.extract.criteria.headings import heading, is_sentence, is_topic
from pipeline.extract.criteria.in_line import number_of
from pipeline.extract.criteria.lists import (
    ALTERNATIVES,
    asks_for_function,
    is_therapy,
    leads,
    offers,
)
from pipeline.extract.criteria.wording import annotates

SHORT = 60
"""The characters of the longest line without colon that names what those after it are about."""
_LIMIT = re.compile(r"[<>≤≥=]|\d")
_SECTION = re.compile(
    r"\W*(?:(?:disease|patient|donor) characteristics|(?:prior|concurrent|concomitant|previous)"
    r"(?:[/ ](?:or |and )?concurrent)? (?:therapy|medications?|treatments?)"
    r"|co-?existing conditions?|risk behaviou?rs?|patients must have|general\b[^:]{0,20})[-:\s]*",
    re.IGNORECASE,
)
_AGED = re.compile(r"^\W*(?:\w+[ ]){0,3}\W*\d+[ ]years\b|^age[ds]?\b", re.IGNORECASE)
_SAID = re.compile(r"\b(?:must|should|shall|will|is|are|ha[sv]e?|meet(?:s|ing)?|if)\b")
_ROLE = re.compile(r"(?:PATIENT|SUBJECT|PARTICIPANT|CONTROL|VOLUNTEER|DONOR|RECIPIENT|CASE)S?")
_ONLY_LEADS = re.compile(
    r"(?:to (?:participate|enrol+|enter|join|qualify)\b[^:.]{0,80}\bmust(?: have| be)?"
    r"|(?:patients|participants|subjects|women|men|volunteers|they)\b(?:(?! with)[^:.]){0,60}"
    r" if they(?: (?:meet|fulfil+|satisfy)\b[^:.]{0,60})?"
    r"|any(?: one)? of the following will (?:result in|lead to) exclusion\b[^:.]{0,60})[:：]",
    re.IGNORECASE,
)


_STEP = re.compile(
    r"(?:[A-Z0-9/&,()-]+ )*(?:PRE-|POST-|RE-)?(?:SCREENING|REGISTRATION|RANDOMI[SZ]ATION|"
    r"ENROLL?MENT|SURGERY|(?:LEUK)?APHERESIS|TRANSPLANT(?:ATION)?|TREATMENT|INFUSION|VACCINATION|"
    r"VISIT|DAY|STEP|EVALUATION)(?: (?:PROCESS|VISIT|EVALUATION|PHASE|PERIOD|STEP|CRITERIA|\d+))*"
)
"""A step of the study in capitals, which what is asked then stands below (`PRE-REGISTRATION`)."""


def heads(unit: Unit, after: Unit | None, kind: str, marked: bool) -> bool:
    """Whether a line names what those after it are about; `marked` says that items have marks."""
    words = unit.words
    if unit.mark and words.isupper() and after and after.fresh and _STEP.fullmatch(words):
        return not after.words.isupper()
    if words[-1] not in ":：" and (unit.mark or len(words) >= SHORT):
        return False
    return not annotates(words) and _heads(unit, after, kind, marked)


def _heads(unit: Unit, after: Unit | None, kind: str, marked: bool) -> bool:
    words = unit.words
    colon = words[-1] in ":："
    if not unit.mark and (_ROLE.fullmatch(words) or (colon and _ONLY_LEADS.fullmatch(words))):
        return True
    grouped = colon and _people(unit, kind)
    lists = colon and after and kind == "inclusion" and asks_for_function(words)
    if lists and after and after.fresh and _LIMIT.search(after.words):
        return True
    if unit.depth and after and after.depth == unit.depth and not grouped:
        numbered = unit.mark[:1].isdigit() and after.mark[:1].isdigit()
        if numbered or not after.fresh:
            return False
    if colon and len(words) < 80 and (grouped or _names_topic(words)):
        return not ALTERNATIVES.search(words)
    if lists:
        return True
    if after is None or unit.mark or not marked or len(words) >= SHORT:
        return False
    begins = after.words[-1] in ":：" and not after.mark
    titled = begins and words.istitle() and is_topic(words)
    if not (titled or colon or words[-1] == "-" or is_group(words)):
        return False
    return (
        titled
        or leads(after.words, "")
        or heading(after.words, after.words.lower(), "") is not None
    )


def _names_topic(words: str) -> bool:
    return words.isupper() or is_topic(words) or is_therapy(words)


def names_people(unit: Unit, after: Unit | None, kind: str) -> bool:
    """Whether a line that heads others names whom they are for. An item of a list does so for the
    items beside it only where it names a part of the study.
    """
    beside = unit.mark and after and after.mark == unit.mark and after.depth == unit.depth
    return _people(unit, kind) and not (beside and not is_part(unit.words))


def _people(unit: Unit, kind: str) -> bool:
    words = unit.words
    named = is_group(words) and not is_sentence(words)
    named = named or (not unit.mark and bool(_ROLE.fullmatch(words)))
    return named or (not unit.mark and is_population(words, kind))


def begins_section(words: str) -> bool:
    """Whether a heading begins a section of a registry's form, which is for all participants."""
    return bool(_SECTION.fullmatch(words))


def begins_list(words: str, kind: str) -> bool:
    """Whether a line with a list is no more of the item before it, but names what its list is."""
    topic = names_group(words) or words.isupper() or is_topic(words)
    return topic or leads(words, kind) or asks_for_function(words)


def own_list(below: list[Unit]) -> int:
    """How many of the lines below a line are its own list: not those from a number on that goes on
    with the list above, where its own items have none.
    """
    if number_of(below[0].mark):
        return len(below)
    numbered = (at for at, one in enumerate(below) if number_of(one.mark) > 1)
    return next(numbered, len(below))


def is_apart(words: str, below: list[Unit]) -> bool:
    """Whether what stands below a line is no list of it: a lone number 1 below a whole sentence."""
    return len(below) == 1 and below[0].mark.strip() == "1." and words[-1] == "."


def lists_people(unit: Unit, words: str, items: list[str], first: Unit, kind: str) -> bool:
    """Whether a line names whom the items of the list below it are for; one item alone where its
    number goes on with the list above. What begins with an age is all that is asked of somebody.
    """
    if names_group(words) or cohort_of(words) or is_for_people(words):
        return True
    if is_group(words) and (words[-1] == ":" or not unit.depth) and not is_sentence(words):
        return True
    several = len(items) > 1 or number_of(first.mark) > 1
    if unit.mark or not several:
        return False
    whole = len(items) > 2 and words[-1] in ":：" and bool(_AGED.search(items[0]))
    whole = whole and " with" in words and not _SAID.search(words)
    return (whole and not offers(words)) or is_population(words, kind)
