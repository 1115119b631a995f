"""The EU's CTIS: the interface of its public portal, which is not documented.

`search` (a POST) lists trials in pages that count from 1, at most 100 trials each and 10,000 in
all; what lies beyond is reached from the other end. `retrieve/<number>` is a trial. A search
cannot say "changed since": every entry of the list has the day of its last update.
"""

import datetime as dt
from collections.abc import Iterator

import msgspec

from pipeline.update.values import Client, Fetched, Incomplete, Page, Scope, digest
from pipeline.update.web import Refusal, Web

SIZE, DEEPEST = 100, 100
"""Trials of a page, and pages that can be reached from either end."""

NOT_FOUND = 404


class _Entry(msgspec.Struct, rename="camel"):
    ct_number: str
    last_updated: str = ""


class _Pagination(msgspec.Struct, rename="camel"):
    total_records: int


class _List(msgspec.Struct):
    pagination: _Pagination
    data: list[_Entry]


class _Trial(msgspec.Struct, rename="camel"):
    ct_number: str
    publish_date: str | None = None


def stamp(web: Web, base: str) -> str:  # noqa: ARG001 - a client's interface
    """Nothing: CTIS does not say when its data were renewed."""
    return ""


def pages(web: Web, base: str, scope: Scope, since: str, at: str) -> Iterator[Page]:
    """The trials whose last update is of a day or later; of chosen numbers each one."""
    if scope.ids:
        found = [one for name in scope.ids for one in _retrieved(web, base, name)]
        yield Page(tuple(found), "", len(found))
        return
    page, last = int(at or 1), int(at or 1)
    while page <= last:
        listed = _list(web, base, scope, page)
        last = -(-listed.pagination.total_records // SIZE)
        records = [
            one
            for entry in listed.data
            if _day(entry.last_updated) >= since or not entry.last_updated
            for one in _retrieved(web, base, entry.ct_number, _day(entry.last_updated))
        ]
        named = tuple(entry.ct_number for entry in listed.data)
        total = listed.pagination.total_records if page == 1 else None
        page += 1
        yield Page(tuple(records), str(page) if page <= last else "", total, named)


def numbers(web: Web, base: str, scope: Scope) -> Iterator[str]:
    """The numbers that the scope has today; `Incomplete` when not all of them came."""
    if scope.ids:
        yield from (one.id for name in scope.ids for one in _retrieved(web, base, name))
        return
    found: set[str] = set()
    page, total = 1, 1
    while (page - 1) * SIZE < total:
        listed = _list(web, base, scope, page)
        found.update(entry.ct_number for entry in listed.data)
        page, total = page + 1, listed.pagination.total_records
    if len(found) != total:
        raise Incomplete(f"ctis: {len(found)} numbers came of {total}.")
    yield from found


def _list(web: Web, base: str, scope: Scope, page: int) -> _List:
    if page > 2 * DEEPEST:
        raise Incomplete(f"ctis: it lists {2 * DEEPEST * SIZE:,} trials at most: search for fewer.")
    far = page > DEEPEST
    question = {
        "pagination": {"page": page - DEEPEST if far else page, "size": SIZE},
        "sort": {"property": "decisionDate", "direction": "ASC" if far else "DESC"},
        "searchCriteria": {"containAll": scope.search} if scope.search else {},
    }
    read = msgspec.json.Decoder(_List).decode
    return web.ask(f"{base}/search", {}, read, question)


def _retrieved(web: Web, base: str, number: str, day: str = "") -> list[Fetched]:
    """The trial that has a number, when there is one."""
    try:
        return [web.ask(f"{base}/retrieve/{number}", {}, lambda raw: record(raw, day))]
    except Refusal as error:
        if error.status == NOT_FOUND:
            return []
        raise


def record(raw: bytes, day: str = "") -> Fetched:
    """A trial as it was served, without the white space between its words.

    Raises `ValueError` when it is no trial.
    """
    found = msgspec.json.decode(raw, type=_Trial)
    data = msgspec.json.format(bytes(raw), indent=-1)
    version = day or (found.publish_date or "")[:10]
    return Fetched("ctis", found.ct_number, version, data, digest(data))


def _day(written: str) -> str:
    """A day that is written as 31/12/2026, by ISO 8601."""
    try:
        return dt.datetime.strptime(written, "%d/%m/%Y").date().isoformat()
    except ValueError:
        return written[:10]


CLIENT = Client(stamp, pages, numbers)
