"""SAS XPORT version 5 of one dataset: ASCII, 200 bytes a text, never cut in silence."""

import re
import unicodedata
from datetime import datetime

import msgspec
import pyarrow as pa

from pipeline.load.order import in_key_order
from pipeline.load.xport_file import Column, xport_file
from pipeline.spec.model import Spec
from pipeline.text import to_ascii

WIDEST = 200
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
BLANKED = frozenset({"Cc", "Zl", "Zp"})


class Unwritable(ValueError):
    """Something that XPORT cannot hold; the message says what it is and where it stands."""


class Substitution(msgspec.Struct, frozen=True, gc=False):
    """One character that ASCII does not have, and what stands for it; rows count from 1."""

    row: int
    variable: str
    char: str
    replacement: str


def xport(table: pa.Table, spec: Spec, created: datetime) -> tuple[bytes, list[Substitution]]:
    """The dataset as an XPORT 5 file whose headers say `created`, and every substitution made.

    Rows stand in key order. A control character becomes a space, a null text is empty, and
    blanks at the end of a text are padding, as in every XPORT file. Raises `Unwritable` for a
    symbol without ASCII, a text over 200 bytes (in UTF-8 or ASCII), a number that the format
    would change, a name over 8 or a label over 40 characters. Standard: SAS TS-140.
    """
    table = in_key_order(table)
    domain, label = (table.schema.metadata[key].decode() for key in (b"domain", b"label"))
    labels = {field.name: field.metadata[b"label"].decode() for field in table.schema}
    for name, words in [(domain, label), *labels.items()]:
        _check_header(domain, name, words)
    columns = []
    made: list[Substitution] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_string(column.type):
            texts, substitutions = _texts(domain, name, column, spec)
            columns.append(Column(name, labels[name], texts=texts))
            made.extend(substitutions)
        else:
            numbers = _numbers(domain, name, column)
            columns.append(Column(name, labels[name], numbers=numbers))
    return xport_file(columns, domain, label, created), made


def _texts(
    domain: str, name: str, column: pa.ChunkedArray, spec: Spec
) -> tuple[list[str], list[Substitution]]:
    texts: list[str] = []
    made: list[Substitution] = []
    for row, value in enumerate(column.to_pylist(), 1):
        try:
            text, changed = _ascii(value or "", spec)
        except ValueError as error:
            raise Unwritable(f"{domain} row {row}, {name}: {error}") from None
        texts.append(text)
        made.extend(Substitution(row, name, char, plain) for char, plain in changed)
    return texts, made


def _ascii(text: str, spec: Spec) -> tuple[str, list[tuple[str, str]]]:
    if text.isascii() and text.isprintable() and len(text) <= WIDEST:
        return text, []
    blanked = [(char, " ") for char in text if unicodedata.category(char) in BLANKED]
    clean = "".join(" " if unicodedata.category(char) in BLANKED else char for char in text)
    plain, changed = to_ascii(clean, spec)
    size = max(len(text.encode()), len(plain))
    if size > WIDEST:
        raise ValueError(f"{size} bytes, and XPORT holds {WIDEST}: {text[:40]}…")
    return plain, blanked + changed


def _numbers(domain: str, name: str, column: pa.ChunkedArray) -> list[float | None]:
    values: list[float | None] = column.to_pylist()
    for row, value in enumerate(values, 1):
        if value is None or value == 0:
            continue
        # the format's doubles reach from 5.4E-79 to 7.2E75, with 53 bits that SAS can use
        if not 1e-70 < abs(value) < 1e70 or float(value) != value:
            raise Unwritable(f"{domain} row {row}, {name}: XPORT would change the number {value}.")
    return values


def _check_header(domain: str, name: str, label: str) -> None:
    if not NAME.fullmatch(name):
        raise Unwritable(f"{domain}, {name}: no XPORT name (8 letters and digits at most).")
    if not label.isascii() or not label.isprintable() or len(label) > 40:
        raise Unwritable(f"{domain}, {name}: no XPORT label (40 ASCII characters): {label}")
