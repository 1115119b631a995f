"""A build over a Spark cluster, into a folder that all its machines see or a store by its
address.
"""

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pipeline.build import OURS, Outcome, Told, build, silent
from pipeline.engines import spark
from pipeline.engines.delivery import check_empty, deliver, tidy
from pipeline.publish import Packages
from pipeline.sources import Item
from pipeline.spec.model import Spec


def build_over_spark(
    inputs: Iterable[Item],
    out: str,
    spec: Spec,
    packages: Packages,
    master: str = "",
    told: Told = silent,
) -> Outcome:
    """Build every input into `out`: a folder, as `build` does it, or an address (`s3://…`).

    A store has no rename for a whole folder: there the build begins in an empty place and is
    finished when `build.json` is there, which comes last.
    Raises `BadRequest` when pyspark or Java is missing, the place cannot be used, or Spark gives
    a lot up.
    """
    if "://" not in out:
        session = spark.session(master)
        engine = partial(spark.publish_all, session=session)
        return build(inputs, Path(out), spec, packages=packages, publish=engine, told=told)
    check_empty(out)
    engine = partial(spark.publish_all, session=spark.session(master), to=out)
    with tempfile.TemporaryDirectory(prefix="registry-sdtm-") as folder:
        home = Path(folder) / "build"
        outcome = build(inputs, home, spec, packages=packages, publish=engine, told=told)
        for shape in (home / "tables").glob("*/*.parquet"):
            shape.unlink()  # the part itself is at the address
        deliver(home, out, last=OURS)
        tidy(out)
    return outcome
