"""What a record is not sure of, does not state, or states in two ways."""

from pipeline.issues.kind import Kind

SOURCES: dict[str, Kind] = {
    "source.lossy": Kind(
        "warning",
        "This extraction of the page is known to lose text.",
        "What it does not say is unknown: check against the registry.",
    ),
    "date.month-end": Kind(
        "note",
        "A page shows a month as its last day, so that this day may be nobody's.",
        "The month is kept: supply the day where it is known.",
    ),
    "source.truncated": Kind(
        "warning",
        "The record ends before its last section.",
        "Save it again: the parts that are missing are unknown.",
    ),
    "source.replaced-characters": Kind(
        "warning",
        "The text has replacement characters: it was saved in a wrong encoding.",
        "Save it again as UTF-8.",
    ),
    "source.unread": Kind(
        "warning",
        "This line fits nothing that the format is known to hold.",
        "Check what the registry means by it; the mapping may need it.",
    ),
    "source.ambiguous": Kind(
        "warning",
        "This value could mean more than one thing.",
        "Look it up in the registry.",
    ),
    "term.unknown": Kind(
        "warning",
        "The mapping does not know this word.",
        "Add it to the registry's mapping in mappings/registries.",
    ),
    "id.missing": Kind(
        "warning",
        "The record does not state its own registry number.",
        "Look it up; numbers of related trials are never used.",
    ),
    "join.ambiguous": Kind(
        "warning",
        "A number of this record stands in a record of another trial.",
        "The two were not joined: check which trial the number belongs to.",
    ),
    "eligibility.contradiction": Kind(
        "warning",
        "A criterion or title contradicts the registry's own field.",
        "Check which of the two the protocol says.",
    ),
    "control.contradiction": Kind(
        "warning",
        "The title or a comparator says that there is a control, and the field that there is none.",
        "Ask the registry's owner, or curate TCNTRL.",
    ),
    "masking.contradiction": Kind(
        "warning",
        "What the record says of its masking does not fit together.",
        "Check TBLIND against the protocol.",
    ),
    "treatment.role-not-stated": Kind(
        "warning",
        "The record does not say which interventions are investigational.",
        "Supply TRT and COMPTRT.",
    ),
    "code.ambiguous": Kind(
        "warning",
        "The dictionary has more than one entry for these words.",
        "Choose the one that the protocol means.",
    ),
}
