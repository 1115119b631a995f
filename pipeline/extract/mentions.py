"""Which interventions a stretch of prose names, under any of their names."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pipeline.values import Fact

Names: TypeAlias = Mapping[str, tuple[str, ...]]
"""Intervention to the forms of its name, in lower case."""

_WORD = re.compile(r"[^\W_](?:[\w'-]*[^\W_])?")
_CODED = re.compile(r"[a-z]{2,} \d+[a-z]?(?= )")
_INSIDE = re.compile(r"\(([^()]*)\)")
_GENERAL = frozenset(
    """
    the and with for plus dose doses drug drugs therapy treatment treatments group arm
    control high low standard care study oral intravenous subcutaneous injection infusion
    tablet tablets capsule capsules solution cell cells cohort combination combined sodium
    hydrochloride acid phase single multiple intervention program training usual patients
    matching active comparator daily experimental digital human anti recombinant extract
    allergen food administration autologous peripheral transplantation week weeks day days
    month months new based product test powder mixed stem formula blood bone marrow
    without
    """.split()  # noqa: SIM905 - a list of words is read as one
)
"""Words of names that say little by themselves."""
_BOTH = ("ccrt", "crt", "chemoradiotherapy", "chemoradiation", "chemo radiotherapy",
         "radiochemotherapy")  # fmt: skip
"""What is said of chemotherapy and radiotherapy together."""
_OF_BOTH = frozenset(
    {"chemotherapy", "radiotherapy", "radiation", "radiation therapy", "radio therapy"}
)
_RADIATION = re.compile(r"\bradiation therapy\b|\bradiotherapy\b")
_IRRADIATED = ("radiation therapy", "radiotherapy", "irradiation")
"""What the same treatment is called, where a record lists it once."""


def aliases(facts: Iterable[Fact]) -> dict[str, tuple[str, ...]]:
    """The names of each intervention in lower case, longest first: its own, without and within
    parentheses, its other names, and a word that only it has.
    """
    facts = list(facts)
    names = {fact.item: fact.value for fact in facts if fact.concept == "intervention.name"}
    known: dict[str, list[str]] = {name: _forms(name) for name in names.values()}
    for fact in facts:
        if fact.concept == "intervention.other_name" and fact.item in names:
            known[names[fact.item]].extend(_forms(fact.value))
    words = {name: set(_WORD.findall(name.lower().replace("-", " "))) for name in known}
    again = Counter(word for own in words.values() for word in own)
    rays = [name for name in known if _RADIATION.search(name.lower())]
    if len(rays) == 1:
        known[rays[0]] += _IRRADIATED
    for name, own in words.items():
        if name.lower() in _OF_BOTH:
            known[name].extend(_BOTH)
        if coded := _CODED.match(name.lower().replace("-", " ")):
            known[name].append(coded[0])
        known[name] += [w for w in own if again[w] == 1 and len(w) > 3 and w not in _GENERAL
                        and not w.replace(".", "").isdigit()]  # fmt: skip
    return {
        name: tuple(sorted({f for f in forms if len(f) > 2}, key=lambda form: (-len(form), form)))
        for name, forms in known.items()
    }


def mentions(low: str, names: Names) -> list[tuple[int, int, str]]:
    """Start, end and intervention of the first mention of each, in text in lower case; a mention
    inside a longer one of another intervention is none.
    """
    low = low.replace("-", " ")
    found: list[tuple[int, int, str]] = []
    for name, forms in names.items():
        for form in forms:
            at = _whole(low, form)
            if at >= 0:
                found.append((at, at + len(form), name))
                break
    return sorted(
        one
        for one in found
        if not any(
            o[0] <= one[0] and one[1] <= o[1] and one[1] - one[0] < o[1] - o[0] for o in found
        )
    )


def _forms(name: str) -> list[str]:
    low = name.lower().replace("-", " ")
    outside = " ".join(_INSIDE.sub(" ", low).split())
    inside = [part.strip() for part in _INSIDE.findall(low)]
    return [low, outside, *(part for part in inside if part not in _GENERAL)]


def _whole(low: str, form: str) -> int:
    at = low.find(form)
    while at >= 0:
        end = at + len(form)
        if not (at and low[at - 1].isalnum()) and not (end < len(low) and _runs_on(low, end)):
            return at
        at = low.find(form, at + 1)
    return -1


def _runs_on(low: str, end: int) -> bool:
    """Whether the word goes on; a plural does not count."""
    after = low[end : end + 2]
    return after[0].isalnum() and not (after[0] == "s" and not after[1:].isalnum())
