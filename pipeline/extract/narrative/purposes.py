"""The ways in which a sentence states what the study is for, without calling it primary."""

import re

from pipeline.extract.narrative.outline import WORD

CLUES = ("objective", "aim", "purpose", "goal", "study to ", "trial to ", "designed to",
         "intended to", "being done to", "being conducted to", "primary:", "primary\n",
         "seeks to", "trying to ", "conducted to", "done to", "performed to", "carried out to",
         "undertaken to", "intend to ", "intends to ", "study is to ", "trial is to ",
         "study was to ", "this is a", "study is a", "trial is a", "meant to ", "planned to ",
         "study, to ", "trial, to ", "propose", "wish to ", "want to ")  # fmt: skip
STUDY = r"(?:study|trial|research|project|investigation|protocol|program|programme|registry|survey)"
_LEARN = (
    r"(?:evaluate|assess|determine|compare|investigate|examine|demonstrate|explore|test|establish|"
    r"characteri[sz]e|describe|identify|study|find|confirm|verify|analy[sz]e|measure|learn|"
    r"estimate|clarify|elucidate|understand|validate|quantify|develop|see)"
)
_DONE = r"(?:conducted|performed|done|carried out|undertaken|meant|planned|designed)"
_OF_STUDY = re.compile(
    rf"(?:(?<!for )\b(?:the|our|its|this)\s+(?:(?:overall|general|ultimate|central|major|first|"
    rf"present|specific|clinical|research|"
    rf"overarching|study|trial)\s+)*|^)(?:study|trial|research)?\s*{WORD}\s+(?:of|for|in|"
    rf"behind)\s+(?:this|the|our|these)\b(?!\s+(?:\w+\s+)?(?:analys[ie]s|grant|consortium)\b)"
    rf"(?=[^:;]{{0,160}}?\b(?:{STUDY[3:-1]}|studies|trials|work|thesis|proposal|trail)\b)"
    r"(?P<between>[^:;]{0,160}?)\b(?:is|was|are|were|will be|has "
    r"been)\b\s*:?\s*(?P<aim>(?!that\b|using\b|not\b|based\b|in line)\w.*)"
    rf"|\b(?:the|our)\s+(?:overall\s+|study\s+|trial\s+)?(?:(?:investigator|researcher|author)s?"
    rf"['’]s?\s+)?{WORD}\s+(?:is|was|are|were|will "
    rf"be)\s+(?P<aim2>to\b.*)"
    rf"|\bthis {STUDY}['’]s {WORD} (?:is|was) (?P<aim7>to\b.*)"
    rf"|\b{WORD} of (?:this|the|our) {STUDY} (?P<aim8>to (?!be\b|the\b|all\b|each\b|every|"
    r"particip|patient|subject|them|their|parent|volunteer)\w.*)",
    re.IGNORECASE | re.DOTALL,
)
_STUDY_AIMS = re.compile(
    rf"\b(?:this|the|our|present|current|proposed|these|a|an)\s(?:[^.;:\s]+\s){{0,12}}?{STUDY}\b"
    r"(?:(?:(?!\b(?:whether|if|interventions?|program\w*|apps?|applications?|strateg\w+|tools?|"
    r"approach\w*|treatments?|systems?|models?|measures|products?|projects|studies|parts|platforms?|devices?|technolog\w+|websites?|software|games?|curricul\w+)\b)[^.;:]){0,100}?\b)??(?:\s*(?:that|which|,|will|is|was|are|were|has|been|primarily|mainly|"
    r"therefore|also))*\s+"
    r"(?:aims?|aimed|aiming|seeks?|sought|trying|intends?|intended|designed|"
    r"being (?:done|conducted|carried out|performed|undertaken)|meant|planned|undertaken)"
    r"\s+(?P<at>to|at)\s+(?P<aim3>(?!be\b|have\b|includ|last\b|enrol|recruit)\w.*)"
    rf"|\b(?:this|(?:the|our) {STUDY})(?: {STUDY}){{0,2}} (?:is|was|will be) (?!part\b|only\b|"
    rf"an? part\b|designed (?!as\b)|done|conducted|to\b)[^.;:]{{0,160}}?{STUDY},?\s+"
    rf"(?P<aim4>to\s+(?!be\b|which|whom|date|(?:the|an?|this|that|our|its|nct\d+)\b)\w.*)"
    rf"|^(?:an?\s[^.;:]{{0,120}}?{STUDY}|study|trial)\s+"
    rf"(?P<aim5>to\s+(?!be\b|which|whom|date|(?:the|an?|this|that|our|its|nct\d+)\b)\w.*)"
    r"|\b(?:we|investigators|researchers|authors)\s+(?:aim|aimed|intend|"
    r"wish|want|seek)\s+(?P<aim6>to\s+(?!be\b|enrol|recruit|includ|conduct|perform|use\b|carry|collect|treat)\w.*)",
    re.IGNORECASE | re.DOTALL,
)
_STUDY_LEARNS = re.compile(
    rf"\b(?:the|this)(?: (?!of\b)[\w,/-]+){{0,8}} {STUDY} (?:is|was) (?P<aim9>to {_LEARN}\b.*)"
    rf"|\bthis(?: (?!of\b)[\w,/-]+){{0,8}} {STUDY} (?:is|was|will be|has been) "
    rf"{_DONE} (?P<aim10>to {_LEARN}\b.*)"
    rf"|\bthe {STUDY} (?:is|will be) {_DONE} (?P<aim11>to {_LEARN}\b.*)"
    rf"|\bthis(?: {STUDY})? (?:is|was|will be) an? [^.;:]{{0,120}}?{STUDY} (?:{_DONE} )?"
    rf"(?:in|of|with|for|on) [^.;:,]{{1,100}}? (?P<aim12>to {_LEARN}\b.*)"
    rf"|\b(?:we|investigators?|researchers?|authors?)\s(?:have |has |had |will |therefore ){{0,2}}"
    rf"(?:conduct|design|initiat|initiali[sz]|perform|undert[ao]k|plan|propos)\w*\s"
    rf"(?:this|the present|the current)\s(?:[\w,/-]+ ){{0,8}}?{STUDY}\s(?P<aim13>to {_LEARN}\b.*)"
    rf"|\b(?:we|investigators?|researchers?|authors?|this(?: [\w-]+)?) propose[sd]? "
    rf"(?P<aim14>to {_LEARN}\b.*)",
    re.IGNORECASE | re.DOTALL,
)


def purpose(said: str, low: str) -> re.Match[str] | None:
    """Where a sentence states the purpose of the study; its `aim` groups hold the statement."""
    match = None
    if any(word in low for word in ("objective", "aim", "purpose", "goal")):
        match = _OF_STUDY.search(said)
    if not match and (" to " in low or " at " in low) and any(clue in low for clue in CLUES):
        match = _STUDY_AIMS.search(said) or _STUDY_LEARNS.search(said)
    return match


def begins_with_purpose(said: str) -> bool:
    """Whether a sentence states the purpose of the study from its first word."""
    return bool(_OF_STUDY.match(said) or _STUDY_AIMS.match(said))
