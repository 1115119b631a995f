"""Rules by which a whole study, or its enrolment, stops, as prose states them."""

import re
from collections.abc import Iterator

from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

_CLUES = ("stop", "halt", "terminat", "suspend", "closed", "discontinu", "paused")
_RULE = re.compile(
    r"\b(?:study|trial|enrol?lment|accrual|recruitment|inclusion of (?:patients|participants))\b"
    r"(?![^.;]{0,60}\b(?:drug|treatment|medication|participation|visit)\b[^.;]{0,20}\b(?:stop|"
    r"halt|terminat|suspend|discontinu))"
    r"[^.;]{0,60}?\b(?:will|would|may|must|should|shall|to|can|could)\b(?: also)?(?: then)? "
    r"(?:be )?(?:\w+ly )?"
    r"(?:stop(?:ped)?|halt(?:ed)?|terminated?|suspend(?:ed)?|closed?|discontinued?|paused?)\b"
    r"(?!\s+(?:after|when|once)\s+(?:the\s+)?(?:last|all|\d+|final))"
    r"[^.;]{0,80}?\b(?:if|when|in case|in the event|upon|should|unless|for futility|due to|after)\b"
    r"|\b(?:if|when|in case|should)\b[^.]{5,200}?[,]?\s(?:then )?(?:the |this )?(?:study|trial|"
    r"enrol?lment|accrual|recruitment)"
    r" (?:will|would|may|must|should|shall)(?: also)?(?: then)? (?:be )?(?:\w+ly )?"
    r"(?:stop(?:ped)?|halt(?:ed)?|terminated?|suspended|closed?|discontinued|paused?)\b"
    r"|\bstopping (?:rules?|criteria) (?:for the (?:study|trial) )?(?:are|is|include|will "
    r"be)\b(?! (?:met|applied|used|evaluated|based))",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:patient|participant|subject|individual)s?['’]?s? (?:will|may|must|should|can)\b|"
    r"\bif (?:the (?:volunteer|patient|participant|subject)|you)\b|"
    r"\bfor (?:that|the|an individual|each) (?:patient|participant|subject)|\bstudy (?:drug|"
    r"treatment|medication|intervention|product|therapy)\b|\btrial (?:drug|treatment|medication|"
    r"therapy)\b",
    re.IGNORECASE,
)


def stopping_rules(prose: Fact, low: str) -> Iterator[Fact]:
    """`stopping.rule`: each sentence that says when the study or its enrolment stops."""
    if not any(clue in low for clue in _CLUES):
        return
    for start, end in sentences(prose.value):
        part = low[start:end]
        if not any(clue in part for clue in _CLUES):
            continue
        said = prose.value[start:end]
        if _RULE.search(said) and not _PERSONAL.search(said):
            yield narrowed(prose, start, end - said.endswith("."), "stopping.rule")
