"""Inputs and records that are not built, or that a better one stands for."""

from pipeline.issues.kind import Kind

INPUTS: dict[str, Kind] = {
    "input.empty": Kind("error", "The file is empty.", "Save the record again."),
    "input.binary": Kind(
        "error", "The file is not text.", "Save the registry's page as text, or its JSON or XML."
    ),
    "input.encoding": Kind(
        "error", "The file is not UTF-8 text.", "Save it again as UTF-8, or name what it is."
    ),
    "input.too-large": Kind(
        "error", "The file is larger than a single record can be.", "Check what was saved."
    ),
    "input.unopened": Kind(
        "error",
        "The file, or this entry of an archive, could not be opened.",
        "Check that it is whole; unpack the archive yourself and give the files in it.",
    ),
    "input.unknown": Kind(
        "error",
        "The content is no registry record of a known format.",
        "See docs/adding-a-registry.md for the formats that are read.",
    ),
    "input.malformed": Kind(
        "error",
        "The record is broken: it cannot be parsed.",
        "Download it again; it may have been cut off.",
    ),
    "input.unsafe": Kind(
        "error",
        "The XML holds what no registry writes and what can be made to do harm.",
        "Download it again from the registry.",
    ),
    "input.results-page": Kind(
        "error",
        "This is the trial's results page, which says nothing of the design.",
        "Save the trial's main page instead.",
    ),
    "input.no-study": Kind(
        "error",
        "The page names neither study type, nor arms, nor criteria: there is no study to build.",
        "Check whether the page was saved whole.",
    ),
    "join.same-name": Kind(
        "error",
        "Another trial of this build claims the same registry number, and the two were not joined.",
        "Check which trial the number belongs to, and build the other one apart.",
    ),
    "build.failed": Kind(
        "error", "The study could not be built.", "Report this record: it is a bug."
    ),
    "input.superseded": Kind(
        "note",
        "Another record of the same registry and trial is newer or says more, and is asked first.",
        "Remove it, or keep it for the history.",
    ),
}
