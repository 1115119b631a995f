"""UNII: the FDA's substances, from `UNII_Names_<date>.txt` and `UNII_Records_<date>.txt`.

Names has Name, TYPE, UNII and Display Name, a row a name; Records has UNII, Display Name (PT in
earlier releases) and, among other codes, RXCUI, a row a substance.
"""

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.dictionaries.parts import Part, table
from pipeline.issues import BadRequest
from pipeline.spec.dictionary import Dictionary, Entry, dictionary

NAME = "UNII"
FILES = re.compile(r"UNII_(?:Names|Records)(?:_(\d{1,2}[A-Za-z]{3}\d{4}))?.*\.txt", re.IGNORECASE)
_TERM = ("Display Name", "PT")


def read(parts: Sequence[Part]) -> Dictionary:
    """The substances; a name of any type that the FDA lists is a synonym."""
    terms: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    links: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if part.name.upper().startswith("UNII_NAMES"):
            for name, unii, term in table(part, "Name", "UNII", _TERM):
                terms.setdefault(unii, term)
                names.setdefault(unii, []).append(name)
        else:
            for unii, term, rxcui in table(part, "UNII", _TERM, "?RXCUI"):
                terms[unii] = term
                if rxcui:
                    links[unii] = (rxcui,)
    entries = (
        Entry(unii, term, tuple(names.get(unii, ()))) for unii, term in terms.items() if term
    )
    return dictionary(NAME, _version(parts), entries, links)


def _version(parts: Sequence[Part]) -> str:
    """The date in the names of the files, which is how the FDA tells releases apart."""
    dates = {match[1] or "" for part in parts if (match := FILES.fullmatch(part.name))}
    if len(dates) > 1 or "" in dates:
        raise BadRequest(
            f"{parts[0].place}: the release is not certain; keep the names as the FDA gives them, "
            "all of one date: UNII_Names_26Feb2026.txt, UNII_Records_26Feb2026.txt."
        )
    try:
        return dt.datetime.strptime(dates.pop(), "%d%b%Y").date().isoformat()
    except ValueError as error:
        raise BadRequest(f"{parts[0].place}: its name has no date that there is.") from error
