"""One run: bring the store up to date, build when something changed, report, publish."""

import hashlib
import shutil
import time
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from pipeline.build import Outcome, build
from pipeline.diffing import Change, diff
from pipeline.issues import BadRequest
from pipeline.publish import Packages
from pipeline.spec import ROOT
from pipeline.spec.model import Spec
from pipeline.update.follow import Brought, bring, followed
from pipeline.update.gate import Held, hold, losses, objections
from pipeline.update.gone import mark
from pipeline.update.journal import begin, end
from pipeline.update.lock import alone
from pipeline.update.published import Published, check_place, last, prune, publish
from pipeline.update.renew import renew
from pipeline.update.report import Report, report, told
from pipeline.update.settings import Settings
from pipeline.update.store import Store, Version, now
from pipeline.update.touched import keep_keys, keep_shown, touched
from pipeline.update.values import Scope

FEW = 4
"""A change that touches more than one record in so many is a whole build."""

Status: TypeAlias = Literal["unchanged", "published", "stopped"]


class Asked(msgspec.Struct, frozen=True):
    """What a run is asked to do: where things are, what to follow from now on, and how."""

    home: Path
    out: Path
    folder: Path
    scopes: tuple[Scope, ...] = ()
    sweep: bool = False
    force: bool = False
    jobs: int = 1
    packages: Packages = Packages()


class Run(msgspec.Struct, frozen=True):
    """How a run ended; `report` and `outcome` are there when it built."""

    status: Status
    brought: Brought
    why: list[str]
    held: list[Held]
    report: Report | None = None
    outcome: Outcome | None = None


def update(asked: Asked, settings: Settings, spec: Spec) -> Run:
    """Bring everything that is followed up to date, and publish what it makes unless it looks
    wrong.

    Raises `BadRequest` when it cannot be done; the log and the table of runs say so too.
    """
    check_place(asked.out)
    with alone(asked.home):
        begun, store = time.monotonic(), Store(asked.home)
        number = begin(store)
        try:
            run = _run(store, asked, settings, spec, number)
            end(store, number, run.status, _facts(run, time.monotonic() - begun))
        except BaseException as error:
            facts = {"why": str(error) or type(error).__name__, "seconds": time.monotonic() - begun}
            end(store, number, "failed", facts)
            raise
        finally:
            store.close()
    return run


def _run(store: Store, asked: Asked, settings: Settings, spec: Spec, number: int) -> Run:
    scopes = followed(store, asked.scopes)
    brought = bring(store, scopes, asked.folder, settings, number, spec, sweeping=asked.sweep)
    before, program = last(store), fingerprint(asked.packages, spec)
    versions = store.after(before.seq if before else 0)
    there = before and (store.home / "builds" / before.build).is_dir()
    if before and there and before.print == program and not versions and not asked.force:
        return Run("unchanged", brought, [], [])
    if not store.last():
        raise BadRequest("There is no record yet of what is followed.")
    held = hold(store, [*versions, *_waiting(store)], spec)
    why = _objections(store, versions, held, before, settings)
    if why and not asked.force:
        _tell(store, "stopped", why, [], held, versions)
        return Run("stopped", brought, why, held)
    return _built(store, asked, settings, spec, (brought, held, versions, before, program))


def _built(
    store: Store,
    asked: Asked,
    settings: Settings,
    spec: Spec,
    known: tuple[Brought, list[Held], list[Version], Published | None, str],
) -> Run:
    brought, held, versions, before, program = known
    name, seq = now().replace("-", "").replace(":", "").replace(".", ""), store.last()
    old = store.home / "builds" / (before.build if before else "-")
    made = store.home / "building" / "next"
    outcome = _made(store, asked, spec, made, (before, program, old))
    mark(store, made)
    changes = diff(old, made) if old.is_dir() else []
    why = losses(changes, len(outcome.studies), settings.limits)
    if why and not asked.force:
        shutil.rmtree(made)
        found = _tell(store, "stopped", why, changes, held, versions)
        return Run("stopped", brought, why, held, found, outcome)
    (store.home / "builds").mkdir(exist_ok=True)
    made.rename(store.home / "builds" / name)
    publish(store, name, asked.out, seq, "force" if asked.force else "update", program)
    keep_shown(store)
    prune(store, settings.keep)
    found = _tell(store, "published", [], changes, held, versions)
    return Run("published", brought, [], held, found, outcome)


def _made(
    store: Store, asked: Asked, spec: Spec, made: Path, last_: tuple[Published | None, str, Path]
) -> Outcome:
    """The build, of the one before it where that is sure to give the same; else a whole one."""
    before, program, old = last_
    keep_keys(store, spec, program)
    same = before and before.print == program and before.how == "update" and old.is_dir()
    if same and not asked.force:
        shutil.rmtree(made, ignore_errors=True)
        changed = touched(store)
        if len(changed.after) * FEW <= store.count():
            outcome = renew(old, made, changed, spec, asked.jobs, asked.packages)
            if outcome:
                return outcome
        shutil.rmtree(made, ignore_errors=True)
    return build(store.items(), made, spec, asked.jobs, asked.packages)


def _waiting(store: Store) -> list[Version]:
    """Versions that were held back and are still the last ones of their records."""
    return [one for one in store.after(0) if one.seq in store.held()]


def _objections(
    store: Store,
    versions: list[Version],
    held: list[Held],
    before: Published | None,
    settings: Settings,
) -> list[str]:
    gone = sum(not one.sha256 for one in versions)
    changed = sum(bool(one.sha256) and store.known(one) for one in versions)
    why = objections(store.count(), changed, gone, len(held), settings.limits, first=before is None)
    if before and before.how == "rollback":
        why.append(f"The build was rolled back to {before.build}; --force publishes again.")
    return why


def _tell(
    store: Store,
    status: Status,
    why: list[str],
    changes: list[Change],
    held: list[Held],
    versions: list[Version],
) -> Report:
    at = now()
    gone = [one for one in versions if not one.sha256]
    name = at.replace("-", "").replace(":", "").replace(".", "")
    found = report(name, at, status, why, changes, held, gone)
    told(found, store.home)
    return found


def _facts(run: Run, seconds: float) -> dict[str, object]:
    facts: dict[str, object] = msgspec.to_builtins(run.brought)
    facts |= {"held": len(run.held), "why": " ".join(run.why), "seconds": seconds}
    if run.outcome:
        facts |= {
            "built": len(run.outcome.studies),
            "refused": len(run.outcome.refused),
            "building": run.outcome.seconds,
        }
    return facts


def fingerprint(packages: Packages, spec: Spec) -> str:
    """The digest of the program and what it is told: when it changes, everything is built."""
    told = [(name, one.version, len(one.codes)) for name, one in sorted(spec.dictionaries.items())]
    said = (packages.all, sorted(packages.named), spec.standard.sdtmig, told)
    whole = hashlib.sha256(repr(said).encode())
    for room in ("pipeline", "schemas", "mappings"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".yaml", ".jinja", ".css", ".js", ".j2"):
                whole.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
                whole.update(path.read_bytes())
    return whole.hexdigest()
