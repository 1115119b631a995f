"""What a check found: which rule, where, what is wrong, and who says so."""

import msgspec

from pipeline.issues import Severity


class Finding(msgspec.Struct, frozen=True, gc=False, order=True):
    """One finding about data or metadata.

    `engine` is `expectations`, `native`, `define`, `xsd` or `core`; `rule` its rule id;
    `study` the folder name of the study; `key` the row's key values without STUDYID.
    """

    study: str
    engine: str
    rule: str
    severity: Severity
    message: str
    domain: str = ""
    variable: str = ""
    key: str = ""
    value: str = ""
