"""Values, criteria and arms of one trial: what was expected in pairs with what was made, counted.

The rules of matching are in `accuracy.py`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

FIELD = frozenset(
    """
    ACTSUB AGEMAX AGEMIN BRDNAIND BRIND CITNSTDY COMPTRT DMCIND FCNTRY FDADEIND FDADRIND HLTSUBJI
    INDIC INTMODEL INTTYPE KEYWORD NARMS NCOHORT OBSMODEL OBSTIMP OBSTPOPD OBSTSMM OUTMSADD
    OUTMSPRI OUTMSSEC PDPSTIND PLANSUB PUBMEDID RANDOM REGID RTSPCDES SENDTC SEXPOP SPONSOR SPREFID
    SSTDTC STYPE TBLIND TCNTRL TDIGRP TINDTP TITLE TPHASE TRT URLSTDY URLSTDYD
    """.split()  # noqa: SIM905
)
"""Parameters that are a field's as a rule; the others that are scored are prose's."""
OUTSIDE = frozenset(
    """
    CMSPSTAT DCUTDESC DCUTDTC DOSRGM EXPARECN EXPASTAT OBSTSMMD ONGOSIND PCLAS SDTIGVER SDTMVER
    THERAREA
    """.split()  # noqa: SIM905
)
"""Parameters that the pipeline fills by design and the manual's table does not name: not scored."""
JUDGED = frozenset(
    """
    ADAPT ADDON COMPTRT CURTRT DOSE DOSFRM DOSFRQ DOSU DXCRIT EXTTIND INTTYPE LENGTH OBJPRIM OBJSEC
    PDSTIND PIPIND PLNTRDUR PTRTDUR RANDQT RDIND RLPSCRIT ROUTE RTSPCDES SEVCRIT SSTDYIND STOPRULE
    STRATFCT TBLIND TCNTRL TRGFUDUR TRT TTYPE
    """.split()  # noqa: SIM905
)
"""Parameters that take judgement; of the trials of judged.txt no others were read or are scored."""
GROUPED = frozenset({"DOSE", "DOSFRM", "DOSFRQ", "DOSU", "ROUTE"})
NUMBERS = frozenset({"DOSE", "RANDQT"})
WORDED = frozenset({"DXCRIT", "OBJPRIM", "OBJSEC", "RLPSCRIT", "SEVCRIT", "STOPRULE", "STRATFCT"})
ALIKE = 0.85


class Value(NamedTuple):
    """A Trial Summary value, expected or made, with the words that it rests on."""

    code: str
    text: str
    group: str = ""
    kind: str = ""
    words: str = ""


class Criterion(NamedTuple):
    start: int
    end: int
    category: str
    words: str = ""


class Element(NamedTuple):
    epoch: str
    treatments: frozenset[str]
    duration: str = ""


class Arm(NamedTuple):
    label: str
    elements: tuple[Element, ...]


class Pair(NamedTuple):
    """What was expected and what was made; one of them is None where there is no other."""

    expected: Value | None
    made: Value | None
    same: bool = False

    @property
    def kind(self) -> str:
        value = self.expected or self.made
        return value.kind if value else ""


def paired(expected: Sequence[Value], made: Sequence[Value]) -> list[Pair]:
    """The values of one trial in pairs: first those that match, then what is left of the same
    parameter and treatment as other values, then the missing and the extra ones.
    """
    wanted, left = list(expected), list(made)
    pairs = []
    for test in (_same, _alike, _akin):
        for value in list(wanted):
            other = next((one for one in left if test(value, one)), None)
            if other is not None:
                wanted.remove(value)
                left.remove(other)
                pairs.append(Pair(value, other, test is not _akin))
    pairs += [Pair(value, None) for value in wanted]
    kinds = {value.code: value.kind for value in expected}
    for value in left:
        usual = "field" if value.code in FIELD else "prose"
        kind = "prose" if value.kind == "assumed" else kinds.get(value.code, usual)
        pairs.append(Pair(None, value._replace(kind=kind)))
    return pairs


def overlap(one: str, other: str) -> float:
    """F1 of the words of two texts, counted with their repetitions."""
    first, second = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    common, size = (first & second).total(), first.total() + second.total()
    return 2 * common / size if size else 0.0


def scored_summary(pairs: Iterable[Pair]) -> Counter[str]:
    """Counts of one trial: `field`, `prose` and `fabricated`, see the module."""
    score: Counter[str] = Counter()
    pairs = list(pairs)
    expected = {pair.expected.code for pair in pairs if pair.expected}
    for pair in pairs:
        if pair.kind == "field":
            score["field"] += 1
            score["field right"] += pair.same
        else:
            score["prose expected"] += pair.expected is not None
            score["prose made"] += pair.made is not None
            score["prose right"] += pair.same
            if pair.made and not pair.same:
                score["fabricated"] += 1
                score["fabricated alone"] += pair.made.code not in expected
    return score


def scored_criteria(expected: Sequence[Criterion], made: Sequence[Criterion]) -> Counter[str]:
    """Counts of one trial: boundaries expected, made and right, and right with their category."""
    there = {(one.start, one.end): one.category for one in made}
    right = [one for one in expected if (one.start, one.end) in there]
    same = sum(one.category == there[one.start, one.end] for one in right)
    return Counter(
        {
            "ti expected": len(expected),
            "ti made": len(made),
            "ti right": len(right),
            "ti same": same,
        }
    )


def arms_paired(expected: Sequence[Arm], made: Sequence[Arm]) -> list[tuple[Arm, Arm]]:
    left, pairs = list(made), []
    for arm in expected:
        other = next((one for one in left if _plain(one.label) == _plain(arm.label)), None)
        if other:
            left.remove(other)
            pairs.append((arm, other))
    return pairs


def sequence(arm: Arm) -> list[tuple[str, frozenset[str]]]:
    return [(element.epoch, element.treatments) for element in arm.elements]


def scored_arms(expected: Sequence[Arm], made: Sequence[Arm]) -> Counter[str]:
    """Counts of one trial: arms, sequences, and the durations of arms whose sequence is right."""
    pairs = arms_paired(expected, made)
    score = Counter(
        {"arms expected": len(expected), "arms made": len(made), "arms right": len(pairs)}
    )
    for arm, other in pairs:
        if sequence(arm) != sequence(other):
            continue
        score["sequences right"] += 1
        for one, two in zip(arm.elements, other.elements, strict=True):
            score["durations expected"] += bool(one.duration)
            score["durations made"] += bool(two.duration)
            score["durations right"] += bool(one.duration) and one.duration == two.duration
    return score


def fabrications(pairs: Iterable[Pair]) -> Mapping[str, int]:
    """How many fabricated values each parameter has."""
    return Counter(
        pair.made.code for pair in pairs if pair.made and not pair.same and pair.kind != "field"
    )


def names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_plain(name) for name in names if name.strip())


def _same(one: Value, other: Value) -> bool:
    if not _akin(one, other):
        return False
    if one.code in NUMBERS:
        return _number(one.text) == _number(other.text)
    return " ".join(one.text.split()) == " ".join(other.text.split())


def _alike(one: Value, other: Value) -> bool:
    if one.code not in WORDED or not _akin(one, other):
        return False
    first, second = _plain(one.text), _plain(other.text)
    return first in second or second in first or overlap(first, second) >= ALIKE


def _akin(one: Value, other: Value) -> bool:
    return one.code == other.code and _plain(one.group) == _plain(other.group)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return " ".join(text.split())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
