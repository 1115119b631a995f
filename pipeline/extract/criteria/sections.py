"""Eligibility text of PDQ, the National Cancer Institute's registry until 2008, whose lists were
flattened: `PATIENT CHARACTERISTICS: Age: 18 and over Performance status: Not specified`; and of the
Office of Rare Diseases, which wrote `--Patient Characteristics-- Age: 18 and over`.

Its headings and labels were a closed set, and each line of a list began with a capital letter and
ended without a stop. So a label begins a line, and a word such as "No" with a capital letter after
a small one does. Below a line that announces a list of its own nothing is cut.
"""

import re
from collections.abc import Iterator

from pipeline.extract.criteria.blocks import Unit
from pipeline.extract.criteria.dashes import undashed

_HEADING = re.compile(
    r"(?:(?:[A-Z]+ ){0,2}(?:DISEASE|PATIENT|DONOR) CHARACTERISTICS"
    r"|PRIOR(?:/| OR | AND | )CONCURRENT THERAPY):(?=[ \t]+[A-Z])"
    r"|--(?:(?:Disease|Patient|Donor) Characteristics|Prior/Concurrent Therapy)--(?=[ \t]+\S)"
)
_FORMS = (" CHARACTERISTICS: ", "Characteristics-- ")
"""What every flattened text of PDQ, or of the Office of Rare Diseases after it, holds."""
_DASHED = "Characteristics--"
_LABEL = re.compile(
    r"(?<=\s)(?:Age|Sex|Menopausal status|Performance status|Life expectancy"
    r"|Hormone receptor status|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Neurologic(?:al)?|Immunologic|Gastrointestinal|Metabolic"
    r"|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Other):(?=\s)"
)
_OPENS = re.compile(
    r"(?<=[a-z\d)%.])\s+(?=(?:No|Not|At least|Must|Prior|Concurrent|Recovered|Fertile patients"
    r"|Negative pregnancy|(?:Effective|Adequate) contraception|Platelet count|Alkaline phosphatase"
    r"|Hemoglobin (?:at|greater)|(?:Absolute n|N)eutrophil count|(?:Absolute g|G)ranulocyte count"
    r"|(?:(?:Bi|Uni)dimensionally (?:or bidimensionally )?m|M)easurable|Albumin at"
    r"|Patients with|Any|The following)\b)"
)
_PARTED = re.compile(r";\s+(?=[A-Z](?![^()]{0,80}\)))")
_LIMITED = re.compile(
    r"(?:\d|\S/[^\s;]{1,12}|\b(?:normal|ULN|negative|positive|minutes?|control)|[%)*])\s+"
    r"(?=(?:WBC|Platelets?|Hemoglobin|Hematocrit|Hct|ANC|AGC|Leukocytes|Lymphocytes"
    r"|(?:Absolute )?(?:[Nn]eutrophil|[Gg]ranulocyte|[Ll]ymphocyte)|CD4|(?:Direct |Total )?"
    r"[Bb]ilirubin|SGOT|SGPT|AST|ALT|GGT|LDH|Transaminases?|Alkaline phosphatase|Albumin|INR|a?PTT?"
    r"|(?:Prothrombin|Partial thromboplastin) time|Fibrinogen|(?:Serum )?[Cc]reatinine|BUN"
    r"|Blood urea nitrogen|(?:Serum )?[Cc]alcium|Electrolytes|Uric acid|Amylase|Triglycerides)\b"
    r"[^.:;]{0,60}?(?:\b(?:at least|(?:less|greater|more) than|no (?:greater|less|more)|within"
    r"|normal|above|below|over)\b|[<>=]))"
)
"""Where one limit of a laboratory test ends and the name of another stands before its own."""
_TESTS = ("Hematopoietic", "Hepatic", "Renal", "Metabolic")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*")
_ANNOUNCES = re.compile(r":(?=\s)|\b(?:following|as follows|either of|one of)\b")
_MARK = "- "
_UNCUT = re.compile(r"[a-z\d)]\s+(?!I{1,3}\b|IV\b)[A-Z][a-z]+\s+[a-z]")
_NOTHING = re.compile(
    r"(?:Not (?:specified|applicable)|See \w+ (?:Characteristics|therapy))\.?",
    re.IGNORECASE,
)


def is_flattened(text: str) -> bool:
    """Whether words follow a heading of PDQ in its line."""
    return any(mark in text for mark in _FORMS) and bool(_HEADING.search(text))


def labelled(text: str, found: list[Unit]) -> list[Unit]:
    """The lines, with those that hold a flattened list cut at their labels and marks."""
    found = undashed(text, found)
    if _DASHED not in text and not is_flattened(text):
        return found
    return [unit for line in found for unit in _sections(text, line) or [line]]


def hides_lists(text: str, low: int, high: int) -> bool:
    """Whether a line of PDQ runs on where another may begin."""
    label = _LABEL.match(text, low, high)
    return bool(_UNCUT.search(text, label.end() if label else low, high))


def _sections(text: str, unit: Unit) -> list[Unit]:
    """What a line that begins with a heading of PDQ, or with a label, is; else nothing."""
    if unit.mark:
        return []
    if not _HEADING.match(text, unit.low, unit.high):
        return list(_labels(text, unit.low, unit.high)) if _labelled(text, unit) else []
    found: list[Unit] = []
    heads = list(_HEADING.finditer(text, unit.low, unit.high))
    ends = [head.start() for head in heads[1:]] + [unit.high]
    for head, end in zip(heads, ends, strict=True):
        found.append(_unit(text, head.start(), head.end(), ""))
        found += _labels(text, head.end(), end)
    return found


def _labelled(text: str, unit: Unit) -> bool:
    """Whether a line has words behind the label that it begins with, and opens no list."""
    label = _LABEL.match(text, unit.low, unit.high)
    return bool(label and unit.words[-1] != ":" and text[label.end() : unit.high].strip())


def _labels(text: str, low: int, high: int) -> Iterator[Unit]:
    """The lines of a stretch, cut at its labels."""
    starts = [label.start() for label in _LABEL.finditer(text, low, high)]
    for start, end in zip([low, *starts], [*starts, high], strict=True):
        yield from _lines(text, start, end)


def _lines(text: str, low: int, high: int) -> Iterator[Unit]:
    """The lines of what one label stands before, the label with the first of them."""
    label = _LABEL.match(text, low, high)
    begin = label.end() if label else low
    stop = _ANNOUNCES.search(text, begin, high)
    last = stop.start() if stop else high
    opens = (*_OPENS.finditer(text, begin, last), *_PARTED.finditer(text, begin, last))
    places = sorted({found.end() for found in opens})
    if text.startswith(_TESTS, low):
        tests = (found.end() for found in _LIMITED.finditer(text, begin, last))
        places = sorted({*places, *tests})
    if places and _ASIDE.fullmatch(text, begin, places[0]):
        del places[0]
    if label and _NOTHING.fullmatch(text[begin : [*places, high][0]].strip()):
        yield _unit(text, low, begin, _MARK)
        low = begin
    for start, end in zip([low, *places], [*places, high], strict=True):
        if text[start:end].strip():
            yield _unit(text, start, end, _MARK)


def _unit(text: str, low: int, high: int, mark: str) -> Unit:
    said = text[low:high]
    low, high = low + len(said) - len(said.lstrip()), low + len(said.rstrip())
    return Unit(low, high, 1 if mark else 0, bool(mark), mark, text[low:high])
