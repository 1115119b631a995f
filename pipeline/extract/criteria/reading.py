"""The lines of eligibility text become its parts in order: criteria, headings and remarks."""

import re

from msgspec.structs import replace

from pipeline.extract.criteria import topics
from pipeline.extract.criteria.announced import lines_of
from pipeline.extract.criteria.asides import defines
from pipeline.extract.criteria.blocks import Unit
from pipeline.extract.criteria.groups import called, heads_items, is_part, names_group
from pipeline.extract.criteria.headings import (
    Heading,
    as_whom,
    heading,
    is_title,
    is_topic,
    names_more,
)
from pipeline.extract.criteria.in_line import in_line, may_hold, skipped
from pipeline.extract.criteria.lists import leads, says_something, splits
from pipeline.extract.criteria.own_parts import OWN, own_part
from pipeline.extract.criteria.parts import Part
from pipeline.extract.criteria.sections import hides_lists, is_flattened
from pipeline.extract.criteria.wording import (
    annotates,
    announces,
    asks_nothing,
    excludes,
    hangs,
    joins,
    permits,
    titles,
)

_OR = ("OR ", "or ", "AND/OR ", "and/or ")
_REQUIRES = re.compile(r"(?i)\b(?:must|should|shall|required|have to|eligible|aged)\b|[≥≤<>]")


class _Reader:
    """The state of one reading: the category, part and parts so far."""

    def __init__(self, text: str, kind: str, marked: bool) -> None:
        self.text = text
        self.low = text.lower()
        self.even = len(self.low) == len(text)
        self.marked = marked
        self.kind = kind
        self.default = kind
        self.outer: tuple[str, Part | None] = ("", None)
        self.inner: tuple[str, Part | None] = ("", None)
        self.parts: list[Part] = []
        self.joined = is_flattened(text)
        self.told = kind
        self.opened = False
        self.piled = 0
        self.deep, self.item = 0, (0, 0)
        self.unsure = False
        self.unsaid: list[Part] = []

    def walk(self, found: list[Unit], parent: Part | None) -> None:
        index, size = 0, len(found)
        while index < size:
            unit = found[index]
            stop = index + 1
            while stop < size and found[stop].depth > unit.depth:
                stop += 1
            below = found[index + 1 : stop] if stop > index + 1 else []
            self.take(unit, below, found[stop] if stop < size else None, parent)
            index = stop

    def small(self, unit: Unit) -> str:
        """A line in small letters; a few letters have small forms of another length."""
        return self.low[unit.low : unit.high] if self.even else unit.words.lower()

    def take(self, unit: Unit, below: list[Unit], after: Unit | None, parent: Part | None) -> None:
        words = unit.words
        low = self.small(unit)
        said = heading(words, low, self.kind, unit.fresh)
        if said is not None:
            self.head(unit, said)
            rest = self.text[unit.low + said.length : unit.high].lstrip()
            if rest.strip("*_\\.:- "):
                low_rest = unit.high - len(rest)
                unit = Unit(low_rest, unit.high, unit.depth, True, "", rest)
                self.take(unit, below, after, None)
            else:
                self.walk(below, None)
            return
        if parent is None and not unit.mark and not unit.depth and self.joins(unit):
            if words[-1] in ":：" and below:
                stop = topics.own_list(below)
                self.parts[-1].high = below[stop - 1].high
                self.piled = 0 if annotates(words) else self.parts[-1].high
                self.walk(below[stop:], None)
            else:
                self.parts[-1].high = unit.high
                self.walk(below, None)
            return
        self.opened = bool(unit.mark) and words[-1] in ":："
        if (
            parent is None
            and self.asked()
            and (words.startswith(_OR) or hangs(self.text, self.parts[-1], words))
        ):
            self.parts[-1].high = below[-1].high if below else unit.high
        elif below and self.within(unit):
            self.parts[-1].high = below[-1].high
        elif below:
            self.listed(self.last_of(unit, after, parent), below, parent)
        else:
            self.alone(unit, after, parent)

    def head(self, unit: Unit, said: Heading) -> None:
        part = Part(unit.low, unit.low + len(unit.words[: said.length].rstrip()), "heading")
        if self.parts and self.parts[-1].kind == "heading" and self.inner[1] is self.parts[-1]:
            self.outer = self.inner
        elif self.outer[1] and names_more(unit.words[: said.length]):
            self.outer = ("", None)
        self.inner = (said.part, part) if said.part else ("", None)
        self.unsure = not said.kind and not said.part and self.kind == "inclusion" and self.asked()
        anew = said.part and self.kind == "exclusion"
        self.kind = said.kind or ("" if anew else self.kind) or self.default
        if "clusi" in self.small(unit):
            self.told = self.kind
        self.parts.append(part)

    def asked(self) -> bool:
        return bool(self.parts) and self.parts[-1].kind in ("inclusion", "exclusion")

    def joins(self, unit: Unit) -> bool:
        if not self.asked():
            return False
        last = self.parts[-1]
        opened = self.opened and self.text[last.high - 1] in ":："
        if self.piled == last.high and unit.words[-1] in ":：" and is_topic(unit.words):
            return True
        hung = hangs(self.text, last, unit.words) or permits(self.text, last, unit.words)
        return opened or hung or joins(self.text[last.low : last.high], unit.words)

    def within(self, unit: Unit) -> bool:
        """Whether a paragraph with a list is one more of the item whose criterion is the last."""
        return (
            not unit.fresh
            and unit.depth > 0
            and bool(self.parts)
            and self.item == (self.parts[-1].low, unit.depth)
            and not topics.begins_list(unit.words, self.kind)
        )

    def last_of(self, unit: Unit, after: Unit | None, parent: Part | None) -> Unit:
        """What a list stands below, of a line that has more than one criterion."""
        pieces = skipped(self.text, unit, after) if may_hold(unit) else []
        for low, high, words in pieces[:-1]:
            self.criterion(low, high, words, parent)
        return replace(unit, low=pieces[-1][0], words=pieces[-1][2]) if pieces else unit

    def listed(self, unit: Unit, below: list[Unit], parent: Part | None) -> None:
        top = min(one.depth for one in below)
        items = [one.words for one in below if one.depth == top and one.fresh]
        words = unit.words
        if not items:
            self.criterion(unit.low, below[-1].high, words, parent)
            return
        if defines(words):
            self.parts.append(Part(unit.low, below[-1].high, "remark"))
            return
        lead = below[: next(at for at, one in enumerate(below) if one.fresh)]
        if lead:
            words = lead[-1].words
        if words.lower().startswith("allowed") and len(words) < 10:
            self.parts.append(part := Part(unit.low, unit.high, "heading"))
            if self.kind == "exclusion":
                self.parts.extend(Part(one.low, one.high, "remark") for one in below)
            else:
                self.walk(below, part)
        elif topics.lists_people(unit, words, items, below[0], self.kind):
            before = self.inner
            self.group(unit)
            self.walk(below, None)
            self.inner = before if unit.mark else self.inner
        elif not unit.mark and not unit.depth and is_title(words):
            self.close(unit)
            self.parts.append(Part(unit.low, unit.high, "heading"))
            self.walk(below, None)
        elif not unit.mark and len(items) > 1 and leads(words, self.kind):
            self.close(unit)
            self.walk(below, self.led(unit, parent))
        elif (words.isupper() and words[-1] == ":") or splits(words, unit.depth, self.kind, items):
            self.close(unit)
            part = Part(unit.low, lead[-1].high if lead else unit.high, "heading")
            self.parts.append(part)
            self.walk(below[len(lead) :], part if says_something(words) else None)
        elif topics.is_apart(words, below) or not (unit.depth or unit.mark or words[-1] in ":："):
            self.alone(unit, None, parent)
            self.walk(below, None)
        else:
            self.criterion(unit.low, below[-1].high, words, parent)
            self.item = unit.low, unit.depth

    def led(self, unit: Unit, parent: Part | None) -> Part | None:
        """What leads to a list is its last sentence; one before it may ask for something itself."""
        before, dot, last = unit.words.rpartition(". ")
        start = unit.high - len(last)
        if dot and _REQUIRES.search(before):
            self.criterion(unit.low, unit.low + len(before) + 1, f"{before}.", parent)
        elif dot:
            self.parts.append(Part(unit.low, unit.low + len(before) + 1, "remark"))
        self.parts.append(part := Part(start, unit.high, "heading"))
        if who := as_whom(last):
            self.inner = who, part
        return part if says_something(last) else None

    def close(self, unit: Unit) -> None:
        """A heading says that the criteria of a group of people before it are over, and one of a
        section also those of a part; not where it stands directly below their name.
        """
        name, under = self.inner
        section = topics.begins_section(unit.words)
        if section and "characteristics" in self.small(unit):
            self.kind = self.told
        over = section or not is_part(name)
        if under and over and self.parts[-1] is not under and unit.depth <= self.deep:
            self.inner = ("", None)

    def group(self, unit: Unit) -> None:
        part = Part(unit.low, unit.high, "heading")
        self.deep = unit.depth
        self.inner = called(unit.words), part
        self.parts.append(part)

    def alone(self, unit: Unit, after: Unit | None, parent: Part | None) -> None:
        words = unit.words
        last = self.parts[-1].kind if self.parts else "heading"
        if names_group(words) or (after and heads_items(words, after.words)):
            self.group(unit)
        elif not unit.fresh and unit.depth and last in ("inclusion", "exclusion"):
            if titles(words) and self.text[self.parts[-1].high - 1] in ".;)":
                self.parts.append(Part(unit.low, unit.high, "heading"))
            else:
                self.parts[-1].high = unit.high
        elif topics.heads(unit, after, self.kind, self.marked):
            if topics.names_people(unit, after, self.kind):
                self.group(unit)
            else:
                self.close(unit)
                self.parts.append(Part(unit.low, unit.high, "heading"))
        elif asks_nothing(words, self.small(unit), unit.mark):
            self.parts.append(Part(unit.low, unit.high, "remark"))
        elif may_hold(unit) and (pieces := skipped(self.text, unit, after)):
            for low, high, piece in pieces:
                self.criterion(low, high, piece, parent)
        elif "2." in words or "2)" in words or "3." in words or "3)" in words:
            self.pieces(unit, parent)
        else:
            self.criterion(unit.low, unit.high, words, parent)
            self.item = unit.low, unit.depth

    def pieces(self, unit: Unit, parent: Part | None) -> None:
        """Criteria that stand in one line behind their numbers, perhaps after their heading."""
        lead, said, pieces = in_line(self.text, unit, self.kind)
        if lead and said:
            self.head(lead, said)
        for low, high, words in pieces:
            self.criterion(low, high, words, parent)

    def criterion(self, low: int, high: int, words: str, parent: Part | None) -> None:
        if self.text[high - 1] in "-–•":
            high = low + len(self.text[low:high].rstrip(" -–•")) if words.strip(" -–•") else high
        kind = self.kind
        if not kind and excludes(words) and not (self.joined and hides_lists(self.text, low, high)):
            kind = "exclusion"
        if words[:3].lower() in OWN and (own := own_part(words)):
            name, start, end = own
            said = Part(low + start, low + end, "heading")
            self.inner = ("", None)
            self.parts.append(Part(low, high, kind or "inclusion", bool(kind), parent, name, said))
            return
        group, under = self.inner if self.inner[1] else self.outer
        flat = self.text[high - 1] in ":：" or (high - low == len(words) and announces(words))
        self.parts.append(
            Part(low, high, kind or "inclusion", bool(kind), parent, group, under, flat)
        )
        if self.unsure:
            self.unsaid.append(self.parts[-1])


def read_parts(text: str, kind: str) -> list[Part]:
    """The parts of a text in order; `kind` is what the whole text is, or empty."""
    found = lines_of(text)
    reader = _Reader(text, kind, any(unit.mark for unit in found))
    reader.walk(found, None)
    if reader.unsaid and not any(part.kind == "exclusion" for part in reader.parts):
        # A second heading that says no category may be a slip for that of the exclusions.
        for part in reader.unsaid:
            part.classified = False
    return reader.parts
