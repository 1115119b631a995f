"""Letters without which a pattern finds nothing: to look for them first is many times quicker."""

from collections.abc import Iterable
from functools import cache
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

_MOST = 12
_SOME = 4
_SHORT = 2

Words: TypeAlias = frozenset[str]
Clues: TypeAlias = tuple[tuple[str, ...], ...]
"""Of each of several sets of words one stands in the text."""


@cache
def clues(pattern: str) -> Clues:
    """Words in folded case, of each set one of which stands, in folded case, in every text that the
    pattern matches; none when no such words follow from it.
    """
    found = [one for one in _runs(parser.parse(pattern)) if min(map(len, one)) >= _SHORT]
    return tuple(tuple(sorted(one)) for one in sorted(set(found), key=_telling, reverse=True))


def hinted(all_words: Clues, folded: str) -> bool:
    """Whether a text in folded case holds the clues of a pattern."""
    for words in all_words:
        for word in words:
            if word in folded:
                break
        else:
            return False
    return True


def _telling(words: Words) -> tuple[int, int, list[str]]:
    """How much less than all texts the words tell: by the shortest, then by how few they are."""
    return min(6, *map(len, words)), -len(words), sorted(words)


def _best(found: Iterable[Words]) -> Words:
    return max((one for one in found if all(one)), key=_telling, default=frozenset())


def _runs(parts: Any) -> list[Words]:
    """For each stretch of the pattern that says its letters, the words that can stand there."""
    found: list[Words] = []
    run: Words = frozenset([""])
    for op, value in parts:
        if op is kind.AT:
            continue
        spelt = _spelt(op, value)
        longer = frozenset(a + b for a in run for b in spelt)
        if spelt and len(longer) <= _MOST:
            run = longer
            continue
        found.append(run)
        run = spelt or frozenset([""])
        found += _needed(op, value)
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
        if op is kind.AT:
            continue
        made = frozenset(a + b for a in made for b in _spelt(op, value))
        if not made or len(made) > _MOST:
            return frozenset()
    return made


def _needed(op: Any, value: Any) -> list[Words]:
    """For each stretch of a part of a pattern, words one of which stands in what it matches."""
    if op is kind.SUBPATTERN:
        return _runs(value[-1])
    if op is kind.BRANCH:
        ways = [_best(_runs(one)) for one in value[1]]
        return [frozenset().union(*ways)] if all(ways) else []
    if op in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT) and value[0] > 0:
        return _runs(value[2])
    return []
