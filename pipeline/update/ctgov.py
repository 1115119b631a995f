"""ClinicalTrials.gov, Data API v2: https://clinicaltrials.gov/data-api/api.

Pages of at most 1,000 studies hang together by `nextPageToken`; `totalCount` comes with the first
page, when asked for. `/version` says when the data were last renewed (`dataTimestamp`).
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.update.values import Client, Fetched, Incomplete, Page, Scope, digest
from pipeline.update.web import Web

T = TypeVar("T")

RECORDS, NUMBERS, IDS, TOGETHER = 200, 1_000, 200, 1_000
"""Records of a page, bare numbers of a page, numbers that are asked for at once, and records of
the whole registry that are stored together.
"""

_STAMPED = re.compile(rb'"versionHolder":"[^"]*"')  # the day of the data, in every record


class _Date(msgspec.Struct):
    date: str = ""


class _Status(msgspec.Struct, rename="camel"):
    last_update_post_date_struct: _Date = msgspec.field(default_factory=_Date)


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification
    status_module: _Status = msgspec.field(default_factory=_Status)


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol


class _Answer(msgspec.Struct, rename="camel"):
    studies: list[msgspec.Raw]
    next_page_token: str = ""
    total_count: int | None = None


class _Version(msgspec.Struct, rename="camel"):
    data_timestamp: str


def stamp(web: Web, base: str) -> str:
    """When the registry's data were last renewed, in its own words."""
    return web.ask(f"{base}/version", {}, _decoder(_Version)).data_timestamp


def pages(web: Web, base: str, scope: Scope, since: str, at: str) -> Iterator[Page]:
    """The studies whose last update was posted on or after a day, the oldest update first.

    Many numbers are asked for in turns; a place is the turn and the page's token.
    """
    turns = _turns(scope)
    turn, token = int(at.partition(" ")[0] or 0), at.partition(" ")[2]
    while turn < len(turns):
        question = turns[turn] | {"pageSize": str(RECORDS), "sort": "LastUpdatePostDate:asc"}
        if since:
            question["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{since},MAX]"
        answer = _page(web, base, question, token)
        token = answer.next_page_token
        turn += not token
        after = f"{turn} {token}" if turn < len(turns) else ""
        yield Page(tuple(record(raw) for raw in answer.studies), after, answer.total_count)


def numbers(web: Web, base: str, scope: Scope) -> Iterator[str]:
    """The NCT numbers that the scope has today; `Incomplete` when not all of them came."""
    for turn in _turns(scope):
        question = turn | {"pageSize": str(NUMBERS), "fields": "NCTId"}
        answer = _page(web, base, question, "")
        total, found = answer.total_count, set(_numbers(answer))
        while answer.next_page_token:
            answer = _page(web, base, question, answer.next_page_token)
            found.update(_numbers(answer))
        if len(found) != total:
            raise Incomplete(f"ctgov: {len(found)} numbers came of {total}.")
        yield from found


def _numbers(answer: _Answer) -> Iterator[str]:
    for raw in answer.studies:
        yield _study(raw).protocol_section.identification_module.nct_id


def record(raw: bytes) -> Fetched:
    """A study as it was served, without the white space between its words.

    Raises `ValueError` when it is no study.
    """
    found = _study(raw).protocol_section
    data = msgspec.json.format(bytes(raw), indent=-1)
    return Fetched(
        "ctgov",
        found.identification_module.nct_id,
        found.status_module.last_update_post_date_struct.date,
        data,
        digest(_STAMPED.sub(b"", data)),
    )


def _turns(scope: Scope) -> list[dict[str, str]]:
    if scope.ids:
        starts = range(0, len(scope.ids), IDS)
        return [{"filter.ids": ",".join(scope.ids[at : at + IDS])} for at in starts]
    return [{"query.term": scope.search}] if scope.search else [{}]


def _page(web: Web, base: str, question: dict[str, str], token: str) -> _Answer:
    more = {"pageToken": token} if token else {"countTotal": "true"}
    return web.ask(f"{base}/studies", question | more, _decoder(_Answer))


def _study(raw: bytes) -> _Study:
    return msgspec.json.decode(raw, type=_Study)


def _decoder(kind: type[T]) -> Callable[[bytes], T]:
    return msgspec.json.Decoder(kind).decode


def whole(web: Web, base: str, folder: Path) -> Iterator[Page]:
    """Every study, from the zip of the whole registry: a file a study, as `/studies/<number>`."""
    total = _page(web, base, {"pageSize": "1", "fields": "NCTId"}, "").total_count
    path = folder / "whole.zip"
    try:
        web.download(f"{base}/studies/download", {"format": "json.zip"}, path, _opens)
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".json"))
            for at in range(0, len(names), TOGETHER):
                records = tuple(record(archive.read(name)) for name in names[at : at + TOGETHER])
                yield Page(records, "", None if at else total)
    finally:
        path.unlink(missing_ok=True)


def _opens(path: Path) -> None:
    try:
        zipfile.ZipFile(path).close()  # its list stands at its end
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


CLIENT = Client(stamp, pages, numbers, whole)
