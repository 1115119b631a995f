"""One study's records become its package on disk."""

import traceback
from collections.abc import Sequence
from pathlib import Path

from pipeline.load.package import Built, package
from pipeline.load.saved import save
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.values import Record


def publish(records: Sequence[Record], folder: Path, spec: Spec) -> Built | str:
    """Write the study's package below `folder/studies`; a study that fails returns why.

    `folder` is a staging folder that nobody reads yet, so a package cut off in it is never seen.
    """
    try:
        study = build(records, spec)
        files, built = package(study, spec)
        save(files, folder / "studies" / study.id)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    return built
