"""Planned studies published by the executors of a Spark cluster, a lot a task."""

import importlib
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.engines.ahead import ahead
from pipeline.engines.culprits import culprits
from pipeline.engines.delivery import deliver, tidy
from pipeline.engines.parcel import packed, unpacked
from pipeline.issues import BadRequest
from pipeline.plan import Lot
from pipeline.publish import DIED, Made, Packages, Published, Work, finish, make, not_built
from pipeline.spec.model import Spec

VERSIONS = (__version__, pa.__version__, sys.version_info[:2])
"""What the bytes of the files depend on besides records and specification."""

Known: TypeAlias = tuple[Spec, Packages, tuple[object, ...]]
"""What every task knows: specification, packages wanted, and the driver's versions."""

_DEATHS = ("Python worker exited unexpectedly", "ExecutorLostFailure")
"""What Spark 4 says of a task whose Python process, or whose executor, ended without a word."""


class WorkerDied(BadRequest):
    """A lot that was given up because the process of its task died at every try."""


def publish_all(
    lots: Iterable[Lot],
    work: Work,
    spec: Spec,
    told: Callable[[int], None],
    *,
    session: Any,
    to: str = "",
) -> Iterator[Published]:
    """Every lot published, in order; `told` of the studies made.

    Files go to the folder of the work, which every executor must see under the same path; or to
    the address `to`, and then the parts of the lake stand in that folder without their rows.
    A lot is a job of one task, and some are under way at a time: never more of the inputs is in
    flight than that. Spark does a task again that fails; it writes the same files again, each
    whole or not at all. A study on which the process of a task dies at every try is quarantined.
    Raises `BadRequest` when Spark gives a lot up for another reason.
    """
    cluster = session.sparkContext
    known = cluster.broadcast((spec, work.packages, VERSIONS))
    to = to or str(work.folder.absolute())
    most = max(2, cluster.defaultParallelism)

    def run(task: Callable[..., Any], lot: Lot, *more: object) -> Any:
        parcel = cluster.broadcast(packed(lot, work.shelves))
        try:
            (made,) = cluster.parallelize([0], 1).map(_on(task, parcel, known, *more)).collect()
        except Exception as error:
            raise _gave_up(lot, error) from error
        finally:
            parcel.destroy()
        return made

    def dies(lot: Lot) -> bool:
        try:
            run(try_lot, lot)
        except WorkerDied:
            return True
        return False

    def publish(lot: Lot) -> Published:
        try:
            published, shapes = run(publish_lot, lot, to)
        except WorkerDied:
            if not (dead := culprits(lot, dies)):
                raise
            published, shapes = run(publish_lot, lot, to, dead)
        for name, schema in shapes.items() if "://" in to else ():
            (work.folder / name).parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(schema.empty_table(), work.folder / name)
        return published  # type: ignore[no-any-return]

    with ThreadPoolExecutor(most) as pool:
        for published in ahead(pool, publish, lots, 2 * most):
            told(len(published.built))
            yield published
    tidy(to)


def session(master: str = "") -> Any:
    """The Spark session that is there, else a new one on `master`, else where Spark is told to.

    Raises `BadRequest` when pyspark or Java is missing.
    """
    try:
        sql = importlib.import_module("pyspark.sql")
    except ImportError as error:
        raise BadRequest(
            "--engine spark needs pyspark, which is not installed: pip install 'pyspark>=4,<5'."
        ) from error
    there = sql.SparkSession.getActiveSession()
    if there is not None:
        return there
    if not java():
        raise BadRequest(
            "--engine spark needs Java 17, and there is no java on the path or in JAVA_HOME."
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    new = sql.SparkSession.builder.appName("registry-sdtm")
    if master:
        new = new.master(master)
    if master.startswith("local"):
        new = new.config("spark.ui.enabled", "false").config("spark.driver.host", "localhost")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas, which Spark is not asked for
        made = new.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def publish_lot(
    parcel: bytes, known: Known, to: str, dead: frozenset[str] = frozenset()
) -> tuple[Published, dict[str, pa.Schema]]:
    """What a task does: a lot made and checked in a folder of its own, its files delivered.

    The studies in `dead` are quarantined untried. With what is known of the lot come its parts
    of the lake by name, as schemas.
    """
    spec, packages = _same(known)
    with unpacked(parcel) as (lot, folder):
        work = Work(folder, folder / "made", packages)
        parts = list(_made(lot, dead, work, spec))
        published = finish(parts, work, spec)
        shapes = {
            path.relative_to(work.folder).as_posix(): pq.read_schema(path)
            for path in sorted(work.folder.glob("tables/*/*.parquet"))
        }
        deliver(work.folder, to)
    return published, shapes


def try_lot(parcel: bytes, known: Known) -> None:
    """A lot made and thrown away, to see whether the process lives through it."""
    spec, packages = _same(known)
    with unpacked(parcel) as (lot, folder):
        for _ in _made(lot, frozenset(), Work(folder, folder / "made", packages), spec):
            pass


def _made(lot: Lot, dead: frozenset[str], work: Work, spec: Spec) -> Iterator[tuple[str, Made]]:
    for name, studies in lot:
        for is_dead, some in groupby(studies, lambda one: one.study in dead):
            if is_dead:
                yield from ((name, not_built(one, DIED, work, spec)) for one in some)
            else:
                yield name, make(list(some), work, spec)


def _same(known: Known) -> tuple[Spec, Packages]:
    spec, packages, versions = known
    if versions != VERSIONS:
        raise BadRequest(f"The driver has {versions}, this executor {VERSIONS}: install the same.")
    return spec, packages


def _on(task: Callable[..., Any], parcel: Any, known: Any, *more: object) -> Callable[[int], Any]:
    """The work of a task; it holds the broadcasts and nothing of the driver."""
    return lambda _: task(parcel.value, known.value, *more)


def java() -> bool:
    """Whether there is a Java to start Spark with."""
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin" / "java").exists()))


def _gave_up(lot: Lot, error: Exception) -> BadRequest:
    """What to raise; an error of Python's comes with its traceback, a death has none."""
    names = [study.study for _, studies in lot for study in studies] or ["none"]
    died = any(mark in str(error) for mark in _DEATHS)
    why = [line.strip() for line in str(error).splitlines() if "Error: " in line]
    reason = why[0] if why else f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    said = f"Spark gave up on the studies {names[0]} to {names[-1]}: {reason}"
    return WorkerDied(said) if died else BadRequest(said)
