"""What CORE found, told in each package's own reviewer's guide."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.conformance.judge import Judged, Verdict
from pipeline.load.answered import HTML, MARKDOWN, answered, found
from pipeline.load.package import Built, manifest, sized
from pipeline.load.saved import save
from pipeline.load.section import Section, some

OPEN = "Nothing documents it: to be looked at."


def tell(made: Sequence[Verdict], out: Path) -> None:
    """Put CORE's findings into the guides of the packages that they are about.

    The package's manifest follows; other files of a package are left as they are.
    """
    for study in sorted({one.study for one in made}):
        home = out / "studies" / study
        names = (HTML, MARKDOWN, "manifest.json")
        if not all((home / name).is_file() for name in names):
            continue
        guide = {name: (home / name).read_bytes() for name in (HTML, MARKDOWN)}
        files = answered(guide, section([one for one in made if one.study == study]))
        built = msgspec.json.decode((home / "manifest.json").read_bytes(), type=Built)
        built = msgspec.structs.replace(built, files=built.files | sized(files))
        save({**files, "manifest.json": manifest(built)}, home)


def section(verdicts: Sequence[Verdict]) -> Section:
    """The findings on one package, by rule and explanation, and which rules looked for them."""
    return found([*_asked(verdicts)], [*_rows(verdicts)])


def _asked(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for one in verdicts:
        yield (
            f"CDISC CORE {one.engine.version} was asked about this package by its rules for SDTMIG "
            f"{one.sdtmig}: {len(one.engine.rules)} rules ran, {len(one.engine.skipped)} had "
            f"nothing to look at here; findings: {len(one.judged)}, to be looked at: "
            f"{len(one.open)}."
        )


def _rows(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, ...]]:
    kinds: dict[tuple[str, ...], list[Judged]] = {}
    for item in (item for one in verdicts for item in one.judged):
        said = (item.finding.rule, " ".join(item.published), item.finding.message, item.why or OPEN)
        kinds.setdefault(said, []).append(item)
    for (rule, published, message, why), items in sorted(kinds.items()):
        places = (" ".join(filter(None, (i.finding.domain, i.finding.key))) for i in items)
        yield rule, published, some(places) or "the package", message, why
