"""What persons decided about cells: a folder of files, one a study, read strictly."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.curation.answers import answer
from pipeline.curation.changes import change
from pipeline.curation.reading import Entry, entries
from pipeline.curation.terms import one_of
from pipeline.issues import BadRequest, BadSpec
from pipeline.spec.curation import Curation
from pipeline.spec.model import Spec

DOMAINS = ("TS", "TA", "TE", "TI", "TV")


def curations(folder: Path, spec: Spec) -> dict[str, Curation]:
    """The curation of each study by the registry id that names its file in `folder`.

    An empty file, or one of comments alone, curates nothing. Raises `BadSpec` with every problem
    of every file, by file and line, and `BadRequest` when there is no such folder.
    """
    if not folder.is_dir():
        raise BadRequest(f"{folder} is no folder of curation files.")
    problems: list[str] = []
    found: dict[str, Curation] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix not in (".yaml", ".yml"):
            continue
        if why := _misnamed(path, spec):
            problems.append(f"{path}: {why}")
        elif curation := _read(path, spec, problems):
            found[path.stem] = curation
    if problems:
        raise BadSpec(problems)
    return found


def _read(path: Path, spec: Spec, problems: list[str]) -> Curation | None:
    wrong: list[str] = []
    try:
        asked = entries(path, wrong)
    except BadSpec as error:
        problems.extend(error.problems)
        return None
    asked = [entry for entry in asked if _known(entry)]
    answers = [answer(entry, spec) for entry in asked if entry.domain == "TS"]
    changes = [change(entry, spec) for entry in asked if entry.domain != "TS"]
    made = Curation(
        path.stem,
        path.name,
        tuple(one for one in answers if one),
        tuple(one for one in changes if one),
    )
    wrong.extend(f"{path}:{problem}" for problem in _ungrouped(made))
    problems.extend(sorted(wrong, key=lambda problem: _line(problem, path)))
    return made if made.answers or made.changes else None


def _known(entry: Entry) -> bool:
    if entry.domain in DOMAINS and entry.rest:
        return True
    wrong = one_of(entry.domain, DOMAINS, "domain")
    entry.wrong(entry.line, f"an entry is named DOMAIN.ROW, such as TS.ADAPT or TI.INCL02; {wrong}")
    return False


def _line(problem: str, path: Path) -> int:
    return int(problem.removeprefix(f"{path}:").partition(":")[0])


def _misnamed(path: Path, spec: Spec) -> str:
    if path.suffix == ".yml":
        return "a curation file ends in .yaml"
    numbers = [spec.concepts[name] for name in spec.decisions["REGID"].from_]
    shapes = [number.pattern.replace("/", "[/-]") for number in numbers if number.pattern]
    if any(re.fullmatch(shape, path.stem, re.ASCII) for shape in (*shapes, "page-[0-9a-f]{12}")):
        return ""
    return (
        f"{path.stem} is no registry id; a curation file is named by the study's folder, "
        "such as NCT01234567.yaml (2019-001234-56.yaml, ISRCTN12345678.yaml)"
    )


def _ungrouped(made: Curation) -> Iterator[str]:
    """A row is tied to a treatment that the same file states.

    TSGRPID numbers the treatments by their order in the record; an update may change it, and a
    dose must not slide to another treatment.
    """
    groups = [
        value.group
        for one in made.answers
        if one.parameter in TREATMENTS
        for value in one.values
        if value.group
    ]
    for one in made.answers:
        for value in one.values:
            if value.group and value.group not in groups:
                there = ", ".join(dict.fromkeys(groups)) or "none; state TS.TRT with its groups"
                where = f"{one.signed.line}: TS.{one.parameter}"
                yield f"{where}: no treatment here has group {value.group}; allowed: {there}"


TREATMENTS = ("TRT", "COMPTRT", "CURTRT")
