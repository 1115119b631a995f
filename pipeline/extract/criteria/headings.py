"""Headings of eligibility text: which of them include or exclude, and whom they are about."""

import re
from typing import NamedTuple

from pipeline.extract.criteria.groups import GROUP

_KIND = r"non[- ]?inclusion|inclusions?|exclusions?|inclusive|exclusive|ineligibility"
_BOTH = r"(?:inclusion|exclusion)[ \t]*(?:/|and|&|or)[ \t]*(?:inclusion|exclusion)"
_WHO = (
    r"(?:patients?|subjects?|participants?|individuals?|people|persons?|women|men|volunteers?"
    r"|child|children|adults?|candidates?|those|you|they|infants|donors?|recipients?|cases|controls?"
    r"|parents?|caregivers?|males?|females?|mothers?|who|dyads|students?)"
)
_CRITERIA = r"(?:criteri(?:a|on|um)|criterias|criteia|critera|creteria|factors?)"
HEADING = re.compile(
    rf"[*_#\\\-–—=\s\"'“(<\[]*\d{{0,2}}(?:(?:[\w.,&()/'’+\\-]+[ \t:–—-]+){{0,7}}?"
    rf"(?P<before>{_KIND})[ \t\-:]*{_CRITERIA}"
    rf"|(?:[\w.]+[ \t]+){{0,2}}?{_CRITERIA}[ \t]+(?:for"
    rf"|of)[ \t]+(?:the[ \t]+)?(?:patients?[ \t]+|subjects?[ \t]+)?(?P<after>{_KIND})"
    rf"|(?P<bare>{_KIND})(?=[*_\s]*(?:[:\-–—(]|$)))"
    r"(?P<more>[^:\r\n]{0,90}?)[*_\"'”)>\]\\\s]*(?:(?P<colon>[:：])[*_\s]*"
    r"|(?P<dash>[ \t][-–—][ \t]+(?=\d))|\.?[-=–—\s]*$)",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    rf"[*_#\-\s]*(?:(?:[\w./-]+[ \t]+){{0,3}}?(?:{_BOTH}|eligibility|entry|selection"
    rf"|enrol+ment|study|participation|recruitment|screening|additional)"
    rf"[ \t]+(?:{_CRITERIA}|requirements?)|{_CRITERIA}|eligibility"
    rf"|requirements?(?!.{{0,9}}[ \t](?:for|of)\b[^:]*$)|{_BOTH})"
    r"(?:[ \t]+(?:for|of)[ \t][^:.]{1,80})?[*_\s]*(?::[*_\s]*(?P<rest>)|$)"
    r"|(?:study|trial)[- ]?wide[ \t]eligibility(?:[ \t]*\([^()]{1,60}\))?[*_:\s]*$",
    re.IGNORECASE,
)
_LEADS_OUT = re.compile(
    r"(?:(?:[\w,/'’()-]+[ \t]+){0,12}?(?:(?:will|must|should|shall|are|is|may|can|would"
    r"|have[ \t]+to)[ \t]+(?:not[ \t]+be|be)?[ \t]*(?:excluded|ineligible"
    r"|not[ \t]+(?:be[ \t]+)?(?:eligible|included|enrol+ed|considered|recruited|allowed"
    r"|able|permitted))"
    r"|(?:will|must|should|shall|may|can|can)[ \t]*not[ \t]+(?:be[ \t]+(?:eligible"
    r"|included|enrol+ed|considered|recruited|allowed|able|permitted)|have|participate"
    r"|enter|join|meet|take)"
    r"|not[ \t]+eligible|ineligible|excluded[ \t]+(?:are|were)|is[ \t]+excluded|exclude[ds]?)"
    r"(?:[ \t]+[\w,/'’()-]+){0,30}"
    r"|(?:reasons?|grounds)[ \t]+for[ \t]+exclusion|not[ \t]+eligible|excluded?"
    r"|excluding)[ \t]*(?:[:：]|$)",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    rf"(?:(?:all|any|eligible|potential|the|your|study"
    rf"|adult)[ \t]+)*{_WHO}\b(?:[ \t]+[\w,/'’()-]+){{0,9}}?[ \t]+"
    r"(?:(?:will|must|should|shall|may|can|are|is|were|was|have[ \t]+to|need[ \t]+to)[ \t]+"
    r"(?:be[ \t]+)?"
    r"(?:eligible|included|enrol+ed|recruited|meet|have|fulfil+|satisf\w+|be|considered)?)"
    r"(?:[ \t]+[\w,/'’()-]+){0,14}[ \t]*[:：]$|(?:to[ \t]+be[ \t]+(?:eligible|included)"
    r"|in[ \t]+order[ \t]+to|for[ \t]+inclusion|eligible|included)\b[^.:]{0,120}[:：]$",
    re.IGNORECASE,
)
_AS_WHOM = re.compile(r"\beligible to [^,:]{4,60}\bas an? (?P<who>[^,:]{4,80}), an? \w+ must\b")
_STOCK = re.compile(
    rf"\b(?:{_KIND}|{_CRITERIA}|key|main|major|principal|primary|secondary|general"
    rf"|additional|other|core|specific|basic|important|common"
    r"|study|eligibility|subject|subjects|patient|patients|participant|participants"
    r"|selection|the|for|of|in|are|is|as|follows?|following|include|includes|this|trial"
    r"|to|be|must|all|any|will|not|limited|but|met|meet|who|only|and|both|at|screening"
    r"|included|if|list|brief|summary|summarized|detailed|enrolment|enrollment)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:any|one|either|following|history|known|must|should|will|have|has|had|not|no"
    r"|with|without|who|able|willing|including|include|such|defined|if|is|are|been|prior"
    r"|previous|years?)\b|\d",
    re.IGNORECASE,
)


_EDGE = re.compile(r"[*_#:：\\=\[\]\"<>]+|(?<!\w)[-–—,.&/]+|[-–—,./&]+(?!\w)|\(\s*\)")
_OUTER = re.compile(r"\s*\([^()]*\)\s*")


class Heading(NamedTuple):
    """The category that a heading announces, how many characters it takes, and its part or
    cohort; an empty category leaves the one before it.
    """

    kind: str
    length: int
    part: str = ""


_VERB = re.compile(r"\b(?:must|should|have|has|with|who|is|are|will|history|no)\b")
_TRAIT = re.compile(r"(?:age|sex|gender|weight)s?[ ]*:", re.IGNORECASE)
_UNMET = re.compile(
    r"(?:.{0,60}\b(?:not|n't|without|fail\w*|unable|inability|never))\b.{0,20}"
    r"\b(?:meet\w*|met|fulfil\w*|satisf\w*|comply\w*|having)\b.{0,40}[^:：]$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"(?:at least )?(?:any |either )?one (?:or more )?of\b", re.IGNORECASE)
_MEETS = re.compile(
    r"(?!.*\bfollowing\b).*?\b(?:meet(?:s|ing)?|satisf\w+|fulfil\w*|same|with|within)\b.*?"
    rf"\b(?:{_KIND})\b",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(rf"{_CRITERIA}[ \t]+(?:#|nos?\.?|numbers?)?[ \t]*\d", re.IGNORECASE)
_AGAIN = re.compile(rf"[\s*_]*{_BOTH}", re.IGNORECASE)
_ROLE = re.compile(
    r"(?P<who>(?:(?:healthy|normal|adult) )?(?:donor|recipient|control|volunteer|sibling|parent"
    r"|caregiver|relative)s?) (?:(?:selection|eligibility|entry) )?criteria ?:?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"(?:(?:part|cohort|arm|group|phase|stage)[ \t]\w{{1,4}}[ \t]*[:：])?"
    rf"[^.;:：]{{0,160}}[ \t(-](?P<kind>{_KIND})[ \t]+{_CRITERIA}[*_)\]\s]*[:：]?[*_\s]*",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:must|should|will|shall|may|can|is|are|was|were|has|have|had|meets?|meeting|fulfil\w*|satisf\w*"
    r"|following|any|according|per|by)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\bwith\b.*\b(?:if|when|unless)[ ]*[:：]$")
_CONTENT = re.compile(
    r"\bfollowing (?!conditions|diseases|disorders|illnesses|reasons|factors|items|situations"
    r"|circumstances|points|exclusions|is|was|has|does)[a-z]+s\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"criteria for (?:the )?((?:[\w/'’-]+ ){0,5}(?:patients|participants|subjects|people"
    r"|individuals|men|women)(?: (?!in\b|to\b|who\b)[\w/'’-]+){0,6})[ ]*:?$",
    re.IGNORECASE,
)
_ALL = re.compile(r"\ball\b", re.IGNORECASE)
_NO = re.compile(r"\bnon?[ -]?$", re.IGNORECASE)
_LISTED = re.compile(r"(?<![\w.])1[.)][ \t]*\w")
_RARE = ("disease characteristics", "patient characteristics", "donor characteristics",
         "prior/concurrent therapy")  # fmt: skip
"""What the headings of the Office of Rare Diseases say, between two dashes each."""
_LEAVES = re.compile(
    r"[*_\W]*(?:subject |patient |participant )?(?:remov(?:ing|al)|withdraw(?:al|ing)|drop-?[ ]?out"
    r"|dropping|rejection|elimination|shedding|suspension|termination|discontinuation) criteria"
    r"[*_ ]*[:：]?[*_ ]*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:other|further|additional)\b.*\b(?:may )?(?:apply|exist)[ .]*$", re.IGNORECASE
)
_USUAL = {
    f"{lead}{kind} criteria{end}": Heading(kind, len(f"{lead}{kind} criteria{end}"))
    for lead in ("", "key ", "main ")
    for kind in ("inclusion", "exclusion")
    for end in ("", ":", ": ")
} | {f"--{name}--": Heading("", len(name) + 4) for name in _RARE}


def heading(words: str, low: str, kind: str, fresh: bool = False) -> Heading | None:
    """What a line announces for those after it, or None when it is no heading by its words.

    `low` is the line in small letters, `kind` the category before it; a `fresh` line is an item.
    """
    if (usual := _USUAL.get(low)) is not None or ("criteri" in low and _UNMET.match(words)):
        return usual
    clusi = "clusi" in low
    match = HEADING.match(words) if clusi else None
    if match and not _AGAIN.match(match["more"] or "") and (found := _categorised(words, match)):
        return found
    size = len(words)
    if clusi or "criteri" in low:
        found = _closing(words, clusi and not fresh)
        if found is not None:
            return found
    named = clusi or "criteri" in low or "ligib" in low or "requirement" in low
    if size < 110 and named and (match := _NEUTRAL.match(words)) and match.end() == size:
        return Heading("", size)
    if words[-1] in ":：" and size < 240:
        # "must be ineligible for transplant as follows:" asks; it does not head exclusions.
        out = "exclu" in low or (
            (not fresh or kind == "exclusion") and ("not " in low or "ineligib" in low)
        )
        if out and fresh and (_CONDITION.search(words) or _CONTENT.search(words)):
            return None
        if out and "must have" not in low and _LEADS_OUT.match(words):
            return Heading("exclusion", size)
        if kind != "exclusion" and not fresh and "function" not in low and _LEADS_IN.match(words):
            return Heading("inclusion", size, as_whom(words))
    return None


def _closing(words: str, ends: bool) -> Heading | None:
    """A heading by its last words: of those who leave the study, of donors or controls, or perhaps
    of a category.
    """
    if _LEAVES.match(words):
        return Heading("remark", len(words))
    if role := _ROLE.fullmatch(words):
        return Heading("", len(words), role["who"])
    tail = _ENDS.fullmatch(words) if ends and not _SAYS.search(words) else None
    return _headed(tail["kind"].lower(), words, len(words)) if tail else None


def _categorised(words: str, match: re.Match[str]) -> Heading | None:
    said = (match["before"] or match["after"] or match["bare"]).lower()
    whole = match.end() == len(words)
    both = re.search(_BOTH, words[: match.end()], re.IGNORECASE)
    if both and whole and _NO.search(words[: both.start()]):
        return _headed("exclusion", words, match.end())
    if both:
        return Heading("", match.end()) if whole and len(words) < 110 and match["colon"] else None
    if not whole and not match["colon"] and not match["dash"]:
        return None
    if whole and words[-1] == "." and len(words) > 60:
        return None
    if said.startswith("in") and _ONE_OF.match(words):
        return None
    if not match["colon"] and _MEETS.match(words):
        return None
    if _LISTED.search(match["more"] or "") or (whole and _OTHERS.match(words)):
        return None
    return _headed(said, words, match.end())


def _headed(said: str, words: str, length: int) -> Heading:
    out = said.startswith(("ex", "in" + "elig", "non"))
    return Heading("exclusion" if out else "inclusion", length, _part(words[:length]))


def _part(words: str) -> str:
    """The words of a heading that name a part or cohort: all but what headings say anyway."""
    if _BY_NUMBER.search(words):
        return ""
    if not GROUP.search(words):
        named = _WHOSE.search(words)
        return named[1] if named and _STOCK.sub("", named[1]).strip(" ,/()") else ""
    name = _EDGE.sub(" ", _STOCK.sub(" ", words))
    if name.count("(") != name.count(")") or _OUTER.fullmatch(name):
        name = name.replace("(", " ").replace(")", " ")
    name = " ".join(name.split())
    if len(name) > 80:
        name = " ".join(_OUTER.sub(" ", name).split())
    if name.isalpha() and _ALL.search(words):
        name = f"All {name.lower()}"
    known = GROUP.search(name) and not name.lower().startswith(("each", "every", "by "))
    return name if known and len(name) <= 80 else ""


def as_whom(words: str) -> str:
    """As whom those may enter who meet what a line leads to, or nothing."""
    found = _AS_WHOM.search(words) if " as a" in words else None
    return found["who"] if found else ""


def names_more(words: str) -> bool:
    """Whether a heading has words that not every heading has."""
    return bool(_EDGE.sub(" ", _STOCK.sub(" ", words)).strip(" ()"))


def is_sentence(words: str) -> bool:
    """Whether a line that has the words of a group says something of it."""
    return bool(_VERB.search(words))


def is_trait(words: str) -> bool:
    """Whether a line is a label without which what stands below it says nothing ("Age:")."""
    return bool(_TRAIT.fullmatch(words))


def is_title(words: str) -> bool:
    """Whether a line in capitals only names what those below it are about, and is no trait."""
    return words.istitle() and is_topic(words) and not is_trait(words)


def is_topic(words: str) -> bool:
    """Whether a line only names what those below it are about ("Cardiac function:")."""
    return len(words.split()) <= 8 and words[-1] not in ".;," and not _ANNOUNCES.search(words)
