"""`mappings/update.yaml`: how registries are asked, and when a run is not published."""

from pathlib import Path

import msgspec

from pipeline.issues import BadRequest
from pipeline.spec import ROOT
from pipeline.spec.text import parse
from pipeline.update.web import Manners

FILE = ROOT / "mappings" / "update.yaml"


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a registry answers, and how many requests a second it gets at most."""

    base: str
    rate: float


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of the records that may fail, change or go at once; `few` may in any case."""

    failed: float
    changed: float
    gone: float
    few: int


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, as it is written."""

    registries: dict[str, Place]
    contact: str
    timeout: float
    attempts: int
    wait: float
    longest: float
    sweep: int
    limits: Limits
    keep: int

    def manners(self, registry: str) -> Manners:
        """How a registry is asked."""
        return Manners(
            rate=self.registries[registry].rate,
            attempts=self.attempts,
            wait=self.wait,
            longest=self.longest,
            timeout=self.timeout,
            contact=self.contact,
        )


def settings(path: Path = FILE) -> Settings:
    """The settings; raises `BadRequest` for a file that says something else."""
    try:
        return msgspec.convert(parse(path), Settings, strict=False)
    except (OSError, msgspec.ValidationError) as error:
        raise BadRequest(f"{path}: {error}") from error
