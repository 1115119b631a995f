"""A long criterion in few bytes: first what says neither a limit nor a "no" goes, then the end."""

import re

from pipeline.spec.model import Spec
from pipeline.text import shortened, width

_PHRASE = re.compile(r"\s(?:(?<=[.;,)]\s)\s*|\s*(?=\([^()]*\)|(?:\d{1,2}[.)]|\*)\s))")
_BOUND = re.compile(
    r"\W*(?:within|prior|before|after|during|for|in|on|at|of|to|from|by|with|without|unless|except"
    r"|other|that|which|who|if|until|and|not|but|only|as|provided|when|where|is|are|was|were|has"
    r"|have|must|should|will|can|may)\b|\W*[<>=≤≥\d(]",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\d|[<>=≤≥±]|\b(?:no|not|non|nor|none|never|neither|without|except|exceptions?|unless"
    r"|excluding|only|cannot|absence|lack|free of|at least|at most|less|more|greater|lower|higher"
    r"|below|above|under|over|minimum|maximum|upper|within|prior|before|after|until|if|other than"
    r"|may|must|should|shall|needs?|needed|agrees?|intends?|excluded|ineligible|eligible|allowed|permitted|acceptable|required|positive"
    r"|negative|(?-i:I{1,3}V?|VI{0,3})[ABCabc]?|(?:un|in)\w+ed)\b|n't\b",
    re.IGNORECASE,
)
_INSERTED = re.compile(r"\b(?:opinion|judge?ment|discretion|view)\b[^,]{0,60},$", re.IGNORECASE)
_JOINED = ("AND ", "OR ")
_CLAUSE = re.compile(r"\s(?:(?<=[.;)]\s)\s*|\s*(?=\([^()]*\)))")
_ASIDE = re.compile(r"\([^()]*\)[.;,]?|[^()]*[.;]")
_KEPT = re.compile(
    r"\d|[<>=≤≥±]|\b(?:no|not|non|nor|none|never|neither|without|except|exception|unless|excluding"
    r"|only|cannot|absence|lack|free of|at least|at most|less|more|greater|lower|higher|below"
    r"|above|under|over|minimum|maximum|upper|within|prior|before|after|until|or|and/or|if)\b"
    r"|n't\b"
)
_LEADS = re.compile(
    r"[\s,;:(]*\b(?:(?:as|which is|that is|including|by|with|per|meet|meeting|all|the|based on"
    r"|according to)\s+)*(?:defined|described|follows|following|evidenced|indicated|listed"
    r"|specified|outlined|these|below)\b[^.]{0,60}$|[\s:：,;*_(-]+$|\s*\([^()]*$"
    r"|(?:\s+(?:the|a|as|from|to|of|by|with|within|meeting|meet|per|at|in|namely|are|is|has|have|must"
    r"|including))+$|,?\s+as\s+(?:determined|assessed|measured|demonstrated)$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:\b(?:within|in|during|obtained|measured|assessed|collected)\s+){0,2}(?:the\s+)?"
    r"(?:(?:last|previous|prior|past)\s+)?[≤≥<>=]*\s*\d{1,3}[\s-]*(?:hours?|days?|weeks?|months?)\b"
    r"[^:：;.]*",
    re.IGNORECASE,
)
"""When the values of a list are taken: it bounds each of them, also where it announces the list."""


_WHO = re.compile(
    r"^(?:(?:all|eligible|the)\s+)*(?:patients?|subjects?|participants?)\s+"
    r"(?:(?:must|should|will|shall|need to|have to|have|has|with|be|are|demonstrate|show)\s+)+",
    re.IGNORECASE,
)


_ANYBODY = re.compile(
    r"(?:(?:all|eligible|the)\s+)*(?:patients?|subjects?|participants?|individuals?)", re.IGNORECASE
)


def condensed(text: str, limit: int, spec: Spec) -> tuple[str, bool]:
    """The text in at most `limit` bytes with an ellipsis where words were left out, and whether
    a limit, a negation or an exception was among them.

    Clauses that say none of these are left out from the last on; when that is not enough the
    text is cut at a word.
    """
    if width(text, spec) <= limit:
        return text, False
    if len(text) < 20 * limit:
        clauses = _CLAUSE.split(text)
        kept = [True] * len(clauses)
        for at in range(len(clauses) - 1, 0, -1):
            if not _removable(clauses, at) or _KEPT.search(clauses[at].lower()):
                continue
            kept[at] = False
            made = _joined(clauses, kept)
            if width(made, spec) <= limit:
                return made, False
        if (fewer := _phrases(text, limit, spec)) is not None:
            return fewer, False
    made = shortened(text, limit, spec)
    return made, bool(_KEPT.search(text.lower(), len(made) - 3))


def _phrases(text: str, limit: int, spec: Spec) -> str | None:
    """The text without phrases between commas that say no limit, from the last on, or None.

    A phrase before one that hangs on it ("..., within 4 weeks") stays, and what stands behind an
    insertion ("who, in the opinion of the doctor, sleeps").
    """
    phrases = _PHRASE.split(text)
    kept = [True] * len(phrases)
    for at in range(len(phrases) - 1, 0, -1):
        if not _closed(phrases[at]) or _LIMITS.search(phrases[at]):
            continue
        if phrases[at].startswith(_JOINED) or _INSERTED.search(phrases[at - 1]):
            continue
        if at + 1 < len(phrases) and kept[at + 1] and _BOUND.match(phrases[at + 1]):
            continue
        kept[at] = False
        made = _joined(phrases, kept)
        if width(made, spec) <= limit:
            return made
    return None


def _closed(phrase: str) -> bool:
    return all(phrase.count(one) == phrase.count(two) for one, two in ("()", "[]"))


def _removable(clauses: list[str], at: int) -> bool:
    """Whether a clause is an aside in brackets or a whole sentence."""
    before, clause = clauses[at - 1], clauses[at]
    whole = clause[0] == "(" or before[-1] in ".;" or (before == "..." and clause[-1] in ".;")
    return whole and bool(_ASIDE.fullmatch(clause))


def _joined(clauses: list[str], kept: list[bool]) -> str:
    words: list[str] = []
    for clause, stays in zip(clauses, kept, strict=True):
        if stays:
            words.append(clause)
        elif words[-1] != "...":
            words.append("...")
    return " ".join(words).replace(", ...", " ...").replace("; ...", " ...")


def lead(words: str) -> str:
    """The words above a list without those that only announce it ("as follows:")."""
    time = ""
    for _ in range(3):
        if found := _LEADS.search(words):
            said = _TIME.search(words, found.start())
            time = said[0].strip(" ,()") if said else time
            words = words[: found.start()]
    words = _WHO.sub("", words).rstrip(" :;,.")
    words = "" if _ANYBODY.fullmatch(words) else words
    return words if time in words else f"{words} {time}".strip()


def under(parent: str, text: str, limit: int, spec: Spec) -> str:
    """A criterion of a list with the words that it stands under, as far as these fit; its own
    words are never shortened for them.
    """
    words = lead(parent)
    if not words or text.lower().startswith(words.lower()):
        return text
    words = words[0].upper() + words[1:]
    room = min(100, max(60, limit - width(text, spec) - 2))
    return f"{shortened(words, room, spec)}: {text}"
