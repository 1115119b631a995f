"""What CORE answered about one folder of datasets, as `core_run` prints it."""

import subprocess
from os import environ
from pathlib import Path
from typing import Any

import msgspec

from pipeline.issues import BadRequest

SCRIPT = Path(__file__).with_name("core_run.py")


class Engine(msgspec.Struct, frozen=True):
    """The engine's name and version."""

    name: str
    version: str


class Rules(msgspec.Struct, frozen=True):
    """Ids of the rules that ran, and of those skipped and failed, with the reason."""

    run: tuple[str, ...]
    skipped: dict[str, str]
    failed: dict[str, str]


class Found(msgspec.Struct, frozen=True):
    """One finding: the rule, the ids under which it is published, and where; rows count from 1."""

    rule: str
    published: tuple[str, ...]
    dataset: str
    row: int | None
    variables: tuple[str, ...]
    value: dict[str, Any]
    message: str


class Answer(msgspec.Struct, frozen=True):
    """One run: what ran, how many rules looked at each dataset, and what was found."""

    engine: Engine
    sdtmig: str
    rules: Rules
    evaluated: dict[str, int]
    findings: tuple[Found, ...]


def ask(folder: Path, define: Path, cache: Path, python: Path, sdtmig: str) -> Answer:
    """CORE's answer about the datasets in a folder; raises `BadRequest` when it gives none."""
    command = [str(python), "-P", str(SCRIPT), str(folder), "--define", str(define)]
    command += ["--cache", str(cache), "--version", sdtmig]
    fixed = environ | {"PYTHONHASHSEED": "0"}  # CORE gives sets out as lists
    done = subprocess.run(command, capture_output=True, env=fixed, check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise BadRequest(f"{folder}: CORE could not be run for SDTMIG {sdtmig}. {''.join(last)}")
    return msgspec.json.decode(done.stdout, type=Answer)
