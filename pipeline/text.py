"""Text as the standards need it: ASCII for XPT by a closed table, cut and split by bytes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from pipeline.spec.model import Spec


def to_ascii(text: str, spec: Spec) -> tuple[str, list[tuple[str, str]]]:
    """The text in ASCII, and each substitution made.

    Symbols and digits go by `schemas/ascii.yaml` alone, letters with marks by anyascii; what
    neither knows raises ValueError, because anyascii alone turns 10⁹ into 109. A mark on a
    letter may go; on a symbol it carries meaning (= with U+0338 is ≠).
    """
    if text.isascii():
        return text, []
    made: list[tuple[str, str]] = []
    parts: list[str] = []
    for before, char in pairwise(" " + text):
        if char.isascii():
            parts.append(char)
            continue
        plain = spec.ascii.get(char)
        if plain is None:
            plain = _letter(char, before)
        parts.append(plain)
        made.append((char, plain))
    return "".join(parts), made


def in_xpt(text: str, spec: Spec) -> str:
    """The text as XPT holds it, or as it is where XPT cannot hold it and so is not written."""
    try:
        return to_ascii(text, spec)[0]
    except ValueError:
        return text


def _letter(char: str, before: str) -> str:
    """A letter, or a mark on one, in ASCII; ValueError for anything else."""
    kind = unicodedata.category(char)[0]
    if kind == "M" and unicodedata.category(before)[0] not in "LM":
        raise ValueError(f"U+{ord(char):04X} is a mark on {before!r}, which is no letter.")
    plain = anyascii(char) if kind in "LM" else ""
    if kind not in "LM" or not plain.isascii():
        name = unicodedata.name(char, "unnamed")
        raise ValueError(f"U+{ord(char):04X} {name} has no entry in schemas/ascii.yaml")
    if not plain and char.isalpha():
        raise ValueError(f"U+{ord(char):04X} {char} has no ASCII letter.")
    return plain


def width(text: str, spec: Spec) -> int:
    """Bytes that the text takes: the larger of UTF-8 and ASCII, so that it fits in both."""
    if text.isascii():
        return len(text)
    wide = _WIDE.findall(text)
    plain = len(text) - len(wide) + sum(_ascii_width(char, spec) for char in wide)
    return max(len(text.encode("utf-8")), plain)


@lru_cache(maxsize=4096)
def whole_name(name: str) -> re.Pattern[str]:
    """A pattern for the name as a whole word; a plural's last letter may be missing."""
    stem = re.escape(name.removesuffix("s")) + "s?" if len(name) > 3 else re.escape(name)
    return re.compile(rf"(?<![\w-]){stem}(?![\w-])")


def split_text(text: str, limit: int, spec: Spec) -> Iterator[str]:
    """The text in parts of at most `limit` bytes, cut between words where there are words."""
    while (end := _fitting(text, limit, spec)) < len(text):
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
    if text[: limit + 1].isascii():
        return len(text) if len(text) <= limit else max(limit, 1)
    plain = marked = 0
    for index, char in enumerate(text):
        plain += len(char.encode("utf-8"))
        marked += _ascii_width(char, spec)
        if max(plain, marked) > limit:
            return max(index, 1)
    return len(text)


def _ascii_width(char: str, spec: Spec) -> int:
    return 1 if char.isascii() else len(spec.ascii.get(char) or anyascii(char))


_WIDE = re.compile(r"[^\x00-\x7f]")


_CONTROLS = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_FORBIDDEN = dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
_SIGNS = {**_CONTROLS, **_FORBIDDEN, 0x0D: 0x20, 0x7F: 0x2421}


def visible(text: str) -> str:
    """The text with each forbidden character shown as one sign, so that offsets stay what they are.

    XML 1.0 section 2.2 and the HTML standard forbid control characters even as references.
    """
    return text if text.isprintable() else text.translate(_SIGNS)
