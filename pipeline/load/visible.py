"""Text of any origin as a page may hold it: what HTML and XML forbid becomes a visible sign."""

_CONTROLS = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_FORBIDDEN = dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
_SIGNS = {**_CONTROLS, **_FORBIDDEN, 0x0D: 0x20, 0x7F: 0x2421}


def visible(text: str) -> str:
    """The text with each forbidden character shown as one sign, so that offsets stay what they are.

    XML 1.0 section 2.2 and the HTML standard forbid control characters even as references.
    """
    return text if text.isprintable() else text.translate(_SIGNS)
