"""What the wording of a line says: that it asks nothing, goes on with the line before, excludes."""

import re

from pipeline.extract.criteria.asides import calculates, defines, explains, is_bracketed
from pipeline.extract.criteria.parts import Part

_NOTHING = re.compile(
    r"[*_\s(]*(?:n/a\b[\s;:,-].{0,60}|none|n/?a|nil|not[ ]applicable|no|no[ ](?:specific[ ]"
    r"|other[ ])?(?:exclusion|inclusion)[ ]criteria\b.{0,30}"
    r"|page[ ]\d+(?:[ ]of[ ]\d+)?|not[ ](?:specified|provided|available)|see[ ](?:above"
    r"|below|(?:disease|patient)[ ]characteristics)|and|or|and/or|etc)[\s.:;)*_]*$"
    r"|.{0,60}\b(?:other|additional|further|more|complete|full|detailed)\b.{0,40}\b(?:in"
    r"|ex)clusion\b.{0,60}\b(?:appl|list|defined|specified|described|found|exist|detail"
    r"|in[ ]the[ ](?:study[ ])?protocol)"
    r"|.{0,30}\b(?:other|additional|further)\b.{0,30}\bcriteria\b.{0,50}\b(?:may[ ]apply"
    r"|apply\b|exist|can[ ]be[ ]found|will[ ]be[ ]determined)"
    r"|(?:other[ ])?(?:protocol|per[ -]protocol)[ -](?:defined"
    r"|specified)\b.{0,60}\bcriteria\b.{0,30}$"
    r"|[^.]{0,60}\bfollowing[ ](?:\w+[ ])?criteria[ ](?:are|is|must[ ]be|will[ ]be)[ ]"
    r"(?:required|applied|used|met)\b"
    r"|(?:patients|subjects|participants|individuals)[ ](?:must|should|have[ ]to|will)[ ]"
    r"(?:meet|fulfil+|satisfy)[ ](?:all[ ])?(?:of[ ])?(?:the[ ])?following[ ](?:\w+[ ])?criteria"
    r"\b[^:,;]{0,80}$"
    r"|the[ ]information[ ](?:listed|given|provided|above)\b"
    r"|the[ ]screening[ ](?:window|period|phase|visit)[ ](?:is|lasts|will[ ](?:be|last))\b"
    r"|(?:inclusion|exclusion|eligibility)\b[^.]{0,20}[ ]criteria[ ](?:will[ ])?(?:vary|differ)\b"
    r"|(?:please[ ])?(?:contact|call)\b.{0,60}\b(?:information|details|site)\b"
    r"|.{0,40}\b(?:for|contact)\b.{0,30}(?:more|further|additional)[ ]information\b"
    r"|(?:obsolete|deleted|removed|retired|intentionally[ ](?:left[ ])?blank|criteri(?:on"
    r"|a)[ ](?:deleted|removed|no[ ]longer)|no[ ]longer[ ](?:required|applicable))\b"
    r"|(?:the[ ])?(?:above|these|those)[ ](?:inclusion|exclusion|eligibility|information"
    r"|criteria|list)\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"(?:[a-z][\w /()-]{2,40}: *){1,2}(?:not (?:specified|applicable|stated)"
    r"|see (?:\w+ )?(?:characteristics|therapy|chemotherapy))(?: see \w+)?\.?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[*_\s(\[\\]*(?:please[ ]note|notes?\b[ \d*]*[:.\-–—,)]|note[ ]that|nb\b|n\.[ ]?b\."
    r"|remarks?[: ]|comments?:|definitions?[: ]|abbreviations?[: ]|examples?[: ]|e\.g\."
    r"|\\?\*[ ]?\w)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:no|not|neither|none)\b|\b(?:must|(?<!not )required|requires?|unless|only|should"
    r"|shall|need|provided|if|as[ ]long[ ]as|at[ ]least|(?:not"
    r"|never)[ ](?:be[ ])?(?:eligible|allowed|permitted|acceptable)|excluded|ineligible"
    r"|no[ ]more|except|exception|willing|agree|can(?:not|[ ]not))\b|^(?:is|are|may|can)\b"
    r"|[<>≤≥]",
    re.IGNORECASE,
)
_NOTES = frozenset(
    {
        "plea",
        "note",
        "nb",
        "nb ",
        "nb:",
        "n.b.",
        "n. b",
        "rema",
        "comm",
        "defi",
        "abbr",
        "exam",
        "e.g.",
    }
)
_NO_LONGER = frozenset({"obsol", "delet", "remov", "retir", "inten", "no lo"})
_GOES_ON = re.compile(
    r"(?:(?:(?:and|or|and/or|unless|except|however|but|including|such as)\b"
    r"|in addition(?!,? (?:to [^.]{0,40}criteria|all (?:patients|subjects|participants)))"
    r"|otherwise|this includes|these include|for example|examples? (?:of|include)|in case"
    r"|in (?:this|these|such|that) cases?|if so|exceptions?\b|see (?:section|appendix"
    r"|below)|note\b|of note|nb\b|please note|\(|\\?\*|†|‡|§)"
    r"|.{0,90}(?<!which )(?<!that )\b(?:is|are) (?:defined|considered|described|classified)\b"
    r"|.{0,120}\b(?:methods?|examples?|definitions?)\b.{0,30}\b(?:include|are)\b)",
    re.IGNORECASE,
)
_FOR_ELSE = r"(?! (?:for|to) (?!(?:(?:the|this|our) )?(?:study|trial|enrol|inclu|entry|particip)))"
_LISTS = re.compile(r"\b(?:following\b[^:.]{0,40}|as follows|defined by[^:.]{0,60}):")
_IF = re.compile(r"If [^,.;:]{8,}")
_THEN = re.compile(
    r"[^,.;:]{1,60}, (?:they|he|she|it|the|this|these|participants|patients|subjects)\b"
)
_ANNOUNCES = re.compile(
    r"\b(?:any|one|either|two)(?: or more)? of the following\b[^.:;,()]{0,60}$"
    r"|\bfollowing(?: [a-z]+){0,2}$|\b(?:defined|such) as$"
)
_OR = frozenset({"OR", "Or", "or", "AND/OR", "and/or"})
_HANGS = re.compile(r"[\s,;(/]or$", re.IGNORECASE)
_PERMITS = re.compile(
    r"[^.;:]{10,120} (?:will be|is|are) (?:also )?(?:allowed|permitted|acceptable)[.]"
)
_NAME = r"[A-Z][a-z]+(?:[/-][A-Z][a-z]+)*"
_TITLE = re.compile(
    rf"(?:{_NAME}[ ](?:(?:and|or|of|/|&)[ ])?){{1,5}}(?:Therap(?:y|ies)|Treatments?|Medications?"
    r"|Exclusions?|Assessments?|Experience|Conditions|Characteristics|Considerations|Consent"
    r"|Requirements|Procedures|History|Status):?"
)
_EXCLUDES = re.compile(
    rf"\b(?:excluded?|exclusion|ineligible{_FOR_ELSE}|must not(?! exceed)|may not(?! exceed)"
    r"|cannot be (?:enrol+ed|included)"
    rf"|(?:not|n't) (?:be )?(?:eligible{_FOR_ELSE}|enrol+ed|included|recruited|accepted"
    r"|considered(?= (?:for|eligible|suitable|in|as (?:a )?(?:candidate|participant|subject))))"
    r"|not able to (?:participate|join))\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)\. ", re.IGNORECASE)
_NOT_EXCLUDES = re.compile(
    r"^no\b|\b(?:not (?:be )?exclu|(?:to|should|can|which|that) exclude (?:other|any|the|an?)\b"
    r"|exclusion of|excluding|no exclusion|no contraindication"
    r"|without contraindication|unless)",
    re.IGNORECASE,
)


def asks_nothing(words: str, low: str, mark: str = "") -> bool:
    """Whether a line by itself is no criterion: a note, a header, "none"; a permission is one,
    because it says who may enter.

    `low` is the line in small letters, `mark` what stands before it: an asterisk begins a note,
    but not where a number says that the line is an item.
    """
    if (
        len(low) < 30 or "criteri" in low or "clusi" in low or "information" in low
        or low.startswith("the screening")
        or low[:5] in _NO_LONGER
    ) and _NOTHING.match(words):  # fmt: skip
        return True
    if _unsaid(words, low):
        return True
    if low[:2] == "\\*" and mark[:1].isdigit():
        return False
    if (low[0] in "*_(\\" or low[:4] in _NOTES) and _NOTE.match(words):
        return not _ASKS.search(words)
    return defines(words) or is_bracketed(words) or (not mark and explains(words))


def _unsaid(words: str, low: str) -> bool:
    """Whether a line has a label and that nothing is said below it ("Age: Not specified")."""
    return (": not " in low or ": see " in low) and bool(_UNSAID.fullmatch(words))


def goes_on(words: str) -> bool:
    """Whether a paragraph without a mark goes on with the criterion before it."""
    if words[0] == "(" and words[-2:] in ("):", ")："):
        return False
    if not words[0].isalpha() and words[0] not in "*\\(†‡§":
        return False
    low = words.lower()
    if words[-1] != ":" and asks_nothing(words, low):
        return not (_NOTHING.match(words) or _unsaid(words, low) or explains(words))
    goes = calculates(words) or _GOES_ON.match(words)
    return bool(goes) and not _NOTHING.match(words)


def hangs(text: str, part: Part, words: str) -> bool:
    """Whether a criterion ends with the word that only a note or an example follows, or an
    inclusion with the one before an alternative, or that word is the next line: each of a list of
    exclusions excludes, whatever word stands between them, and between two lists "or" joins more.
    """
    if words in _OR and part.kind == "inclusion" and not (part.parent or part.group):
        return True
    if text[part.high - 1] == ":":
        return annotates(text[max(part.low, part.high - 8) : part.high])
    low, high = max(part.low, part.high - 3), part.high
    return (
        part.kind == "inclusion" and text[high - 1] in "rR" and bool(_HANGS.search(text, low, high))
    )


def annotates(words: str) -> bool:
    """Whether a line ends by announcing a note to it, or examples of it."""
    return words[-5:].lower() in ("note:", "e.g.:", "i.e.:")


def permits(text: str, part: Part, words: str) -> bool:
    """Whether a paragraph below an exclusion that has a mark only says what it allows."""
    if part.kind != "exclusion" or words[-8:] not in ("allowed.", "rmitted.", "eptable."):
        return False
    start = text.rfind("\n", 0, part.low) + 1
    return bool(text[start : part.low].strip()) and bool(_PERMITS.fullmatch(words))


def announces(words: str) -> bool:
    """Whether a line without colon ends by announcing what follows it."""
    if "following" in words:
        return bool(_ANNOUNCES.search(words))
    return words[-3:] == " as" and bool(_ANNOUNCES.search(words))


def titles(words: str) -> bool:
    """Whether a paragraph of an item only names what the items after it are about."""
    return words[0].isupper() and len(words) < 60 and bool(_TITLE.fullmatch(words))


def ends_condition(before: str, words: str) -> bool:
    """Whether a line has the consequence of a condition that the one before it only begins
    ("If they rest for a day or" / "A week, they may enter"), because a line was broken there.
    """
    return bool(_IF.fullmatch(before) and _THEN.match(words))


def joins(before: str, words: str) -> bool:
    """Whether a paragraph without a mark is one more of the criterion before it."""
    if words[:2].islower():
        return before[:1].isupper() and before[-1] not in ".;" and len(before) > 60
    return goes_on(words) or ends_condition(before, words)


def excludes(words: str) -> bool:
    """Whether a line without heading excludes by its own words."""
    end = _STOP.search(words)
    first = words[: end.start()] if end else words
    if lists := _LISTS.search(first):
        first = first[: lists.end()]
    return bool(_EXCLUDES.search(first)) and not _NOT_EXCLUDES.search(first)
