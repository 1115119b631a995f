"""The phrases of `mappings/phrases.yaml` as one pattern a kind, made once.

Of each match the term is known by its group; `{n}` in a term is the number that was read.
"""

import re
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache

import msgspec

from pipeline.extract.lengths import WORDS
from pipeline.spec.clues import Clues, clues, firsts, hinted
from pipeline.spec.model import Spec, extended
from pipeline.spec.once import once_per_spec
from pipeline.spec.wording import Phrases

_SHORT = 2
_NEVER = r"(?!)"
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(WORDS)})"
COUNTED = frozenset({"TABLET", "CAPSULE", "PUFF", "INHALATION", "DROP", "SACHET", "SPRAY", "PATCH"})
"""Units that are counted, also in words (`two tablets`)."""
_CAPITAL = re.compile(r"(?<![\\?-])[A-Z]")


class Wording(msgspec.Struct, frozen=True):
    """For each first letter one pattern for the phrases of a kind that can begin with it (under no
    letter, for those that can begin with any), and the term of each group.
    """

    patterns: dict[str, re.Pattern[str]]
    terms: dict[str, str]

    def match(self, text: str, at: int, end: int) -> re.Match[str] | None:
        """The phrase at a place of a text."""
        pattern = self.patterns.get(text[at].casefold()) or self.patterns[""]
        return pattern.match(text, at, end)

    def term(self, match: re.Match[str], known: Container[str]) -> str:
        """The term of a match, or nothing where the codelist does not have it."""
        group = match.lastgroup or ""
        term = self.terms[group]
        if "{n}" in term:
            term = term.replace("{n}", str(number(match[f"n{group}"] or match[f"m{group}"])))
        return term if term in known else ""


class Wordings(msgspec.Struct, frozen=True):
    """The wordings of how treatments are given.

    `starts` finds where a phrase or a number may begin within a text and `first` where a text
    begins with one; `kinds` says of which kinds by what they find. A form may be any first words,
    and `unlettered` are the clues of those.
    """

    starts: re.Pattern[str]
    first: re.Pattern[str]
    kinds: dict[str, tuple[str, ...]]
    unlettered: Clues
    routes: Wording
    named: Mapping[str, str]
    frequencies: Wording
    forms: Wording
    units: dict[str, str]
    per: dict[str, str]
    amount: re.Pattern[str]
    conditioning: re.Pattern[str]
    placebo: re.Pattern[str]

    def begins(self, low: str, start: int, end: int) -> list[tuple[int, str]]:
        """Where in a sentence in lower case a phrase or a number may begin, and its letters."""
        found = [(match.end(), match[1]) for match in self.starts.finditer(low, start, end)]
        if first := self.first.match(low, start, end):
            found.insert(0, (start, first[0]))
        elif not start and hinted(self.unlettered, low):
            found.insert(0, (start, ""))
        return found


def number(word: str) -> int:
    """A number in digits or words (`two`, `14`)."""
    return int(word) if word.isdigit() else WORDS.index(word.lower()) + 1


class _Same:
    """Phrases that are the same only when they are the same object, which is quick to ask."""

    def __init__(self, words: Phrases) -> None:
        self.words = words

    def __hash__(self) -> int:
        return id(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.words is other.words


def wordings(spec: Spec) -> Wordings:
    """The wordings of the phrases in a spec."""
    return _compiled(_Same(spec.phrases))


@once_per_spec
def known_terms(codelist: str, spec: Spec) -> Container[str]:
    """The terms of a codelist, and those by which a decision extends it."""
    return extended(codelist, spec)


POWER = (
    r"\s*[x×*]\s*10\s?(?:\^|e|E|\*\*)?\s?(?P<power>\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|e\+?(?P<e>\d{1,2})(?=\W)"
)
_TENS = r"\s+(?P<tens>thousand|million|billion|trillion)"


@lru_cache(maxsize=4)
def _compiled(same: _Same) -> Wordings:
    words = same.words
    starts = sorted({one for own in words.starts.values() for one in own}, key=len, reverse=True)
    kinds = {
        start: tuple(kind for kind, own in words.starts.items() if start.startswith(own))
        for start in starts
    }
    kinds[""] = ("forms",)
    begin = _by_letter(starts) + r"|\d|\.(?=\d)"
    units = {f"g{at}": term for at, term in enumerate(words.units.values())}
    below_terms = {f"per{at}": term for at, term in enumerate(words.per.values())}
    below = "|".join(f"(?P<per{at}>{phrase})" for at, phrase in enumerate(words.per))
    forms = _wording(words.forms)
    counted = "|".join(phrase for phrase, term in words.units.items() if term in COUNTED)
    own = frozenset().union(*map(firsts, words.units))
    amount = re.compile(
        r"(?P<number>[\d.](?<![\w.,^+][\d.])(?<![A-Za-z]-[\d.])(?<![A-Za-z]\d-[\d.])(?:(?<=\d)|(?=\d))"
        rf"[\d,]*(?:\.\d+)?|(?i:{'|'.join(WORDS)})(?= (?i:{counted})\b))"
        rf"(?P<rest>(?P<times>{POWER}|\s?\^\s?(?P<bare>\d{{1,2}})|{_TENS})?[\s-]?\s?"
        rf"(?(times)|(?=(?i:[{''.join(sorted(own))}])))"
        rf"(?:{'|'.join(_unit_part(*one) for one in enumerate(words.units.items()))})(?![\w^])"
        rf"(?:(?:\s?/\s?|\s+per\s+)(?i:{below})(?![\w^]))?"
        r"(?:(?:\s?/\s?|\s+per\s+)(?i:(?P<h>h|hr|hours?)|(?P<min>min|minute))\b)?)"
    )
    return Wordings(
        re.compile(rf"\W(?=({begin}))"), re.compile(begin), kinds,
        clues(forms.patterns[""].pattern),
        _wording(words.routes), words.named, _wording(words.frequencies), forms, units,
        below_terms, amount,
        re.compile(
            r"\b(?:receive[sd]?|given|undergo(?:es)?|treated with|administered)\s+"
            rf"(?P<what>[^.;]*?{words.conditioning}(?:\s+\w+)?)",
            re.IGNORECASE,
        ),
        re.compile(words.placebo, re.IGNORECASE),
    )  # fmt: skip


def _unit_part(at: int, unit: tuple[str, str]) -> str:
    """A unit in any case; one that is counted in powers of ten follows one, and may say what is
    counted (`3 x 10^6 CAR+ T cells`).
    """
    phrase, term = unit
    what = r"(?(times)(?:(?!or |to |and )[A-Za-z][\w+-]* ){0,4}?|(?!))" if "{n}" in term else ""
    return f"(?P<g{at}>{what}{phrase if _CAPITAL.search(phrase) else f'(?i:{phrase})'})"


def _by_letter(words: Iterable[str]) -> str:
    """A pattern for any of the words (longest first), which looks at their first letter once; one
    of two letters stands alone.
    """
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[0], []).append(re.escape(word[1:]) + r"\b" * (len(word) == _SHORT))
    return "|".join(f"{first}(?:{'|'.join(own)})" for first, own in sorted(ends.items()))


def _wording(phrases: Mapping[str, str]) -> Wording:
    parts: dict[str, frozenset[str]] = {}
    terms: dict[str, str] = {}
    for at, (phrase, term) in enumerate(phrases.items()):
        name = f"g{at}"
        terms[name] = term
        inner = phrase.replace("{number}", f"(?P<n{name}>{_NUMBER})", 1)
        inner = inner.replace("{number}", f"(?P<m{name}>{_NUMBER})")
        cased = inner if _CAPITAL.search(phrase) else f"(?i:{inner})"
        parts[f"(?P<{name}>{cased})"] = firsts(inner)
    patterns = {
        first: re.compile(
            "|".join(one for one, own in parts.items() if first in own or not own) or _NEVER
        )
        for first in frozenset([""]).union(*parts.values())
    }
    return Wording(patterns, terms)
