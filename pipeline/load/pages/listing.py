"""The list of all studies as one page."""

from collections.abc import Sequence

import msgspec

from pipeline.load.pages.rendering import render
from pipeline.spec.model import Spec

LISTED = 5_000
"""The most studies that the page lists."""


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
    """`index.html`: a plain table that a few lines of script filter; without script it is whole.

    Of more studies than a browser shows at once, those with a package come first, then those with
    errors, and the page says where the others are.
    """
    shown = rows
    if len(rows) > LISTED:
        shown = sorted(sorted(rows, key=_matters)[:LISTED], key=lambda row: row.id.encode())
    ct = f"{spec.terminology.package} {spec.terminology.version}"
    about = {"rows": shown, "count": len(rows), "ct": ct, "sdtmig": spec.standard.sdtmig}
    return render("index.html.jinja", about)


def _matters(row: StudyLine) -> tuple[bool, bool, bytes]:
    faulty = bool(row.findings_error or row.issues_error)
    return row.status != "package", not faulty, row.id.encode()
