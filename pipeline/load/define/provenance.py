"""How the cells of an item were come by, in define.xml's words: origin, method and comment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pipeline.load.define.model import Note
from pipeline.spec.model import Domain, Spec
from pipeline.tabulate import row_key
from pipeline.values import Cell, Fact, Row, Source

Keyed: TypeAlias = tuple[str, Cell]
"""A cell with the key of its row."""

WORKED = frozenset({"derived", "normalised"})
JUDGED = frozenset({"assumed", "curated"})


def cells_of(rows: Iterable[Row], name: str, domain: Domain) -> list[Keyed]:
    """The cells of a variable; a plain value, which the Spec alone gives, is not among them."""
    return [(row_key(row, domain), cell) for row in rows if isinstance(cell := row.get(name), Cell)]


def origin(usual: str, cells: Sequence[Keyed], has_data: bool) -> str:
    """The Origin Type: what the record states is Protocol, the nearest that Define-XML has.

    `usual` is the variable's origin in the Spec; a code stays Assigned however it was come by.
    """
    if not has_data:
        return "Not Available"
    if usual != "Protocol":
        return usual
    hows = {cell.how for _, cell in cells if cell.value is not None}
    if "derived" in hows:
        return "Derived"
    return "Assigned" if hows <= JUDGED else "Protocol"


def method(
    cells: Sequence[Keyed], parameter: str, spec: Spec, methods: Mapping[str, str]
) -> Note | None:
    """How the values were made: the texts of their rules, or the recoding of the decision."""
    valued = [cell for _, cell in cells if cell.value is not None]
    worked = [cell for cell in valued if cell.rule or cell.how in WORKED]
    if not worked:
        return None
    steps = dict(_step(cell, parameter, spec, methods) for cell in worked)
    assumed = all(cell.how == "assumed" for cell in worked)
    name = ".".join(steps) + (".assumed" if assumed else "")
    kind = "Imputation" if assumed else "Computation"
    words = ", ".join([*steps, *["assumed"] * assumed]).replace("_", " ")
    return Note(f"MT.{name}", " ".join(steps.values()), words, kind)


def _step(cell: Cell, parameter: str, spec: Spec, methods: Mapping[str, str]) -> tuple[str, str]:
    decision = spec.decisions.get(parameter)
    if cell.rule in methods:
        return cell.rule, " ".join(methods[cell.rule].split())
    if decision and decision.terms:
        pairs = (f"{word} -> {term or 'left out'}" for word, term in decision.terms.items())
        text = f"{', '.join(decision.from_)}: {'; '.join(pairs)}. {decision.why}".strip()
        return f"TS.{parameter}", text
    return cell.rule or cell.how, spec.hows[cell.how]


def comment(oid: str, cells: Sequence[Keyed], spec: Spec) -> Note | None:
    """Why values are assumed, curated or absent, by row, what else has a reason, and in full what
    had to be shortened.
    """
    reasons: dict[str, list[str]] = {}
    for key, cell in cells:
        if cell.how == "absent" or cell.how in JUDGED or cell.reason:
            reasons.setdefault(_reason(cell, spec), []).append(key)
    lines = [
        reason if len(keys) == len(cells) else f"{', '.join(keys)}: {reason}"
        for reason, keys in reasons.items()
    ]
    lines += [f"{key} in full: {whole.value}" for key, whole in _shortened(cells)]
    return Note(f"COM.{oid}", "\n".join(lines)) if lines else None


def _reason(cell: Cell, spec: Spec) -> str:
    if cell.how == "absent" and (known := spec.reasons.get(cell.reason)):
        return f"Null flavor {known.flavor}: {known.sentence}"
    return f"{spec.hows[cell.how]} {cell.reason}".strip()


def _shortened(cells: Iterable[Keyed]) -> Iterable[tuple[str, Fact]]:
    for key, cell in cells:
        if cell.how != "derived" and cell.basis and "..." in str(cell.value):
            whole = cell.basis[0]
            if len(whole.value) > len(str(cell.value)):
                yield key, whole


def rests_on(sources: Iterable[Source], spec: Spec) -> Note:
    """The registry records that a dataset, or the package, was made from."""
    records = {source.sha256: source for source in sources}
    name = ".".join(digest[:12] for digest in sorted(records))
    lines = sorted(_record(source, spec) for source in records.values())
    return Note(f"COM.RECORD.{name}", "\n".join(lines))


def _record(source: Source, spec: Spec) -> str:
    mapping = spec.registries.get(source.format)
    where = mapping.site if mapping else source.registry
    return (
        f"Made from record {source.id or 'without id'} of {where}, version "
        f"{source.version or 'not stated'}, file {source.name} (SHA-256 {source.sha256}). "
        "Origin is Protocol for what the record states."
    )
