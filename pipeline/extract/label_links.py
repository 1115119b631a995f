"""What arms' labels, and the treatments' own descriptions, say against the list of who is given
what: a treatment that the list leaves out, or gives to everyone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from pipeline.extract.mentions import Names, aliases, mentions
from pipeline.extract.prose import Prose, Texts, treatments
from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

UNLIKE = re.compile(
    r"\b(?:placebos?|sham|dummy|like|as (?:in|with)|than|equivalent|similar|same|identical|"
    r"match\w*|without|instead of|not|no|if|unless|whether|compar\w+|versus|vs)\b"
)
"""What follows these words in a sentence may be what the arm is not given."""
_INERT = re.compile(r"\b(?:placebos?|sham|dummy|vehicle)\b")
_JOINS = re.compile(r"(?:^|.*:)\s*|\s*(?:\+|,|&|\band\b|\bplus\b)\s*")
_JOINED = ("+", ",", "&", " and ", " plus ")
_AFTER = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:$|\+|&|,|\band\b|\bplus\b)")
_EVERYONE = re.compile(
    r"\ball (?:participants|patients|subjects|volunteers|children|women|arms|groups)"
    r" (?:will )?(?:also )?(?:received?|get|take|took|(?:are|were|be) given)\b"
)
_PARTS = re.compile(r"\brandom\w*|\b(?:arms?|groups?|cohorts?|phases?|extension)\b")


def read_label_links(texts: Texts) -> Iterator[Fact]:
    """An `arm.intervention` for each treatment that an arm's label lists beside one that is linked,
    or that its own description gives to all participants; an `arm.withheld` for each that all arms
    are linked with and only the labels of others name; both are `about` "told". Nothing where the
    record links none.
    """
    given: dict[int, set[str]] = {one.fact.item: set() for one in texts.get("arm.label", ())}
    for one in texts.get("arm.intervention", ()):
        given.setdefault(one.fact.item, set()).add(one.fact.value)
    if not any(given.values()):
        return
    kinds = {frozenset(own) for own in given.values()}
    every = {one.fact.value for one in texts["intervention.name"]}
    lists = [one for one in texts["arm.label"] if _lists(one, given[one.fact.item], every)]
    told = [one for one in texts.get("intervention.description", ()) if "all " in one.low]
    if not lists and not told and (len(given) == 1 or len(kinds) > 1 or len(every) == 1):
        return
    names = _distinct(aliases(treatments(texts)))
    for label in lists:
        yield from _listed(label, given[label.fact.item], names)
    yield from _to_everyone(told, given, names, texts)
    if len(given) > 1 and len(kinds) == 1:
        yield from _withheld(given, names, texts)


def _lists(label: Prose, own: set[str], every: set[str]) -> bool:
    """Whether a label may list more than its arm is linked with."""
    return bool(own) and own < every and any(join in label.low for join in _JOINED)


def _distinct(names: Names) -> Names:
    """The names without forms that two treatments share."""
    again = Counter(form for forms in names.values() for form in set(forms))
    return {name: tuple(f for f in forms if again[f] == 1) for name, forms in names.items()}


def _listed(label: Prose, own: set[str], names: Names) -> Iterator[Fact]:
    """What a label lists with `+` or `and` and the list of the arm's treatments leaves out."""
    if UNLIKE.search(label.low) and not _INERT.search(label.low):
        return
    found = mentions(label.low, names)
    if not any(name in own for _, _, name in found):
        return
    end = 0
    for at, to, name in found:
        joined = _JOINS.fullmatch(label.low, end, at) and _AFTER.match(label.low, to)
        left_out = name not in own and not _within(name, own) and not _INERT.search(name.lower())
        if joined and left_out:
            fact = narrowed(label.fact, at, to, "arm.intervention", value=name)
            yield msgspec.structs.replace(fact, item=label.fact.item, about="told")
        end = to


def _within(name: str, own: set[str]) -> bool:
    """Whether a name is part of one that is linked, or the other way round."""
    low = name.lower()
    return any(low in one.lower() or one.lower() in low for one in own)


def _to_everyone(
    descriptions: list[Prose], given: Mapping[int, set[str]], names: Names, texts: Texts
) -> Iterator[Fact]:
    """A treatment that some arms are linked with and whose description gives it to all."""
    called = {one.fact.item: one.fact.value for one in texts["intervention.name"]}
    for prose in descriptions:
        name = called.get(prose.fact.item, "")
        arms = [item for item, own in given.items() if name not in own]
        if not arms or len(arms) == len(given):
            continue
        for start, end in sentences(prose.fact.value):
            head = _EVERYONE.search(prose.low, start, end)
            if not head or _PARTS.search(prose.low, start, head.start()):
                continue
            for at, to, told in mentions(prose.low[head.end() : end], names):
                between = prose.low[head.end() : head.end() + at]
                if told == name and not UNLIKE.search(between) and not _PARTS.search(between):
                    place = head.end() + at, head.end() + to
                    fact = narrowed(prose.fact, *place, "arm.intervention", value=name)
                    yield from (
                        msgspec.structs.replace(fact, item=item, about="told") for item in arms
                    )


def _withheld(given: Mapping[int, set[str]], names: Names, texts: Texts) -> Iterator[Fact]:
    """Of arms that are linked with the same treatments, what one is not given: what the labels of
    others name, and neither its own label nor its description. Each label has to name a treatment,
    or to call its arm placebo.
    """
    if any(one.fact.value == "CROSSOVER" for one in texts.get("design.model", ())):
        return
    said: dict[int, list[Prose]] = {item: [] for item in given}
    for one in texts.get("arm.description", ()):
        said.setdefault(one.fact.item, []).append(one)
    told = {label.fact.item: _named(label, names) for label in texts["arm.label"]}
    if any(not told[one.fact.item] and not _INERT.search(one.low) for one in texts["arm.label"]):
        return
    every = set().union(*told.values()) & next(iter(given.values()))
    for label in texts["arm.label"]:
        item = label.fact.item
        own = told[item].union(*(_named(prose, names) for prose in said[item]))
        for name in sorted(every - own):
            fact = narrowed(label.fact, 0, len(label.fact.value), "arm.withheld", value=name)
            yield msgspec.structs.replace(fact, item=item, about="told")


def _named(prose: Prose, names: Names) -> set[str]:
    """The treatments that a text names, where no word before says that it is another."""
    return {
        name
        for start, end in sentences(prose.fact.value)
        for at, _, name in mentions(prose.low[start:end], names)
        if not UNLIKE.search(prose.low, start, start + at)
    }
