"""`python -m pipeline.conformance DIR`: CDISC CORE over every package of a build."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pipeline.conformance.expectations import Expectation, expectations
from pipeline.conformance.judge import Verdict
from pipeline.conformance.report import verdicts, write
from pipeline.conformance.sample import built, drawn, one_each
from pipeline.conformance.table import Sampled, page
from pipeline.issues import BadRequest, BadSpec
from pipeline.spec import ROOT
from pipeline.spec.model import Standard
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
    parser.add_argument("--random", type=int, metavar="N", help="build N random records into DIR")
    parser.add_argument("--records", type=Path, help="the folder that random records are from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", type=Path, help="the page that random packages are told on")
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
        ask = partial(
            verdicts, cache=options.cache, python=options.python, documented=documented,
            standards=known,
        )  # fmt: skip
        if options.random:
            made = _random(options, ask, documented, known)
        else:
            made = ask(options.out)
            sys.stdout.write(write(made, documented, options.out))
    except (BadRequest, BadSpec, OSError) as error:
        sys.stderr.write(f"conformance: {error}\n")
        return 2
    return 1 if any(verdict.open for verdict in made) else 0


def _random(
    options: argparse.Namespace,
    ask: Callable[..., list[Verdict]],
    documented: Mapping[str, Expectation],
    known: Mapping[str, Standard],
) -> list[Verdict]:
    """The verdicts on random packages, for every version of SDTMIG; the page is written."""
    if options.records is None:
        raise BadRequest("Name the folder of records by --records.")
    inputs = drawn(
        options.records, 2 * options.random, options.seed
    )  # some join, some are no trial
    sampled = []
    for sdtmig in known:
        out = options.out / sdtmig
        built(inputs, out, sdtmig)
        formats = one_each(out, options.random, options.seed)
        made = ask(out, only=formats)
        sys.stdout.write(write(made, documented, out))
        sampled.append(Sampled(sdtmig, formats, tuple(made)))
    text = page(sampled, documented, options.seed)
    if options.table:
        options.table.write_text(text, encoding="utf-8")
    return [verdict for one in sampled for verdict in one.verdicts]


if __name__ == "__main__":
    sys.exit(main())
