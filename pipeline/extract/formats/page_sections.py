"""How each kind of page section is read, line by line; a line that fits nothing is an issue."""

import re

from pipeline.extract.lines import Line, fact
from pipeline.extract.page_reading import Reading, looks_like_word
from pipeline.spec.mapping import PageSection

_CRITERIA_HEADING = re.compile(r"(?i)(key |main |major )?(inclusion|exclusion) criteria\s*:?")


def read_values(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """Values in the section's order, each known by its label or by what it is.

    A line is tried as the next values in order, so that `NONE` is a masking only after the
    purpose; prose goes to the free value that stands where it is.
    """
    at = 0
    free: dict[int, list[Line]] = {}
    found: dict[int, Line] = {}
    for line in lines:
        named = [i for i, value in enumerate(section.values) if value.label == line.text]
        if named:
            at = named[0]
            reading.take(line)
            continue
        if line.text in section.ignore:
            reading.take(line)
            continue
        for index in range(at, len(section.values)):
            value = section.values[index]
            facts = [] if value.free else reading.fits(value, line)
            if facts:
                reading.add(line, facts)
                found[index] = line
                at = index if value.many else index + 1
                break
        else:
            _free_or_unread(reading, section, line, at, free)
    for index, passage in free.items():
        reading.tell(section.values[index].concept, passage)
    if not any(value.label == line.text for line in lines for value in section.values):
        _drop_ambiguous(reading, section, found)


def _drop_ambiguous(reading: Reading, section: PageSection, found: dict[int, Line]) -> None:
    """One date without a label, where two were expected, may be either: it is not taken."""
    for index, line in found.items():
        shape = section.values[index].pattern
        alike = [i for i, value in enumerate(section.values) if shape and value.pattern == shape]
        if len(alike) > 1 and not all(i in found for i in alike):
            names = " or ".join(section.values[i].concept for i in alike)
            reading.facts = [f for f in reading.facts if f.span.start != line.start]
            reading.note("source.ambiguous", line, f"It may be {names}.")


def _free_or_unread(
    reading: Reading, section: PageSection, line: Line, at: int, free: dict[int, list[Line]]
) -> None:
    slot = next(
        (i for i in range(max(at - 1, 0), len(section.values)) if section.values[i].free), -1
    )
    reachable = slot >= 0 and all(section.values[i].many for i in range(at, slot))
    if looks_like_word(line.text):
        reading.note("term.unknown", line, f"'{line.text}' is in no vocabulary of this section.")
    elif reachable:
        free.setdefault(slot, []).append(line)
    else:
        reading.note("source.unread", line)


def read_prose(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """All lines are one text."""
    reading.tell(section.concept, lines)


def read_list(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """Each line is a name or a citation of its own."""
    for item, line in enumerate(lines):
        reading.say(section.concept, line, item)


def read_criteria(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """The criteria as one text with its headings, then ages, sex and healthy volunteers.

    The values stand at the end and are known by what they are; the text before them is criteria.
    One age without a label may be either limit; of two, the first is the minimum.
    """
    labels = {value.label: value for value in section.values if value.label}
    end = len(lines)
    while end and _is_value(reading, section, lines[end - 1]):
        end -= 1
    ages: list[Line] = []
    label = ""
    for line in lines[end:]:
        if line.text in labels or line.text in section.ignore:
            reading.take(line)
            label = line.text
            continue
        facts = reading.fits(labels[label], line) if label in labels else []
        facts = facts or [f for v in section.values[2:] for f in reading.fits(v, line)][:1]
        if facts and facts[0].concept == "eligibility.age":
            ages.append(line)
        elif facts:
            reading.add(line, facts)
        label = ""
    limits = ("eligibility.age.minimum", "eligibility.age.maximum")
    for concept, line in zip(limits if len(ages) > 1 else ("eligibility.age",), ages, strict=False):
        reading.say(concept, line)
    reading.tell(section.concept, lines[:end])


def _is_value(reading: Reading, section: PageSection, line: Line) -> bool:
    if line.text in section.ignore or any(value.label == line.text for value in section.values):
        return True
    if line.text.startswith("*") or _CRITERIA_HEADING.fullmatch(line.text):
        return False
    return any(reading.fits(value, line) for value in section.values)


def read_sponsors(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """Names with their classes; collaborators come first, the lead sponsor is the last."""
    classes = reading.spec.concepts["sponsor.lead.class"].values
    pairs: list[tuple[Line, Line | None]] = []
    for line in lines:
        if line.text in section.ignore:
            reading.take(line)
            continue
        if line.text in classes and pairs and pairs[-1][1] is None:
            pairs[-1] = (pairs[-1][0], line)
        elif looks_like_word(line.text) and pairs and pairs[-1][1] is None and "_" in line.text:
            reading.note("term.unknown", line, f"'{line.text}' is no known class of sponsor.")
        else:
            pairs.append((line, None))
    for item, (name, kind) in enumerate(pairs[:-1]):
        reading.say("sponsor.collaborator", name, item)
        if kind:
            reading.take(kind)  # a collaborator's class: no trial-design parameter asks for it
    if pairs:
        name, kind = pairs[-1]
        reading.say("sponsor.lead", name)
        if kind:
            reading.say("sponsor.lead.class", kind)
        else:
            reading.note(
                "source.ambiguous", name, "The last sponsor has no class: is the list whole?"
            )


def read_identifiers(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """Numbers, each followed by its type and by whose it is."""
    del section
    number: Line | None = None
    kind = ""
    items: dict[str, int] = {}
    for line in lines:
        if line.text.startswith("Identifier Type: "):
            kind = line.text.removeprefix("Identifier Type: ")
            reading.take(line)
        elif line.text.startswith("Identifier Source: ") and number:
            whose = line.text.removeprefix("Identifier Source: ")
            concept = _identifier(reading, number, kind, whose)
            reading.say(concept, number, items.get(concept, 0))
            reading.take(line)
            items[concept] = items.get(concept, 0) + 1
            number, kind = None, ""
        elif number is None and not line.text.startswith("Identifier "):
            number = line
        else:
            reading.note("source.unread", line)
    if number:
        reading.note("source.unread", number, "The number has no type: the page ends here.")


def _identifier(reading: Reading, number: Line, kind: str, whose: str) -> str:
    """The concept of a number by its type; one of another shape is just a number."""
    known = reading.mapping.identifiers
    concept = known.get(kind) or known.get(whose) or "id.other"
    shape = reading.spec.concepts[concept].pattern
    if shape and not re.fullmatch(shape, number.text):
        reading.note("source.ambiguous", number, f"It is called {kind}, but has another shape.")
        return "id.other"
    return concept


def read_locations(reading: Reading, section: PageSection, lines: list[Line]) -> None:
    """A facility's name, then its city, state and country with commas between."""
    for item, line in enumerate(lines):
        if item % 2 == 0:
            reading.take(line)  # a facility's name: no trial-design parameter asks for it
            continue
        comma = line.text.rfind(",")
        if comma < 0:
            reading.note("source.unread", line, "A place with city and country was expected.")
            continue
        start = len(line.text) - len(line.text[comma + 1 :].lstrip())
        country = fact(
            section.concept, line, reading.source, group=(start, len(line.text)), item=item // 2
        )
        reading.add(line, [country])
