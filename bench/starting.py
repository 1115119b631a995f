"""What a process does before its first study: imports, for the first one also Great Expectations'.

python bench/starting.py [worker]
"""

import sys
from importlib import import_module


def start(*, worker: bool) -> None:
    """Import what a build imports."""
    import_module("pipeline.build")
    if not worker:
        import_module("pipeline.validate.expectations")._great_expectations()  # noqa: SLF001 - what is paid once, apart


if __name__ == "__main__":
    start(worker=sys.argv[1:] == ["worker"])
