"""The list of all studies as one page."""

from collections.abc import Sequence

import msgspec

from pipeline.load.pages.rendering import render
from pipeline.spec.model import Spec


class StudyLine(msgspec.Struct, frozen=True):
    """One study as the list shows it."""

    id: str
    studyid: str
    title: str
    registries: tuple[str, ...]
    version: str
    arms: int
    criteria: int
    filled: int
    absent: int
    assumed: int
    curated: int
    tasks: int
    issues_error: int
    issues_warning: int
    findings_error: int
    status: str


def index_page(rows: Sequence[StudyLine], spec: Spec) -> bytes:
    """`index.html`: a plain table that a few lines of script filter; without script it is whole."""
    ct = f"{spec.terminology.package} {spec.terminology.version}"
    return render("index.html.jinja", {"rows": rows, "ct": ct, "sdtmig": spec.standard.sdtmig})
