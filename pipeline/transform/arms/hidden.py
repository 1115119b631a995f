"""Arms that stand in texts and not in the list of arms: placebo within an arm, levels of dose."""

import re
from collections.abc import Iterator

from pipeline.transform.arms.arm import Arm
from pipeline.transform.rules import Facts
from pipeline.values import Fact, Issue, narrowed

_OR_PLACEBO = re.compile(
    r"\b(?:or|vs\.?|versus) (?:an? |the )?(?:matching |matched |corresponding )?placebo\b"
    r"|\bplacebo (?:or|vs\.?|versus)\b|\b(?:active|drug|treatment) ?: ?placebo\b"
    r"|\b\d+ (?:\w+ ){0,3}(?:receive|get|on) (?:matching )?placebo\b",
    re.IGNORECASE,
)
_PLACEBO = re.compile(r"\b(?:placebo|sham)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:dose )?level\s?(?P<number>-?\d{1,2})\s*[:=(–-]", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:level|cohort|group|arm|part)\b|\d\s?[mµμu]?g\b", re.IGNORECASE)


def hidden(arms: list[Arm], facts: Facts) -> Iterator[Issue]:
    """An issue for each arm that words say is a treatment or placebo, and for texts that list two
    levels of dose or more where no label of several arms tells them apart.
    """
    for arm in arms:
        placebos = [bool(_PLACEBO.search(fact.value)) for fact in arm.given]
        if any(placebos) and not all(placebos):
            for fact in (arm.label, *arm.said("arm.description")):
                if match := _OR_PLACEBO.search(fact.value):
                    yield _issue("arms.placebo-within", fact, match, f"{arm.label.value}.")
                    break
    if len(arms) > 1 and all(_NUMBERED.search(arm.label.value) for arm in arms):
        return
    for fact in (*facts["intervention.description"], *facts["arm.description"]):
        found = {match["number"]: match for match in _LEVEL.finditer(fact.value)}
        if len(found) > 1:
            detail = f"The text lists {len(found)} levels."
            yield _issue("arms.levels-in-text", fact, next(iter(found.values())), detail)
            return


def _issue(code: str, fact: Fact, match: re.Match[str], detail: str) -> Issue:
    words = narrowed(fact, *match.span(), fact.concept)
    return Issue(code, detail, words.source, words.span, words.quote)
