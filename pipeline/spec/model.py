"""What schemas/ and mappings/ say, as frozen structures that refuse unknown keys."""

from typing import Literal

import msgspec

from pipeline.values import How


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SDTM variable: label, define.xml data type, role, core, length in bytes, codelist."""

    label: str
    type: Literal["text", "integer", "float", "durationDatetime"]
    role: str
    core: Literal["Req", "Exp", "Perm"]
    origin: Literal["Assigned", "Derived", "Protocol"]
    length: int = 0
    codelist: str = ""
    label_3_3: str = ""


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SDTM dataset: label, structure, key variables, variables in the standard's order."""

    domain: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: dict[str, Variable]
    label_3_3: str = ""


class Codelist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A CDISC codelist: its NCI code, and the NCI code of each submission value."""

    code: str
    name: str
    extensible: bool
    terms: dict[str, str]


class Terminology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One published package of CDISC controlled terminology; `version` is its date."""

    package: str
    version: str
    codelists: dict[str, Codelist]


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reference terminology that is not CDISC's: the name TSVCDREF writes, and its version."""

    name: str
    version: str = ""
    defines: str = ""


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a value is absent: the ISO 21090 null flavor that says so, and a sentence."""

    flavor: str
    sentence: str


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the standards say of one TS parameter's answer, and which rules ask for it."""

    codelist: str = ""
    format: Literal["", "duration", "date", "integer", "ratio"] = ""
    external: str = ""
    dictionary: str = ""
    required: Literal["", "always", "conditional"] = ""
    rules: tuple[str, ...] = ()


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a record can say; a `term` has a closed vocabulary."""

    kind: Literal["id", "term", "text", "prose", "name", "date", "age", "count"]
    about: str
    values: tuple[str, ...] = ()
    pattern: str = ""


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """How one TS parameter is filled: from which concepts, by which rule or recoding.

    `only` limits it to a study type; `look_for` are patterns whose hits are offered as candidates.
    """

    from_: tuple[str, ...] = ()
    rule: str = ""
    terms: dict[str, str] = {}
    constant: str = ""
    only: str = ""
    look_for: tuple[str, ...] = ()
    why: str = ""
    ask: str = ""


class ElementScheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An element that the model needs although the record does not state it, and why."""

    etcd: str
    element: str
    epoch: str
    testrl: str
    teenrl: str
    why: str
    words: str = ""


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How arms and elements are made: the assumed elements, and the sentences for stated ones."""

    before: ElementScheme
    after: ElementScheme
    epoch: str
    start: str
    start_day: str
    start_after: str
    end: str
    end_doses: str
    branch: dict[str, str]
    branch_why: str
    drop_words: tuple[str, ...]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that prose uses for what SDTM codes, as patterns to term."""

    routes: dict[str, str]
    frequencies: dict[str, str]
    units: dict[str, str]
    conditioning: str
    trial_types: dict[str, str]
    alternatives: str
    visits: str
    placebo: str
    countries: dict[str, str]


class PageValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a page section: its concept, its label where labels are kept, its shape.

    `item: many` numbers repeated values; `split` cuts one line into several values; `free` may
    be any prose and is known by where it stands: after the value before it.
    """

    concept: str
    label: str = ""
    pattern: str = ""
    split: str = ""
    free: bool = False
    many: bool = False


class PageSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of a page: how its description line starts, and how its lines are read."""

    read: Literal[
        "ignore", "values", "prose", "list", "arms", "interventions", "criteria", "sponsors",
        "identifiers", "locations",
    ]  # fmt: skip
    starts: str = ""
    concept: str = ""
    values: tuple[PageValue, ...] = ()
    ignore: tuple[str, ...] = ()
    why: str = ""


class PageMapping(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="page", tag_field="format"
):
    """A site whose trial pages are read as text: its sections, words, and what it is known to
    lose.
    """

    registry: str
    site: str
    title: PageSection
    results: tuple[str, ...]
    sections: dict[str, PageSection]
    last: str
    labelled: tuple[str, ...]
    lossy: dict[str, str]
    identifiers: dict[str, str]
    terms: dict[str, dict[str, str]] = {}


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the string at a path is read: its concept, and its shape where it is more than the value.

    `pattern` takes its first group; `split` cuts it into several values; `unit` is the unit of an
    age that is a bare number, `order` that of day and month in a date of numbers. A leaf without
    concept is words that are ignored, and `why`. A value that has the pattern of a concept in
    `shapes` is one of that concept. `says` is what its words say here (a flag's `Yes`; `*` is any
    other word), or nothing. A leaf of a higher `rank` is asked only where those before it say
    nothing of the concept.
    """

    concept: str = ""
    pattern: str = ""
    split: str = ""
    unit: str = ""
    order: Literal["", "dmy", "mdy"] = ""
    why: str = ""
    shapes: tuple[str, ...] = ()
    says: dict[str, str] = {}
    rank: int = 0


Said = str | Leaf | tuple[Leaf, ...]
"""What a mapping says of a path: its concept, how it is read, or each thing that it says."""


def leaves(said: Said) -> tuple[Leaf, ...]:
    """Each thing that the string at a path says."""
    if isinstance(said, tuple):
        return said
    return (said if isinstance(said, Leaf) else Leaf(said),)


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A string that names an entry of another list by the string at `to`: the string `says`
    beside it is a fact of that entry.
    """

    to: str
    says: str
    concept: str


class Pick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an object is read whose field `by` says what its field `value` is.

    A value of a kind that `concepts` does not name is the first of `shapes` whose pattern it has,
    else `other`.
    """

    value: str
    by: str
    concepts: dict[str, str]
    other: str
    ignore: dict[str, str] = {}
    shapes: tuple[str, ...] = ()


class TreeMapping(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tree", tag_field="format"
):
    """Records that are trees (JSON, XML), rows (CSV) or fields with codes: which path says what,
    which is ignored and why.

    A path is keys joined by dots, `[]` after a list. `syntax` is how the tree is written, `has`
    the top-level keys by which it is known, `id` the concept that is the record's own number,
    `records` the paths of lists that hold records (in XML, of the elements that are records).
    A word that `terms` recode to nothing is known to say nothing. `wrapped` prose is indented and
    broken into lines; `lossy` says what this form of a record is known to lose.

    A path `**.key` is ignored wherever the key stands. `blank` words stand where nothing is said,
    with what is wrong where something is. `languages` is the end of a key that gives another one's
    field in another language: it is read where the field itself says nothing. `entries` are lists
    that number what they hold though they stand in another list, or come in the order of a field
    of theirs. Of fields, `groups`
    number the entries that follow them, and a whole record has one of `last`.
    """

    syntax: Literal["json", "xml", "csv", "fields"]
    registry: str
    site: str
    has: tuple[str, ...]
    id: str
    read: dict[str, Said]
    ignore: dict[str, str]
    pick: dict[str, Pick] = {}
    links: dict[str, Link] = {}
    terms: dict[str, dict[str, str]] = {}
    records: tuple[str, ...] = ()
    wrapped: bool = False
    lossy: str = ""
    blank: dict[str, str] = {}
    languages: str = ""
    entries: dict[str, str] = {}
    groups: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


Mapping = PageMapping | TreeMapping


class Precedence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of several records of one study is asked, and how grave a disagreement is."""

    order: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]
    united: tuple[str, ...]
    critical: tuple[str, ...]
    notable: tuple[str, ...]


class Spec(msgspec.Struct, frozen=True):
    """Everything that is said about the data, said once."""

    domains: dict[str, Domain]
    terminology: Terminology
    references: dict[str, Reference]
    reasons: dict[str, Reason]
    hows: dict[How, str]
    parameters: dict[str, Parameter]
    concepts: dict[str, Concept]
    registries: dict[str, Mapping]
    decisions: dict[str, Decision]
    design: Design
    phrases: Phrases
    precedence: Precedence
    ascii: dict[str, str]
