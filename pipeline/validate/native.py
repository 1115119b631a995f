"""The rules asked directly of the columns: conformance without another engine."""

from pipeline import __version__
from pipeline.spec.model import Spec
from pipeline.validate.checks import asked, findings
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot
from pipeline.validate.rules import RULES
from pipeline.validate.run import EngineRun

__all__ = ["RULES", "native_findings", "native_run"]


def native_findings(lot: Lot, spec: Spec) -> list[Finding]:
    """Every row of the lot that breaks a rule, sorted; see `RULES` for what is asked."""
    return sorted(findings(asked(lot, spec), "native", spec))


def native_run(lot: Lot, spec: Spec) -> EngineRun:
    """Which rules this lot can be asked, and which have no dataset to be asked of."""
    ran = {one.rule.name for answers in asked(lot, spec).values() for one in answers}
    rules = tuple(rule.name for rule in RULES if rule.name in ran)
    skipped = tuple((rule.name, "no dataset for it") for rule in RULES if rule.name not in ran)
    return EngineRun("native", __version__, rules, skipped)
