"""What persons decided about one study's cells, as values; `pipeline.curation` reads them."""

from typing import Literal

import msgspec

from pipeline.values import Scalar


class Signed(msgspec.Struct, frozen=True):
    """Why and when a person decided, on which line of the file, under which key of it.

    `words` are the registry's words under the cells at the time; None when they were not kept.
    """

    key: str
    line: int
    reason: str
    date: str
    words: tuple[str, ...] | None = None

    @property
    def said(self) -> str:
        """The reason with its date, as provenance and define.xml print it."""
        return f"{self.reason} ({self.date})"


class Chosen(msgspec.Struct, frozen=True):
    """One value of a TS parameter; a dictionary's term has its code, the dictionary, its version.

    `group` is the TSGRPID that ties it to the treatment it belongs to.
    """

    value: str
    code: str = ""
    dictionary: str = ""
    version: str = ""
    group: str = ""


class Answer(msgspec.Struct, frozen=True):
    """All values of one TS parameter, or the null flavor instead, or neither: no row at all."""

    parameter: str
    signed: Signed
    values: tuple[Chosen, ...] = ()
    flavor: str = ""


class Change(msgspec.Struct, frozen=True):
    """What becomes of the rows of TA, TE, TI or TV that have these key values.

    `cells` are the values of their other variables, None where one is left blank.
    """

    domain: str
    where: dict[str, Scalar]
    act: Literal["correct", "add", "drop"]
    cells: dict[str, Scalar]
    signed: Signed


class Curation(msgspec.Struct, frozen=True):
    """The curation of one study: `study` is the registry id that names the file."""

    study: str
    file: str
    answers: tuple[Answer, ...] = ()
    changes: tuple[Change, ...] = ()
