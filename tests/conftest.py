"""What tests share: the spec, the supplied page, and a study built from a text."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from pipeline.extract import read
from pipeline.issues import Unreadable
from pipeline.spec import ROOT, load
from pipeline.spec.model import Spec
from pipeline.study import build
from pipeline.update.store import Store
from pipeline.update.web import Manners, Web
from pipeline.validate.run import GxRun
from pipeline.values import Record, Study
from tests.loopback import Registry, study

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


def asserted(samples, native, spec, *, told=True):
    """In the place of Great Expectations: the rules that it would assert are asked of the rows,
    which gives the same findings (test_expectations holds that).
    """
    found = {replace(one, engine="expectations") for one in native if one.engine == "native"}
    return sorted(found), GxRun("not run", {}, {}, None, {})


@pytest.fixture
def swift(monkeypatch):
    """Great Expectations asks nothing (`asserted`), and there are no Data Docs."""
    monkeypatch.setattr("pipeline.examining.asserted", asserted)
    monkeypatch.setattr("pipeline.examining.data_docs", lambda *_: None)


@pytest.fixture
def registry(request):
    """A registry on loopback with as many trials as the test's module says (`TRIALS`)."""
    found = Registry()
    numbers = range(1, request.module.TRIALS + 1)
    found.add(*(study(f"NCT0000000{n}", f"Trial {n}", f"2026-01-0{n}") for n in numbers))
    yield found
    found.close()


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "registry")
    yield found
    found.close()


@pytest.fixture
def web():
    quick = Manners(
        rate=5000, attempts=4, wait=0.001, longest=0.005, timeout=0.5, contact="a@b.example"
    )
    found = Web(quick)
    yield found
    found.close()
