"""What `mappings/` says of prose: the words that name periods, doses, durations and visits, and how
arms and elements are made of them.
"""

import re

import msgspec


class ElementScheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An element that the model needs although the record does not state it, and why."""

    etcd: str
    element: str
    epoch: str
    testrl: str
    teenrl: str
    why: str
    words: str = ""


class PeriodWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How prose names a period of a study: where to look, by which words, with which lengths.

    Patterns are searched in lower case near a clue; `{length}` stands for a length of time. The
    texts `later` are asked only where `places` say nothing; `own` are lengths that are searched
    in an arm's own words alone. `never` are words beside a length, and `unless` words anywhere in
    its sentence, that make it the length of another thing. One `beside` another is read only where
    the texts have one of these words too.
    """

    clues: tuple[str, ...]
    places: tuple[str, ...]
    later: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    words: str = ""
    lengths: tuple[str, ...] = ()
    never: str = ""
    unless: str = ""
    beside: tuple[str, ...] = ()


class StageScheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of stage in an arm: the words of its clause, or of the head it stands under."""

    epoch: str
    element: str
    etcd: str
    words: str = ""
    head: str = ""
    clues: tuple[str, ...] = ()
    strong: bool = False
    plain_after: tuple[str, ...] = ()


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How arms and elements are made: the assumed elements, the sentences for stated ones, and
    the words by which prose names periods and stages.
    """

    before: ElementScheme
    after: ElementScheme
    untreated: ElementScheme
    unlisted: ElementScheme
    run_in: ElementScheme
    washout: ElementScheme
    extension: ElementScheme
    opening: ElementScheme
    infused: str
    usual: str
    again: str
    epoch: str
    blinded: str
    start: str
    start_day: str
    start_after: str
    end: str
    end_doses: str
    end_until: str
    hidden_placebo: str
    single_group: str
    sequence: str
    branch: dict[str, str]
    branch_why: str
    drop_words: tuple[str, ...]
    populations: str
    doses: str
    assessed_types: tuple[str, ...]
    samples: str
    assessments: str
    challenges: str
    assessed_every: str
    milestones: str
    periods: dict[str, PeriodWords]
    stages: dict[str, StageScheme]

    @property
    def period_number(self) -> str:
        """The number of a period at the end of its EPOCH, as a pattern."""
        return re.escape(self.again).replace(r"\{number\}", "[0-9]+") + "$"


class DurationWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How prose states a duration: the sentences, in which `{length}` stands for a length of time
    and `{about}` for words before it that leave it exact (`a period of`),
    words one of which they have, and words that make them say another thing.
    """

    clues: tuple[str, ...]
    words: tuple[str, ...]
    never: str


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that prose uses for what SDTM codes, as patterns to term.

    `starts` is how the phrases of routes, frequencies and forms begin, in lower case; `named` are
    words for a route only where the name of a treatment follows at once; `per` are
    what a unit may be divided by; `durations` the sentences that state one. `product_forms` are
    whole fields, in lower case.
    """

    starts: dict[str, tuple[str, ...]]
    routes: dict[str, str]
    named: dict[str, str]
    frequencies: dict[str, str]
    forms: dict[str, str]
    product_forms: dict[str, str]
    units: dict[str, str]
    per: dict[str, str]
    durations: dict[str, DurationWords]
    conditioning: str
    alternatives: str
    visits: str
    placebo: str
    countries: dict[str, str]
