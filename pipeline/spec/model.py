"""What schemas/ and mappings/ say, as frozen structures that refuse unknown keys."""

from collections.abc import Container
from typing import Literal

import msgspec

from pipeline.spec.curation import Curation
from pipeline.spec.dictionary import Dictionary
from pipeline.spec.mapping import Mapping
from pipeline.spec.wording import Design, Phrases
from pipeline.values import How


class Standard(msgspec.Struct, frozen=True):
    """The version of SDTMIG that packages follow, the version of SDTM that it belongs to, and the
    versions whose published rules CORE is asked about them.
    """

    sdtmig: str
    sdtm: str
    rules: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a house may want otherwise: whether persons are read, who are contacts of a study."""

    persons: bool = False


class Older(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What another version of SDTMIG says otherwise of a dataset or a variable."""

    label: str = ""
    core: Literal["", "Req", "Exp", "Perm"] = ""
    role: str = ""


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SDTM variable: label, define.xml data type, role, core, length in bytes, codelist."""

    label: str
    type: Literal["text", "integer", "float", "durationDatetime"]
    role: str
    core: Literal["Req", "Exp", "Perm"]
    origin: Literal["Assigned", "Derived", "Protocol"]
    length: int = 0
    codelist: str = ""
    older: dict[str, Older] = {}


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SDTM dataset: label, structure, keys (and one more where its rows have versions),
    variables in the standard's order.
    """

    domain: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: dict[str, Variable]
    version: str = ""
    older: dict[str, Older] = {}

    def keys_of(self, columns: Container[str]) -> tuple[str, ...]:
        """The variables that name a row of a table with these columns."""
        return (*self.keys, self.version) if self.version and self.version in columns else self.keys


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

    def parameter_names(self) -> dict[str, str]:
        """TSPARMCD to TSPARM: the code and the name of a parameter share one NCI code."""
        names = {nci: name for name, nci in self.codelists["TSPARM"].terms.items()}
        return {
            code: names[nci]
            for code, nci in self.codelists["TSPARMCD"].terms.items()
            if nci in names
        }


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


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of prose as patterns to term, in lower case, and what beside them makes them say
    something else; only texts that hold a clue are searched.
    """

    words: dict[str, str]
    unless: str = ""
    clues: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """How one TS parameter is filled: from which concepts, by which rule or recoding.

    `constant` names a version of the standard in the mapping, and is that version in the Spec.

    `only` limits it to a study type; `look_for` are patterns whose hits are offered as candidates.
    `never` says what a person must supply, because no registry has it; `extends` are terms of
    ours in a codelist that may be extended; `reads` are the words by which prose says it.
    """

    from_: tuple[str, ...] = ()
    rule: str = ""
    terms: dict[str, str] = {}
    constant: str = ""
    only: str = ""
    look_for: tuple[str, ...] = ()
    why: str = ""
    ask: str = ""
    never: str = ""
    extends: tuple[str, ...] = ()
    reads: Reading | None = None


class Precedence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of several records of one study is asked, and how grave a disagreement is."""

    order: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]
    united: tuple[str, ...]
    critical: tuple[str, ...]
    notable: tuple[str, ...]


class Spec(msgspec.Struct, frozen=True):
    """Everything that is said about the data, said once, and the dictionaries that a user has."""

    standard: Standard
    domains: dict[str, Domain]
    terminology: Terminology
    references: dict[str, Reference]
    flavors: dict[str, str]
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
    curations: dict[str, Curation] = {}
    dictionaries: dict[str, Dictionary] = {}


def extended(codelist: str, spec: Spec) -> frozenset[str]:
    """The terms of a codelist, and those by which decisions of its parameters extend it."""
    ours = (
        term
        for code, decision in spec.decisions.items()
        if decision.extends and spec.parameters[code].codelist == codelist
        for term in decision.extends
    )
    return frozenset(spec.terminology.codelists[codelist].terms).union(ours)
