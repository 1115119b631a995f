"""The commands: they parse, call and print, and nothing else; one module a group of commands."""

from pipeline.cli import building, asking, supplying, updating  # isort: skip
from pipeline.cli.app import app

__all__ = ["app", "asking", "building", "supplying", "updating"]
