"""Files made on one machine are put where the build is: a folder that all machines see, or a
store by its address.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from pyarrow import fs

from pipeline.issues import BadRequest

UNDER_WAY = ".delivering"
"""The folder of what is not whole yet, beside what is."""

_WHOLE_ON_CLOSE = ("s3", "gcs", "abfs")
"""Stores in which an object is seen when its last byte is there, and never before."""


def deliver(folder: Path, to: str, last: str = "") -> None:
    """Put every file below `folder` to the same place below `to`, each whole or not at all.

    To do it again gives the same, also after a try that was stopped at any moment. The file
    named `last` is put last.
    """
    system, base = place(to)
    attempt = f"{base}/{UNDER_WAY}/{uuid4().hex}"
    files = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    for number, name in enumerate(sorted(files, key=lambda one: (one == Path(last), one))):
        target = f"{base}/{name.as_posix()}"
        at_once = system.type_name in _WHOLE_ON_CLOSE
        written = target if at_once else f"{attempt}/{number}"
        for needed in () if at_once else (attempt, target.rpartition("/")[0]):
            system.create_dir(needed, recursive=True)
        with (folder / name).open("rb") as source, system.open_output_stream(written) as file:
            shutil.copyfileobj(source, file, 1 << 20)
        if not at_once:
            _move(system, written, target)
    with suppress(FileNotFoundError):
        system.delete_dir(attempt)


def tidy(to: str) -> None:
    """Remove what tries left that were stopped."""
    system, base = place(to)
    with suppress(FileNotFoundError):
        system.delete_dir(f"{base}/{UNDER_WAY}")


def check_empty(to: str) -> None:
    """Raises `BadRequest` when there is something at the address: nothing there is replaced."""
    system, base = place(to)
    if system.get_file_info(fs.FileSelector(base, allow_not_found=True)):
        raise BadRequest(f"{to} is not empty; name a new place, such as {to.rstrip('/')}/<date>.")


def place(to: str) -> tuple[fs.FileSystem, str]:
    """The file system of an address or folder, and the path in it.

    Raises `BadRequest` when no file system can be had for it.
    """
    try:
        system, base = fs.FileSystem.from_uri(to if "://" in to else Path(to).absolute())
    except (OSError, ValueError, ImportError) as error:  # pa.ArrowInvalid is a ValueError
        raise BadRequest(f"{to} cannot be written to: {error}") from error
    return system, base.rstrip("/")


def _move(system: fs.FileSystem, written: str, target: str) -> None:
    """Rename; where a file that is there stands in the way (HDFS), it goes first."""
    try:
        system.move(written, target)
    except OSError:
        with suppress(FileNotFoundError):
            system.delete_file(target)
        system.move(written, target)
