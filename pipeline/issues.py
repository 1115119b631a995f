"""The catalogue of data issues: code, severity, sentence and remedy, in one place.

Issues speak about data and are values, never exceptions. The exceptions of the project are
three, and each names the file, the place and the remedy:

    Unreadable      a record that cannot be read: it goes to quarantine
    BadSpec         schemas or mappings that contradict themselves: nothing is built
    BadRequest      a command that cannot be carried out as asked
"""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Kind(NamedTuple):
    """What an issue code means: its severity, a sentence, and what a person can do."""

    severity: Severity
    sentence: str
    remedy: str


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


CATALOGUE: dict[str, Kind] = {
    # a record that is not built
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
    "criteria.amended": Kind(
        "note",
        "The registry's record had other criteria before; TI has a set of rows for each.",
        "Give the protocol's versions in a curation file; TIVERS names those of the record.",
    ),
    # a record that is built, but something is wrong with it
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
    "arms.ambiguous": Kind(
        "warning",
        "Where one arm's text ends and the next begins is not certain here.",
        "Check the arms against the registry.",
    ),
    "arms.none": Kind(
        "warning", "The record states no arms.", "Without arms there is no TA and no TE."
    ),
    "arms.described": Kind(
        "warning",
        "The record lists no arms; TA rests on those that its prose describes.",
        "Check the arms against the protocol; NARMS counts what the registry lists.",
    ),
    "arms.unnamed": Kind(
        "warning", "An arm of the record has no name.", "TA has no row for it: look it up."
    ),
    "arms.same-name": Kind(
        "warning", "Two arms have the same name.", "They are numbered in TA: check which is which."
    ),
    "arms.many": Kind(
        "warning",
        "The record lists more arms than a trial design has.",
        "Each is an arm of TA: check whether they are sites, products or participants.",
    ),
    "arms.count-differs": Kind(
        "warning", "It counts other arms than it lists.", "Check NARMS against TA."
    ),
    "arms.unknown-intervention": Kind(
        "warning",
        "An arm is given an intervention that the record does not list.",
        "The element bears the name that the arm gives it: check the registry.",
    ),
    "arms.unknown-arm": Kind(
        "warning", "The arm of an intervention is not listed.", "It is not in TA: look it up."
    ),
    "arms.placebo-within": Kind(
        "warning", "An arm gives a treatment or placebo.", "TA has one arm for both: part them."
    ),
    "arms.levels-in-text": Kind(
        "note", "Dose levels stand in a text alone.", "TA has no arm for each: check whether."
    ),
    "arms.unlinked-intervention": Kind(
        "note", "No arm is given this intervention.", "It is in no element: check its arms."
    ),
    "arms.placebo-unnamed": Kind(
        "warning",
        "This placebo arm is listed with nothing but what the tested arms are given.",
        "Its element is named Placebo, without treatments: check.",
    ),
    "arms.same-path": Kind(
        "note", "These arms have the same elements.", "Check in what they differ."
    ),
    "arms.sequences": Kind(
        "note",
        "The cross-over's arms are listed as treatments; TA has the sequences that are stated.",
        "Check the sequences; NARMS counts what the registry lists.",
    ),
    "arms.crossover-unclear": Kind(
        "warning", "A cross-over states no sequences.", "Its arms stand as listed."
    ),
    "arms.model-contradicted": Kind(
        "warning",
        "The words speak of a switch from one arm to another, which is no cross-over design.",
        "The arms stand as they are listed: check the model.",
    ),
    "criteria.flattened-list": Kind(
        "warning",
        "This criterion announces a list, and the format has flattened the list below it.",
        "The rows that follow may be its options rather than requirements of their own: check.",
    ),
    "criteria.unclassified": Kind(
        "warning",
        "Nothing says whether this criterion includes or excludes.",
        "It is kept as an inclusion criterion: check.",
    ),
    "criteria.shortened": Kind(
        "note",
        "The criterion is longer than IETEST may be and was shortened.",
        "Its full text stands in define.xml and in the provenance.",
    ),
    "criteria.unsplit": Kind(
        "warning",
        "A very long text has neither headings, list marks nor line breaks that part it.",
        "It stands as one criterion: part it by curation.",
    ),
    "criteria.limit-cut": Kind(
        "note",
        "The criterion is longer than IETEST may be; a limit, a negation or an exception was cut.",
        "Its full text stands in define.xml and in the provenance: word the row by curation.",
    ),
    "eligibility.contradiction": Kind(
        "warning",
        "A criterion contradicts the registry's own field.",
        "Check which of the two the protocol says.",
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
    "regimen.unordered": Kind(
        "note",
        "The words do not say whether this arm's treatments are given together or in turn.",
        "They are one element: check TA.",
    ),
    "element.unplaced": Kind(
        "warning", "The words give a treatment no place in its arm.", "It is in no element: add it."
    ),
    "element.not-given": Kind(
        "note",
        "The words say that this treatment is not given in this arm.",
        "No element was made for it.",
    ),
    # what a person decided, held against what the registry says now
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
