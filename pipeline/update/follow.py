"""What is followed, brought up to date: every scope of every registry, and the watched folder."""

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipeline.issues import BadRequest
from pipeline.spec.model import Spec
from pipeline.update.clients import client
from pipeline.update.fetch import fetch
from pipeline.update.folder import watch
from pipeline.update.journal import note
from pipeline.update.settings import Settings
from pipeline.update.store import Store
from pipeline.update.sweep import due, sweep
from pipeline.update.values import Scope
from pipeline.update.web import Web


class Brought(msgspec.Struct):
    """What a run brought: requests made, records that came, were new and are gone; seconds."""

    requests: int = 0
    fetched: int = 0
    changed: int = 0
    gone: int = 0
    fetching: float = 0.0


def followed(store: Store, more: Iterable[Scope]) -> list[Scope]:
    """What the store follows, with what is to be followed from now on."""
    with store.sql:
        store.sql.executemany(
            "INSERT OR IGNORE INTO scopes (key) VALUES (?)", [(one.key,) for one in more]
        )
    keys = store.sql.execute("SELECT key FROM scopes ORDER BY key")
    return [msgspec.json.decode(key, type=Scope) for (key,) in keys]


def bring(
    store: Store,
    scopes: list[Scope],
    folder: Path,
    settings: Settings,
    run: int,
    spec: Spec,
    *,
    sweeping: bool,
) -> Brought:
    """Bring the store up to date, registry by registry.

    Raises `BadRequest` when there is nothing to follow, or a registry's answer is not whole.
    """
    if not scopes and not folder.is_dir():
        raise BadRequest(
            f"Nothing is followed yet and there is no {folder}: name --ids, --search or --all."
        )
    begun, brought = time.monotonic(), Brought()
    if folder.is_dir():
        count, new, gone = watch(store, folder, run, spec)
        brought.fetched, brought.changed, brought.gone = count, new, gone
    for scope in scopes:
        _scope(store, scope, settings, run, brought, sweeping=sweeping)
    brought.fetching = time.monotonic() - begun
    return brought


def _scope(
    store: Store, scope: Scope, settings: Settings, run: int, brought: Brought, *, sweeping: bool
) -> None:
    if scope.registry not in settings.registries:
        raise BadRequest(f"mappings/update.yaml does not say where {scope.registry} answers.")
    one, base = client(scope.registry), settings.registries[scope.registry].base
    known = store.sql.execute("SELECT url, tag, data FROM tags").fetchall()
    web = Web(settings.manners(scope.registry), {url: (tag, data) for url, tag, data in known})
    try:
        found = fetch(store, one, web, base, scope, run)
        gone = 0
        if sweeping or due(store, scope, settings.sweep):
            gone = sweep(store, one, web, base, scope, run)
    finally:
        web.close()
        with store.sql:
            rows = [(url, tag, data) for url, (tag, data) in web.tags.items()]
            store.sql.executemany("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)", rows)
        brought.requests += web.requests
    brought.fetched += found.fetched
    brought.changed += found.changed
    brought.gone += gone
    facts = {"scope": scope.key, "fetched": found.fetched, "changed": found.changed, "gone": gone}
    note(store, run, "brought", facts)
