"""Which records a change touches: those that changed, and all that may be of one study with them.

Records are tied by the numbers they state (`pipeline.join`). The keys of each content are kept in
the catalogue, so that the records that share one with a changed record are found without reading
the others.
"""

from collections.abc import Iterator

import msgspec

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.join import CONCEPTS, brief, registry_ids, study_id
from pipeline.sources.item import Item
from pipeline.spec.model import Spec
from pipeline.spec.narrow import narrowed
from pipeline.update.store import Store, label

_BEFORE = (
    "SELECT s.registry, s.id, v.seq, '' AS day, c.pack, c.row FROM shown AS s"
    " JOIN versions AS v USING (seq) JOIN contents AS c USING (sha256)"
    " JOIN hit ON (hit.registry, hit.id) = (s.registry, s.id)"
    " UNION ALL SELECT e.registry, e.id, e.seq, e.version, e.pack, e.row FROM shown AS s"
    " JOIN hit USING (registry, id) JOIN earlier AS e ON e.of = s.seq"
)
_AFTER = "SELECT registry, id, seq, day, pack, row FROM told JOIN hit USING (registry, id)"


class Touched(msgspec.Struct, frozen=True):
    """The records that a change touches, as they were and as they are."""

    before: list[Item]
    after: list[Item]


def keep_keys(store: Store, spec: Spec, program: str) -> None:
    """Find the keys of all contents that may be built and have none yet."""
    quick = narrowed((*registry_ids(spec), *CONCEPTS), spec)
    with store.sql:
        store.sql.execute("DELETE FROM keyed WHERE program != ?", (program,))
        store.sql.execute("DELETE FROM keys WHERE sha256 NOT IN (SELECT sha256 FROM keyed)")
        missing = store.sql.execute(
            "SELECT sha256, registry, id, pack, row FROM told"
            " WHERE sha256 NOT IN (SELECT sha256 FROM keyed)"
        ).fetchall()
        for sha, registry, name, pack, row in missing:
            data = store.reader.read(pack, row)
            keys = {(key, sha) for key in _keys(data, f"{registry}/{name}", quick)}
            store.sql.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", keys)
            store.sql.execute("INSERT OR IGNORE INTO keyed VALUES (?, ?)", (sha, program))


def _keys(data: bytes, name: str, spec: Spec) -> Iterator[str]:
    for found in read(data, name, spec):
        if not isinstance(found, Unreadable):
            one = brief(found, spec)
            yield from ("\0".join(key) for key in one.keys)
            yield f"study\0{study_id([one])}"


def keep_shown(store: Store) -> None:
    """Remember that the build that is published now has the last usable versions."""
    with store.sql:
        store.sql.execute("DELETE FROM shown WHERE (registry, id, seq) NOT IN"
                          " (SELECT registry, id, seq FROM usable)")  # fmt: skip
        store.sql.execute("INSERT OR REPLACE INTO shown SELECT registry, id, seq FROM usable"
                          " WHERE (registry, id, seq) NOT IN (SELECT * FROM shown)")  # fmt: skip


def touched(store: Store) -> Touched:
    """What the versions that came since the published build touch."""
    sql = store.sql
    sql.execute("CREATE TEMP TABLE IF NOT EXISTS hit (registry, id, PRIMARY KEY (registry, id))")
    sql.execute("DELETE FROM hit")
    sql.execute(
        "INSERT OR IGNORE INTO hit SELECT registry, id FROM"
        " (SELECT registry, id, seq FROM usable EXCEPT SELECT * FROM shown)"
    )
    sql.execute(
        "INSERT OR IGNORE INTO hit SELECT registry, id FROM"
        " (SELECT * FROM shown EXCEPT SELECT registry, id, seq FROM usable)"
    )
    reached = 0
    while reached != (reached := sql.execute("SELECT count(*) FROM hit").fetchone()[0]):
        sql.execute(
            "INSERT OR IGNORE INTO hit"
            " WITH ours AS (SELECT DISTINCT k.key FROM hit AS h"
            "   JOIN versions AS v USING (registry, id) JOIN keys AS k USING (sha256))"
            " SELECT DISTINCT v.registry, v.id FROM ours JOIN keys AS k USING (key)"
            "   JOIN versions AS v USING (sha256)"
        )
    return Touched(_items(store, _BEFORE), _items(store, _AFTER))


def _items(store: Store, query: str) -> list[Item]:
    found = store.sql.execute(f"{query} ORDER BY 1, 2, 3")
    return [
        Item(label(registry, name, day), store.reader.read(pack, row))
        for registry, name, _, day, pack, row in found
    ]
