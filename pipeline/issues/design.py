"""Criteria, arms and elements that are not certain, and what was made of them."""

from pipeline.issues.kind import Kind

DESIGN: dict[str, Kind] = {
    "criteria.amended": Kind(
        "note",
        "The registry's record had other criteria before; TI has a set of rows for each.",
        "Give the protocol's versions in a curation file; TIVERS names those of the record.",
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
    "arms.single-group": Kind(
        "note",
        "The record lists no arms; that of TA is the single group which its model states.",
        "Name the arm as the protocol does; NARMS counts what the registry lists.",
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
    "arms.told-otherwise": Kind(
        "warning",
        "Words say otherwise than the list which treatments this arm is given.",
        "The element follows the words: check it.",
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
}
