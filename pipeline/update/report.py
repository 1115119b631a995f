"""What a run changed, for people (a page), machines (JSON) and readers of feeds (Atom)."""

import uuid
from collections import Counter
from pathlib import Path

import msgspec
from lxml import etree

from pipeline.diffing import SEVERITIES, Change
from pipeline.load.pages.rendering import render
from pipeline.load.saved import save
from pipeline.update.gate import Held
from pipeline.update.store import Version

ATOM = "http://www.w3.org/2005/Atom"
SHOWN = 2_000
"""Changes that the page lists; all of them stand in the JSON."""
ENTRIES = 30
"""Runs in the feed."""


class Report(msgspec.Struct, frozen=True):
    """What a run did: `status` is `published` or `stopped`, `why` what stood against it."""

    run: str
    at: str
    status: str
    why: list[str]
    counts: dict[str, int]
    changes: list[Change]
    held: list[Held]
    gone: list[Version]


def report(
    run: str,
    at: str,
    status: str,
    why: list[str],
    changes: list[Change],
    held: list[Held],
    gone: list[Version],
) -> Report:
    """A report with its changes counted by severity."""
    counted = Counter(one.severity for one in changes)
    counts: dict[str, int] = {level: counted[level] for level in SEVERITIES}
    return Report(run, at, status, why, counts, changes, held, gone)


def told(one: Report, home: Path) -> None:
    """Write the report of a run below `home/reports`, and the feed of the last ones."""
    data = msgspec.json.format(msgspec.json.encode(one), indent=1) + b"\n"
    place = f"reports/{one.run}"
    page = changes_page(f"Update {one.run}", _summary(one), _notes(one), one.changes)
    save({f"{place}/report.html": page, f"{place}/report.json": data}, home)
    found = sorted((home / "reports").glob("*/report.json"), reverse=True)[:ENTRIES]
    runs = [msgspec.json.decode(path.read_bytes(), type=Report) for path in found]
    beside = home / "reports" / "feed.writing"
    beside.write_bytes(feed(runs))
    beside.replace(home / "reports" / "feed.atom")


def changes_page(title: str, summary: str, notes: list[str], changes: list[Change]) -> bytes:
    """Changes as a page."""
    caption = "The gravest first."
    if len(changes) > SHOWN:
        caption = f"The gravest {SHOWN:,} of {len(changes):,}; all stand in report.json."
    content = {
        "title": title,
        "summary": summary,
        "notes": notes,
        "changes": changes[:SHOWN],
        "caption": caption,
    }
    return render("changes.html.jinja", content)


def feed(runs: list[Report]) -> bytes:
    """The runs as an Atom feed (RFC 4287), the last first."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    _element(root, "id", _urn("feed"))
    _element(root, "title", "Changes of trial-design datasets")
    _element(root, "updated", runs[0].at)
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _element(author, "name", "registry-sdtm")
    for one in runs:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _element(entry, "id", _urn(one.run))
        _element(entry, "title", f"Update {one.run}: {_summary(one)}")
        _element(entry, "updated", one.at)
        link = etree.SubElement(entry, f"{{{ATOM}}}link")
        link.set("href", f"{one.run}/report.html")
        lines = [
            *_notes(one),
            *(line(change) for change in one.changes if change.severity != "minor"),
        ]
        _element(entry, "summary", "\n".join(lines[:SHOWN]))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def line(one: Change) -> str:
    """A change as one line of text."""
    place = " ".join(filter(None, (one.study, one.domain, one.key)))
    if not one.domain:
        return f"{one.severity}: {place}: the study is {one.kind}"
    values = "; ".join(
        f"{name}: {before or '∅'} → {after or '∅'}" for name, before, after in one.cells
    )
    return f"{one.severity}: {place} {one.kind}: {values}"


def _summary(one: Report) -> str:
    counts = ", ".join(f"{count} {level}" for level, count in one.counts.items() if count)
    return f"{one.status}; {counts or 'no'} changes of rows"


def _notes(one: Report) -> list[str]:
    notes = list(one.why)
    notes += [f"{held.id} ({held.version}) is held back: {held.why}" for held in one.held]
    notes += [f"{gone.id} is no longer in its registry; its datasets stay." for gone in one.gone]
    return notes


def _element(parent: etree._Element, name: str, text: str) -> None:
    plain = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = plain


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"registry-sdtm {name}").urn
