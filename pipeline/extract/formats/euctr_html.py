"""The EU Clinical Trials Register's protocol page: its rows become the fields of the text download.

The record's text is the page's rows, a field a line as the download writes them; facts are placed
in it.
"""

from collections.abc import Iterator

from lxml import etree, html

from pipeline.extract.fields import Field, record
from pipeline.extract.formats.euctr_text import NAME as MAPPING
from pipeline.extract.formats.euctr_text import headed
from pipeline.issues import Unreadable
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Record, Source

NAME = "euctr_html"
_MARKS = ('class="tricell"', 'id="section-a"')
_HEADINGS = ("cellBlue", "cellYellow")
_ROWS = (
    "//table[contains(@class, 'section') and not(contains(@class, 'index'))]"
    "//tr[td[@class='first' or @class='cellGrey' or @class='cellBlue' or @class='cellYellow']]"
)


def recognise(text: str, spec: Spec) -> bool:
    """Whether the text is a page with the register's tables."""
    page = MAPPING in spec.registries and text.lstrip("\ufeff \r\n\t")[:1] == "<"
    return page and all(mark in text for mark in _MARKS)


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """The one record of the page."""
    mapping = spec.registries[MAPPING]
    assert isinstance(mapping, TreeMapping)
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, ValueError) as error:
        yield Unreadable("input.malformed", f"{error}.")
        return
    lines: list[str] = []
    fields: list[Field] = []
    at = 0
    for code, label, answer in _rows(page):
        name = f"{code} {label}".strip()
        line = f"{name}: {answer}" if answer is not None else name
        start = at + (len(line) - len(answer) if answer is not None else len(name) - len(label))
        fields.append(Field(code, label, at, start, at + len(line)))
        lines.append(line)
        at += len(line) + 1
    if not any(field.code == mapping.has[1] for field in fields):
        yield Unreadable("input.malformed", f"{source.name} has no field {mapping.has[1]}.")
        return
    ours = Source(source.name, "", NAME, source.sha256)
    yield record(fields, "\n".join(lines), MAPPING, ours, spec)


def _rows(page: html.HtmlElement) -> Iterator[tuple[str, str, str | None]]:
    """Code, label and answer of each row, in the order of the page; a heading has no answer."""
    for row in page.xpath(_ROWS):
        cells = row.findall("td")
        kind = cells[0].get("class")
        if kind in _HEADINGS:
            yield headed(" ".join(filter(None, map(_words, cells))))
        elif len(cells) == 2:
            yield "", _words(cells[0]).rstrip(":"), _words(cells[1])
        elif len(cells) == 3:
            label = " ".join((cells[1].text or "").split()).rstrip(":")
            yield from _answers(_words(cells[0]), label, cells[2])


def _answers(code: str, label: str, cell: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """The answer of a cell: its text, the rows of the table in it, or one for each language."""
    rows = [[_words(one) for one in row.findall("td")] for row in cell.iter("tr")]
    ours = [words[0] for words in rows if len(words) == 1 or words[1:] in ([""], ["English"])]
    yield code, label, "\n".join(filter(None, ours)) if rows else _words(cell)
    for words in rows:
        if len(words) == 2 and words[1] not in ("", "English"):
            yield code, f"{label} ({words[1]})", words[0]


def _words(cell: html.HtmlElement) -> str:
    """The text of a cell with its line breaks, without the blanks of its source."""
    for mark in cell.iter("br"):
        mark.tail = "\n" + (mark.tail or "").lstrip("\r\n")
    text = cell.text_content().replace("\r", "")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
