"""What flows between a registry's client and the store."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec

from pipeline.issues import BadRequest
from pipeline.update.web import Web


class Scope(msgspec.Struct, frozen=True):
    """What is followed of a registry: numbers, a search expression, or (neither) everything."""

    registry: str
    ids: tuple[str, ...] = ()
    search: str = ""

    @property
    def key(self) -> str:
        """The scope as one line of text."""
        return msgspec.json.encode(self).decode()


class Fetched(msgspec.Struct, frozen=True):
    """A record as a registry served it.

    `version` is the ISO 8601 date of its last update (empty when unknown), `same` the digest by
    which versions are compared: of the bytes without what changes from one answer to the next.
    """

    registry: str
    id: str
    version: str
    data: bytes
    same: str


class Page(msgspec.Struct, frozen=True):
    """Some of a registry's answer: its records, where the next page is (empty at the end), and
    on the first page how many records the whole answer has.

    `named` are the numbers of records that the page lists without their having to be fetched.
    """

    records: tuple[Fetched, ...]
    next: str
    total: int | None = None
    named: tuple[str, ...] = ()


Pages: TypeAlias = Callable[[Web, str, Scope, str, str], Iterator[Page]]


class Client(msgspec.Struct, frozen=True):
    """A registry as updates see it.

    `stamp(web, base)` names the state of its data (empty when it cannot say); `pages(web, base,
    scope, since, at)` are the records that changed on or after the day `since` (empty: all),
    from the page `at` on (empty: the first); `numbers(web, base, scope)` are all numbers that
    the scope has today; `whole(web, base, folder)`, where a registry has it, is everything at
    once, by way of a file in a folder.
    """

    stamp: Callable[[Web, str], str]
    pages: Pages
    numbers: Callable[[Web, str, Scope], Iterator[str]]
    whole: Callable[[Web, str, Path], Iterator[Page]] | None = None


class Incomplete(BadRequest):
    """A registry's answer is not whole, however often it was asked."""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
