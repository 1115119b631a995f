"""How the time to split criteria grows with their length: texts of odd shapes, doubled.

    python bench/criteria.py

Each shape is read at 50,000 and at 200,000 characters. Four times the text may take some four
times as long; `GROWS` marks a shape that takes more than seven.
"""

import sys
import time

from pipeline.extract.criteria.reading import read_parts

SHORT, LONG = 50_000, 200_000
SHAPES = {
    "one line": "word ", "no blanks": "x", "lines": "some line here\n",
    "bullets": "* a criterion\n",
    "nested": "* a\n  * b\n    * c\n", "announcements": "any of the following:\n",
    "semicolons": "head:\na b;\n", "headings": "Inclusion criteria for a:\n", "HTML": "<b>x</b> ",
    "right to left": "مرضى السكري ", "table": "| a | b |\n|---|---|\n", "marks": "* ",
    "brackets": "[", "stars": "*", "escapes": "\\- ", "numbers": "1. a 2. b 3. c ",
    "mixed marks": "(a) x\n1) y\n• z\n", "blanks": " ", "ticks": "`a``b ",
}  # fmt: skip


def seconds(text: str) -> float:
    begun = time.process_time()
    read_parts(text, "")
    return time.process_time() - begun


def main() -> int:
    grows = False
    print(f"{'shape':<16}{SHORT:>10,}{LONG:>10,}  seconds")
    for name, shape in SHAPES.items():
        one, two = (
            min(seconds(shape * (size // len(shape))) for _ in range(3)) for size in (SHORT, LONG)
        )
        bad = two > 7 * one + 0.02
        grows |= bad
        print(f"{name:<16}{one:>10.3f}{two:>10.3f}{'  GROWS' if bad else ''}")
    return int(grows)


if __name__ == "__main__":
    sys.exit(main())
