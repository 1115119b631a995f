"""The rules asked directly of the columns: conformance without another engine."""

from pipeline import __version__
from pipeline.spec.model import Spec
from pipeline.validate.checks import Asked, asked, findings
from pipeline.validate.finding import Finding
from pipeline.validate.lot import Lot
from pipeline.validate.rules import RULES
from pipeline.validate.run import EngineRun, engine_run

__all__ = ["RULES", "native_findings", "native_run"]


def native_findings(lot: Lot, spec: Spec) -> list[Finding]:
    """Every row of the lot that breaks a rule, sorted; see `RULES` for what is asked.

    Beyond `checks.SHOWN` rows a study, rule and variable, one finding says how many more there are.
    """
    return native_of(asked(lot, spec), spec)


def native_of(answers: dict[str, list[Asked]], spec: Spec) -> list[Finding]:
    """The findings of rules that have been asked."""
    return sorted(set(findings(answers, "native", spec)))


def native_run(lot: Lot | None = None, spec: Spec | None = None) -> EngineRun:
    """Which rules run; with a lot, those for which it has no dataset are skipped."""
    ran = {rule.name for rule in RULES}
    if lot is not None and spec is not None:
        ran = {one.rule.name for answers in asked(lot, spec).values() for one in answers}
    return engine_run("native", __version__, ran)
