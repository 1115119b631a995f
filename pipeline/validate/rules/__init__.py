"""All rules about the rows of datasets: one table, from which every check is projected."""

from pipeline.validate.rule import Rule
from pipeline.validate.rules.design import DESIGN
from pipeline.validate.rules.dictionaries import DICTIONARIES
from pipeline.validate.rules.every import EVERY
from pipeline.validate.rules.parameters import PARAMETERS_RULES
from pipeline.validate.rules.paths import PATHS
from pipeline.validate.rules.structure import STRUCTURE_RULES
from pipeline.validate.rules.summary import SUMMARY

RULES: tuple[Rule, ...] = (
    *STRUCTURE_RULES,
    *EVERY,
    *SUMMARY,
    *DICTIONARIES,
    *PARAMETERS_RULES,
    *DESIGN,
    *PATHS,
)
