"""The sentence in which words of a text stand."""


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence that holds the characters from `start` to `end`; a line break ends one too."""
    first = max(text.rfind(". ", 0, start), text.rfind("\n", 0, start)) + 1
    stops = [at for at in (text.find(". ", end), text.find("\n", end)) if at >= 0]
    return text[first : min(stops, default=len(text))]
