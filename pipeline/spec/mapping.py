"""How a registry's records are read, as mappings/registries/ says: pages, trees, rows, fields."""

from typing import Literal

import msgspec
from msgspec.structs import replace


class PageValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a page section: its concept, its label where labels are kept, its shape.

    `item: many` numbers repeated values; `split` cuts one line into several values; `free` may
    be any prose and is known by where it stands: after the value before it. `imputed` is a date
    whose day may have been made up where it is the last of its month.
    """

    concept: str
    label: str = ""
    pattern: str = ""
    split: str = ""
    free: bool = False
    many: bool = False
    imputed: bool = False


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

    `pattern` takes its first group; `split` cuts it into several values, `listed` at the lines
    that are entries of a list; `unit` is the unit of an age that is a bare number, `order` that of
    day and month in a date of numbers. A leaf without concept is words that are ignored, and
    `why`. A value that has the pattern of a concept in `shapes` is one of that concept. `says` is
    what its words say here (a flag's `Yes`; `*` is any other word), or nothing. A leaf of a higher
    `rank` is asked only where those before it say nothing of the concept.
    """

    concept: str = ""
    pattern: str = ""
    split: str = ""
    listed: bool = False
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
    else `other`. `pattern` takes the value's first group, where words may stand before it.
    """

    value: str
    by: str
    concepts: dict[str, str]
    other: str
    ignore: dict[str, str] = {}
    shapes: tuple[str, ...] = ()
    pattern: str = ""


class TreeMapping(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tree", tag_field="format"
):
    """Records that are trees (JSON, XML), rows (CSV) or fields with codes: which path says what,
    which is ignored and why.

    A path is keys joined by dots, `[]` after a list. `syntax` is how the tree is written, `has`
    the top-level keys by which it is known, `id` the concept that is the record's own number,
    `records` the paths of lists that hold records (in XML, of the elements that are records).
    A word that `terms` recode to nothing is known to say nothing. `wrapped` prose is indented and
    broken into lines; `lossy` says what this form of a record is known to lose, and `omits` names
    concepts that the registry has and this form leaves out.

    A path `**.key` is ignored wherever the key stands. `blank` words stand where nothing is said,
    with what is wrong where something is. `languages` is the end of a key that gives another one's
    field in another language: it is read where the field itself says nothing. `entries` are lists
    that number what they hold though they stand in another list, or come in the order of a field
    of theirs. Of fields, `groups`
    number the entries that follow them, and a whole record has one of `last`. `persons` are
    paths that are read where the settings want persons, else ignored.
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
    omits: tuple[str, ...] = ()
    blank: dict[str, str] = {}
    languages: str = ""
    entries: dict[str, str] = {}
    persons: dict[str, Said] = {}
    groups: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


Mapping = PageMapping | TreeMapping


def peopled(mapping: Mapping, persons: bool) -> Mapping:
    """The mapping with what it says of persons read, or ignored, as the settings want it."""
    if isinstance(mapping, PageMapping):
        return mapping
    if persons:
        return replace(mapping, read=mapping.read | mapping.persons)
    why = "Names and numbers of persons are not extracted, unless mappings/settings.yaml asks."
    return replace(mapping, ignore=mapping.ignore | dict.fromkeys(mapping.persons, why))
