"""The raw store: every version of every record ever fetched, each distinct content once.

A version is a row of the catalogue (SQLite), a content a row of a Parquet file; neither is ever
changed. A row without content is a tombstone: the registry has the record no more.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.sources.item import Item
from pipeline.update.packs import Reader, packed
from pipeline.update.values import Fetched, digest

NAME = "catalogue.sqlite"
_TABLES = Path(__file__).with_name("catalogue.sql")


class Version(msgspec.Struct, frozen=True):
    """A version of a record: `fetched` is when (ISO 8601, UTC), `sha256` empty for a tombstone."""

    seq: int
    registry: str
    id: str
    version: str
    fetched: str
    sha256: str
    run: int


class Store:
    """The store in a folder; `sql` is its catalogue. What was put is there when `put` returns."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.sql = sqlite3.connect(home / NAME)
        self.sql.executescript(_TABLES.read_text(encoding="utf-8"))
        self.reader = Reader(home)

    def close(self) -> None:
        """Close the catalogue."""
        self.sql.close()

    def put(self, records: Sequence[Fetched], run: int) -> int:
        """Keep what is new of some records of one registry, all or nothing; how many were new."""
        new = {one.id: one for one in self.fresh(records)}
        places = self._places(list(new.values()))
        with self.sql:
            self.sql.executemany(
                "INSERT OR IGNORE INTO contents VALUES (?, ?, ?, ?)",
                [(sha, pack, row, size) for sha, (pack, row, size) in places.items()],
            )
            self.sql.executemany(
                "INSERT INTO versions (registry, id, version, fetched, sha256, same, run)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (one.registry, one.id, one.version, now(), digest(one.data), one.same, run)
                    for one in new.values()
                ],
            )
        return len(new)

    def fresh(self, records: Sequence[Fetched]) -> list[Fetched]:
        """Those that differ from the last version of their record."""
        latest = self._latest(records)
        return [one for one in records if latest.get(one.id) != one.same]

    def bury(self, registry: str, ids: Iterable[str], run: int) -> int:
        """A tombstone for each record that has none yet; how many there were to make."""
        with self.sql:
            made = [
                self.sql.execute(
                    "INSERT INTO versions (registry, id, version, fetched, sha256, same, run)"
                    " SELECT registry, id, version, ?, NULL, '', ? FROM latest"
                    " WHERE registry = ? AND id = ? AND sha256 IS NOT NULL",
                    (now(), run, registry, name),
                ).rowcount
                for name in sorted(ids)
            ]
        return sum(made)

    def alive(self, registry: str) -> set[str]:
        """The numbers of the records that a registry has, as far as the store knows."""
        found = self.sql.execute(
            "SELECT id FROM latest WHERE registry = ? AND sha256 IS NOT NULL", (registry,)
        )
        return {name for (name,) in found}

    def history(self, registry: str, name: str) -> list[Version]:
        """All versions of a record, the first first."""
        return self._versions(
            "SELECT * FROM versions WHERE registry = ? AND id = ? ORDER BY seq", registry, name
        )

    def after(self, seq: int) -> list[Version]:
        """The versions that came after one, only the last of each record."""
        return self._versions("SELECT * FROM latest WHERE seq > ? ORDER BY registry, id", seq)

    def gone(self) -> list[Version]:
        """The tombstones of records that are gone."""
        return self._versions("SELECT * FROM latest WHERE sha256 IS NULL ORDER BY registry, id")

    def held(self) -> set[int]:
        """The versions that are held back."""
        return {seq for (seq,) in self.sql.execute("SELECT seq FROM held")}

    def known(self, version: Version) -> bool:
        """Whether there was a version of the record before this one."""
        query = "SELECT 1 FROM versions WHERE registry = ? AND id = ? AND seq < ?"
        place = (version.registry, version.id, version.seq)
        return self.sql.execute(query, place).fetchone() is not None

    def count(self) -> int:
        """How many records there are, gone or not."""
        (found,) = self.sql.execute("SELECT count(*) FROM latest").fetchone()
        return int(found)

    def last(self) -> int:
        """The number of the last version."""
        (found,) = self.sql.execute("SELECT coalesce(max(seq), 0) FROM versions").fetchone()
        return int(found)

    def content(self, sha256: str) -> bytes:
        """The bytes that have this hash."""
        found = self.sql.execute("SELECT pack, row FROM contents WHERE sha256 = ?", (sha256,))
        pack, row = found.fetchone()
        return self.reader.read(pack, row)

    def items(self) -> Iterator[Item]:
        """The last usable version of every record, gone or not, in the order of their numbers,
        each after the earlier ones that are its history.
        """
        found = self.sql.execute(
            "SELECT registry, id, day, pack, row FROM told ORDER BY registry, id, seq"
        )
        for registry, name, day, pack, row in found:
            yield Item(label(registry, name, day), self.reader.read(pack, row))

    def _latest(self, records: Sequence[Fetched]) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in records:
            row = self.sql.execute(
                "SELECT same FROM versions WHERE registry = ? AND id = ? ORDER BY seq DESC LIMIT 1",
                (one.registry, one.id),
            ).fetchone()
            found |= {one.id: row[0]} if row else {}
        return found

    def _places(self, new: Sequence[Fetched]) -> dict[str, tuple[str, int, int]]:
        """Where the contents stand that the store did not have yet."""
        unknown = {
            sha: one
            for one in new
            for sha in [digest(one.data)]
            if not self.sql.execute("SELECT 1 FROM contents WHERE sha256 = ?", (sha,)).fetchone()
        }
        if not unknown:
            return {}
        places = packed(list(unknown.values()), self.home)
        return {sha: (*places[sha], len(one.data)) for sha, one in unknown.items()}

    def _versions(self, query: str, *values: object) -> list[Version]:
        return [
            Version(seq, registry, name, version, fetched, sha256 or "", run)
            for seq, registry, name, version, fetched, sha256, _, run in self.sql.execute(
                query, values
            )
        ]


def label(registry: str, name: str, day: str) -> str:
    """What an item of the store is called; an earlier version by its day, too."""
    return "/".join(filter(None, (registry, name, day)))


def now() -> str:
    """The time as ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
