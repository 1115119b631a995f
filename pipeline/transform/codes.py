"""Short codes that people can read: ARMCD and ETCD from names, unique and always the same."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from anyascii import anyascii

_LEAD = 8
_LETTERED = frozenset(["ARM", "GROUP", "COHORT", "PART", "PANEL", "REGIMEN", "SEQUENCE", "STAGE"])
"""Words that a letter follows as a name: the A of Group A is no article."""


def codes(names: Sequence[str], limit: int, drop: Iterable[str]) -> list[str]:
    """A code for each name, at most `limit` characters of A-Z, 0-9 and _, no two the same.

    Words that carry no meaning are dropped when the name is too long, then words from the end.
    Names whose codes would be the same get their first word and those words that only they have;
    what is still the same is numbered, in order.
    """
    dropped = frozenset(drop)
    words = [_words(name) for name in names]
    made = [_fitted(one, limit, dropped) for one in words]
    made = _told_apart(made, words, limit, dropped)
    again = Counter(made)
    taken = {code for code, count in again.items() if count == 1}
    number: Counter[str] = Counter()
    for place, base in enumerate(made):
        if again[base] == 1:
            continue
        new = base
        while new in taken or new == base:
            number[base] += 1
            mark = f"_{number[base]}"
            new = base[: limit - len(mark)].rstrip("_") + mark
        taken.add(new)
        made[place] = new
    return made


def _told_apart(
    made: list[str], words: list[list[str]], limit: int, drop: frozenset[str]
) -> list[str]:
    """The codes, with those that are the same made again from the words in which they differ."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, code in enumerate(made):
        groups[code].append(place)
    taken = Counter(made)
    for places in groups.values():
        if len(places) == 1 or limit <= _LEAD:
            continue
        common = set.intersection(*(set(words[place]) for place in places))
        own = [[w for w in words[p] if w not in common and w.lower() not in drop] for p in places]
        new = [_led(words[p], one, limit, drop) for p, one in zip(places, own, strict=True)]
        if len(set(new)) == len(new) and not any(taken[code] for code in new) and all(own):
            for place, code in zip(places, new, strict=True):
                made[place] = code
                taken[code] += 1
    return made


def _led(words: list[str], own: list[str], limit: int, drop: frozenset[str]) -> str:
    """The words that only this name has, after as many of its first as there is room for."""
    first = words[0][:_LEAD] if words else ""
    last = _last(own, limit - len(first) - 1)
    lead = [word for word in words if word not in last and word.lower() not in drop]
    while len(lead) > 1 and len("_".join([*lead, *last])) > limit:
        lead.pop()
    if len("_".join([*lead, *last])) > limit:
        lead = [first]
    return _fitted([*lead, *last], limit, drop)


def _last(words: list[str], room: int) -> list[str]:
    """As many of the words as there is room for, those at the end first."""
    kept: list[str] = []
    for word in reversed(words):
        if len("_".join([word, *kept])) > room:
            break
        kept.insert(0, word)
    return kept or [word[:room] for word in words[-1:]]


def _words(name: str) -> list[str]:
    words = [re.sub(r"[^A-Za-z0-9]", "", anyascii(word)).upper() for word in name.split()]
    return [word for word in words if word]


def _fitted(words: list[str], limit: int, drop: frozenset[str]) -> str:
    words = [word for word in words if word]
    if len("_".join(words)) > limit:
        words = [
            word
            for before, word in zip(["", *words], words, strict=False)
            if word.lower() not in drop or (len(word) == 1 and before in _LETTERED)
        ] or words
    while len(words) > 1 and len("_".join(words)) > limit:
        words = words[:-1]
    return "_".join(words)[:limit].rstrip("_") or "X"
