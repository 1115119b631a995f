"""Where prose names interventions, for many texts and many interventions."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pipeline.values import Fact

_FEW = 40
_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"[a-z][\w'-]*\w")
_LIKE = re.compile(r"\bplacebo\b")  # its other words are those of what it is like
_INSIDE = re.compile(r"\(([^()]*)\)")
_GENERAL = frozenset(
    """
    active acid administration allergen analysis anti arm autologous blind blood capsule capsules
    cell cells chemotherapy cohort combination combined comparator control cream daily day days
    device digital dose doses double drug drugs early exercise experimental extract first follow-up
    food formula full group half health high higher human hydrochloride imaging inactivated
    information inhaled injectable injection intervention intranasal intravenous label late long low
    lower management matching maximum medium middle minimum mixed moderate monitoring month months
    multiple new normal open oral participants patients peripheral phase powder product program
    protein randomized recombinant responders routine saline sample samples second short single
    sodium solution standard stem study subcutaneous subjects surgery tablet tablets test therapy
    third topical training transplantation treatment treatments usual vaccine vaccination water week
    weekly weeks with
    """.split()  # noqa: SIM905
)
"""Words of names that say little by themselves."""


class Mention(msgspec.Struct, frozen=True, gc=False):
    """Where a text names an intervention."""

    start: int
    end: int
    name: str


class Names(msgspec.Struct, frozen=True):
    """The forms of all interventions' names in lower case, and by the first word of each."""

    forms: tuple[tuple[str, str], ...]
    starting: Mapping[str, Sequence[tuple[str, str]]]

    def mentions(self, low: str) -> list[Mention]:
        """Every mention in a text in lower case, in order; of overlapping ones the longest."""
        found: list[Mention] = []
        for form, name in self._possible(low):
            at = low.find(form)
            while at >= 0:
                end = at + len(form)
                if not (at and low[at - 1].isalnum()) and not _runs_on(low, end):
                    found.append(Mention(at, end, name))
                at = low.find(form, end)
        if len(found) < 2:
            return found
        found.sort(key=lambda one: (one.start, -one.end))
        kept: list[Mention] = []
        for one in found:
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def _possible(self, low: str) -> Iterable[tuple[str, str]]:
        if len(self.forms) <= _FEW:
            return self.forms
        there = self.starting.keys() & set(_WORD.findall(low))
        return [form for word in sorted(there) for form in self.starting[word]]


def names_of(names: Sequence[Fact], others: Sequence[Fact]) -> Names:
    """The names of a record's interventions: in full, without and within parentheses, the other
    names, and a word that only one has. A form that two share is none.
    """
    called = {fact.item: fact.value for fact in names}
    known = {name: _forms(name) for name in called.values()}
    for fact in others:
        if fact.item in called:
            known[called[fact.item]].update(_forms(fact.value))
    words = {
        name: set(_NAMED.findall(name.lower())) for name in known if not _LIKE.search(name.lower())
    }
    again = Counter(word for own in words.values() for word in own)
    for name, own in words.items():
        known[name].update(
            word for word in own if again[word] == 1 and len(word) > 3 and word not in _GENERAL
        )
    shared = Counter(form for own in known.values() for form in own)
    forms = [
        (form, name)
        for name, own in known.items()
        for form in own
        if shared[form] == 1 and len(form) > 2 and form not in _GENERAL
    ]
    starting: dict[str, list[tuple[str, str]]] = {}
    if len(forms) > _FEW:
        for form, name in forms:
            if word := _WORD.search(form):
                starting.setdefault(word[0], []).append((form, name))
    return Names(tuple(forms), starting)


def _forms(name: str) -> set[str]:
    low = name.lower()
    if "(" not in low:
        return {low}
    outside = " ".join(_INSIDE.sub(" ", low).split())
    return {low, outside, *(part.strip() for part in _INSIDE.findall(low))}


def _runs_on(low: str, end: int) -> bool:
    """Whether the word goes on; a plural does not count."""
    after = low[end : end + 2]
    return after[:1].isalnum() and not (after[0] == "s" and not after[1:].isalnum())
