"""Criteria that say themselves which part or cohort they are for: `Part B: no treatment yet`."""

import re

OWN = frozenset({"par", "coh", "arm", "gro", "pha", "sta", "str", "sub", "for"})
"""How every such criterion begins, in small letters."""
_OWN_PART = re.compile(
    r"[*_(]*((?:for[ ]+)?(?:parts?|cohorts?|arms?|groups?|phases?|stages?|stratum|strata"
    r"|substudy|sub-study)[ ]+(?!(?:and|or|of|with|in)\b)[\w,/&+. -]{1,60}?"
    r"(?:[ ]*\([^()]{1,40}\))?)[*_)]*[ ]*(?::|-[ ]|–[ ])(?=.*\w)",
    re.IGNORECASE,
)


def own_part(words: str) -> tuple[str, int, int] | None:
    """The part or cohort that a criterion begins with, and where its name starts and ends."""
    found = _OWN_PART.match(words)
    return (" ".join(found[1].split()), *found.span(1)) if found else None
