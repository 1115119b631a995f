"""A curation file as entries, each with its line and its parts; problems are gathered."""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from pipeline.curation.terms import one_of
from pipeline.spec.curation import Signed
from pipeline.spec.text import nodes

SIGNED = ("reason", "date", "words")


class Entry:
    """One entry: its domain, the rest of its name, its line, and its parts by their names."""

    def __init__(self, path: Path, name: str, line: int, problems: list[str]) -> None:
        self.path, self.name, self.line, self.problems = path, name, line, problems
        self.domain, _, self.rest = name.partition(".")
        self.parts: dict[str, yaml.Node] = {}

    def wrong(self, line: int, problem: str) -> None:
        """Note a problem with the file and the line that it stands on."""
        self.problems.append(f"{self.path}:{line}: {self.name}: {problem}")

    def line_of(self, part: str) -> int:
        """The line of a part, or of the entry when it has no such part."""
        return _line(self.parts[part]) if part in self.parts else self.line

    def only(self, allowed: Iterable[str]) -> None:
        """Note every part that has another name."""
        names = list(allowed)
        for part, node in self.parts.items():
            if part not in names:
                self.wrong(_line(node), one_of(part, names, "key of this entry"))

    def text(self, part: str) -> str:
        """The part's text, empty when there is none; an empty one is a problem."""
        return self.scalar(self.parts[part], part) if part in self.parts else ""

    def scalar(self, node: yaml.Node, what: str) -> str:
        """The text of a node; a problem when it is empty or no text."""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(_line(node), f"{what} is one text, not a list or a mapping")
            return ""
        text = str(node.value).strip()
        if not text:
            self.wrong(_line(node), f"{what} is empty")
        return text

    def texts(self, part: str) -> tuple[str, ...]:
        """The texts of a list."""
        node = self.parts[part]
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(_line(node), f"{part} is a list: [] when there are none")
            return ()
        return tuple(" ".join(self.scalar(one, part).split()) for one in node.value)

    def flag(self, part: str) -> bool:
        """Whether the part stands there, and says yes."""
        said = self.text(part)
        if said and said != "yes":
            self.wrong(self.line_of(part), one_of(said, ["yes"], f"value of {part}"))
        return part in self.parts

    def signed(self) -> Signed:
        """Who reads the data is told why and when it was decided."""
        for part in ("reason", "date"):
            if part not in self.parts:
                self.wrong(self.line, f"{part} is missing")
        date = self.text("date")
        if date and not _is_day(date):
            self.wrong(self.line_of("date"), f"'{date}' is no date such as 2026-03-31")
        words = self.texts("words") if "words" in self.parts else None
        reason = " ".join(self.text("reason").split())
        return Signed(self.name, self.line, reason, date, words)


def entries(path: Path, problems: list[str]) -> list[Entry]:
    """The entries of a file in its order; raises `BadSpec` when it is no YAML."""
    root = nodes(path)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        problems.append(f"{path}:{_line(root)}: a curation file has entries such as TS.ADAPT:")
        return []
    found: dict[str, Entry] = {}
    for key, value in root.value:
        entry = Entry(path, str(key.value), _line(key), problems)
        if entry.name in found:
            entry.wrong(entry.line, f"stands already in line {found[entry.name].line}")
        elif isinstance(value, yaml.MappingNode):
            found[entry.name] = entry
            _fill(entry, value)
        else:
            entry.wrong(entry.line, "an entry has parts: value, reason, date, …")
    return list(found.values())


def parts_of(entry: Entry, node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The parts of a mapping by their names; a name that stands twice is a problem."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in found:
            entry.wrong(_line(key), f"{key.value} stands twice")
        found.setdefault(str(key.value), value)
    return found


def _fill(entry: Entry, node: yaml.MappingNode) -> None:
    entry.parts = parts_of(entry, node)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False
