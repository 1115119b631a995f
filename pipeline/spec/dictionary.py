"""A dictionary that a user has: which entries a text names, exactly or by a documented synonym."""

from bisect import bisect_left
from collections.abc import Iterable

import msgspec
import pyarrow as pa


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry: its code, its preferred term, and the other names that the dictionary gives it."""

    code: str
    term: str
    synonyms: tuple[str, ...] = ()


class _Names(msgspec.Struct, frozen=True):
    """Folded names in order, and the number of the entry that each names."""

    folded: pa.StringArray
    entry: pa.Int32Array


class Dictionary(msgspec.Struct, frozen=True):
    """The entries of one dictionary by their names, in columns that take little memory.

    `name` is what TSVCDREF writes, `version` what TSVCDVER does; `links` leads from a code to
    codes of another system.
    """

    name: str
    version: str
    codes: pa.StringArray
    terms: pa.StringArray
    preferred: _Names
    synonyms: _Names
    links: dict[str, tuple[str, ...]] = {}

    def named(self, words: str) -> tuple[Entry, ...]:
        """The entries of that preferred term, else those with that synonym; case and spaces do
        not count.
        """
        folded = fold(words)
        found = _among(self.preferred, folded) or _among(self.synonyms, folded)
        return tuple(Entry(self.codes[at].as_py(), self.terms[at].as_py()) for at in found)

    def term(self, code: str) -> str:
        """The preferred term of a code; the codes are in order."""
        at = _first(self.codes, code)
        here = at < len(self.codes) and self.codes[at].as_py() == code
        return self.terms[at].as_py() if here else ""


def dictionary(
    name: str,
    version: str,
    entries: Iterable[Entry],
    links: dict[str, tuple[str, ...]] | None = None,
) -> Dictionary:
    """The dictionary of these entries."""
    made = sorted(entries, key=lambda entry: entry.code)
    preferred = {(fold(entry.term), at) for at, entry in enumerate(made)}
    others = {(fold(words), at) for at, entry in enumerate(made) for words in entry.synonyms}
    return Dictionary(
        name,
        version,
        pa.array([entry.code for entry in made], pa.string()),
        pa.array([entry.term for entry in made], pa.string()),
        _names(preferred),
        _names(others - preferred),
        links or {},
    )


def fold(words: str) -> str:
    """The words without regard to case and to the kind and number of spaces."""
    return " ".join(words.casefold().split())


def _names(pairs: set[tuple[str, int]]) -> _Names:
    ordered = sorted(pairs)
    folded = pa.array([words for words, _ in ordered], pa.string())
    return _Names(folded, pa.array([at for _, at in ordered], pa.int32()))


def _among(names: _Names, folded: str) -> list[int]:
    at, found = _first(names.folded, folded), []
    while at < len(names.folded) and names.folded[at].as_py() == folded:
        found.append(names.entry[at].as_py())
        at += 1
    return found


def _first(column: pa.StringArray, text: str) -> int:
    return bisect_left(range(len(column)), text, key=lambda at: column[at].as_py())
