"""A scope's changed records into the store: to the last one, or not at all complete."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from pipeline.update.store import Store
from pipeline.update.values import Client, Incomplete, Page, Scope
from pipeline.update.web import Refusal, Web

WALKS = 3
"""How often an answer is walked when the registry's data change meanwhile."""

OVERLAP = dt.timedelta(days=1)


class Fetching(msgspec.Struct, frozen=True):
    """What a fetch brought: records that came, and those of them that were new."""

    fetched: int
    changed: int


def fetch(store: Store, client: Client, web: Web, base: str, scope: Scope, run: int) -> Fetching:
    """Bring what changed since the scope was last complete; it is complete again afterwards.

    Goes on where an interrupted run stopped, while the registry has the same data. Raises
    `Incomplete` when fewer records came than the registry says it has.
    """
    known = store.sql.execute(
        "SELECT since, stamp FROM scopes WHERE key = ?", (scope.key,)
    ).fetchone()
    since, done = known or ("", "")
    fetched = changed = 0
    for _ in range(WALKS):
        before = client.stamp(web, base)
        if before and before == done:
            return Fetching(fetched, changed)
        came, new = _walk(store, client, web, base, scope, since, before, run)
        fetched, changed = fetched + came, changed + new
        (total,) = store.sql.execute(
            "SELECT total FROM walks WHERE key = ?", (scope.key,)
        ).fetchone()
        (seen,) = store.sql.execute(
            "SELECT count(*) FROM walk WHERE key = ?", (scope.key,)
        ).fetchone()
        _forget(store, scope)
        if client.stamp(web, base) == before and seen == total:
            _complete(store, scope, before)
            return Fetching(fetched, changed)
    raise Incomplete(
        f"{scope.registry}: {seen} records came of {total}; what came is kept, the rest is asked"
        " for again by the next update."
    )


def _walk(
    store: Store,
    client: Client,
    web: Web,
    base: str,
    scope: Scope,
    since: str,
    stamp: str,
    run: int,
) -> tuple[int, int]:
    """Every page, stored as it comes; from the page after the last one that was stored."""
    left = store.sql.execute(
        "SELECT next FROM walks WHERE key = ? AND stamp = ? AND next != ''", (scope.key, stamp)
    ).fetchone()
    if not (left and stamp):
        _forget(store, scope)
    at = left[0] if left and stamp else ""
    fetched = changed = 0
    try:
        for page in _pages(store, client, web, base, scope, since, at):
            changed += store.put(page.records, run)
            fetched += len(page.records)
            with store.sql:
                store.sql.execute(
                    "INSERT INTO walks VALUES (?, ?, ?, ?) ON CONFLICT (key)"
                    " DO UPDATE SET next = excluded.next, total = total + excluded.total",
                    (scope.key, stamp, page.next, page.total or 0),
                )
                store.sql.executemany(
                    "INSERT OR IGNORE INTO walk VALUES (?, ?)",
                    [
                        (scope.key, name)
                        for name in (*page.named, *(one.id for one in page.records))
                    ],
                )
    except Refusal:
        if not at:
            raise
        _forget(store, scope)  # a page's place is not for ever
        return _walk(store, client, web, base, scope, since, stamp, run)
    return fetched, changed


def _pages(
    store: Store, client: Client, web: Web, base: str, scope: Scope, since: str, at: str
) -> Iterator[Page]:
    everything = not (scope.ids or scope.search or since or at)
    if everything and client.whole:
        return client.whole(web, base, store.home)
    return client.pages(web, base, scope, since, at)


def _forget(store: Store, scope: Scope) -> None:
    with store.sql:
        store.sql.execute("DELETE FROM walks WHERE key = ?", (scope.key,))
        store.sql.execute("DELETE FROM walk WHERE key = ?", (scope.key,))


def _complete(store: Store, scope: Scope, stamp: str) -> None:
    """The next update begins a day before the registry's data of this one."""
    day = dt.date.fromisoformat(stamp[:10]) if stamp else dt.datetime.now(dt.UTC).date()
    with store.sql:
        store.sql.execute(
            "INSERT INTO scopes (key, since, stamp) VALUES (?, ?, ?) ON CONFLICT (key)"
            " DO UPDATE SET since = excluded.since, stamp = excluded.stamp",
            (scope.key, (day - OVERLAP).isoformat(), stamp),
        )
