"""Trial pages of a registry mirror, saved as text, in four extractions.

A page is sections of a heading, a fixed description line, and values. Labelled pages name each
value; in the others a value is known by what it is (a word of a closed vocabulary, a date, an
age, a count), never by its line number.
"""

from collections.abc import Iterator

from pipeline.extract.formats import page_arms, page_sections
from pipeline.extract.lines import Line, split_lines
from pipeline.extract.page_reading import Reading
from pipeline.issues import Unreadable
from pipeline.spec.mapping import PageMapping, PageSection
from pipeline.spec.model import Spec
from pipeline.values import Issue, Record, Source, Span

READERS = {
    "values": page_sections.read_values,
    "prose": page_sections.read_prose,
    "list": page_sections.read_list,
    "criteria": page_sections.read_criteria,
    "sponsors": page_sections.read_sponsors,
    "identifiers": page_sections.read_identifiers,
    "locations": page_sections.read_locations,
}


def recognise(text: str, spec: Spec) -> bool:
    """Whether the text is a page of a site that a mapping describes."""
    return bool(_site(text, spec))


def read(text: str, source: Source, spec: Spec) -> Iterator[Record | Unreadable]:
    """The one record that a page is, or why it is none."""
    name = _site(text, spec)
    registry = spec.registries[name].registry
    try:
        yield _page(text, name, Source(source.name, registry, name, source.sha256), spec)
    except Unreadable as error:
        yield error


def _site(text: str, spec: Spec) -> str:
    for name, mapping in spec.registries.items():
        if not isinstance(mapping, PageMapping):
            continue
        if any(text.lstrip().startswith(word) for word in mapping.results[:1]):
            return name
        found = sum(
            1 for section in mapping.sections.values() if section.starts and section.starts in text
        )
        if found >= 2:
            return name
    return ""


def _page(text: str, name: str, source: Source, spec: Spec) -> Record:
    """The facts of one page; raises `Unreadable` for a results page or one that holds no study."""
    mapping = spec.registries[name]
    assert isinstance(mapping, PageMapping)
    lines = list(split_lines(text))
    if lines and lines[0].text.startswith(mapping.results[0]):
        raise Unreadable("input.results-page", f"It begins with '{lines[0].text[:60]}'.")
    parts = dict(_sections(lines, mapping))
    reading = Reading(
        mapping, text, [line for part in parts.values() for line in part], source, spec
    )
    labelled = sum(line.text in mapping.labelled for line in lines) >= 2
    for heading, section_lines in parts.items():
        section = mapping.sections.get(heading, mapping.title)
        if section.read in READERS:
            READERS[section.read](reading, section, section_lines)
        elif section.read == "ignore":
            reading.take(*section_lines)
    if list(parts)[-1] not in ("Study Groups", "Interventions"):
        page_arms.read_arms(reading, parts.get("Study Groups", []), parts.get("Interventions", []))
    elif cut := [*parts.get("Study Groups", []), *parts.get("Interventions", [])]:
        detail = "The page is cut before its interventions end, so its arms are not read."
        reading.note("arms.ambiguous", cut[0], detail, *cut[1:])
    concepts = {fact.concept for fact in reading.facts}
    if not concepts & {"design.type", "arm.label", "eligibility.criteria"}:
        raise Unreadable("input.no-study", f"It ends in section '{list(parts)[-1]}'.")
    return reading.record(tuple(_about(mapping, parts, labelled=labelled, reading=reading)))


def _about(
    mapping: PageMapping, parts: dict[str, list[Line]], *, labelled: bool, reading: Reading
) -> Iterator[Issue]:
    """What is known of this kind of page, and whether it is whole."""
    source = reading.source
    if not labelled:
        losses = [mapping.lossy["unlabelled"]]
        if not parts.get(""):
            losses.append(mapping.lossy["bodyonly"])
        yield Issue("source.lossy", " ".join(losses), source)
    last = list(parts)[-1]
    if last != mapping.last:
        end = Span(len(reading.text), len(reading.text))
        yield Issue(
            "source.truncated",
            f"It ends in section '{last}', whose last line may be cut.",
            source,
            end,
        )
    if "\ufffd" in reading.text:
        at = reading.text.index("\ufffd")
        count = reading.text.count("\ufffd")
        yield Issue("source.replaced-characters", f"{count} of them.", source, Span(at, at + 1))


def _sections(lines: list[Line], mapping: PageMapping) -> Iterator[tuple[str, list[Line]]]:
    """The lines of each section without heading and description; the title block has no heading."""
    starts: list[tuple[int, int, str]] = []
    cut = list(lines)
    known = iter(mapping.sections.items())
    pending = list(known)
    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else None
        for place, (heading, section) in enumerate(pending):
            if not line.text.endswith(heading) or not _described(section, following):
                continue
            before = line.text[: -len(heading)]
            if before and before not in FUSED:
                continue
            starts.append((index, index + (2 if section.starts and following else 1), heading))
            pending = pending[place + 1 :]
            break
    yield "", cut[: starts[0][0]] if starts else cut
    for number, (_, first, heading) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(cut)
        yield heading, cut[first:end]


# With posted results the page runs two lines together: `View full resultsBasic Information`.
FUSED = ("View full results",)


def _described(section: PageSection, following: str | None) -> bool:
    """Whether the next line is the section's description, or the page was cut before it."""
    if not section.starts or following is None:
        return True
    return following.startswith(section.starts) or section.starts.startswith(following)
