"""Builds that were published: `out` is a link to one of them, and changes hands in one step."""

import os
import shutil
from pathlib import Path

import msgspec

from pipeline.issues import BadRequest
from pipeline.update.store import Store, now

OURS = "build.json"


class Published(msgspec.Struct, frozen=True):
    """A build that was published: its name, the last version in it, when, and how (`update`,
    `force` or `rollback`); `print` is the digest of the program that made it.
    """

    number: int
    build: str
    seq: int
    at: str
    how: str
    print: str


def last(store: Store) -> Published | None:
    """The build that is published now."""
    found = store.sql.execute("SELECT * FROM published ORDER BY number DESC LIMIT 1").fetchone()
    return Published(*found) if found else None


def listed(store: Store) -> list[Published]:
    """The builds that are still there, each as it was published last, the latest first."""
    found = [Published(*row) for row in store.sql.execute("SELECT * FROM published")]
    latest = {one.build: one for one in found}
    there = [one for one in latest.values() if (store.home / "builds" / one.build).is_dir()]
    return sorted(there, key=lambda one: -one.number)


def check_place(out: Path) -> None:
    """Raises `BadRequest` when `out` holds something that is no build."""
    if out.is_dir() and any(out.iterdir()) and not (out / OURS).exists():
        raise BadRequest(f"{out} holds something that is no build of this program.")


def publish(store: Store, build: str, out: Path, seq: int, how: str, print_: str) -> None:
    """Let `out` be a build; readers see the one before it or this one, and nothing between."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists() and not out.is_symlink():  # what `build` made here stays beside the others
        kept = store.home / "builds" / f"{build}-before"
        out.rename(kept)
    link = out.with_name(f".{out.name}.next")
    link.unlink(missing_ok=True)
    target = (store.home / "builds" / build).resolve()
    link.symlink_to(os.path.relpath(target, out.parent.resolve()), target_is_directory=True)
    link.replace(out)
    with store.sql:
        store.sql.execute(
            "INSERT INTO published (build, seq, at, how, print) VALUES (?, ?, ?, ?, ?)",
            (build, seq, now(), how, print_),
        )


def prune(store: Store, keep: int) -> None:
    """Remove the builds before the last `keep` ones, but never the one that is published."""
    for one in listed(store)[keep + 1 :]:
        shutil.rmtree(store.home / "builds" / one.build, ignore_errors=True)


def rollback(store: Store, name: str, out: Path) -> Published:
    """Publish an earlier build again; updates then fetch, and publish only when they are forced.

    Raises `BadRequest` when there is no such build any more.
    """
    found = {one.build: one for one in listed(store)}
    now_ = last(store)
    if name not in found or not now_:
        there = ", ".join(found) or "none"
        raise BadRequest(f"There is no published build '{name}'; there are: {there}.")
    publish(store, name, out, now_.seq, "rollback", found[name].print)
    return found[name]
