"""The catalogue of data issues: code, severity, sentence and remedy, in one place.

Issues speak about data and are values, never exceptions. The exceptions of the project are
three, and each names the file, the place and the remedy:

    Unreadable      a record that cannot be read: it goes to quarantine
    BadSpec         schemas or mappings that contradict themselves: nothing is built
    BadRequest      a command that cannot be carried out as asked
"""

from pipeline.issues.decisions import DECISIONS
from pipeline.issues.design import DESIGN
from pipeline.issues.inputs import INPUTS
from pipeline.issues.kind import Kind, Severity
from pipeline.issues.sources import SOURCES

__all__ = ["CATALOGUE", "BadRequest", "BadSpec", "Kind", "Severity", "Unreadable"]

CATALOGUE: dict[str, Kind] = INPUTS | SOURCES | DESIGN | DECISIONS


class Unreadable(Exception):
    """A record that cannot be read; `code` is the catalogue's, `detail` says where and what."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{CATALOGUE[code].sentence} {detail} {CATALOGUE[code].remedy}")
        self.code = code
        self.detail = detail


class BadSpec(Exception):
    """Contradictions in schemas/ and mappings/, all of them at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BadRequest(Exception):
    """A command that cannot be carried out as asked."""
