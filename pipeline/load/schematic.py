"""The design of a study as a picture: arms as rows, epochs as columns, elements as boxes."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from pipeline.load.arms import Arm, Step, bands, placed, read_arms
from pipeline.load.lettering import lettered
from pipeline.text import visible

# Light enough for black text (contrast above 13:1) and for print; a box also bears its code.
TINTS = ("#dbe7f3", "#f6e5c8", "#dcebd4", "#f3dad9", "#e5ddf0", "#d3ebe9", "#f1eab9", "#e7e7e7",
         "#f1d7e8", "#e0e1c8")  # fmt: skip
LABEL, GAP, HEAD, LINE, PAD = 200, 20, 30, 15, 10
PAGE = 1060
MOST = 40
"""Arms that are drawn; a picture of more helps nobody, and TA has them all."""


Branches: TypeAlias = dict[tuple[int, tuple[str, ...]], list[int]]
"""Column and the elements up to it, which arms that part there share, to the heights of arms."""


class Box(NamedTuple):
    """A step with its place: the number of its column, and the lines of its text."""

    step: Step
    column: int
    lines: tuple[str, ...]


def schematic(tables: dict[str, pa.Table]) -> str:
    """The SVG of TA's arms over its epochs, with TE's durations; empty when there is no TA.

    Boxes stand in TAETORD order; an element has one tint wherever it stands, a diamond marks
    where subjects branch (TABRANCH). Widths are pixels at 100 %. Needs neither CSS nor script.
    """
    every = read_arms(tables)
    arms = every[:MOST]
    if not arms:
        return ""
    epochs = bands(arms)
    columns = sum(width for _, width in epochs)
    box = min(190, max(104, (PAGE - LABEL) // columns - GAP))
    rows = [(arm, _boxes(arm, epochs, box)) for arm in arms]
    etcds = dict.fromkeys(step.etcd for arm in arms for step in arm.steps)
    order = {etcd: number for number, etcd in enumerate(etcds)}
    parts: list[str] = []
    heads = [
        lettered(epoch, width * (box + GAP) - 8, 2, wide_letters=True) for epoch, width in epochs
    ]
    top = HEAD + LINE * (max(map(len, heads)) - 1)
    branches: Branches = {}
    for arm, boxes in rows:
        label = lettered(arm.label, LABEL - 12, 4)
        height = LINE * max(len(label) + 1, *(len(item.lines) + 1 for item in boxes)) + 2 * PAD + 12
        middle = top + height // 2
        parts += _label(arm, label, top, middle)
        parts += _row(boxes, box, middle, height - 12, order)
        for number, item in enumerate(boxes, 1):
            if item.step.branch:
                way = tuple(one.step.etcd for one in boxes[:number])
                branches.setdefault((item.column, way), []).append(middle)
        top += height
    if len(every) > MOST:
        more = f"and {len(every) - MOST} more arms, which stand in TA"
        parts.append(f'<text x="2" y="{top + 20}" fill="currentColor">{more}</text>')
        top += 30
    width = LABEL + columns * (box + GAP) + GAP // 2
    inside = [
        *_epochs(epochs, heads, box, top),
        *_trunks(branches, box),
        *parts,
        *_diamonds(branches, box),
    ]
    return visible(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="design-title design-desc" '
        f'width="{width}" height="{top + 1}" viewBox="0 0 {width} {top + 1}" font-size="12" '
        'font-family="system-ui, \'Segoe UI\', Helvetica, Arial, sans-serif">'
        f'<title id="design-title">Arms by epochs</title><desc id="design-desc">{escape(_said(arms))}</desc>'
        + "".join(inside) + "</svg>"
    )  # fmt: skip


def _boxes(arm: Arm, epochs: list[tuple[str, int]], box: int) -> list[Box]:
    starts = [sum(width for _, width in epochs[:band]) for band in range(len(epochs))]
    return [
        Box(step, starts[band] + number, lettered(step.element, box - 14, 5))
        for band, steps in placed(arm, [epoch for epoch, _ in epochs])
        for number, step in enumerate(steps)
    ]


def _left(column: int, box: int) -> int:
    return LABEL + GAP // 2 + column * (box + GAP)


def _epochs(
    epochs: list[tuple[str, int]], heads: list[tuple[str, ...]], box: int, bottom: int
) -> Iterator[str]:
    column = 0
    for number, ((epoch, width), lines) in enumerate(zip(epochs, heads, strict=True)):
        x, wide = _left(column, box) - GAP // 2, width * (box + GAP)
        shade = 0.07 if number % 2 == 0 else 0.03
        yield f'<rect x="{x}" y="0" width="{wide}" height="{bottom}" fill="currentColor" fill-opacity="{shade}"/>'
        yield f'<g fill="currentColor"><title>{escape(epoch)}</title>'
        for at, line in enumerate(lines):
            yield (f'<text x="{x + wide // 2}" y="{19 + at * LINE}" text-anchor="middle" font-size="11" '
                   f'font-weight="600" letter-spacing="1">{escape(line)}</text>')  # fmt: skip
        yield "</g>"
        column += width


def _label(arm: Arm, lines: tuple[str, ...], top: int, middle: int) -> Iterator[str]:
    yield f'<path d="M0 {top}H{LABEL}" stroke="currentColor" stroke-opacity="0.35"/>'
    y = middle - (len(lines) + 1) * LINE // 2 + LINE - 3
    yield f'<g fill="currentColor"><title>{escape(arm.label)}</title>'
    yield from _text(lines, arm.code, 2, y, "start")
    yield "</g>"


def _row(
    boxes: list[Box], box: int, middle: int, height: int, order: dict[str, int]
) -> Iterator[str]:
    first, last = _left(boxes[0].column, box), _left(boxes[-1].column, box)
    yield f'<path d="M{first} {middle}H{last}" stroke="currentColor" stroke-width="1.5"/>'
    for step, column, lines in boxes:
        x, number = _left(column, box), order[step.etcd]
        dash = ' stroke-dasharray="4 2"' if number >= len(TINTS) else ""
        yield f'<g fill="#111"><title>{escape(_hint(step))}</title>'
        yield (f'<rect class="element" x="{x}" y="{middle - height // 2}" width="{box}" height="{height}" '
               f'rx="3" fill="{TINTS[number % len(TINTS)]}" stroke="#444"{dash}/>')  # fmt: skip
        note = step.etcd + (f" · {step.duration}" if step.duration else "")
        y = middle - (len(lines) + 1) * LINE // 2 + LINE - 3
        yield from _text(lines, lettered(note, box - 8, 1)[0], x + box // 2, y, "middle")
        yield "</g>"


def _text(lines: tuple[str, ...], note: str, x: int, y: int, anchor: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f'<text x="{x}" y="{y + number * LINE}" text-anchor="{anchor}">{escape(line)}</text>'
    yield (f'<text x="{x}" y="{y + len(lines) * LINE}" text-anchor="{anchor}" font-size="10.5" '
           f'fill-opacity="0.75" font-family="ui-monospace, Menlo, Consolas, monospace">{escape(note)}</text>')  # fmt: skip


def _trunks(branches: Branches, box: int) -> Iterator[str]:
    for (column, _), middles in sorted(branches.items()):
        x = _left(column, box) + box + GAP // 2
        yield (f'<path d="M{x} {min(middles)}V{max(middles)}" stroke="currentColor" stroke-width="1.5" '
               'stroke-dasharray="2 3"/>')  # fmt: skip


def _diamonds(branches: Branches, box: int) -> Iterator[str]:
    for (column, _), middles in sorted(branches.items()):
        x = _left(column, box) + box + GAP // 2
        for y in middles:
            yield (f'<path class="branch" d="M{x - 7} {y}l7 -7l7 7l-7 7z" fill="#fff" stroke="#111" '
                   'stroke-width="1.5"/>')  # fmt: skip


def _hint(step: Step) -> str:
    said = [f"{step.element} ({step.etcd}), {step.epoch}"]
    said += [f"lasts {step.duration}"] if step.duration else []
    said += [f"branch: {step.branch}"] if step.branch else []
    said += [f"transition: {step.transition}"] if step.transition else []
    return "; ".join(said)


def _said(arms: list[Arm]) -> str:
    return " ".join(
        f"{arm.label} ({arm.code}): {', then '.join(_hint(step) for step in arm.steps)}."
        for arm in arms
    )
