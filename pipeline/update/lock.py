"""No two runs at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.issues import BadRequest


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the lock of a store; it is free again when the process ends, however it ends.

    Raises `BadRequest` when another run holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise BadRequest(f"Another run is under way ({file.read().strip()}).") from error
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
