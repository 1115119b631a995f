"""Dictionaries that may not be shipped: a user's folder of the distributors' own files."""

from pathlib import Path

import msgspec

from pipeline.dictionaries import meddra, medrt, snomed, unii
from pipeline.dictionaries.parts import Part, parts
from pipeline.spec.dictionary import Dictionary

FOLDER = Path("dictionaries")
"""Where the files are looked for when no folder is named."""


KNOWN = (unii, snomed, medrt, meddra)


class Held(msgspec.Struct, frozen=True):
    """A dictionary in the folder, and the files that it was read from."""

    dictionary: Dictionary
    files: tuple[Part, ...]


def held(folder: Path) -> tuple[list[Held], list[Part]]:
    """Every dictionary in the folder, read whole, and the files that belong to none.

    Raises `BadRequest` with file and line for one that is not as its distributor writes it.
    """
    found, left = [], parts(folder)
    for form in KNOWN:
        files = [part for part in left if form.FILES.fullmatch(part.name)]
        left = [part for part in left if part not in files]
        if files:
            found.append(Held(form.read(files), tuple(files)))
    return found, left


def dictionaries(folder: Path | None = None) -> dict[str, Dictionary]:
    """The dictionaries of a folder by name; without one, of `dictionaries` when it is there."""
    if folder is None and not FOLDER.is_dir():
        return {}
    return {one.dictionary.name: one.dictionary for one in held(folder or FOLDER)[0]}
