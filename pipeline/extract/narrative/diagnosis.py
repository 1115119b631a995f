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
    r"(?P<name>(?:current |revised |modified |updated )?(?:(?:19|20)\d\d )?[A-Z](?:[^,;:.()]|"
    r"\([^()]{1,20}\)){0,100}?"
    r"(?:(?i:diagnostic criteria|classification criteria|criteria)|classification)"
    r"(?:\s+for\s+(?:the )?(?:diagnosis of )?(?:(?!(?:with|and|or|in|who|at|by|"
    r"for)\b)\w[\w'’-]*\s?){1,4}(?<=\w))?"
    r"(?:\s*\(\d{4}[^)]{0,12}\))?|Guidelines? for the "
    r"Diagnosis[^;:()]{0,80}(?:\(\d{4}[^)]{0,12}\))?|DSM-[\w-]+)"
)
_BY = r"\b(?i:according to|based on|defined by|per|fulfil\w*|meet(?:s|ing)?|using|by)\s+"
_OF = re.compile(
    rf"{_BY}(?:all )?(?:the )?(?P<name>(?:diagnostic )?criteria (?:of|from|established by|"
    r"proposed by|set by) (?:the )?[A-Z][\w&'’/-]*(?:,? (?:and|of|the|for|on|et al\.?|\([A-Z]+\)|"
    r"[A-Z][\w&'’/-]*))*(?<! and)(?<! for)(?<! of)(?<! on))"
)
_GUIDED = re.compile(
    r"\b(?i:diagnos)\w+[^.;\n]{0,80}?\b(?i:according to|based on|per|in accordance with|"
    r"as defined by|following)\s+(?:the\s+)?[\"“]?"
    r"(?P<name>(?:\d{4} (?:version of (?:the )?)?)?[A-Z][\w&/-]*(?: [\w&/-]+){0,9}? [Gg]uidelines?"
    r"\b(?: for (?:the )?[Dd]iagnosis\b[^;:().,\"”]{0,60})?)"
)
_OTHERS = re.compile(
    r"\b(?:RECIST|irRECIST|iRECIST|CTCAE|ECOG|NYHA|New York Heart|ASA|American Society of Anesth|"
    r"Child|AJCC|TNM|UICC|Lugano|Cheson|RANO|response|"
    r"following|hospital|Fridericia|HLA|authori[sz]ation|severity|eligibility|inclusion|"
    r"exclusion|study|Hy's|toxicity|WOCBP|Gold stage|stag(?:e|ing)|Gell|Coombs|BI-?RADS|"
    r"performance|Milan|western|medical diagnostic|fulfil\w*|will|different|"
    r"transplant|relapse|remission|Rockwood|Fitzpatrick|adverse events?|defining|due to|"
    r"treatment|surgery|candidates?)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:measurable|evaluable|progress\w*|respon[sd]\w*|severity|relaps\w*) (?:\w+ ){0,4}"
    r"(?:as )?(?:defined|assessed|according|per|by|based|meet\w*)\b"
)
"""A state of the disease that criteria describe, which is no diagnosis."""
_DENIED = re.compile(r"\b(?:not|fail(?:s|ed)? to|without) (?:\w+ ){0,2}(?:meet|fulfil|satisf)\w*\b")
_ASKED = ("diagnos", "meet", "criteria for", "fulfil", "defined", "described")


def diagnostic_criteria(prose: Fact, low: str) -> Iterator[Fact]:
    """`criteria.diagnosis`: the name of a set of criteria by which the disease is diagnosed."""
    if not any(w in low for w in ("criteria", "classification", "guideline", "dsm-", "icd-")):
        return
    if not any(word in low for word in _ASKED):
        return
    for match in chain(*(said.finditer(prose.value) for said in (_NAMED, _OF, _GUIDED))):
        name = match["name"]
        if _OTHERS.search(name) or "diagnostic test" in name:
            continue
        before = low[: match.start("name")]
        if _STATE.search(before) or _DENIED.search(before):
            continue
        yield narrowed(prose, *match.span("name"), "criteria.diagnosis")
        return
