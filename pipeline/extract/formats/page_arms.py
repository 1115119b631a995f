"""Arms and interventions of a page, whose lines run on without saying where an arm begins.

The section `Interventions` lists each intervention's lines once; under `Study Groups` the same
lines stand again below each arm that gets it. What repeats is an intervention; what is left over
between two repetitions is an arm: its label, then its description.
"""

import re

import msgspec

from pipeline.extract.lines import Line, fact
from pipeline.extract.page_reading import Reading

_SENTENCE = re.compile(r"[.!?]$|^.{120}")
_GROUP_TYPE, _INTERVENTION_TYPE = "Group Type ", "Intervention Type "


class Block(msgspec.Struct):
    """An intervention as listed: its name and the lines that describe it."""

    name: Line
    description: list[Line]

    @property
    def texts(self) -> list[str]:
        """The block's lines as text, to be found again below the arms."""
        return [self.name.text, *(line.text for line in self.description)]


def read_arms(reading: Reading, groups: list[Line], listed: list[Line]) -> None:
    """Facts of arms and interventions, each arm numbered from 0 in the order of the page."""
    kinds = {i: line for i, line in enumerate(groups) if line.text.startswith(_INTERVENTION_TYPE)}
    blocks = _blocks(listed, groups)
    for item, block in enumerate(blocks):
        reading.say("intervention.name", block.name, item)
        reading.tell("intervention.description", block.description, item)
    _types(reading, blocks, groups, kinds)
    bare = [line for i, line in enumerate(groups) if i not in kinds]
    _arms(reading, bare, blocks)


def _types(
    reading: Reading, blocks: list[Block], groups: list[Line], kinds: dict[int, Line]
) -> None:
    known: set[str] = set()
    for index, line in kinds.items():
        name = groups[index - 1].text if index else ""
        item = next((i for i, block in enumerate(blocks) if block.name.text == name), -1)
        if item < 0 or name in known:
            reading.take(*[line] if name in known else [])
            continue
        known.add(name)
        word = line.text.removeprefix(_INTERVENTION_TYPE)
        _term(reading, "intervention.type", line, word, item)


def _arms(reading: Reading, lines: list[Line], blocks: list[Block]) -> None:
    by_name = sorted(blocks, key=lambda block: -len(block.texts))
    arm, at = -1, 0
    own: list[Line] = []
    last: Block | None = None
    while at < len(lines):
        block = _block_at(lines, at, by_name) if own or arm >= 0 else None
        if block and block is last:
            # The same intervention twice in a row: the first was an arm of that name and
            # description.
            reading.facts.pop()
            own = lines[at - len(block.texts) : at]
        if block:
            if own:
                arm = _arm(reading, own, arm + 1)
                own = []
            reading.say("arm.intervention", lines[at], arm)
            reading.take(*lines[at : at + len(block.texts)])
            at += len(block.texts)
            last = block
        else:
            own.append(lines[at])
            last = None
            at += 1
    if own:
        _arm(reading, own, arm + 1)


def _block_at(lines: list[Line], at: int, blocks: list[Block]) -> Block | None:
    for block in blocks:
        texts = block.texts
        if [line.text for line in lines[at : at + len(texts)]] == texts:
            return block
    return None


def _arm(reading: Reading, lines: list[Line], arm: int) -> int:
    """One arm from the lines that are no intervention's; labelled pages end it with its type."""
    ends = [i for i, line in enumerate(lines) if line.text.startswith(_GROUP_TYPE)]
    start = 0
    for end in ends:
        _one_arm(reading, lines[start:end], arm)
        _term(reading, "arm.type", lines[end], lines[end].text.removeprefix(_GROUP_TYPE), arm)
        arm, start = arm + 1, end + 1
    if ends and start == len(lines):
        return arm - 1
    _one_arm(reading, lines[start:], arm)
    if len(lines[start:]) > 2 and not ends:
        detail = "It is read as one arm: label, then description."
        reading.note("arms.ambiguous", lines[start], detail)
    return arm


def _one_arm(reading: Reading, lines: list[Line], arm: int) -> None:
    if lines:
        reading.say("arm.label", lines[0], arm)
        reading.tell("arm.description", lines[1:], arm)


def _term(reading: Reading, concept: str, line: Line, word: str, item: int) -> None:
    terms = reading.mapping.terms.get(concept, {})
    value = terms.get(word, word if word in reading.spec.concepts[concept].values else "")
    if not value:
        reading.note("term.unknown", line, f"'{word}' is no {concept} that is known.")
        return
    start = len(line.text) - len(word)
    group = (start, len(line.text))
    found = fact(concept, line, reading.source, value=value, group=group, item=item)
    reading.add(line, [found])


def _blocks(listed: list[Line], groups: list[Line]) -> list[Block]:
    """The interventions as listed: a line begins one if it does so everywhere below the arms.

    Two lines make a block (name, description) unless the arms show otherwise: a line that is
    followed there by another line than here ends its block; a sentence goes on with a description.
    """
    texts = [line.text for line in groups if not line.text.startswith(_INTERVENTION_TYPE)]
    typed = {
        groups[i - 1].text
        for i, line in enumerate(groups)
        if i and line.text.startswith(_INTERVENTION_TYPE)
    }
    blocks: list[Block] = []
    for index, line in enumerate(listed):
        if not blocks or _begins(listed, index, blocks[-1], texts, typed):
            blocks.append(Block(line, []))
        else:
            blocks[-1].description.append(line)
    return blocks


def _begins(
    listed: list[Line], index: int, block: Block, texts: list[str], typed: set[str]
) -> bool:
    if typed:
        return listed[index].text in typed and listed[index].text != block.name.text
    after = block.texts
    found = [i for i in range(len(texts)) if texts[i : i + len(after)] == after]
    follows = {texts[i + len(after)] if i + len(after) < len(texts) else None for i in found}
    if follows and follows != {listed[index].text}:
        return True
    return bool(block.description) and not _SENTENCE.search(listed[index].text)
