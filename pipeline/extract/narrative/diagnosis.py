"""Named sets of diagnostic criteria that a criterion for entry asks for."""

import re
from collections.abc import Iterator
from itertools import chain

from pipeline.values import Fact, narrowed

_NAMED = re.compile(
    r"\b(?i:according to|as defined by|defined by|as described by|as described in|based on|per|"
    r"by|using|"
    r"meets?|meeting|met|fulfil\w*|satisf\w+|with|in)\s+"
    r"(?:all )?(?:the\s+)?(?:diagnostic criteria (?:in|of|for|according to)\s+(?:the\s+)?)?"
    r"(?P<name>(?:current |revised |modified |updated )?(?:(?:19|20)\d\d )?[A-Z]"
    r"(?:[^,;:.()\n*•]|\n(?!\s*[-*•\n])|\([^()]{1,20}\)){0,100}?"
    r"(?:(?i:diagnostic criteria|classification criteria|criteria)|classification)"
    r"(?:\s+for\s+(?:the )?(?:diagnosis of )?(?:(?!(?:with|and|or|in|who|at|by|"
    r"for)\b)\w[\w'’-]*\s?){1,4}(?<=\w))?"
    r"(?:\s*\(\d{4}[^)]{0,12}\))?|Guidelines? for the "
    r"Diagnosis[^;:()]{0,80}(?:\(\d{4}[^)]{0,12}\))?|DSM-[\w-]+)"
)
_BY = r"\b(?i:according to|based on|defined by|per|fulfil\w*|meet(?:s|ing)?|using|by)\s+"
_OF = re.compile(
    rf"{_BY}(?:all )?(?:the )?(?P<name>(?:diagnostic )?criteria (?:of|from|established by|"
    r"proposed by|set by) (?:the )?"
    r"(?:(?!Diagnos|Treat)[A-Z][\w’'-]+ (?:and [A-Z][\w’'-]+|et al\.?)|"
    r"(?:[A-Z][\w&’'-]* (?:of |for |on |the |and )*){1,6}(?:Association|Society|College|"
    r"Institutes?|Conference|Organi[sz]ation|Academy|Federation|Foundation|Consensus|Council|"
    r"Committee|Group|Network|League)(?: Conference| \([A-Z]+\))?))"
)
_GUIDED = re.compile(
    r"\b(?i:diagnos)\w+[^.;\n]{0,80}?\b(?i:according to|based on|per|in accordance with|"
    r"as defined by|following)\s+(?:the\s+)?[\"“]?"
    r"(?P<name>(?:\d{4} (?:version of (?:the )?)?)?[A-Z][\w&/-]*(?: [\w&/-]+){0,9}? [Gg]uidelines?"
    r"\b(?: for (?:the )?[Dd]iagnosis\b[^;:().,\"”]{0,60}(?<=\w))?)"
)
_DSM = re.compile(
    r"\b(?P<name>DSM-(?:5|V|IV|III)(?:[- ]?TR|-R)?(?=\b(?!-))"
    r"(?: (?:diagnostic )?criteria\b(?: for (?:(?!(?:with|and|or|in|who|at|by|for)\b)\w[\w'’-]*\s?)"
    r"{1,4}(?<=\w))?)?)(?![^.;\n]{0,25}\bscale)"
)
"""The manual of mental disorders is nothing but diagnostic criteria."""
_BRACKETED = re.compile(
    r"\((?P<name>[A-Z][a-z]{3,}(?: (?:and|&) [A-Z][a-z]+| [A-Z][a-z]+| [IVX]+| \d{4}){1,3}"
    r" (?:diagnostic )?criteria)\)"
)
"""Criteria that stand behind the name of the disease, by who made them."""
_INITIATIVE = re.compile(
    r"\b(?i:diagnos)\w*\b[^.;\n]{0,60}?\b(?i:as defined by|according to|per|based on|by)\s+"
    r"(?:the\s+)?(?:current\s+)?"
    r"(?P<name>(?:(?:19|20)\d\d )?"
    r"(?:Global Initiative for (?:Asthma|Chronic Obstructive Lung Disease)"
    r"(?: ?\((?:GINA|GOLD)\))?|GINA)"
    r"(?:[ ,]+(?:19|20)\d\d)?)"
    r"(?! (?:step|stage|grade|treatment|[1-5]\b|I))"
)
"""The asthma and COPD initiatives, whose definitions are named without another word."""
_OTHERS = re.compile(
    r"\b(?:RECIST|irRECIST|iRECIST|CTCAE|ECOG|NYHA|New York Heart|ASA|American Society of Anesth|"
    r"Child|AJCC|TNM|UICC|Lugano|Cheson|RANO|response|"
    r"following|hospital|Fridericia|HLA|authori[sz]ation|severity|eligibility|inclusion|"
    r"exclusion|study|Hy's|toxicity|WOCBP|Gold stage|stag(?:e|ing)|Gell|Coombs|BI-?RADS|"
    r"performance|Milan|western|medical diagnostic|fulfil\w*|will|different|"
    r"transplant|relapse|remission|Rockwood|Fitzpatrick|adverse events?|defining|due to|"
    r"(?<!and )(?<!or )treatment|surgery|candidates?)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:measurable|evaluable|progress\w*|respon[sd]\w*|severity|relaps\w*) (?:\w+ ){0,4}"
    r"(?:as )?(?:defined|assessed|according|per|by|based|meet\w*)\b"
    r"|(?<!diagnostic )\bcriteria for (?:mild|moderate|severe)\b"
)
"""A state of the disease that criteria describe, which is no diagnosis."""
_DENIED = re.compile(r"\b(?:not|fail(?:s|ed)? to|without) (?:\w+ ){0,2}(?:meet|fulfil|satisf)\w*\b")
_NOUN = re.compile(r"\b(?:diagnos\w+|classification|criteria|guidelines?)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_COURSE = re.compile(
    r"\b(?:critical|severe|mild|moderate|recovery|protocol|clinical classification)\b"
)
_PASSING = re.compile(r"\b(?:by|and meets?|testing|confirmed|with)\b")
_CLUES = ("criteria", "classification", "guideline", "dsm-", "icd-", "gina", "global initiative")
_ASKED = ("diagnos", "meet", "criteria for", "fulfil", "defined", "described")


def _is_named(name: str, diseases: str) -> bool:
    """Whether criteria have a name of their own, such as that of who made them, and not only that
    of the disease or of how it goes.
    """
    head = _NOUN.split(name)[0]
    if _COURSE.search(name) or _PASSING.search(head):
        return False
    words = _WORD.findall(diseases)
    initials = "".join(word[0] for word in words).upper()
    known = {word.casefold() for word in words}
    said = _WORD.findall(head)
    return not said or not all(
        word.casefold() in known or (word.isupper() and word in initials) for word in said
    )


def diagnostic_criteria(prose: Fact, low: str, diseases: str = "") -> Iterator[Fact]:
    """`criteria.diagnosis`: the name of a set of criteria by which the disease is diagnosed; the
    name of the disease alone is none.
    """
    if not any(clue in low for clue in _CLUES):
        return
    asked = any(word in low for word in _ASKED)
    patterns = (_NAMED, _OF, _GUIDED, _DSM, _BRACKETED, _INITIATIVE) if asked else (_BRACKETED,)
    for match in chain(*(said.finditer(prose.value) for said in patterns)):
        name = match["name"]
        if _OTHERS.search(name) or "diagnostic test" in name:
            continue
        if not _is_named(name, diseases):
            continue
        before = low[: match.start("name")]
        if _STATE.search(before) or _DENIED.search(before):
            continue
        yield narrowed(prose, *match.span("name"), "criteria.diagnosis")
        return
