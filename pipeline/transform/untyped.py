"""What is investigated where no arm has a type: what the words name."""

import re

from pipeline.transform.naming import forms, named, objective, stands, studied, titles
from pipeline.transform.rules import Facts
from pipeline.transform.sides import Basis, is_usual
from pipeline.values import Fact, narrowed

_OPTIONAL = re.compile(r"\bwith or without (?:the addition of )?")
_COMPARES = re.compile(
    r"\b(?:compar\w+|versus|vs|with or without|with and without|randomi[sz]\w+|placebo|"
    r"controlled|arms?|alone|followed|then)\b|\+/-|±"
)
_TOGETHER = re.compile(r"\b(?:combin\w+|concurrent\w*|concomitant\w*|together|plus)\b")
_HERE = "¤"
_LONG = 5
_PRODUCT = re.compile(
    r"\b(?:injections?|infusions?|cells?|vaccines?|tablets?|capsules?|creams?|drops|spray)\b"
)
_WORD = re.compile(rf"\w{{{_LONG},}}")
_ASIDE = re.compile(r" ?\([^()]*\)")
_PARTNER = re.compile(
    rf"(?<![{_HERE} ]) ?(?: and| plus|,(?: and)?|/) ?{_HERE}"
    rf"|\b\w*therapy (?:with|together with|followed by) {_HERE}"
    rf"|{_HERE}(?: and| plus|/) ?(?!{_HERE})\w"
    rf"|{_HERE},(?: and)? (?!{_HERE}|(?:an?|and|the|in|on|for|or|as|when|given|with|who|which|"
    r"administered|versus|alone|followed)\b)\w"
)
"""A treatment that is named joined to one that is not, once the named ones are marked."""
_TRIED = re.compile(
    r"\b(?:study|trial|research\w*|investigators?|we|purpose|goal|aim)\b[^.;]{0,80}?"
    r"\b(?:test|evaluat|assess|determin|learn|find out|see (?:if|how|what)|examin|investigat|"
    r"stud(?:y|ying)\b(?! (?:drug|treatment))|explor)(?P<what>[^.;]*)"
)
"""What a sentence of the summary says that the study tries."""
_AGAINST = re.compile(r"\b(?:compar\w+|versus|vs|with or without)\b")
_OR = re.compile(r"\bor\b([^.;:]*)")


def summed_up(some: Basis, names: dict[str, Fact], facts: Facts) -> Basis:
    """Those of several interventions that the summary says the study tries, where it does not name
    them all, with its words.
    """
    found: Basis = {}
    for fact in facts["text.summary"]:
        for match in _TRIED.finditer(fact.value.lower()):
            words = narrowed(fact, *match.span(), fact.concept)
            for name, basis in some.items():
                if any(stands(form, match["what"]) for form in forms(name, names, facts)):
                    found.setdefault(name, (*basis, words))
    return found if len(found) < len(some) else {}


def called_otherwise(some: Basis, names: dict[str, Fact], facts: Facts) -> bool:
    """Whether the label of the only arm is a product that a title says is studied, and none of what
    the arm lists is named there: the record then lists what is given besides.
    """
    label = _ASIDE.sub("", facts["arm.label"][0].value.lower()).strip(" .") if some else ""
    words = {word for name in some for word in _WORD.findall(name.lower())}
    return (
        bool(_PRODUCT.search(label))
        and any(stands(label, title.value.lower()) for title in titles(facts))
        and words.isdisjoint(_WORD.findall(label))
        and not any(named(name, names, facts) for name in some)
    )


def named_alone(names: dict[str, Fact], facts: Facts) -> Basis:
    """Without types: the only intervention, those of the only arm, or those that the objective
    names and does not compare, else the titles of a trial that compares nothing.
    """
    if len(facts["arm.label"]) == 1:
        names = {name: fact for name, fact in names.items() if not is_usual(name)} or names
    if len(names) == 1 or len(facts["arm.label"]) == 1:
        said = studied(names, names, facts) if len(names) > 1 else []
        every: Basis = {name: (names[name],) for name in said or names}
        return (every if said else summed_up(every, names, facts)) or every
    told = studied(names, names, facts, combined=False)
    if len(told) < len(names) and _joined(names, facts):
        return {}
    found: Basis = {}
    for name in told:
        words = named(name, names, facts, objective(facts), plainly=True)
        if words and not _parts(words.value.lower(), names, facts):
            found[name] = (names[name], words)
    titled: Basis = {}
    for name in told:
        if words := named(name, names, facts, titles(facts), plainly=True):
            titled[name] = (names[name], words)
    if found and titled and not found.keys() & titled.keys():
        return {}  # the objective and the titles name different ones
    if any(fact.value == "RANDOMIZED" for fact in facts["design.allocation"]):
        return found
    low = " ".join(title.value.lower() for title in titles(facts))
    if (
        _COMPARES.search(low)
        or _parts(low, names, facts)
        or (len(told) < len(names) and _TOGETHER.search(low))
    ):
        return found
    return {name: found.get(name) or titled[name] for name in told if name in found | titled}


def _joined(names: dict[str, Fact], facts: Facts) -> bool:
    """Whether the objective, else a title, joins a treatment that it names to another thing."""
    told = [name for name in names if named(name, names, facts)]
    own = sorted({form for name in told for form in forms(name, names, facts)}, key=len)
    if not own:
        return False
    mention = "|".join(re.escape(form) for form in reversed(own))
    for texts in (objective(facts), titles(facts)):
        lows = [_ASIDE.sub("", text.value.lower()) for text in texts]
        marked = [re.sub(rf"(?<!\w)(?:{mention})s?(?!\w)", _HERE, low) for low in lows]
        if any(_HERE in low for low in marked):
            return any(_PARTNER.search(low) for low in marked)
    return False


def _parts(low: str, names: dict[str, Fact], facts: Facts) -> bool:
    """Whether a text compares, or names a treatment after "or"."""
    return bool(_AGAINST.search(low)) or any(
        stands(form, after[1])
        for after in _OR.finditer(low)
        for name in names
        for form in forms(name, names, facts)
    )


def optional(names: dict[str, Fact], facts: Facts) -> Basis:
    """The one intervention that a title adds to others ("with or without")."""
    for text in titles(facts):
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
