"""A build that is killed at one place, for `test_kill`: a process of its own, because it dies.

    python -m tests.killed CALL NUMBER ENGINE INPUTS OUT

The process kills itself when `CALL` (module and name, `module:name`) is called for the NUMBERth
time: at its beginning, or for a number below nought at its end. A number of nought kills nothing.
`ENGINE` is the number of processes, or `cluster`: the engine of Spark with a stand-in for Spark,
which does each task in this process.
"""

import importlib
import os
import signal
import sys
from functools import partial
from pathlib import Path
from threading import Lock
from types import SimpleNamespace

from pipeline import examining, plan

plan.SMALL = 3  # before others take it: several lots of a few studies

from pipeline import publish as publishing  # noqa: E402
from pipeline import spec as specification  # noqa: E402
from pipeline.build import build  # noqa: E402
from pipeline.engines import local, spark  # noqa: E402
from pipeline.publish import Packages  # noqa: E402
from pipeline.sources import items  # noqa: E402
from tests.conftest import asserted  # noqa: E402

PACKAGES = Packages(all=False, named=frozenset({"NCT20000000", "NCT50000000"}))


class Cluster:
    """What the engine asks of Spark's context, done here and now, one task at a time: a worker of
    Spark's has a process of its own.
    """

    defaultParallelism = 1  # noqa: N815 - Spark's name
    busy = Lock()

    def broadcast(self, value):
        return SimpleNamespace(value=value, destroy=lambda: None)

    def parallelize(self, given, _):
        return SimpleNamespace(
            map=lambda work: SimpleNamespace(collect=lambda: self._done(work, given))
        )

    def _done(self, work, given):
        with self.busy:
            return [*map(work, given)]


def dying(work, number):
    """The call, which kills this process."""
    calls = []

    def call(*arguments, **named):
        calls.append(None)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        made = work(*arguments, **named)
        if len(calls) == -number:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    return call


def told(make, studies, *more):
    """Studies made, each told on a line."""
    for one in studies:
        os.write(1, f"{one.study}\n".encode())
    return make(studies, *more)


def main() -> None:
    call, number, engine, inputs, out = sys.argv[1:]
    local.make = spark.make = partial(told, publishing.make)
    examining.asserted, examining.data_docs = asserted, lambda *_: None
    module, _, name = call.partition(":")
    if int(number):
        *around, last = name.split(".")
        owner = importlib.import_module(module)
        for one in around:
            owner = getattr(owner, one)
        setattr(owner, last, dying(getattr(owner, last), int(number)))
    over = partial(spark.publish_all, session=SimpleNamespace(sparkContext=Cluster()))
    cluster = engine == "cluster"
    build(
        items([Path(inputs)]),
        Path(out),
        specification.load(),
        jobs=1 if cluster else int(engine),
        packages=PACKAGES,
        publish=over if cluster else None,
    )


if __name__ == "__main__":
    main()
