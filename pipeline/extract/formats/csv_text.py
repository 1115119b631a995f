"""Registry records as rows of a table, one a row: the header row says what each column is.

A table is known by the names of its columns, whatever separates them. A row of another length than
the header is refused by itself; where quotation marks do not match, the rest of the table is.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator

from pipeline.extract.tree import known, record
from pipeline.issues import Unreadable
from pipeline.spec.model import Spec
from pipeline.values import LARGEST, Record, Source

_SEPARATORS = (",", "\t", ";")
_HEADER = 20_000  # characters; the longest export known has 110 columns
csv.field_size_limit(LARGEST)


def recognise(text: str, spec: Spec) -> bool:
    """Whether the first line names the columns of a mapping."""
    if text[:1] in "{[<":
        return False
    return any(known(dict.fromkeys(_header(text, mark)), "csv", spec) for mark in _SEPARATORS)


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """Each row's record, named by the number of the row below the header.

    A record's text is its row as JSON, and its hash is that of this text.
    """
    separator = max(_SEPARATORS, key=lambda mark: len(_header(text, mark)))
    header = _header(text, separator)
    name = known(dict.fromkeys(header), "csv", spec)
    if len(set(header)) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        yield Unreadable("input.malformed", f"The column '{twice}' stands twice.")
        return
    number = 0
    try:
        for number, cells in enumerate(_rows(text, separator)):
            if number and len(cells) != len(header):
                detail = f"Row {number} has {len(cells)} cells, the header {len(header)}."
                yield Unreadable("input.malformed", detail)
            elif number:
                tree = dict(zip(header, cells, strict=True))
                words = json.dumps(tree, ensure_ascii=False)
                digest = hashlib.sha256(words.encode()).hexdigest()
                yield record(tree, words, name, f"{source.name}#{number}", digest, spec)
    except csv.Error as error:
        yield Unreadable("input.malformed", f"After row {number}: {error}.")
    else:
        if not number:
            yield Unreadable("input.empty", "The table has a header and no rows.")


def _header(text: str, separator: str) -> list[str]:
    """The names in the first line; a longer one than any table's is none."""
    line = re.split(r"[\r\n]", text[:_HEADER].removeprefix("\ufeff").lstrip(), maxsplit=1)[0]
    cells = next(csv.reader([line], delimiter=separator), [])
    return [cell.strip() for cell in cells]


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """The rows that are not blank.

    ClinicalTrials.gov's tables with tabs have no quotation around a cell: marks belong to it.
    """
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    bare = separator == "\t" and not _quoted(text)
    rows = (
        csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        if bare
        else csv.reader(lines, delimiter=separator, strict=True)
    )
    return (cells for cells in rows if any(cell.strip() for cell in cells))


def _quoted(text: str) -> bool:
    try:
        return all(
            True for _ in csv.reader(io.StringIO(text, newline=""), "excel-tab", strict=True)
        )
    except csv.Error:
        return False
