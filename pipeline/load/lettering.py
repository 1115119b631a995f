"""Text broken into lines that fit a width in a picture, where no browser breaks them."""

import unicodedata

LETTER = 6.7  # pixels: a generous mean at 12 pixels, so that wide system fonts fit too


def lettered(text: str, pixels: int, most: int, *, wide_letters: bool = False) -> tuple[str, ...]:
    """The text in at most `most` lines of at most `pixels`; what is cut off ends in an ellipsis."""
    room = max(int(pixels / (LETTER + 1.8 if wide_letters else LETTER)), 2)
    lines = [""]
    for word in text.split():
        for part in _parts(word, room):
            joined = f"{lines[-1]} {part}" if lines[-1] else part
            if _measure(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(part)
    if len(lines) > most:
        last = lines[most - 1]
        while _measure(last) > room - 1:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;:") + "…"]
    return tuple(lines)


def _parts(word: str, room: int) -> list[str]:
    parts = [""]
    for char in word:
        if _measure(parts[-1] + char) > room:
            parts.append("")
        parts[-1] += char
    return parts


def _measure(text: str) -> int:
    """Letters that the text takes: East Asian characters take two, marks on letters none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
