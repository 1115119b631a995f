"""Whether a text names an intervention.

A name is said by a text when one of its forms stands there as a whole word: the name, what is in
or outside its parentheses, another name of it, or a word of it that is no general one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.transform.rules import Facts
from pipeline.values import PARTED, Fact

_GENERAL = frozenset(
    """
    injection injections tablet tablets capsule capsules treatment treatments therapy
    vaccine group dose doses study oral solution combined combination cells training
    exercise exercises program programme intervention standard device system health placebo
    control single multiple regimen administration infusion matching matched suspension
    cream ointment product extract supplement supplementation intravenous subcutaneous
    topical active experimental usual versus patients children adults clinical medical
    digital chemotherapy radiotherapy radiation surgery procedure immunotherapy education
    screening adjuvant conventional recombinant
    based inhibitor antibody allergy asthma cancer disease protein powder formula medication
    """.split()  # noqa: SIM905
)


_SHORT = 4
_MARKS = re.compile("[®™]")
_RADIATION = (
    "radiotherapy", "radiation therapy", "radiation", "irradiation", "chemoradiation",
    "chemoradiotherapy", "radiochemotherapy",
)  # fmt: skip


_CUES = (
    r"\b(?:undergoing|"
    r"(?P<added>receiving|who (?:also )?receive|on top of|added to|add-on to|in addition to)|"
    r"(?:given|administered|infused) (?:after|following)|challenge to|"
    r"(?:infection|infected|challenged?|inoculated) (?:with|by)|"
    r"(?:refractory|resistant|intolerant) to|(?:previously|pre-?) ?treated with)\b"
)
_CUE = re.compile(_CUES)
_ANYWAY = re.compile(rf"{_CUES}(?P<rest>[^.,;:()]*)$")
"""Words after which stands what participants have or meet anyway."""
_COMBINED = re.compile(
    r"\b(?:combin\w+|together|association) with\b|\bplus\b"
    r"|\b(?:simultaneous|concurrent|concomitant)(?:ly)?\b"
)
_KIND = re.compile(r"\b(?:treatment|intervention)s?$")
_WITHIN = re.compile(
    r"-(?:induced|related|associated|resistant|refractory|intolerant|na[iï]ve|treated|enhanced|"
    r"dependent|experienced|exposed|boosted)\b"
)
"""Words that a name goes on with that then stands for another thing."""
_FIRST = re.compile(r"\b(?:following|after) (?:[\w-]+ ){0,3}\(?$")
_ANEW = re.compile(
    r"\b(?:(?<!therapy )(?<!treatment )with|by|using|versus|vs|plus|followed|compar\w+|in)\b"
)


def named(
    name: str,
    names: dict[str, Fact],
    facts: Facts,
    among: Iterable[Fact] | None = None,
    *,
    plainly: bool = False,
) -> Fact | None:
    """The text that names an intervention, of titles and objective if not of others; plainly, where
    it stands not only after words of what participants have or meet anyway.
    """
    known = list(forms(name, names, facts))
    for fact in telling(facts) if among is None else among:
        low = fact.value.lower()
        for at, end in ((at, at + len(form)) for form in known for at in _places(form, low)):
            if not plainly or not (_anyway(low[:at]) or _WITHIN.match(low, end)):
                return fact
    return None


def studied(
    some: Iterable[str], names: dict[str, Fact], facts: Facts, *, combined: bool = True
) -> list[str]:
    """Those of some interventions that a title or the objective names; of them, where there are
    any, those that none names as what participants have or meet anyway. The only other one stays
    where a title speaks of a combination.
    """
    known = list(some)
    apart = {name for name in known if _met(name, known, names, facts)}
    told = [name for name in known if named(name, names, facts)]
    told = [name for name in told if name not in apart] or told
    left = [name for name in known if name not in told and name not in apart]
    left = [name for name in left if not _KIND.search(name.lower())]
    if (
        combined
        and told
        and len(left) == 1
        and any(_COMBINED.search(one.value.lower()) for one in titles(facts))
    ):
        return [name for name in known if name in told or name in left]
    return told


def added_to(name: str, some: Iterable[str], names: dict[str, Fact], facts: Facts) -> Fact | None:
    """The title or objective that names an intervention as what another is added to."""
    met = _met(name, list(some), names, facts)
    return next((fact for fact, words in met if words["added"]), None)


def telling(facts: Facts) -> tuple[Fact, ...]:
    """The texts that say what is studied: the objective, and the titles."""
    return (*objective(facts), *titles(facts))


def objective(facts: Facts) -> tuple[Fact, ...]:
    """The primary objectives, else the first stated one; a part of one says too little."""
    stated = facts["objective.stated"][:1]
    whole = tuple(fact for fact in stated if fact.about != PARTED)
    return facts["objective.primary"] or whole


def titles(facts: Facts) -> tuple[Fact, ...]:
    """The official and the brief title."""
    return (*facts["title.official"], *facts["title.brief"])


def forms(name: str, names: dict[str, Fact], facts: Facts) -> Iterator[str]:
    """The forms of one of the study's names, in lower case."""
    low = _MARKS.sub("", name.lower())
    yield low
    item = names[name].item
    for other in facts["intervention.other_name"]:
        if other.item == item and len(other.value) > 2:
            yield _MARKS.sub("", other.value.lower())
    if low in _RADIATION:
        yield from _RADIATION
    outside = " ".join(re.sub(r"\([^)]*\)", " ", low).split())
    if outside != low:
        yield outside
        yield from re.findall(r"\(([^)]{3,})\)", low)
    yield from (part.strip() for part in low.split("/") if len(part.strip()) > _SHORT)
    others = " ".join(n.lower() for n in names if n != name)
    for word in re.findall(r"[^\W_][\w’'/-]*[^\W_]", low):
        coded = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        coded = coded or (len(word) > 2 and word.upper() in name)
        if len(word) >= (3 if coded else 6) and word not in _GENERAL and word not in others:
            yield word


def stands(form: str, low: str) -> bool:
    """Whether a form stands in a text in lower case as a whole word; a plural does not count."""
    return next(_places(form, low), -1) >= 0


def _places(form: str, low: str) -> Iterator[int]:
    """Where it stands there."""
    at = low.find(form) if form else -1
    while at >= 0:
        end = at + len(form)
        before, after = low[at - 1 : at] if at else "", low[end : end + 1]
        if not before.isalnum() and (not after.isalnum() or low[end : end + 2].rstrip() == "s"):
            yield at
        at = low.find(form, at + 1)


def _met(
    name: str, some: Sequence[str], names: dict[str, Fact], facts: Facts
) -> list[tuple[Fact, re.Match[str]]]:
    """The texts that name it after another intervention and words of what participants have or
    meet anyway, with those words.
    """
    said = [(fact, fact.value.lower()) for fact in telling(facts)]
    said = [(fact, low) for fact, low in said if _CUE.search(low)]
    if not said:
        return []
    own = list(forms(name, names, facts))
    others = [form for other in some if other != name for form in forms(other, names, facts)]
    found = []
    for fact, low in said:
        for at in (at for form in own for at in _places(form, low)):
            words = _anyway(low[:at])
            if words and any(stands(form, low[: words.start()]) for form in others):
                found.append((fact, words))
    return found


def comes_first(name: str, names: dict[str, Fact], facts: Facts) -> bool:
    """Whether titles name it only as what comes before the others (`A following B`)."""
    own = list(forms(name, names, facts))
    lows = [title.value.lower() for title in titles(facts)]
    before = [low[:at] for low in lows for form in own for at in _places(form, low)]
    return bool(before) and all(_FIRST.search(words) for words in before)


def _anyway(before: str) -> re.Match[str] | None:
    words = _ANYWAY.search(before)
    return words if words and not _ANEW.search(words["rest"]) else None
