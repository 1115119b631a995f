"""Entries of one list that name entries of another: an intervention says by their labels which
arms it is given in.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.spec.mapping import Link
from pipeline.values import Fact, Issue, Source, Span


def linked(tree: Any, links: dict[str, Link], source: Source) -> Iterator[Fact | Issue]:
    """A fact for each name that stands in both lists, numbered by the entry that is named.

    Facts come in the order of the named entries. A name that no entry has is an issue.
    """
    for path, link in links.items():
        numbers: dict[str, list[int]] = defaultdict(list)
        for place, name in _strings(tree, link.to.split(".")):
            numbers[name.strip()].append(int(place[place.index("[") + 1 : place.index("]")]))
        found: list[Fact] = []
        *beside, last = path.split(".")
        for at, entry in _found(tree, beside):
            said = [_fact(words, f"{at}.{place}", link, source)
                    for place, words in _strings(entry, [link.says]) if words.strip()]  # fmt: skip
            for place, name in _strings(entry, [last]):
                named = numbers.get(name.strip(), [])
                found += [
                    msgspec.structs.replace(fact, item=item) for item in named for fact in said
                ]
                if name.strip() and not named:
                    span = Span(0, len(name), f"{at}.{place}")
                    detail = f"No {link.to} has this name."
                    yield Issue("source.ambiguous", detail, source, span, name)
        yield from sorted(dict.fromkeys(found), key=lambda fact: fact.item)


def _fact(text: str, place: str, link: Link, source: Source) -> Fact:
    words = text.strip()
    start = text.index(words)
    return Fact(link.concept, words, words, Span(start, start + len(words), place), source)


def _found(value: Any, keys: list[str], at: str = "") -> Iterator[tuple[str, Any]]:
    """What stands at a path, every entry of its lists, with the place of each."""
    if not keys:
        yield at, value
        return
    name = keys[0].removesuffix("[]")
    below = value.get(name) if isinstance(value, dict) else None
    place = f"{at}.{name}" if at else name
    if isinstance(below, list):
        for index, one in enumerate(below):
            yield from _found(one, keys[1:], f"{place}[{index}]")
    elif below is not None:
        yield from _found(below, keys[1:], place)


def _strings(value: Any, keys: list[str]) -> Iterator[tuple[str, str]]:
    return ((place, one) for place, one in _found(value, keys) if isinstance(one, str))
