"""Whose length a sentence gives: that of the plan for all participants, of one part, of one of
several treatments in order, or of something else.
"""

import re
from functools import lru_cache

from pipeline.extract.lengths import UNIT
from pipeline.values import Fact

_ELSEWHERE = re.compile(
    r"\bprevious|\bprior (?:stud|trial)|\bearlier (?:stud|trial)|"
    r"\b(?:most|other|several|many|recent|published|pilot|preclinical|clinical) (?:\w+ )?"
    r"(?:studies|trials)\b|\b(?:ha[sd]|have) (?:\w+ ){0,2}(?:been|shown|demonstrated)\b|"
    r"\bwill (?:not )?have (?:received|taken|had|used)\b|"
    r"\b(?:current|standard) (?:\w+ )?(?:approach|practice|protocol|regimen)|"
    r"\bthe current \w+ is\b|\bcurrent standard|\brecommend|\btypical|"
    r"(?<!as )\busual(?:ly)?\b(?! care)|"
    r"\bliterature\b|\bguidelines?\b|"
    r"\brecruit (?:a total of )?(?:about |approximately )?\d|"
    r"\bpreliminary (?:results|data|stud)|\breported\b|\bcurrently\b|\brescue\b|\bsafety run|"
    r"\b(?:was|were) (?:\w+ )?(?:increased|improved|decreased|reduced|higher|lower|better)\b"
    r".{0,150}\bcompar"
)
_PART = re.compile(
    r"\b(?:part|stage|step|cohort|period|cycle|phase|course|sub-?study|schedule|sequence|"
    r"block)s?:? (?:[a-h]\d?|\d[a-c]?|i{1,3}v?|one|two|three)\b"
    r"(?!,? (?:\w+[ -]){0,4}(?:study|trial))|"
    r"\beach (?:part|cohort|stage|phase|period|course|cycle)\b|"
    r"\b(?:first|second|third) (?:period|phase|part|stage|course|block)\b"
)
_MORE = re.compile(
    r"\b(?:open[- ]label\b[^.;]{0,120}\bdouble[- ]blind|"
    r"may(?! have been\b| receive\b[^.;]{1,40} for up to \d)|can be|could|option\w*|"
    r"alternat\w*|rest|breaks?|re-?randomi\w*|weeks? off(?!-)|"
    r"days? off(?!-)|extended?|extension (?:phase|period|part)|lympho-?deplet\w*|conditioning|"
    r"(?:re-?)?induction|consolidation|maintenance|cycles?|courses|"
    r"(?:first|second|third) year|year \d|another|repeat(?:ed|s|ing)? every)\b"
)
_AND_FOR = re.compile(
    r"\b(?:for|over|during) (?:\w+ ){0,3}?(?P<number>\d+|two|three|four|six|twelve)[ -](?:\w+ )?"
    r"(?P<unit>day|week|month|year|cycle)"
)
_RISING = re.compile(r"\b(?:titrat|increas|escalat|additional|another|further)")
_ADDED = re.compile(r"\b(?:additional|another|further)(?: \w+){0,2}$")
_ON_TOP = re.compile(
    r"(?:all |both )?(?:patients|participants|subjects)(?: in (?:both|all) (?:arms|groups))? then "
    r"(?:receive|continue|get|take)\b"
)
_THEN = re.compile(
    r"\b(?:then|thereafter|subsequently|afterwards|continu\w+|"
    r"reduc\w* to|plus|followed by(?! [^.;,]{0,50}?(?:visit|surgery|wash-?out|resection|\w+ectomy|"
    r"follow-?up|observation))|weeks? later|days? later)\b"
)
_FOLLOWING = 500
_AGAIN = re.compile(
    r"\b(?:courses?|cycles?|treatments?|therapy|regimens?)\s+(?:(?:is|are|may|will|be)\s+){0,2}"
    r"(?:repeat\w*|continu\w+\s+(?:every|in\s+the\s+absence|until|indefinitely|as\s+long))"
    r"|\b(?:may|can|permitted\s+to|allowed\s+to)\s+continue\b"
    r"|\b(?:patients|participants|subjects)\s+continue\s+(?:treatment|therapy)\b"
)
"""The next sentences say so where a length was that of a course."""
_OPTION = re.compile(
    r"(?:^|[.;:*\n-]\s*)(?:sub-?)?(?:group|option|regimen|schema|stratum|schedule) (?:\d|[a-d])\b",
)
"""Heads of what stands in the place of one another in an arm's own words."""
_AFTERWARDS = re.compile(
    r"\b(?:follow-? ?ups?|followed(?:-| )?(?:up)? for|observ\w+|off-treatment)\b"
)
_NEXT = re.compile(
    r"\s*(?:\([^)]*\))?\s*[,;]?\s*(?:and )?(?:then|followed by|after which)\b"
    r"(?! (?:by )?(?:an? |the )?(?:[\w-]+ ){0,6}(?:follow|visit|option|without|observ|wash-?out|"
    r"rest\b|return|assess|stop|evaluat|off\b|end\b|tested|\w*challenge))"
)
_EXTENSION = re.compile(
    r"\bextension (?:phase|period|part)\b|\b(?:enter|in) an? (?:open-label )?extension\b"
)
_PREPARES = re.compile(r"\b(?:lympho-?deplet|myelo-?ablat|conditioning)")
_SINGLE = re.compile(
    r"\bsingle[- ](?:ascending |rising |dose )?(?:dose )?(?:and|&|/) ?-?multiple\b|\bsad ?/ ?mad\b"
)
_FOR_LIFE = re.compile(
    r"\bfollow(?:ed)?[- ]?(?:up)?\b[^.;]{0,60}\buntil (?:the )?(?:death|progression)|"
    r"\b(?:survival follow-? ?up|followed (?:up )?for (?:overall )?survival|followed for life)\b"
)
_FOLLOWED_ON = re.compile(
    r",?\s+(?:and\s+)?(?:then|every|annually)\b|[^.;\n]{0,60}\bthereafter\b|"
    r"[^.;\n]{0,120}[.;\n]\W*(?:survival follow-? ?up\b|"
    r"(?:after (?:this|that|the (?:first|initial)|(?:\d+|one|two|three|five) )|thereafter|then|"
    r"subsequently)[^.;]{0,60}\b(?:year|month|annual|every|until|long-term|life))"
)
_WHO = re.compile(
    r"\b(?:patients?|participants?|subjects?|volunteers?|individuals?|people|persons?|child(?:ren)?|"
    r"infants?|newborns?|adults|women|men|mothers|students|groups?|arms?|cohorts?|randomi\w+|"
    r"assigned|both|all|each|they|you|will|study|trial)\b"
)
"""Somebody of the study; what is used where nobody is named is said of practice."""
_SUBSET = re.compile(
    r"\b(?:patients|participants|subjects|those|children|women|men|individuals) (?:[\w-]+ ){0,3}?"
    r"(?:with|who|whose|without)\b[^.;]{0,60}\b(?:respon\w+|remission|relaps\w+|achiev\w+|benign|"
    r"negative|positive|fail\w*|progress\w*|toxicit\w+|recurren\w+|amplif\w+|critically|unable|"
    r"stable disease|divergent)\b|\bfor \d+ of the\b|"
    r"\b(?:initial|first|second|third|additional|another) (?:cohort|group|subset) of\b|"
    r"\b(?:some|selected|a subset of) (?:patients|participants|subjects)\b"
)
"""Some of the participants, told apart by what became of them."""


def is_elsewhere(sentence: str) -> bool:
    """Whether a sentence speaks of another study or of usual practice."""
    return bool(_ELSEWHERE.search(sentence))


def is_extension(sentence: str) -> bool:
    """Whether a sentence speaks of an extension of the study."""
    return bool(_EXTENSION.search(sentence))


def names_somebody(sentence: str) -> bool:
    """Whether a sentence names participants, groups or the study."""
    return bool(_WHO.search(sentence))


def is_single_and_multiple(title: str) -> bool:
    """Whether a title says that doses are single in one part and multiple in another."""
    return bool(_SINGLE.search(title))


def is_added(before: str) -> bool:
    """Whether a length comes on top of others: `all then receive it for an additional …`."""
    return bool((_ADDED.search(before) and _THEN.search(before)) or _ON_TOP.match(before))


def may_be_added(words: str) -> bool:
    """Whether words hold what a length on top of another is told with."""
    return "then" in words or "additional" in words


def is_followed_for_life(low: str) -> bool:
    """Whether a text says that participants are followed until they die."""
    return bool(_FOR_LIFE.search(low))


def is_followed_on(low: str, stop: int) -> bool:
    """Whether the sentence after a length of follow-up tells of more of it."""
    return bool(_FOLLOWED_ON.match(low, stop, stop + _FOLLOWING))


def goes_on(low: str, stop: int) -> bool:
    """Whether the text after a place says that a course comes again or a treatment may go on."""
    return bool(_AGAIN.search(low, stop, stop + _FOLLOWING))


def another_follows(low: str, stop: int) -> bool:
    """Whether another treatment stands right behind a length: it is of the first of two."""
    return bool(_NEXT.match(low, stop))


def is_of_some(sentence: str) -> bool:
    """Whether a sentence speaks of some participants, told apart by what became of them."""
    return bool(_SUBSET.search(sentence))


def of_a_part(sentence: str, prose: Fact, *, own: bool) -> bool:
    """Whether a sentence speaks of one part of the study, or of some participants alone."""
    if is_of_some(sentence):
        return True
    part = _PART.search(sentence)
    if not own:
        return part is not None
    # An arm's own words name its part; where they name two, the length is that of one.
    prepares, parts, options = _parts(prose.value)
    return (
        prepares or (part is not None and parts != 1) or bool(options and _OPTION.match(sentence))
    )


@lru_cache(maxsize=128)
def _parts(text: str) -> tuple[bool, int, bool]:
    """Whether a text tells of what prepares for a treatment, how many parts it names, and whether
    it lists options.
    """
    low = text.lower()
    parts = {one[0] for one in _PART.finditer(low)}
    return bool(_PREPARES.search(low)), len(parts), len(_OPTION.findall(low)) > 1


def one_of_several(before: str, after: str, length: re.Match[str]) -> bool:
    """Whether the length between two sides of a sentence is that of one of several treatments in
    order, or the treatment may go on.
    """
    sentence = f"{before} {after}"
    if _MORE.search(sentence):
        return True
    then, own = _THEN.search(after, 1), (length["number"], length["unit"])
    seen = _AFTERWARDS.search(after, 1)
    after = after[: seen.start()] if seen else after
    return bool(
        (UNIT.search(before) and (_THEN.search(before) or _ADDED.search(before)))
        or (then and UNIT.search(after, then.end()))
        or _RISING.search(after)
        or any(own != (m["number"], m["unit"]) for m in _AND_FOR.finditer(f"{before} | {after}"))
    )
