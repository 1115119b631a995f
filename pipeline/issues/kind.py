"""What an issue is: how grave, in words, and what a person can do."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Kind(NamedTuple):
    """What an issue code means: its severity, a sentence, and what a person can do."""

    severity: Severity
    sentence: str
    remedy: str
