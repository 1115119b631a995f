"""Which interventions of a record are assessments or samples, and no treatments."""

import re

from pipeline.spec.model import Spec


def is_assessment(kind: str | None, name: str, spec: Spec) -> bool:
    """Whether an intervention of a type has the name of an assessment, or is a diagnostic test."""
    low, design = name.lower(), spec.design
    return (
        kind == "DIAGNOSTIC_TEST"
        or bool(re.search(design.samples, low))
        or (kind in design.assessed_types and bool(re.search(design.assessments, low)))
        or is_challenge(kind, name, spec)
    )


def is_challenge(kind: str | None, name: str, spec: Spec) -> bool:
    """Whether an intervention of a type has the name of a challenge, which shows what a treatment
    does; beside none it is what is studied.
    """
    design = spec.design
    return kind in design.assessed_types and bool(re.search(design.challenges, name.lower()))
