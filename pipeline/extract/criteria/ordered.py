"""Marks of lists that stand in one line, in their order: `a) … b) …`, `i. … ii. …`, `① … ② …`."""

import re

_FORMS = (
    re.compile(r"\((\w{1,4})\)\s*(?=\w)"),
    re.compile(r"(?<![\w(])(\w{1,4})\\?\)\s*(?=\w)"),
    re.compile(r"(?<![\w.(])(\w{1,4})\\?\.\s+(?=\w)"),
    re.compile(r"([①-⑳])\s*(?=\w)"),
)
_BULLETS = (re.compile(r"(?<=\s)([*•·])\s+(?=\w)"), re.compile(r"(?<=\s)(-)\s+(?=\w)"))
_NUMBERS = tuple(map(str, range(1, 21)))
_CIRCLED = tuple("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
_ORDERS = (_ROMAN, _LETTERS, _NUMBERS, _CIRCLED)
_ENDS = (".", ";", ",", "；", "。", "，")


def marks(text: str, low: int, high: int) -> list[re.Match[str]]:
    """The marks of the list that begins at `low`, of one form and in their order."""
    for form in _BULLETS:
        if first := form.match(text, low, high):
            return [mark for mark in form.finditer(text, low, high) if mark[1] == first[1]]
    for form in _FORMS:
        first = form.match(text, low, high)
        for order in _cased(first[1]) if first else ():
            if first and order[0] == first[1]:
                return _ascending(form, text, low, high, order, 0)
    return []


def after(mark: str, text: str, low: int, high: int) -> list[re.Match[str]]:
    """The marks of a line that go on with the letter, roman or circled number that it begins with.

    Where a line begins with a bullet, it took the place of a circled one. A single letter with a
    stop may be a name (`B. cereus`): alone it counts behind the end of a sentence or clause.
    """
    bare = mark.strip()
    if not (form := next((one for one in _FORMS if one.match(f"{bare} a")), None)):
        form = _FORMS[-1] if bare[:1] in "*-•" else None
        bare = "①"
    if form is None or (name := bare.strip("().\\")).isdecimal():
        return []
    found: list[re.Match[str]] = []
    for order in _cased(name):
        if name.lower() in order:
            start = order.index(name.lower()) + 1
            found = max(found, _ascending(form, text, low, high, order, start), key=len)
    if len(found) == 1 and text[low : found[0].start()].rstrip()[-1:] not in _ENDS:
        return []
    return found


def _cased(first: str) -> list[tuple[str, ...]]:
    """The orders, in capitals when the first is one."""
    raised = first.isupper()
    return [tuple(one.upper() for one in order) if raised else order for order in _ORDERS]


def _ascending(
    form: re.Pattern[str], text: str, low: int, high: int, order: tuple[str, ...], start: int
) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for mark in form.finditer(text, low, high):
        if start + len(found) < len(order) and mark[1] == order[start + len(found)]:
            found.append(mark)
    return found
