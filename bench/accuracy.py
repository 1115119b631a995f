"""What the pipeline makes of real records, against what was read from them by hand.

    python bench/accuracy.py [RECORDS]                 default ../shared/records/ctgov_v2
    python bench/accuracy.py --show TS OBJPRIM         what differs, of the development trials
    python bench/accuracy.py --frozen                  the totals of the frozen trials too

The expectations and their conventions are in bench/gold/README.md. The trials of frozen.txt are
scored only when asked for, when no rule is being changed, and only their totals are ever printed.

**TS.** A value matches when it is the expected one after white space is collapsed, and stands with
the same treatment where the expectation names one. A text of `WORDED` also matches when one of the
two holds the other, or when their words overlap with an F1 of 0.85 or more. The class of a value
without a match is that of the trial's expectation of the parameter, else the parameter's own. The
share of field values counts, for each parameter of a trial, the larger of expected and made.
A fabrication is a made value of class prose, or an assumed one, that matches no expectation;
those of a parameter of which the trial expects nothing are counted apart. Null flavors, and the
parameters of `OUTSIDE`, are not scored.

**TI.** A boundary is right when start and end are; spans are those of the criteria's own facts.
**TA.** Arms match by label; a sequence is epoch and set of treatments, element by element, and the
treatments of an element are the interventions in its basis.
"""

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scoring import (
    GROUPED,
    JUDGED,
    OUTSIDE,
    Arm,
    Criterion,
    Element,
    Pair,
    Value,
    arms_paired,
    fabrications,
    names,
    paired,
    scored_arms,
    scored_criteria,
    scored_summary,
    sequence,
)

from pipeline.extract import read
from pipeline.spec import ROOT, load
from pipeline.study import build
from pipeline.values import Cell, Record, Study

GOLD = ROOT / "bench" / "gold"
READINGS = GOLD / "readings"
RECORDS = ROOT.parent / "shared" / "records" / "ctgov_v2"


def made_summary(study: Study) -> list[Value]:
    """The scored values of a study's TS, with the treatment's name as their group."""
    rows = study.tables["TS"].rows
    treatments = {
        str(row["TSGRPID"]): _text(row["TSVAL"])
        for row in rows
        if row["TSGRPID"] and row["TSPARMCD"] in ("TRT", "COMPTRT", "CURTRT")
    }
    values = []
    for row in rows:
        code, cell = str(row["TSPARMCD"]), row["TSVAL"]
        if code in OUTSIDE or not isinstance(cell, Cell) or cell.value is None:
            continue
        group = treatments.get(str(row["TSGRPID"]), "") if code in GROUPED else ""
        words = " | ".join(fact.quote for fact in cell.basis)
        kind = "assumed" if cell.how == "assumed" else ""
        values.append(Value(code, _text(cell), group, kind, words))
    return values


def made_criteria(study: Study) -> list[Criterion]:
    """The criteria of a study's TI in the order of the text."""
    found = []
    for row in study.tables["TI"].rows:
        cell = row["IETEST"]
        basis = cell.basis if isinstance(cell, Cell) else ()
        own = next(fact for fact in basis if fact.concept.startswith("criterion."))
        found.append(Criterion(own.span.start, own.span.end, _text(row["IECAT"]), own.value))
    return sorted(found)


def made_arms(study: Study) -> list[Arm]:
    """The arms of a study's TA, each with its elements in their order; their epochs without the
    numbers of periods, which the expectations do not have.
    """
    if "TA" not in study.tables:
        return []
    durations = {_text(row["ETCD"]): _text(row.get("TEDUR")) for row in study.tables["TE"].rows}
    number = load().design.period_number
    arms: dict[str, list[Element]] = {}
    labels: dict[str, str] = {}
    for row in sorted(study.tables["TA"].rows, key=lambda row: int(_text(row["TAETORD"]))):
        code, cell = _text(row["ARMCD"]), row["ELEMENT"]
        labels[code] = _text(row["ARM"])
        basis = cell.basis if isinstance(cell, Cell) else ()
        given = {fact.value for fact in basis if fact.concept == "arm.intervention"}
        given |= {fact.value for fact in basis if fact.concept == "intervention.name"}
        epoch = re.sub(number, "", _text(row["EPOCH"]))
        element = Element(epoch, names(given), durations[_text(row["ETCD"])])
        arms.setdefault(code, []).append(element)
    return [Arm(labels[code], tuple(elements)) for code, elements in arms.items()]


def expected_summary(folder: Path) -> list[Value]:
    return [
        Value(row["TSPARMCD"], row["TSVAL"], row["group"], row["class"], row["quote"])
        for row in _lines(folder / "ts.csv")
    ]


def summaries(folder: Path, study: Study) -> list[Pair]:
    """What was expected of a trial's TS in pairs with what was made, of the parameters read."""
    made, part = made_summary(study), (GOLD / "judged.txt").read_text(encoding="utf-8").split()
    if folder.name in part:
        made = [value for value in made if value.code in JUDGED]
    return paired(expected_summary(folder), made)


def expected_criteria(folder: Path) -> list[Criterion]:
    return [
        Criterion(int(row["start"]), int(row["end"]), row["category"], row["words"])
        for row in _lines(folder / "ti.csv")
    ]


def expected_arms(folder: Path) -> list[Arm]:
    arms: dict[str, Arm] = {}
    for row in _lines(folder / "ta.csv"):
        arm = arms.get(row["arm"], Arm(row["label"], ()))
        element = Element(row["epoch"], names(row["treatments"].split(";")), row["duration"])
        arms[row["arm"]] = Arm(arm.label, (*arm.elements, element))
    return list(arms.values())


def scored(folder: Path, study: Study) -> Counter[str]:
    """All counts of one trial; no TI or TA is expected where the folder has none."""
    return (
        scored_summary(summaries(folder, study))
        + scored_criteria(expected_criteria(folder), made_criteria(study))
        + scored_arms(expected_arms(folder), made_arms(study))
    )


def told(score: Counter[str]) -> Iterator[tuple[str, str]]:
    """Each measure with its figures in words."""
    yield "TS field", _share(score["field right"], score["field"])
    yield "TS prose precision", _share(score["prose right"], score["prose made"])
    yield "TS prose recall", _share(score["prose right"], score["prose expected"])
    alone = f"{score['fabricated alone']} where nothing is expected"
    yield "TS fabricated", f"{score['fabricated']}, {alone}"
    yield "TI boundary F1", _f1(score["ti right"], score["ti made"], score["ti expected"])
    yield "TI category", _share(score["ti same"], score["ti right"])
    yield "TA arm F1", _f1(score["arms right"], score["arms made"], score["arms expected"])
    yield "TA sequences", _share(score["sequences right"], score["arms expected"])
    right, made = score["durations right"], score["durations made"]
    yield "TE durations", f"{_share(right, score['durations expected'])}, {made} made"


def shown(trial: str, folder: Path, study: Study, domain: str, code: str) -> Iterator[str]:
    """What differs in one trial, line by line."""
    if domain in ("", "TS"):
        for pair in summaries(folder, study):
            one, two = pair.expected, pair.made
            name = one.code if one else two.code if two else ""
            if pair.same or (code and code != name):
                continue
            what = "other" if one and two else "missing" if one else "EXTRA"
            yield f"{trial} TS {name} {what} ({pair.kind})"
            yield from (*_valued("expected", one), *_valued("made", two))
    if domain in ("", "TI"):
        wanted, found = expected_criteria(folder), made_criteria(study)
        for title, these, others in (("missing", wanted, found), ("EXTRA", found, wanted)):
            known = {one[:3] for one in others}
            for one in these:
                if one[:3] not in known:
                    span = f"{one.start}-{one.end}"
                    yield f"{trial} TI {title} {span} {one.category} {one.words[:70]!r}"
    if domain in ("", "TA"):
        yield from _shown_arms(trial, expected_arms(folder), made_arms(study))


def _shown_arms(trial: str, expected: list[Arm], made: list[Arm]) -> Iterator[str]:
    pairs = arms_paired(expected, made)
    ones, twos = [one for one, _ in pairs], [two for _, two in pairs]
    for title, these, left in (("missing", expected, ones), ("EXTRA", made, twos)):
        for arm in these:
            if arm in left:
                left.remove(arm)
            else:
                yield f"{trial} TA {title} arm {arm.label!r}"
    for one, two in pairs:
        if one.elements != two.elements:
            what = "sequence" if sequence(one) != sequence(two) else "duration"
            yield f"{trial} TA {what} {one.label!r}"
            yield f"    expected {_path(one)}"
            yield f"    made     {_path(two)}"


def _path(arm: Arm) -> str:
    return " > ".join(
        f"{one.epoch}[{'; '.join(sorted(one.treatments))}]{one.duration}" for one in arm.elements
    )


def _valued(title: str, value: Value | None) -> Iterator[str]:
    if value is not None:
        about = f" of {value.group!r}" if value.group else ""
        yield f"    {title:<9}{value.text!r}{about} from {value.words[:200]!r}"


def _text(cell: object) -> str:
    value = cell.value if isinstance(cell, Cell) else cell
    return "" if value is None else str(value)


def _share(right: int, of: int) -> str:
    return f"{100 * right / of:.1f} % ({right}/{of})" if of else "none"


def _f1(right: int, made: int, expected: int) -> str:
    value = 2 * right / (made + expected) if made + expected else 0.0
    return f"{value:.3f} ({right} right, {made} made, {expected} expected)"


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def studies(records: Path, trials: Iterable[str]) -> Iterator[tuple[str, Study]]:
    """Each trial whose record is in the folder, as the pipeline makes it."""
    spec = load()
    for trial in trials:
        path = records / f"{trial}.json"
        if path.exists():
            found = list(read(path.read_bytes(), path.name, spec))
            yield trial, build([one for one in found if isinstance(one, Record)], spec)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Scores the pipeline against bench/gold.")
    parser.add_argument("records", nargs="?", type=Path, default=RECORDS)
    parser.add_argument("--show", nargs="*", metavar="TS|TI|TA PARAM")
    parser.add_argument("--frozen", action="store_true", help="score the frozen trials too")
    options = parser.parse_args(argv)
    if not options.records.is_dir():
        print(f"Nothing is scored: there are no records in {options.records}.")
        return 0
    frozen = set((GOLD / "frozen.txt").read_text(encoding="utf-8").split())
    folders = {path.name: path for path in sorted(GOLD.glob("NCT*"))}
    if options.show is not None:
        domain, code = [*options.show, "", ""][:2]
        for trial, study in studies(options.records, [one for one in folders if one not in frozen]):
            for line in shown(trial, folders[trial], study, domain, code):
                print(line)
        return 0
    total: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    wanted = [trial for trial in folders if trial not in frozen]
    for trial, study in studies(options.records, wanted):
        total += scored(folders[trial], study) + Counter({"trials": 1})
        extra += fabrications(summaries(folders[trial], study))
    print(f"development, {total['trials']} of {len(wanted)} trials")
    for name, figures in told(total):
        print(f"  {name:<20}{figures}")
    print("  " + (", ".join(f"{code} {n}" for code, n in extra.most_common()) or "none fabricated"))
    if options.frozen:
        for line in unseen(options.records, sorted(frozen)):
            print(line)
    return 0


def unseen(records: Path, frozen: Sequence[str]) -> Iterator[str]:
    """The totals of the frozen trials: of those that are settled, and of all by each reading."""
    built = dict(studies(records, list(frozen)))
    for name, place in (("settled", GOLD), ("by reading A", READINGS / "A"),
                        ("by reading B", READINGS / "B")):  # fmt: skip
        folders = [place / trial for trial in frozen if trial in built]
        folders = [one for one in folders if (one / "ts.csv").is_file()]
        total = sum((scored(one, built[one.name]) for one in folders), Counter[str]())
        if folders:
            line = "; ".join(f"{measure} {figures}" for measure, figures in told(total))
            yield f"frozen, {name}, {len(folders)} of {len(frozen)} trials: {line}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
