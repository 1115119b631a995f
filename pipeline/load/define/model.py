"""What define.xml says of a package, before it is written as XML."""

import msgspec


class Note(msgspec.Struct, frozen=True):
    """Words that items refer to by OID: a comment, or a method with its type."""

    oid: str
    text: str
    name: str = ""
    type: str = ""


class Item(msgspec.Struct, frozen=True):
    """A variable of a dataset, or the part of it that `where` (a TSPARMCD) selects.

    `origin` is empty when it is told of `values`; `codelist` is the codelist's key in the Spec,
    `used` the values of it in the data, `version` that of an external codelist; `own` is a
    variable that is not of the standard.
    """

    oid: str
    name: str
    label: str
    type: str
    length: int
    digits: int
    has_data: bool
    origin: str = ""
    codelist: str = ""
    used: tuple[str, ...] = ()
    version: str = ""
    method: Note | None = None
    comment: Note | None = None
    mandatory: bool = False
    key: int = 0
    role: str = ""
    where: str = ""
    own: bool = False
    values: tuple["Item", ...] = ()


class Dataset(msgspec.Struct, frozen=True):
    """A dataset of the package: its domain code, label, structure, items, and what it rests on.

    `file` is where it stands, when that is not an XPT file of its name.
    """

    domain: str
    label: str
    structure: str
    comment: Note
    items: tuple[Item, ...]
    file: str = ""


class About(msgspec.Struct, frozen=True):
    """What a define.xml is about: its id in OIDs, names, words, and what the whole rests on."""

    id: str
    name: str
    description: str
    protocol: str
    title: str
    words: str
    comment: Note
    context: str = "Submission"
