"""What tests share: the spec, the supplied page, and a study built from a text."""

from pathlib import Path

import pytest

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.spec import ROOT, load
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.values import Record, Study

SHARED = ROOT.parent / "shared"
SEED = next((ROOT / "data" / "raw").glob("*.txt"))


@pytest.fixture(scope="session")
def spec() -> Spec:
    return load()


@pytest.fixture(scope="session")
def page() -> str:
    return SEED.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def seed(spec: Spec, page: str) -> Study:
    return study_of(page, spec)


def study_of(text: str, spec: Spec, name: str = "page.txt") -> Study:
    """The study that a page's text makes."""
    return build([record_of(text.encode(), name, spec)], spec)


def record_of(data: bytes, name: str, spec: Spec) -> Record:
    """The one record in a file's bytes; raises why it cannot be read."""
    (found,) = read(data, name, spec)
    if isinstance(found, Unreadable):
        raise found
    return found


def values(study: Study, code: str) -> list[str | None]:
    """The TSVALs of a parameter in order; None for a null flavor."""
    return [row["TSVAL"].value for row in study.tables["TS"].rows if row["TSPARMCD"] == code]


def flavors(study: Study, code: str) -> list[str | None]:
    return [row["TSVALNF"] for row in study.tables["TS"].rows if row["TSPARMCD"] == code]


def shared(path: str) -> Path:
    """A file of `../shared`, or a skipped test."""
    found = SHARED / path
    if not found.exists():
        pytest.skip("../shared is not there")
    return found
