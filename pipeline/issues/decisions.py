"""What a person decided, held against what the registry says now, and what XPT cannot hold."""

from pipeline.issues.kind import Kind

DECISIONS: dict[str, Kind] = {
    "curation.review": Kind(
        "warning",
        "The registry's words under a curated value are others than when it was decided.",
        "The curated value stays: check it, and put the new words into its entry.",
    ),
    "curation.unplaced": Kind(
        "warning",
        "An entry of the study's curation file could not be carried out.",
        "Name the row as the records make it now, or remove the entry.",
    ),
    "curation.unwatched": Kind(
        "note",
        "This curation entry does not keep the registry's words, so a change of them goes unseen.",
        "Put the words of now into its list `words`.",
    ),
    "xpt.unwritable": Kind(
        "error",
        "XPT cannot hold this value, so there is no submission folder.",
        "Add the character to schemas/ascii.yaml.",
    ),
    "xpt.substituted": Kind(
        "note",
        "XPT holds ASCII only: these characters were substituted by the published table.",
        "Parquet and Dataset-JSON keep the original.",
    ),
}
