"""Studies published by processes of this machine."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from pipeline.load.package import Built
from pipeline.publish import Packages, publish
from pipeline.spec import load
from pipeline.spec.model import Spec
from pipeline.values import Record


def publish_all(
    studies: Sequence[Sequence[Record]], folder: Path, spec: Spec, packages: Packages, jobs: int
) -> list[Built | str]:
    """Publish every study, in the order given whatever the number of processes."""
    if jobs > 1 and len(studies) > 1:
        with ProcessPoolExecutor(jobs) as pool:
            return list(pool.map(partial(_in_process, folder, packages), studies, chunksize=8))
    return [publish(records, folder, spec, packages) for records in studies]


def _in_process(folder: Path, packages: Packages, records: Sequence[Record]) -> Built | str:
    return publish(records, folder, load(), packages)
