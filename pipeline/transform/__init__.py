"""Facts become tables: one module a domain where rows need one, rules where a value does."""

from functools import cache

from pipeline.transform import design
from pipeline.transform.arms import crossing, element, epochs
from pipeline.transform.rules import methods as rule_methods


@cache
def methods() -> dict[str, str]:
    """The method text of every rule, as define.xml prints it: its docstring on one line."""
    found = rule_methods()
    for rule in (
        element.assumed_element, element.named_element, element.stated_element,
        element.stated_length, crossing.sequence_arm, epochs.numbered_epoch, design.arm_code,
        design.branch,
    ):  # fmt: skip
        found[rule.__name__] = " ".join((rule.__doc__ or "").split())
    return found
