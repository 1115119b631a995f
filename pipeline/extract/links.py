"""Entries of one list that name entries of another: an intervention says by their labels which
arms it is given in.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipeline.spec.model import Link
from pipeline.values import Fact, Issue, Source, Span


def linked(tree: Any, links: dict[str, Link], source: Source) -> Iterator[Fact | Issue]:
    """A fact for each name that stands in both lists, numbered by the entry that is named.

    Facts come in the order of the named entries. A name that no entry has is an issue.
    """
    for path, link in links.items():
        places = defaultdict(list)
        for place, name in _strings(tree, link.to.split("."), ""):
            places[name.strip()].append(int(place[place.index("[") + 1 : place.index("]")]))
        found: list[tuple[int, Fact]] = []
        *beside, last = path.split(".")
        for place, entry in _entries(tree, beside, ""):
            for at, name in _strings(entry, [last], f"{place}."):
                if name.strip() not in places:
                    detail = f"No {link.to} has this name."
                    span = Span(0, len(name), at)
                    yield Issue("source.ambiguous", detail, source, span, name)
                for said_at, said in _strings(entry, [link.says], f"{place}."):
                    low = len(said) - len(said.lstrip())
                    words = said.strip()
                    span = Span(low, low + len(words), said_at)
                    for item in places[name.strip()] if words else ():
                        found.append((item, Fact(link.concept, words, words, span, source, item)))
        yield from (fact for _, fact in sorted(found, key=lambda pair: pair[0]))


def _entries(value: Any, keys: list[str], at: str) -> Iterator[tuple[str, Any]]:
    """What stands at a path, every entry of its lists, with the place of each."""
    if not keys:
        yield at, value
        return
    name = keys[0].removesuffix("[]")
    below = value.get(name) if isinstance(value, dict) else None
    place = f"{at}.{name}" if at and not at.endswith(".") else f"{at}{name}"
    if isinstance(below, list):
        for index, one in enumerate(below):
            yield from _entries(one, keys[1:], f"{place}[{index}]")
    elif below is not None:
        yield from _entries(below, keys[1:], place)


def _strings(value: Any, keys: list[str], at: str) -> Iterator[tuple[str, str]]:
    return ((place, one) for place, one in _entries(value, keys, at) if isinstance(one, str))
