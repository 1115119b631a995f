"""`python -m pipeline.conformance DIR`: CDISC CORE over every package of a build."""

import argparse
import os
import sys
from pathlib import Path

from pipeline.conformance.expectations import expectations
from pipeline.conformance.report import verdicts, write
from pipeline.issues import BadRequest, BadSpec
from pipeline.spec import ROOT
from pipeline.spec.standard import standards

NO_CACHE = """\
CORE's rules are missing: name the folder of its cache by --cache, or in CORE_CACHE.
CDISC publishes the rules, the library's metadata and the terminology as the cache of its
open-source rules engine (github.com/cdisc-org/cdisc-rules-engine, resources/cache).
They are Python pickles: name only a folder that you trust."""
NO_PYTHON = """\
no Python with CORE stands at {}. CORE needs Python 3.12 and an environment of its own:
`make conformance` makes it in .venv-core; another one is named by --python."""


def main() -> int:
    """0 when every finding is documented, 1 when there is something to look at, 2 unusable."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.conformance", description=__doc__)
    parser.add_argument("out", type=Path, metavar="DIR", help="the folder of the build")
    parser.add_argument("--cache", type=Path, default=os.environ.get("CORE_CACHE") or None)
    parser.add_argument("--python", type=Path, default=ROOT / ".venv-core" / "bin" / "python")
    options = parser.parse_args()
    try:
        if options.cache is None:
            raise BadRequest(NO_CACHE)
        if not (options.cache / "rules.pkl").is_file():
            raise BadRequest(f"{options.cache} holds no rules.pkl. {NO_CACHE}")
        if not options.python.is_file():
            raise BadRequest(NO_PYTHON.format(options.python))
        documented = expectations(ROOT / "mappings" / "conformance.yaml")
        known = standards(ROOT / "schemas" / "standards.yaml")
        made = verdicts(options.out, options.cache, options.python, documented, known)
        sys.stdout.write(write(made, documented, options.out))
    except (BadRequest, BadSpec, OSError) as error:
        sys.stderr.write(f"conformance: {error}\n")
        return 2
    return 1 if any(verdict.open for verdict in made) else 0


if __name__ == "__main__":
    sys.exit(main())
