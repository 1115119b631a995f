"""Short codes that people can read: ARMCD and ETCD from names, unique and always the same."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from anyascii import anyascii


def codes(names: Sequence[str], limit: int, drop: Iterable[str]) -> list[str]:
    """A code for each name, at most `limit` characters of A-Z, 0-9 and _; equal ones are numbered.

    Words that carry no meaning are dropped when the name is too long, then words from the end.
    """
    bases = [_code(name, limit, frozenset(drop)) for name in names]
    again = Counter(bases)
    number: Counter[str] = Counter()
    made: list[str] = []
    for base in bases:
        if again[base] == 1:
            made.append(base)
            continue
        number[base] += 1
        mark = f"_{number[base]}"
        made.append(base[: limit - len(mark)].rstrip("_") + mark)
    return (
        made
        if len(set(made)) == len(made)
        else [_numbered(base, i, limit) for i, base in enumerate(made, 1)]
    )


def _code(name: str, limit: int, drop: frozenset[str]) -> str:
    words = [re.sub(r"[^A-Za-z0-9]", "", anyascii(word)).upper() for word in name.split()]
    words = [word for word in words if word]
    if len("_".join(words)) > limit:
        words = [word for word in words if word.lower() not in drop] or words
    while len(words) > 1 and len("_".join(words)) > limit:
        words.pop()
    return "_".join(words)[:limit].rstrip("_") or "X"


def _numbered(base: str, number: int, limit: int) -> str:
    mark = f"_{number}"
    return base[: limit - len(mark)].rstrip("_") + mark
