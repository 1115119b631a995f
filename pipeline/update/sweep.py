"""Records that are gone: a registry's changed-since query cannot see them, all its numbers can."""

import datetime as dt

from pipeline.update.store import Store, now
from pipeline.update.values import Client, Scope
from pipeline.update.web import Web


def sweep(store: Store, client: Client, web: Web, base: str, scope: Scope, run: int) -> int:
    """A tombstone for each record of the scope that the registry has no more; how many.

    Only records that the scope brought before are looked at: those of its numbers, or, of a
    search or of everything, all that the store has. What a search no longer finds is asked for
    by its number before it is called gone.
    """
    ours = store.alive(scope.registry)
    if scope.ids:
        ours &= set(scope.ids)
    missing = ours - set(client.numbers(web, base, scope))
    if missing and scope.search:
        by_number = Scope(scope.registry, tuple(sorted(missing)))
        missing -= set(client.numbers(web, base, by_number))
    made = store.bury(scope.registry, missing, run)
    with store.sql:
        store.sql.execute(
            "INSERT INTO scopes (key, swept) VALUES (?, ?) ON CONFLICT (key)"
            " DO UPDATE SET swept = excluded.swept",
            (scope.key, now()),
        )
    return made


def due(store: Store, scope: Scope, days: int) -> bool:
    """Whether the last sweep of a scope is longer ago than so many days (0: never due)."""
    found = store.sql.execute("SELECT swept FROM scopes WHERE key = ?", (scope.key,)).fetchone()
    if not days or not found:
        return False
    last = (
        dt.datetime.fromisoformat(found[0]) if found[0] else dt.datetime.min.replace(tzinfo=dt.UTC)
    )
    return dt.datetime.now(dt.UTC) - last > dt.timedelta(days=days)
