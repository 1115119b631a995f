"""ISRCTN registry: https://www.isrctn.com/api/query/format/default, XML.

`q` must not be empty; `lastEdited GE <time>` is its changed-since. `limit` and `offset` cut the
answer, whose root says how many trials there are (`totalCount`).
"""

from collections.abc import Iterator

from lxml import etree

from pipeline.update.values import Client, Fetched, Incomplete, Page, Scope, digest
from pipeline.update.web import Web

RECORDS, IDS = 100, 50
"""Trials of a page, and numbers that are asked for at once."""

SPACE = "{http://www.67bricks.com/isrctn}"
EVER = "1900-01-01"


def stamp(web: Web, base: str) -> str:  # noqa: ARG001 - a client's interface
    """Nothing: ISRCTN does not say when its data were renewed."""
    return ""


def pages(web: Web, base: str, scope: Scope, since: str, at: str) -> Iterator[Page]:
    """The trials that were edited on or after a day; a place is the turn and the offset."""
    turns = _turns(scope)
    turn, offset = (int(part) for part in (at or "0 0").split())
    while turn < len(turns):
        total, found = _page(web, base, _since(turns[turn], since or EVER), offset)
        first, offset = offset == 0, offset + RECORDS
        if offset >= total:
            turn, offset = turn + 1, 0
        wanted = [one for one in found if not scope.ids or one.id in scope.ids]
        yield Page(
            tuple(wanted),
            f"{turn} {offset}" if turn < len(turns) else "",
            total if first else None,
            tuple(one.id for one in found),
        )


def numbers(web: Web, base: str, scope: Scope) -> Iterator[str]:
    """The numbers that the scope has today; `Incomplete` when not all of them came.

    The registry has no list of bare numbers, so that a sweep costs as much as a first load.
    """
    for turn in _turns(scope):
        found: set[str] = set()
        offset, total = 0, 1
        while offset < total:
            total, came = _page(web, base, _since(turn, EVER), offset)
            found.update(one.id for one in came)
            offset += RECORDS
        if len(found) != total:
            raise Incomplete(f"isrctn: {len(found)} numbers came of {total}.")
        yield from found


def _turns(scope: Scope) -> list[str]:
    starts = range(0, len(scope.ids), IDS)
    turns = [" OR ".join(scope.ids[at : at + IDS]) for at in starts]
    return turns or [scope.search]


def _since(query: str, day: str) -> str:
    since = f"lastEdited GE {day}T00:00:00"
    return f"({query}) AND {since}" if query else since


def _page(web: Web, base: str, query: str, offset: int) -> tuple[int, list[Fetched]]:
    question = {"q": query, "limit": str(RECORDS), "offset": str(offset)}
    return web.ask(f"{base}/query/format/default", question, _read)


def _read(raw: bytes) -> tuple[int, list[Fetched]]:
    """How many trials the whole answer has, and those of this page; `ValueError` when it breaks
    off.
    """
    try:
        root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    count = root.get("totalCount")
    if count is None:
        raise ValueError("there is no totalCount")
    return int(count), [record(one) for one in root.findall(f"{SPACE}fullTrial")]


def record(trial: etree._Element) -> Fetched:
    """A trial as canonical XML, which is the same whatever stands around it."""
    inner = trial.find(f"{SPACE}trial")
    number = trial.findtext(f"{SPACE}trial/{SPACE}isrctn")
    if inner is None or not number:
        raise ValueError("a trial has no number")
    trial.tail = None
    data = bytes(etree.tostring(trial, method="c14n"))
    day = (inner.get("lastUpdated") or "")[:10]
    return Fetched("isrctn", f"ISRCTN{number}", day, data, digest(data))


CLIENT = Client(stamp, pages, numbers)
