"""What may stand in a place, said to a person who wrote something else."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 40
"""As many terms are listed; of a longer list, those that look like what was written."""


def one_of(said: str, terms: Iterable[str], what: str) -> str:
    """That there is no such term, and which there are; of many, the most alike."""
    known = list(terms)
    if len(known) <= SHOWN:
        return f"'{said}' is no {what}; allowed: {', '.join(known)}"
    folded = {term.casefold(): term for term in known}
    near = get_close_matches(said.casefold(), folded, 8, 0.5)
    alike = f"the nearest of {len(known)}: {', '.join(folded[one] for one in near)}"
    return f"'{said}' is no {what}; {alike if near else f'it has {len(known)} terms'}"
