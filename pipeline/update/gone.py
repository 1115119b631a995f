"""Records that their registry has no more: their datasets are kept, and marked."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.load.lists import table_csv
from pipeline.update.renew import MARK
from pipeline.update.store import Store, Version

COLUMNS = ("study", "registry", "id", "last version", "gone since")


def mark(store: Store, made: Path) -> None:
    """`gone.csv` of a build: the records that are gone, with the folders of their studies; each
    such folder has its own, too.
    """
    for path in (made / MARK, *made.glob(f"studies/*/{MARK}")):
        path.unlink(missing_ok=True)
    studies = set(pq.read_table(made / "studies.parquet", columns=["id"])["id"].to_pylist())
    rows = [(study, one) for one in store.gone() for study in sorted(_studies(store, one, studies))]
    (made / MARK).write_bytes(_lines(rows))
    for study in {study for study, _ in rows}:
        home = made / "studies" / study
        if home.is_dir():
            (home / MARK).write_bytes(_lines([row for row in rows if row[0] == study]))


def _studies(store: Store, one: Version, studies: set[str]) -> set[str]:
    """The folders that a record may stand in: those that one of its numbers names."""
    found = store.sql.execute(
        "SELECT key FROM keys JOIN usable USING (sha256) WHERE registry = ? AND id = ?",
        (one.registry, one.id),
    )
    named = {key.rpartition("\0")[2].replace("/", "-") for (key,) in found}
    return named & studies or {""}


def _lines(rows: list[tuple[str, Version]]) -> bytes:
    return table_csv(COLUMNS, _cells(rows))


def _cells(rows: list[tuple[str, Version]]) -> Iterator[tuple[str, ...]]:
    for study, one in rows:
        yield study, one.registry, one.id, one.version, one.fetched[:10]
