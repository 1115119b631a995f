"""What a text of criteria is made of: criteria, headings and remarks."""

import msgspec


class Part(msgspec.Struct, gc=False):
    """The characters `low` to `high`: `kind` inclusion, exclusion, heading or remark.

    `classified` is false where nothing says which; `parent` is the heading part that a criterion
    of a list stands under, `group` what its part or cohort is called, at `group_at`.
    """

    low: int
    high: int
    kind: str
    classified: bool = True
    parent: "Part | None" = None
    group: str = ""
    under: "Part | None" = None
    flattened: bool = False
