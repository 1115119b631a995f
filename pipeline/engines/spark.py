"""Planned studies published by the executors of a Spark cluster, a lot a task."""

import importlib
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.engines.ahead import ahead
from pipeline.engines.deadly import apart, deadly
from pipeline.engines.delivery import deliver, tidy
from pipeline.engines.parcel import packed, unpacked
from pipeline.issues import BadRequest
from pipeline.plan import Lot, Planned
from pipeline.publish import DIED, Packages, Published, Work, finish, make, not_built
from pipeline.spec.model import Spec

R = TypeVar("R")
_DIED = re.compile(r"exited unexpectedly|ExecutorLostFailure")
"""What Spark says when the process of a task is gone, or the whole executor."""
VERSIONS = (__version__, pa.__version__, sys.version_info[:2])
"""What the bytes of the files depend on besides records and specification."""
Known: TypeAlias = tuple[Spec, Packages, tuple[object, ...]]


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
    whole or not at all. Where its worker dies at every try, the studies on which it does are
    found by making some of the lot at a time, and are quarantined.
    Raises `BadRequest` when Spark gives a lot up for another reason.
    """
    cluster = session.sparkContext
    known = cluster.broadcast((spec, work.packages, VERSIONS))
    to = to or str(work.folder.absolute())
    most = max(2, cluster.defaultParallelism)

    def run(lot: Lot, work_of: Callable[[Any], Callable[[int], R]]) -> R:
        parcel = cluster.broadcast(packed(lot, work.shelves))
        try:
            (done,) = cluster.parallelize([0], 1).map(work_of(parcel)).collect()
        finally:
            parcel.destroy()
        return done  # type: ignore[no-any-return]

    def lives(studies: Sequence[Planned]) -> bool:
        try:
            run([("", list(studies))], lambda parcel: _trial(parcel, known))
        except Exception as error:
            if _DIED.search(str(error)):
                return False
            raise
        return True

    def publish(lot: Lot) -> Published:
        try:
            try:
                done = run(lot, lambda parcel: _task(parcel, known, to))
            except Exception as error:
                if not _DIED.search(str(error)):
                    raise
                found = deadly([study for _, studies in lot for study in studies], lives)
                fatal = frozenset(study.study for study in found)
                done = run(lot, lambda parcel: _task(parcel, known, to, fatal))
        except Exception as error:
            raise BadRequest(_gave_up(lot, error)) from error
        published, shapes = done
        for name, schema in shapes.items() if "://" in to else ():
            (work.folder / name).parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(schema.empty_table(), work.folder / name)
        return published

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
    parcel: bytes, known: Known, to: str, fatal: frozenset[str] = frozenset()
) -> tuple[Published, dict[str, pa.Schema]]:
    """What a task does: a lot made and checked in a folder of its own, its files delivered; the
    `fatal` studies are quarantined unmade.

    With what is known of the lot come its parts of the lake by name, as schemas.
    """
    spec, packages, versions = known
    if versions != VERSIONS:
        raise BadRequest(f"The driver has {versions}, this executor {VERSIONS}: install the same.")
    with unpacked(parcel) as (lot, folder):
        work = Work(folder, folder / "made", packages)
        parts = [
            (name, not_built(some[0], DIED, work, spec) if die else make(some, work, spec))
            for name, studies in lot
            for die, some in apart(studies, fatal)
        ]
        published = finish(parts, work, spec)
        shapes = {
            path.relative_to(work.folder).as_posix(): pq.read_schema(path)
            for path in sorted(work.folder.glob("tables/*/*.parquet"))
        }
        deliver(work.folder, to)
    return published, shapes


def try_lot(parcel: bytes, known: Known) -> int:
    """How many studies of a lot are made, which is all that is asked: nothing of them is kept."""
    spec, packages, _ = known
    with unpacked(parcel) as (lot, folder):
        work = Work(folder, folder / "made", packages)
        return sum(len(make(studies, work, spec).built) for _, studies in lot)


def _task(
    parcel: Any, known: Any, to: str, fatal: frozenset[str] = frozenset()
) -> Callable[[int], tuple[Published, dict[str, pa.Schema]]]:
    """The work of a task; it holds the broadcasts and nothing of the driver."""
    return lambda _: publish_lot(parcel.value, known.value, to, fatal)


def _trial(parcel: Any, known: Any) -> Callable[[int], int]:
    """The work of a task that only says whether its worker outlives it."""
    return lambda _: try_lot(parcel.value, known.value)


def java() -> bool:
    """Whether there is a Java to start Spark with."""
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin" / "java").exists()))


def _gave_up(lot: Lot, error: Exception) -> str:
    names = [study.study for _, studies in lot for study in studies]
    why = [line.strip() for line in str(error).splitlines() if "Error: " in line]
    reason = why[0] if why else f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    return f"Spark gave up on the studies {names[0]} to {names[-1]}: {reason}"
