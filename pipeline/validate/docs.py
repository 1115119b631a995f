"""Great Expectations' Data Docs as pages that open offline and load and send nothing."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from pipeline.text import visible
from pipeline.validate.run import GxRun

HERE = Path(__file__).parent
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
DROPPED = " | ".join(
    f"//{tag}"
    for tag in (
        "script", "style", "link", "meta", "img", "svg", "iframe", "object", "form", "base",
        "footer", "comment()",
        "nav[contains(@class, 'navbar-expand-md')]",  # the top bar
        "*[contains(@class, 'modal')]",
        "div[contains(@class, 'card')][.//label]",  # buttons that need a script
        "*[contains(@id, 'collapse-body')]",  # run time, load time, random ids
        "p[a[@data-toggle = 'collapse']]",
    )
)  # fmt: skip
CHECKED = re.compile(r", 'ok_\w+'")
LEVELS = {"h3": "h2", "h4": "h2", "h5": "h3", "h6": "h4"}  # the page has the heading of level 1
GRAVITY = {"critical": "error", "warning": "warning", "info": "note"}
"""Great Expectations' severities, gravest first, in the words of our own report."""
WORDS = {
    "Expectation Validation Result": "Results",
    "Evaluates whether a batch of data matches expectations.": "What must hold, and what holds.",
    "Table of Contents": "On this page",
    "Table-Level Expectations": "The whole dataset",
    "Evaluated Expectations": "Asked",
    "Successful Expectations": "Met",
    "Unsuccessful Expectations": "Not met",
    "Success Percent": "Share met",
    "Expectation": "What must hold",
    "Observed Value": "Found",
    "str": "text",
    "int64": "integer",
    "Int64": "integer",
    "float64": "number",
    "100% not null": "a value in every row",
    "0% unexpected": "in every row",
}
"""Great Expectations' words, and those of a data manager."""
KEPT = frozenset({"class", "id", "hidden", "colspan", "rowspan"})


def data_docs(run: GxRun, folder: Path) -> list[Path]:
    """Writes `index.html` and two pages a suite, its results and what it expects; returns them.

    The findings report stands beside the folder, as `index.html`.

    Great Expectations builds its pages in a temporary folder; they are stripped of scripts,
    CDN links, run times and random ids, and get a small style sheet of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = dict(_pages(run))
    for name, text in pages.items():
        (folder / name).write_text(visible(text), encoding="utf-8")
    return [folder / name for name in pages]


def _pages(run: GxRun) -> Iterator[tuple[str, str]]:
    css = (HERE / "pages.css").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary)
        _build(run.session, site)
        suites = [_summary(domain, run) for domain in run.suites]
        index = TEMPLATES.get_template("data_docs.html.j2")
        yield "index.html", index.render(
            suites=suites, css=css, version=run.version,
            part=any(shown < count for shown, count in run.rows.values()),
        )  # fmt: skip
        for one in suites:
            made = {
                f"{one['domain']}.html": site.glob(f"validations/{one['title']}/**/*.html"),
                f"{one['domain']}-suite.html": site.glob(f"expectations/{one['title']}.html"),
            }
            page = TEMPLATES.get_template("data_docs_page.html.j2")
            for name, (found,) in made.items():
                body = _cleaned(found.read_text(encoding="utf-8"), one["domain"])
                yield name, page.render(body=body, css=css, **one)


def _build(session: Any, site: Path) -> None:
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    session.add_data_docs_site(
        "pages", {"class_name": "SiteBuilder", "site_index_builder": index, "store_backend": store}
    )
    session.build_data_docs()
    session.delete_data_docs_site("pages")


def _summary(domain: str, run: GxRun) -> dict[str, Any]:
    results = run.results[domain].results
    failed = [one for one in results if not one.success]
    return {
        "domain": domain,
        "title": run.results[domain].suite_name,
        "asked": len(results),
        "failed": len(failed),
        "status": _worst(one.expectation_config.severity for one in failed),
        "rows": run.rows[domain],
        "sentences": sorted({one.expectation_config.description for one in failed}),
    }


def _worst(severities: Iterable[str]) -> str:
    """The gravest word for what fails, `success` when nothing does."""
    said = {str(getattr(one, "value", one)) for one in severities}
    return next((ours for theirs, ours in GRAVITY.items() if theirs in said), "success")


def _cleaned(text: str, domain: str) -> str:
    """The content of a page: text, tables and headings, with links to its own parts only."""
    page = html.document_fromstring(text.replace("Data asset: None<br>", ""))
    for element in _found(page, DROPPED):
        element.drop_tree()
    for element in page.iter("h3", "h4", "h5", "h6"):
        element.tag = LEVELS[element.tag]
    for element in page.iter():
        link = element.get("href", "")
        for name in set(element.attrib) - KEPT:
            del element.attrib[name]
        if link.startswith("#"):
            element.set("href", link)
        elif "expectations/" in link:
            element.set("href", f"{domain}-suite.html")
        if element.text and "'ok_" in element.text:  # our check columns, in the list of columns
            element.text = CHECKED.sub("", element.text)
        name = (element.text or "").strip()
        if name.startswith("ok_"):
            element.text = name.removeprefix("ok_").replace("_", " ").capitalize()
        elif name in WORDS:
            element.text = WORDS[name]
    (body,) = _found(page, "//body/div[contains(@class, 'container-fluid')]")
    return str(html.tostring(body, encoding="unicode"))


def _found(page: Any, path: str) -> list[Any]:
    return list(page.xpath(path))
