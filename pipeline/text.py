"""Text as the standards need it: ASCII for XPT by a closed table, cut and split by bytes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from anyascii import anyascii

from pipeline.spec.model import Spec


def to_ascii(text: str, spec: Spec) -> tuple[str, list[tuple[str, str]]]:
    """The text in ASCII, and each substitution made.

    Symbols and digits go by `schemas/ascii.yaml` alone, letters with marks by anyascii; a
    symbol that neither knows raises ValueError, because anyascii alone turns 10⁹ into 109.
    """
    if text.isascii():
        return text, []
    made: list[tuple[str, str]] = []
    parts: list[str] = []
    for char in text:
        if char.isascii():
            parts.append(char)
            continue
        plain = spec.ascii.get(char)
        if plain is None and unicodedata.category(char)[0] in "LM":
            plain = anyascii(char)
        if plain is None or not plain.isascii():
            name = unicodedata.name(char, "unnamed")
            raise ValueError(f"U+{ord(char):04X} {name} has no entry in schemas/ascii.yaml")
        parts.append(plain)
        made.append((char, plain))
    return "".join(parts), made


def width(text: str, spec: Spec) -> int:
    """Bytes that the text takes: the larger of UTF-8 and ASCII, so that it fits in both."""
    if text.isascii():
        return len(text)
    return max(len(text.encode("utf-8")), sum(_ascii_width(char, spec) for char in text))


@lru_cache(maxsize=4096)
def whole_name(name: str) -> re.Pattern[str]:
    """A pattern for the name as a whole word; a plural's last letter may be missing."""
    stem = re.escape(name.removesuffix("s")) + "s?" if len(name) > 3 else re.escape(name)
    return re.compile(rf"(?<![\w-]){stem}(?![\w-])")


def split_text(text: str, limit: int, spec: Spec) -> Iterator[str]:
    """The text in parts of at most `limit` bytes, cut between words where there are words."""
    while width(text, spec) > limit:
        end = _fitting(text, limit, spec)
        space = text.rfind(" ", 1, end + 1)
        cut = space if space > 0 else end
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text


def shortened(text: str, limit: int, spec: Spec) -> str:
    """The text cut at a word to at most `limit` bytes, with an ellipsis where it was cut."""
    if width(text, spec) <= limit:
        return text
    return next(split_text(text, limit - 3, spec)).rstrip(",;:") + "..."


def told_apart(texts: Sequence[str], limit: int, spec: Spec) -> list[str]:
    """Each text in at most `limit` bytes; those that are then the same end in their number."""
    short = [shortened(text, limit, spec) for text in texts]
    again = Counter(short)
    made = []
    for number, (text, cut) in enumerate(zip(texts, short, strict=True), 1):
        mark = f" [{number}]" if again[cut] > 1 else ""
        made.append(shortened(text, limit - len(mark), spec) + mark)
    return made


def _fitting(text: str, limit: int, spec: Spec) -> int:
    plain = marked = 0
    for index, char in enumerate(text):
        plain += len(char.encode("utf-8"))
        marked += _ascii_width(char, spec)
        if max(plain, marked) > limit:
            return max(index, 1)
    return len(text)


def _ascii_width(char: str, spec: Spec) -> int:
    return 1 if char.isascii() else len(spec.ascii.get(char) or anyascii(char))
