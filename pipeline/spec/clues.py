"""Letters without which a pattern finds nothing: to look for them first is many times quicker."""

from collections.abc import Iterable
from functools import cache
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 12
_SOME = 4


@cache
def clues(pattern: str, flags: int = 0) -> tuple[str, ...]:
    """Words in folded case one of which stands, in folded case, in every text that the pattern
    matches; none when no such words follow from it.
    """
    return tuple(
        sorted(_best(_runs(parser.parse(pattern, flags))), key=lambda one: (-len(one), one))
    )


def hinted(words: Iterable[str], folded: str) -> bool:
    """Whether one of the clues of a pattern stands in a text in folded case, or it has none."""
    some = False
    for word in words:
        if word in folded:
            return True
        some = True
    return not some


Words = frozenset[str]


def _best(found: Iterable[Words]) -> Words:
    """The set of which the shortest word is longest; of those the smallest."""
    whole = (one for one in found if one and all(one))
    return max(whole, key=lambda one: (min(6, *map(len, one)), -len(one)), default=frozenset())


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
        found.append(_needed(op, value))
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


def _needed(op: Any, value: Any) -> Words:
    """Words one of which stands in whatever a part of a pattern matches."""
    if op is kind.SUBPATTERN:
        return _best(_runs(value[-1]))
    if op is kind.BRANCH:
        ways = [_best(_runs(one)) for one in value[1]]
        return frozenset().union(*ways) if all(ways) else frozenset()
    if op in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT) and value[0] > 0:
        return _best(_runs(value[2]))
    return frozenset()
