"""What is investigated where no arm has a type: what the words name."""

import re

from pipeline.transform.naming import forms, named, stands, studied
from pipeline.transform.rules import Facts
from pipeline.transform.sides import Basis
from pipeline.values import Fact

_OPTIONAL = re.compile(r"\bwith or without (?:the addition of )?")
_COMPARES = re.compile(
    r"\b(?:compar\w+|versus|vs|or|with or without|with and without|randomi[sz]\w+|placebo|"
    r"controlled|arms?|alone|followed|then)\b|\+/-|±"
)
_TOGETHER = re.compile(r"\b(?:combin\w+|concurrent\w*|concomitant\w*|together|plus)\b")
_EITHER = re.compile(r"\b(?:compar\w+|versus|vs|or)\b")


def named_alone(names: dict[str, Fact], facts: Facts) -> Basis:
    """Without types: the only intervention, those of the only arm, or those that the objective
    names and does not compare, else the titles of a trial that compares nothing.
    """
    if len(names) == 1 or len(facts["arm.label"]) == 1:
        said = studied(names, names, facts) if len(names) > 1 else []
        return {name: (names[name],) for name in said or names}
    told = studied(names, names, facts, combined=False)
    found: Basis = {}
    for name in told:
        words = named(name, names, facts, titles=False, plainly=True)
        if words and not _EITHER.search(words.value.lower()):
            found[name] = (names[name], words)
    if found or any(fact.value == "RANDOMIZED" for fact in facts["design.allocation"]):
        return found
    titles = (*facts["title.official"], *facts["title.brief"])
    low = " ".join(title.value.lower() for title in titles)
    if _COMPARES.search(low) or (len(told) < len(names) and _TOGETHER.search(low)):
        return found
    return {
        name: (names[name], words)
        for name in told
        if (words := named(name, names, facts, plainly=True)) and words in titles
    }


def optional(names: dict[str, Fact], facts: Facts) -> Basis:
    """The one intervention that a title adds to others ("with or without")."""
    for text in (*facts["title.official"], *facts["title.brief"]):
        low = text.value.lower()
        match = _OPTIONAL.search(low)
        before, after = (low[: match.start()], low[match.end() :]) if match else ("", "")
        known = {name: list(forms(name, names, facts)) for name in names}
        first = {name for name, own in known.items() if any(stands(one, before) for one in own)}
        then = {name for name, own in known.items() if any(stands(one, after) for one in own)}
        if first and len(then - first) == 1 and not then & first:
            (name,) = then
            return {name: (names[name], text)}
    return {}
