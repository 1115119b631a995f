"""What CORE found in random packages, as a page of the documentation: a table, made by the run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pipeline.conformance.expectations import Expectation
from pipeline.conformance.judge import Verdict


class Sampled(msgspec.Struct, frozen=True):
    """The packages of one version of SDTMIG: each with its format, and CORE's verdicts on them."""

    sdtmig: str
    formats: dict[str, str]
    verdicts: tuple[Verdict, ...]


HEAD = """\
# CDISC CORE on random packages

Made by `make conformance RECORDS=<folder of records> SAMPLE={number} SEED={seed}`; do not edit.

{number} records were drawn by chance (seed {seed}), from each folder of records by turns, built for
each version of SDTMIG, and every submission folder (XPT and define.xml) given to CDISC CORE
{version}. A package for a later SDTMIG is also judged by the rules that were published for an
earlier one alone. A finding counts as documented only when its reason holds in the study's own
data: `mappings/conformance.yaml` says when.
"""


def page(sampled: Sequence[Sampled], documented: Mapping[str, Expectation], seed: int) -> str:
    """The page: runs by version and format, what is documented by rule, what is to be looked at."""
    version = sampled[0].verdicts[0].engine.version
    number = max(len(one.formats) for one in sampled)
    verdicts = [verdict for one in sampled for verdict in one.verdicts]
    known = Counter(i.finding.rule for one in verdicts for i in one.judged if i.why)
    lines = [
        HEAD.format(number=number, seed=seed, version=version),
        "## Packages", "",
        *_table(
            ("package for SDTMIG", "rules of", "format", "packages", "rules run", "findings",
             "documented", "to look at"),
            (row for one in sampled for row in _runs(one)),
        ),
        "", "## Documented findings", "",
        *_table(
            ("rule", "findings", "why"),
            ((rule, count, documented[rule].why) for rule, count in sorted(known.items())),
        ),
        "", "## To look at", "",
    ]  # fmt: skip
    opened = Counter(
        (one.sdtmig, item.finding.rule, " ".join(item.published), item.finding.message)
        for one in verdicts
        for item in one.open
    )
    rows = ((*what, count) for what, count in sorted(opened.items()))
    heads = ("rules of", "rule", "published as", "message", "findings")
    lines += _table(heads, rows) if opened else ["Nothing: every finding is documented."]
    failed = sum("failed to execute" in i.finding.message for v in verdicts for i in v.open)
    lines += ["", f"Rules that failed to execute: {failed}."]
    return "\n".join(lines) + "\n"


def _runs(one: Sampled) -> Iterable[tuple[object, ...]]:
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in one.verdicts:
        groups.setdefault((verdict.sdtmig, one.formats[verdict.study]), []).append(verdict)
    for (rules, form), found in sorted(groups.items()):
        ran = {rule for verdict in found for rule in verdict.engine.rules}
        judged, still = sum(len(v.judged) for v in found), sum(len(v.open) for v in found)
        yield one.sdtmig, rules, form, len(found), len(ran), judged, judged - still, still


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(" ".join(str(c).replace("|", "\\|").split()) for c in cells) + " |"
