"""Random records built into packages, so that CORE is asked about more than one's own data."""

import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import msgspec

from pipeline.issues import BadRequest
from pipeline.values import Source

LARGEST = 2_000_000
"""Bytes of an input that is drawn: exports of many hundred trials would drown the others."""


class Made(msgspec.Struct, frozen=True):
    """What a manifest says of the records that a package was made from."""

    records: tuple[Source, ...]


def drawn(folder: Path, number: int, seed: int) -> list[Path]:
    """As many inputs below `folder`, from its subfolders by turns; the same for the same seed.

    Raises `BadRequest` when there are none.
    """
    dice = random.Random(seed)  # noqa: S311 - a sample, no secret
    shelves: dict[Path, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= LARGEST:
            shelves.setdefault(path.parent, []).append(path)
    if not shelves:
        raise BadRequest(f"{folder} holds no records.")
    shuffled = [dice.sample(paths, len(paths)) for paths in shelves.values()]
    turns = (path for turn in zip_longest(*shuffled) for path in turn if path)
    return [path for path, _ in zip(turns, range(number), strict=False)]


def built(inputs: Sequence[Path], out: Path, sdtmig: str) -> None:
    """Build the inputs into `out` for a version of SDTMIG; raises `BadRequest` when it cannot."""
    command = [sys.executable, "-m", "pipeline", "build", *map(str, inputs)]
    command += ["--out", str(out), "--standard", sdtmig]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 2:
        raise BadRequest(done.stderr.strip())


def one_each(out: Path, number: int, seed: int) -> dict[str, str]:
    """Of the packages in `out` as many by chance, with their formats; one of every input, where
    there are inputs enough.
    """
    dice = random.Random(seed)  # noqa: S311
    by_input: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(out.glob("studies/*/manifest.json")):
        source = msgspec.json.decode(path.read_bytes(), type=Made).records[0]
        name = source.name.partition("#")[0]  # a record of several in one input
        by_input.setdefault(name, []).append((path.parent.name, source.format))
    shuffled = [dice.sample(found, len(found)) for _, found in sorted(by_input.items())]
    dice.shuffle(shuffled)
    turns = (one for turn in zip_longest(*shuffled) for one in turn if one)
    return dict(sorted(one for one, _ in zip(turns, range(number), strict=False)))
