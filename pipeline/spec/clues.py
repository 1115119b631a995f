"""Letters without which a pattern finds nothing: to look for them first is many times quicker."""

import re
from collections.abc import Iterable
from functools import cache
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

import msgspec

START = 4
"""The letters by which the words of a text are known."""

_MOST = 12
_SOME = 4
_SHORT = 2
_RANGE = 30
_BOUND = "\b"
_NO_WIDTH = (kind.AT, kind.ASSERT, kind.ASSERT_NOT)
_ENDED = re.compile(r"\W\Z")
_TOKEN = re.compile(r"\w+")


class Clue(msgspec.Struct, frozen=True, gc=False):
    """Letters in folded case, and how a word of theirs begins, where one surely begins in them."""

    letters: str
    start: str = ""


Words: TypeAlias = frozenset[str]
"""Words that a pattern spells; one that begins where a word does has a mark before it."""

Clues: TypeAlias = tuple[tuple[Clue, ...], ...]
"""Of each of several sets of clues one stands in the text."""


@cache
def clues(pattern: str) -> Clues:
    """Of each set one stands, in folded case, in every text that the pattern matches; no set when
    nothing follows from the pattern.
    """
    found = [one for one in _runs(parser.parse(pattern)) if _shortest(one) >= _SHORT]
    ranked = sorted(set(found), key=_telling, reverse=True)
    return tuple(tuple(clue(word) for word in sorted(one)) for one in ranked)


@cache
def clue(word: str) -> Clue:
    """Letters as a clue."""
    letters = word.removeprefix(_BOUND)
    starts = [""]
    for token in _TOKEN.finditer(letters) if letters.isascii() else ():
        begins = token.start() > 0 or word != letters
        if begins and (token.end() < len(letters) or len(token[0]) >= START):
            starts.append(token[0][:START])
    return Clue(letters, max(starts, key=len))


def hinted(all_words: Clues, folded: str) -> bool:
    """Whether a text in folded case holds the clues of a pattern."""
    for words in all_words:
        for word in words:
            if word.letters in folded:
                break
        else:
            return False
    return True


@cache
def firsts(pattern: str) -> frozenset[str]:
    """The characters in folded case that a match of the pattern can begin with; none when nothing
    follows from the pattern.
    """
    return _begins(parser.parse(pattern)) or frozenset()


def _begins(parts: Any) -> frozenset[str] | None:
    """None where a match can begin with anything, or be of no length."""
    found: frozenset[str] = frozenset()
    for op, value in parts:
        if op in _NO_WIDTH:
            continue
        if op in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT):
            least, _, inner = value
            own = _begins(inner)
            if own is None:
                return None
            found |= own
            if least:
                return found
            continue
        own = _beginning(op, value)
        return None if own is None else found | own
    return None


def _beginning(op: Any, value: Any) -> frozenset[str] | None:
    if op is kind.LITERAL:
        return frozenset([chr(value).casefold()[0]])
    if op is kind.SUBPATTERN:
        return _begins(value[-1])
    ways: list[frozenset[str] | None] = []
    if op is kind.BRANCH:
        ways = [_begins(one) for one in value[1]]
    elif op is kind.IN:
        ways = [_listed(*one) for one in value]
    known = [one for one in ways if one is not None]
    return frozenset().union(*known) if known and len(known) == len(ways) else None


def _listed(op: Any, value: Any) -> frozenset[str] | None:
    """The characters of an entry of a set: itself, a range of few, or the digits."""
    if op is kind.LITERAL:
        return frozenset([chr(value).casefold()[0]])
    if op is kind.RANGE and value[1] - value[0] < _RANGE:
        return frozenset(chr(code).casefold()[0] for code in range(value[0], value[1] + 1))
    return frozenset("0123456789") if value is kind.CATEGORY_DIGIT else None


def _shortest(words: Words) -> int:
    """The bytes of the shortest word: a letter outside ASCII tells as much as several within."""
    return min(len(word.removeprefix(_BOUND).encode()) for word in words) if words else 0


def _telling(words: Words) -> tuple[int, int, list[str]]:
    """How much less than all texts the words tell: by the shortest, then by how few they are."""
    return min(6, _shortest(words)), -len(words), sorted(words)


def _best(found: Iterable[Words]) -> Words:
    return max((one for one in found if _shortest(one)), key=_telling, default=frozenset())


def _runs(parts: Any, run: Words = frozenset([""])) -> list[Words]:
    """For each stretch of the pattern that says its letters, the words that can stand there; the
    first goes on from `run`.
    """
    found: list[Words] = []
    for op, value in parts:
        if op is kind.AT and value is kind.AT_BOUNDARY and run == {""}:
            run = frozenset([_BOUND])
        if op in _NO_WIDTH:
            continue
        spelt = _spelt(op, value)
        longer = frozenset(a + b for a in run for b in spelt)
        if spelt and len(longer) <= _MOST:
            run = longer
            continue
        after = _BOUND if all(_ENDED.search(one) for one in run) else ""
        fresh = frozenset([after])
        found += [run, *_needed(op, value, fresh)]
        run = frozenset(after + one for one in spelt) or frozenset([""])
    return [*found, run]


def _spelt(op: Any, value: Any) -> Words:
    """Every text that a part of a pattern can match, if these are few."""
    if op is kind.LITERAL:
        return frozenset([chr(value).casefold()])
    if op is kind.IN and len(value) <= _SOME and all(one is kind.LITERAL for one, _ in value):
        return frozenset(chr(code).casefold() for _, code in value)
    if op is kind.SUBPATTERN:
        return _all(value[-1])
    if op is kind.BRANCH:
        ways = [_all(one) for one in value[1]]
        together = frozenset().union(*ways)
        return together if all(ways) and len(together) <= _MOST else frozenset()
    return frozenset()


def _all(parts: Any) -> Words:
    made: Words = frozenset([""])
    for op, value in parts:
        if op in _NO_WIDTH:
            continue
        made = frozenset(a + b for a in made for b in _spelt(op, value))
        if not made or len(made) > _MOST:
            return frozenset()
    return made


def _needed(op: Any, value: Any, run: Words) -> list[Words]:
    """For each stretch of a part of a pattern, words one of which stands in what it matches."""
    if op is kind.SUBPATTERN:
        return _runs(value[-1], run)
    if op is kind.BRANCH:
        ways = [_best(_runs(one, run)) for one in value[1]]
        return [frozenset().union(*ways)] if all(ways) else []
    if op in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT) and value[0] > 0:
        return _runs(value[2], run)
    return []
