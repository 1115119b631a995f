"""What a list below a line is: options that belong to it, or criteria of their own."""

import re

from pipeline.extract.criteria.headings import is_topic

_OPTIONS = re.compile(
    r"\b(?:any|one|either|two|three|four|some|none|\d+|or[ ]more"
    r"|at[ ]least)\b[^:.]{0,30}\b(?:of|from|among)\b[^:.]{0,25}\b(?:following|these|below"
    r"|criteria)"
    r"|\beither\b|\bfollowing[ ](?:definition|options|methods|diagnos|categor|types|examples)"
    r"|\b(?:such[ ]as|includ(?:e|es|ing)|not[ ]limited|e\.?g\.?|example|i\.?e\.?|defined"
    r"|definition|categor|consist|exceptions?|except|unless|according[ ]to|based[ ]on"
    r"|characteri[sz]ed|namely|documented[ ]by|evidenced[ ]by|confirmed[ ]by|demonstrated[ ]by"
    r"|diagnosed|if)\b",
    re.IGNORECASE,
)
_ALL = frozenset(
    """
    all eligible the patients patient subjects subject participants participant individuals
    individual volunteers volunteer they persons people women men must should will shall
    have has be to who are is able need required meet meets meeting fulfill fulfil satisfy
    do does not excluded eligible included enrolled in for study trial this with of a an as
    if or and any each every following criteria criterion conditions requirements parameters
    items characteristics below listed apply at screening baseline also additional addition
    inclusion exclusion eligibility participate order history presence s have has had
    entry enter enrollment enrolment participation fulfilled satisfied
    lab labs laboratory values results
    person candidate candidates healthy into from only apply applies met entering enter
    participating participated join joining which disqualified disqualify qualify qualified
    randomized randomised randomization randomisation
    """.split()  # noqa: SIM905
)
_ADEQUATE = re.compile(
    r"\b(?:adequate|normal|acceptable|sufficient|appropriate|satisfactory|good|required"
    r"|main|essential|proper|minimum)\b[^.:;]{0,70}"
    r"\b(?:functions?|functioning|reserves?|values?|status|parameters?|tests?|results?"
    r"|indicators?|indices|levels?|counts?|requirements?|hematolog\w*|ha?ematolog\w*"
    r"|laborator\w+|chemistr\w+|labs?|indexes|hemogram|criteria)\b"
    r"|\b(?:organ|marrow|renal|hepatic|liver|kidney|cardiac|pulmonary|hematologic\w*"
    r"|haematologic\w*|laboratory|coagulation|blood)\b[^.:;]{0,40}\b(?:functions?|values?"
    r"|routine|parameters?|tests?|criteria|standards?|requirements?|levels?|results?|reserve|ranges?"
    r"|limits?|counts?)\b",
    re.IGNORECASE,
)
_DIAGNOSIS = re.compile(r"\b(?:infections?|suspicion|confirmed|diagnos\w+)\b", re.IGNORECASE)
_TOPIC = re.compile(
    r"^[^:.]{0,70}\bwash-?[ ]?outs?\b[^:.]{0,60}:?$|\bcharacteristics:?$"
    r"|^within \w+ [^:.,;]{3,60}:$"
    r"|^the following (?:time ?(?:frames?|periods?)|intervals?|periods?) must have "
    r"(?:elapsed|passed)\b[^:]{0,200}:$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"other \w+:", re.IGNORECASE)
_EVERY = re.compile(
    r"\ball (?:of )?the following (?:\w+ )?(?:criteria|conditions|requirements)\b.{0,20}"
    r"\b(?:eligible|includ|enrol)",
    re.IGNORECASE,
)
_ALL_BELOW = re.compile(
    r"\ball (?:of )?(?:the )?(?:following|below)\b[^:.;,]{0,40}[:：]?$"
    r"|^(?:(?!\b(?:who|whose|with|if|when|for)\b)[^:])*?"
    r"\b(?:must|should|shall) (?:meet|satisfy|fulfil+) the following (?:[\w-]+ ){0,3}"
    r"(?:criteria|requirements|conditions|standards|limits)\b[^:.;,]{0,30}[:：]$",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?:patients|subjects|participants|individuals|women|men) (?:who|with|whose|having|that)\b",
    re.IGNORECASE,
)
"""How an item begins that says by itself who may not enter."""
_SHOWN_BY = re.compile(r"\bas (?:defined|shown|evidenced) by all\b", re.IGNORECASE)
_CHOICE = re.compile(
    r"\b(?:if|when|unless|or|any|either|except|exceptions?|such as|includ\w+|methods?|without|"
    r"defined as|diagnostic|based on)\b",
    re.IGNORECASE,
)
_THERAPY = re.compile(
    r"(?:(?:prior|previous|concurrent|concomitant)(?:/|[ ]and[ ]|[ ]or[ ]|[ ])*){1,2}"
    r"(?:therap(?:y|ies)|treatments?|medications?)(?:[ ]requirements?)?[ ]*:?",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"^presence of\b|\bcontra-?indications?\b"
    r"|\b(?:disease|disorders?|illness|infections?|abnormal\w*|inadequate|insufficient"
    r"|impair\w*|dysfunction|poor|failure|medications?|drugs?|allerg\w*|contracept\w*"
    r"|child-?bearing|childbearing|exception)\b",
    re.IGNORECASE,
)
_CONFIRMED = re.compile(
    r"\b(?:confirmed|proven|documented|verified|diagnosed|diagnosis of)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_EXAMPLES = re.compile(
    r"\b(?:not limited|e\.g|such as|including(?!:$)|inadequate|abnormal)\b", re.IGNORECASE
)
_OR_NEXT = re.compile(r"[ ,;](?:and/)?or[ .:;]*$", re.IGNORECASE)
ALTERNATIVES = re.compile(
    r"\b(?:any|one|either|at least (?:one|two|\d)|two"
    r"|[12] or more)\b[^:.]{0,40}\b(?:following|of these|criteria|below|of\s*:$)|\beither\b"
    r"|\bor\s*:\s*$",
    re.IGNORECASE,
)


_LEADS = re.compile(
    r"\bfollowing (?:[\w-]+ )?(?:criteria|requirements|conditions)\b[^:]*[:：]$"
    r"|\b(?:must|should)(?: be| have| meet)?[:：]$",
    re.IGNORECASE,
)


_PERMITS = re.compile(
    r"(?<!not )\b(?:eligible|allowed|permitted|may be|acceptable)\b", re.IGNORECASE
)
_CAPITALS = re.compile(r"(?:[A-Z][\w/-]*|and|or|of|the|in|for|to|&|[ /])+[:：]")
_EARLIER = re.compile(r"\b(?:prior|previous|known|history(?: of)?) ?", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:must|should|allowed|permitted|eligible|may|will be)\b|^(?:note\b|e\.g)", re.IGNORECASE
)
_PRECLUDED = re.compile(
    r"\b(?:ex|pre)cluded\b[^:]{0,120}\b(?:any|one|each|more)\b.{0,20}"
    r"\bfollowing (?:conditions|criteria)",
    re.IGNORECASE,
)


def splits(words: str, depth: int, kind: str, items: list[str]) -> bool:
    """Whether every item of the list below a line asks for something by itself.

    So it is below a line that says nothing but "all of the following", a plain topic, and
    "adequate organ function"; alternatives, examples and definitions stay with their line.
    """
    words = words.strip("*_ ")
    if not words:
        return True
    if any(_OR_NEXT.search(one) for one in items[:-1]):
        return False
    if _says_all(words):
        return (depth == 0 and kind == "exclusion") or not ALTERNATIVES.search(words)
    if kind != "exclusion" and asks_for_function(words):
        return len(items) > 1 and not any(
            one.lower().startswith(("or ", "and/or")) for one in items
        )
    if kind == "inclusion" and len(items) > 1 and (_EVERY.search(words) or _asks_all(words)):
        return True
    asks = kind != "exclusion" and words[-1] not in ":：" and _CONFIRMED.search(words)
    if asks or _OPTIONS.search(words):
        return False
    whole = len(items) > 1 and "following" in words and all(map(_WHO.match, items))
    out = kind == "exclusion" and (whole or _PRECLUDED.search(words))
    other = not depth and _OTHER.fullmatch(words)
    if out or other or _TOPIC.search(words) or is_therapy(words):
        return True
    return not _CONDITIONAL.search(words) and _names(words, depth, items)


def _asks_all(words: str) -> bool:
    """Whether a line asks at its end for all that follows, and offers no choice."""
    asked = _ALL_BELOW.search(words)
    return asked is not None and (_SHOWN_BY.search(words) is not None or not _CHOICE.search(words))


def is_therapy(words: str) -> bool:
    """Whether a line only says that earlier or other treatment is next ("Prior therapy:")."""
    return bool(_THERAPY.fullmatch(words))


def _names(words: str, depth: int, items: list[str]) -> bool:
    """Whether a line only names what its list is about. An item without colon that has but one, or
    one that asks for something of what the item says, is a criterion with its notes.
    """
    if words[-1] in ":：" and _CAPITALS.fullmatch(words):
        words = _EARLIER.sub("", words)
    if not is_topic(words):
        return False
    return words[-1] in ":：" or not depth or (len(items) > 1 and not any(map(_ASKS.search, items)))


def leads(words: str, kind: str) -> bool:
    """Whether a paragraph leads to a list of what is asked: it has not itself the mark of an item.

    Each item is then a criterion ("Participants who meet the following criteria:", "Participants
    must be:"), unless the words offer a choice, or say among exclusions who may yet enter.
    """
    last = words.rpartition(". ")[2]
    if not _LEADS.search(last) or ALTERNATIVES.search(last):
        return False
    return kind != "exclusion" or not _PERMITS.search(last)


def asks_for_function(words: str) -> bool:
    """Whether a line only announces the limits of organ functions that follow it."""
    if not _ADEQUATE.search(words) or _optional(words):
        return False
    return not _DIAGNOSIS.search(words)


def _says_all(words: str) -> bool:
    return all(word in _ALL for word in _WORD.findall(words.lower()))


def offers(words: str) -> bool:
    """Whether a line announces alternatives, examples or a definition."""
    return bool(ALTERNATIVES.search(words) or _OPTIONS.search(words))


def _optional(words: str) -> bool:
    return bool(ALTERNATIVES.search(words) or _EXAMPLES.search(words))


_SECTION = re.compile(r"\bcharacteristics\b|\bcriteri|\btherapy:?$|^other\b", re.IGNORECASE)


def says_something(words: str) -> bool:
    """Whether the items of a list need the words above it to be true by themselves."""
    words = words.strip("*_: ")
    return not (_says_all(words) or _SECTION.search(words))
