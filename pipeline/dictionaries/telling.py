"""What a folder of dictionaries holds, in words."""

from pathlib import Path

from pipeline.dictionaries import held
from pipeline.spec.model import Spec


def told(folder: Path, spec: Spec) -> tuple[list[str], bool]:
    """A line for each dictionary with its version, for each file that belongs to none, and for
    each parameter that stays uncoded; and whether every file is known.
    """
    found, unknown = held(folder)
    lines = []
    for one in found:
        known = one.dictionary
        names = len(known.preferred.folded) + len(known.synonyms.folded)
        files = ", ".join(part.name for part in one.files)
        entries = f"{len(known.codes)} entries, {names} names ({files})"
        lines.append(f"{known.name} {known.version}: {entries}")
    read = {part.path for one in found for part in one.files}
    strange = sorted({part.path for part in unknown} - read)
    lines += (f"{path} belongs to no dictionary that is known" for path in strange)
    there = {one.dictionary.name for one in found}
    lines += (
        f"{code} stays uncoded: {parameter.dictionary} is not there"
        for code, parameter in spec.parameters.items()
        if parameter.dictionary and parameter.dictionary not in there
    )
    return lines, not strange
