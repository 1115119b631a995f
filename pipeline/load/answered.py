"""The last section of a reviewer's guide: what CDISC CORE may say of the package, or has said."""

from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.load.pages.rendering import render
from pipeline.load.section import Section, in_markdown
from pipeline.spec import ROOT
from pipeline.spec.documented import Expectation, expectations, may_be_found

TITLE, ANCHOR = "Findings explained", "findings"
OURS = (
    "What our own checks found in all studies of the build stands in ../../validation/index.html, "
    "with the rules that ran."
)
HTML, MARKDOWN = "reviewers-guide.html", "reviewers-guide.md"


def expected(ts: Sequence[Mapping[str, object]]) -> Section:
    """What CORE may report of these rows of Trial Summary, each with its cause."""
    may = (
        "CDISC CORE has not been asked about this package. It may report these; each has its cause "
        "in the data or in CORE's own rule:"
    )
    heads, rows = ("CORE rule", "Why it is no fault"), may_be_found(ts, _documented())
    return Section(TITLE, (OURS, may), heads, tuple(rows.items()), ANCHOR)


def found(texts: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Section:
    """What CORE did report: rule, numbers it is published as, places, message, explanation."""
    heads = ("CORE rule", "Published as", "Where", "What CORE says", "Why it is no fault")
    return Section(TITLE, (OURS, *texts), heads if rows else (), tuple(rows), ANCHOR)


def answered(guide: Mapping[str, bytes], section: Section) -> dict[str, bytes]:
    """The guide's two files with this section as their last, in place of the one they had."""
    page, text = guide[HTML], guide[MARKDOWN]
    begins = page.index(b'<section aria-labelledby="%s">' % ANCHOR.encode())
    ends = page.index(b"</section>", begins) + len(b"</section>")
    part = render("section.html.jinja", {"one": section, "id": ANCHOR}).strip()
    before, _, _ = text.rpartition(f"## {TITLE}\n".encode())
    return {
        HTML: page[:begins] + part + page[ends:],
        MARKDOWN: before + in_markdown(section).encode("utf-8", "replace"),
    }


@cache
def _documented() -> dict[str, Expectation]:
    return expectations(ROOT / "mappings" / "conformance.yaml")
