"""Where the records of one study disagree, in SDTM terms: the Trial Summary of each, compared."""

from collections.abc import Iterator, Sequence

from pipeline.spec.model import Spec
from pipeline.transform.rules import Facts
from pipeline.transform.ts import trial_summary
from pipeline.values import Discrepancy, Gravity, Source

Said = dict[str, tuple[str, ...]]


def discrepancies(speakers: Sequence[tuple[Source, Facts]], spec: Spec) -> Iterator[Discrepancy]:
    """Each parameter of which two records state different values, the first against the others.

    What a record does not state disagrees with nothing; numbers and countries that records add
    up are left out.
    """
    if len(speakers) < 2:
        return
    together = set(spec.precedence.united)
    united = {code for code, d in spec.decisions.items() if together & set(d.from_)}
    said = [(source, _said(facts, spec)) for source, facts in speakers]
    for place, (source, values) in enumerate(said):
        for code in sorted(set(values) - united):
            if any(code in earlier for _, earlier in said[:place]):
                continue
            for other, others in said[place + 1 :]:
                if code in others and _plain(others[code]) != _plain(values[code]):
                    yield _one(code, source, values[code], other, others[code], spec)


def _one(
    code: str,
    source: Source,
    value: tuple[str, ...],
    other: Source,
    theirs: tuple[str, ...],
    spec: Spec,
) -> Discrepancy:
    grave: Gravity = "notable" if code in spec.precedence.notable else "minor"
    grave = "critical" if code in spec.precedence.critical else grave
    return Discrepancy("TS", code, grave, source, "; ".join(value), other, "; ".join(theirs))


def _said(facts: Facts, spec: Spec) -> Said:
    table, _, _ = trial_summary(facts, spec, offer=False)
    found: dict[str, list[str]] = {}
    for row in table.rows:
        cell = row["TSVAL"]
        if getattr(cell, "value", None) is not None and getattr(cell, "how", "") != "assumed":
            found.setdefault(str(row["TSPARMCD"]), []).append(str(getattr(cell, "value", "")))
    return {code: tuple(values) for code, values in found.items()}


def _plain(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(value.casefold().split()) for value in values)
