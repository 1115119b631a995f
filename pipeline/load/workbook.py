"""A study's datasets, worklist and provenance as a workbook, for those who live in Excel."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pyarrow as pa
from xlsxwriter import Workbook

from pipeline.load.order import in_key_order
from pipeline.text import visible

MOST = 32_767
"""Characters that a cell holds (Excel's specifications)."""
CUT = " … (cut: the whole stands in the Parquet file)"
WIDE = 60
"""The widest column, in characters."""
LEFT_OUT = frozenset({"study"})

Rows = Iterable[Sequence[object]]


def workbook(
    tables: Mapping[str, pa.Table],
    worklist: tuple[Sequence[str], Rows],
    provenance: pa.Table,
    created: datetime,
) -> bytes:
    """One sheet a dataset, then the worklist and the provenance; the same bytes every time.

    Every text is a text, whatever it starts with: nothing is a formula, a link or a number that
    was none. A character that XML forbids is shown by a sign.
    """
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": created.replace(tzinfo=None), "author": "registry-sdtm"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for code, table in tables.items():
        _sheet(book, code, table.column_names, _rows(in_key_order(table)), head)
    _sheet(book, "Worklist", *worklist, head)
    kept = [name for name in provenance.column_names if name not in LEFT_OUT]
    _sheet(book, "Provenance", kept, _rows(provenance.select(kept)), head)
    book.close()
    return out.getvalue()


def _rows(table: pa.Table) -> Rows:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _sheet(book: Workbook, name: str, heads: Sequence[str], rows: Rows, bold: object) -> None:
    sheet = book.add_worksheet(name)
    widths = [len(head) + 2 for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    text = _held(value)
                    sheet.write_string(last, column, text)
                    widths[column] = max(widths[column], min(len(text), WIDE))
            elif isinstance(value, (int, float)):
                sheet.write_number(last, column, value)
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)


def _held(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= MOST else shown[: MOST - len(CUT)] + CUT
