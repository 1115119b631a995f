"""Builds the same records with both engines in small lots, for `test_spark`: a process of its own,
because Spark keeps one until it ends.

    python -m tests.over_spark RECORDS FOLDER
"""

import sys
from functools import partial
from pathlib import Path

from pipeline import plan

plan.SMALL = 3  # before others take it: several lots of a few studies

from pipeline import spec as specification  # noqa: E402
from pipeline.build import build  # noqa: E402
from pipeline.engines import local, spark  # noqa: E402
from pipeline.issues import BadRequest  # noqa: E402
from pipeline.publish import Packages, make  # noqa: E402
from pipeline.sources import items  # noqa: E402
from pipeline.spread import build_over_spark  # noqa: E402

MASTER = "local[2,3]"  # a task has three tries
FATAL = "NCT00000025"  # on which a process dies, whichever engine it works for
PACKAGES = Packages(all=False, named=frozenset({"NCT00000001", "NCT00000049"}))


def main() -> None:
    records, folder = (Path(argument) for argument in sys.argv[1:])
    (folder / "died").mkdir(parents=True)
    known = specification.load()
    whole = spark.publish_lot
    outcome = build(items([records]), folder / "local", known, packages=PACKAGES)
    assert outcome.formats == {"ctgov_v2": 7}

    spark.publish_lot = partial(dying, folder / "died")
    build_over_spark(items([records]), str(folder / "spark"), known, PACKAGES, MASTER)

    spark.publish_lot = whole
    address = (folder / "store").as_uri()
    build_over_spark(items([records]), address, known, PACKAGES)

    spark.publish_lot, spark.try_lot = partial(killed, "publish_lot"), partial(killed, "try_lot")
    build_over_spark(items([records]), str(folder / "spark-fatal"), known, PACKAGES)
    local.make = killing
    build(items([records]), folder / "local-fatal", known, jobs=2, packages=PACKAGES)

    spark.publish_lot = failing
    try:
        build_over_spark(items([records]), str(folder / "spark"), known, PACKAGES)
    except BadRequest as error:
        print(error)  # noqa: T201


def dying(died, parcel, known, to, fatal):
    """A task whose process dies at its first try, when it has delivered three files and begun a
    fourth.
    """
    import os
    from hashlib import sha256

    from pipeline.engines import delivery, spark

    mark = died / sha256(parcel).hexdigest()
    if not mark.exists():
        mark.touch()
        move, moved = delivery._move, []

        def some(*arguments):
            if len(moved) == 3:
                os._exit(9)
            moved.append(move(*arguments))

        delivery._move = some
    return spark.publish_lot(parcel, known, to, fatal)


def killing(studies, work, spec):
    """Making studies, of which one ends the process."""
    import os

    if any(one.study == FATAL for one in studies):
        os._exit(9)
    return make(studies, work, spec)


def killed(what, *arguments):
    """A task of that name whose process dies when it makes one of the studies."""
    from pipeline.engines import spark

    spark.make = killing
    return getattr(spark, what)(*arguments)


def failing(parcel, known, to, fatal):
    """A task that always fails."""
    raise ValueError("the disk is full")


if __name__ == "__main__":
    main()
