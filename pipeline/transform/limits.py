"""Criteria that are simple enough to be a rule: age, sex, performance status, laboratory limits.

A rule is `NAME OPERATOR VALUE UNIT`, several joined by AND: `AGE >= 18 YEARS AND AGE <= 65 YEARS`,
`SEX = F`, `ECOG <= 2`, `PLAT >= 100 x 10^9/L`. Names are CDISC's (LBTESTCD for laboratory tests),
operators `=`, `<`, `<=`, `>`, `>=`. It states when the criterion is met; a criterion that says
anything more, a condition or an exception, has none.
"""

import re
from collections.abc import Iterator

from pipeline.spec.clues import clue, clues, hinted

_AT_LEAST = (
    r"(?:>\s?=|=\s?>|≥|⩾|at least|no(?:t)? less than|minimum(?: of)?|greater than or equal to"
    r"|more than or equal to|equal to or (?:greater|more) than)"
)
_AT_MOST = (
    r"(?:<\s?=|=\s?<|≤|⩽|at most|no(?:t)? (?:more|greater|higher) than|maximum(?: of)?"
    r"|less than or equal to|lower than or equal to|equal to or less than|up to)"
)
_ABOVE = r"(?:>(?!\s?=)|more than|greater than|higher than|above|over|older than|exceeding)"
_BELOW = r"(?:<(?!\s?=)|less than|lower than|below|under|younger than)"
_OPERATOR = rf"(?P<operator>{_AT_LEAST}|{_AT_MOST}|{_ABOVE}|{_BELOW})"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d,.]*\d)"
_WHO = (
    r"(?:(?:adults?|patients?|subjects?|participants?|individuals?|volunteers?|persons?|men"
    r"|women|people|healthy|male and female|male or female|males? (?:and|or|/) females?|must"
    r"|should|be|have|has|are|is|who|an?|the|with|any|all|eligible)\s+)*"
)
_END = (
    r"(?:\s*(?:at (?:the time of )?(?:screening|enrol+ment|baseline|randomi[sz]ation|inclusion"
    r"|study entry|entry|consent|signing.{0,40}|registration)|inclusive|\(inclusive\)|of age"
    r"|old))*\s*[.;,]?"
)
_YEARS = r"(?:\s*-?\s*(?P<unit>years?|yrs?|y|months?|weeks?|days?)\.?(?:[\s-]*(?:old|of age))?)"
_AGE = [
    re.compile(
        rf"{_WHO}(?:aged?|ages)?[\s:]*(?:of|is|are|must be|range|limits?)?[\s:]*(?:between"
        rf"|from)?\s*(?P<low>\d{{1,3}}){_YEARS}?\s*(?:-|–|—|~|to|and"
        rf"|through)\s*(?P<high>\d{{1,3}}){_YEARS.replace('unit', 'unit2')}?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WHO}(?:aged?|ages)?[\s:]*(?:of|is|are"
        rf"|must be)?[\s:]*{_OPERATOR}\s*(?:the age of\s*)?(?P<value>\d{{1,3}}){_YEARS}?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WHO}(?:aged?|ages)?[\s:]*(?:of|is"
        rf"|are)?[\s:]*(?P<value>\d{{1,3}}){_YEARS}?\s*(?:of age\s*)?(?:and|or"
        rf"|,)?\s*(?P<over>older|above|over|more|greater|up|younger|less)(?: of age)?{_END}",
        re.IGNORECASE,
    ),
]  # fmt: skip
_AGED = re.compile(r"\bage|\bold|\bof age|adult|child|infant|young|elder")
"""The words without which months are a time, and so are years below a line that says of what."""
_SEX = re.compile(
    rf"{_WHO}(?:(?:sex|gender)\s*:?\s*)?(?P<sex>male|female|men|women|males|females|woman"
    rf"|man)(?:\s+(?:patients?|subjects?|participants?|volunteers?|gender|sex|only))*[.;]?",
    re.IGNORECASE,
)
_SCALE = re.compile(
    rf"{_WHO}(?:an?\s+)?(?P<scale>(?:eastern co-?operative oncology group"
    rf"|world health organi[sz]ation)?[\s(]*(?:ecog|who|zubrod|swog|gog|karnofsky|lansky"
    rf"|kps)?[\s)]*(?:/?zubrod|/?who)?)\s*(?:[(]?(?:performance|status|score|scale|index|ps"
    rf"|p\.s\.|grade|kps|rating)[)]?\s*)*(?:of|is|:|=(?!\s*[<>])|must be|between"
    rf"|from)?\s*(?:(?P<list>[0-4](?:\s*(?:-|–|~|to|or|and|,|/)\s*(?:or\s*)?[0-4]){{1,3}})"
    rf"|{_OPERATOR}\s*(?P<value>\d{{1,3}})|(?P<tens>\d{{2}})\s*(?:-|–"
    rf"|to)\s*(?P<top>100))\s*%?{_END}",
    re.IGNORECASE,
)
_TESTS = {
    "HGB": r"ha?emoglobin(?: \(hgb?\)| count| level| concentration)?|hgb|hb",
    "PLAT": r"platelets?(?: count)?(?: \(plt\))?|plt|thrombocytes?",
    "NEUT": (
        r"(?:absolute )?neutrophils?(?: count)?(?: \(anc\))?(?: count)?|anc"
        r"|absolute neutrophil count \(anc\)|absolute granulocyte count|agc"
    ),
    "WBC": r"wbc|white blood cells?(?: count)?(?: \(wbc\))?|leu[ck]ocytes?(?: count)?",
    "LYM": r"(?:absolute )?lymphocytes?(?: count)?",
    "BILI": r"(?:total |serum |serum total |total serum )?bilirubin(?: \(tbil\)| level)?|tbil",
    "CREAT": r"(?:serum |plasma )?creatinine(?: level| \(cr\)| \(scr\))?|scr",
    "CREATCLR": (
        r"(?:calculated |estimated |measured )?creatinine clearance(?: rate)?(?: \((?:crcl"
        r"|ccr)\))?|crcl|ccr"
    ),
    "GFR": r"egfr|gfr|(?:estimated )?glomerular filtration rate(?: \(e?gfr\))?",
    "AST": (
        r"(?:aspartate (?:amino)?transaminase|aspartate aminotransferase)?\s*\(?(?:ast|sgot"
        r"|ast \(sgot\)|ast/sgot)\)?"
    ),
    "ALT": (
        r"(?:alanine (?:amino)?transaminase|alanine aminotransferase)?\s*\(?(?:alt|sgpt"
        r"|alt \(sgpt\)|alt/sgpt)\)?"
    ),
    "ALP": r"alkaline phosphatase(?: \(alp\))?|alp",
    "ALB": r"(?:serum )?albumin",
    "INR": r"(?:international normali[sz]ed ratio\s*)?\(?inr\)?",
    "BMI": r"(?:body mass index\s*)?\(?bmi\)?",
    "WEIGHT": r"(?:body )?weight",
    "LVEF": r"(?:left ventricular ejection fraction\s*)?\(?lvef\)?",
}
_LIMITING = (
    *"<>=≥≤⩾⩽", "least", "most", "than", "of", "to", "minimum", "maximum", "above", "over", "below",
    "under", "exceeding",
)  # fmt: skip
"""How every operator ends."""
_LABELS = ("Hematopoietic:", "Hepatic:", "Renal:", "Performance status:")
"""Labels of the National Cancer Institute's registry that say nothing of a test."""
_DIGIT = re.compile(r"\d")
_TEST = {name: re.compile(rf"(?:{words})", re.IGNORECASE) for name, words in _TESTS.items()}
_TEST_WORDS = clues("|".join(_TESTS.values()))
_LIMIT = re.compile(
    rf"{_WHO}(?P<tests>[A-Za-z][A-Za-z ()/,&]{{1,90}}?)\s*(?:of|is|are|must be|:"
    rf"|count)?\s*{_OPERATOR}\s*(?P<value>{_NUMBER})\s*(?P<unit>"
    r"(?:[x×*]\s*10\s*\^?\s*\d{1,2}\s*/\s*[µuμ]?[lL]|[x×*]?\s*10\s?[⁹³⁶]\s*/\s*[µuμ]?[lL]"
    r"|(?:[x×*]|times)?\s*(?:the\s+)?(?:institutional\s+)?(?:ULN"
    r"|upper limit of (?:the )?normal(?: range)?(?: \(ULN\))?)"
    r"|/\s*(?:mm\^?3|mm³|mcL|[µuμ]L|L)|(?:cells|k)\s*/\s*(?:mm\^?3|mm³|mcL|[µuμ]L)"
    r"|[mgkµuμ]+g?\s*/\s*d?L|[µuμm]mol\s*/\s*L|mL\s*/\s*min(?:\s*/\s*1\.73\s*m(?:\^?2|²))?"
    r"|kg\s*/\s*m\^?[2²]|kg|%|g)?)"
    rf"{_END}",
    re.IGNORECASE,
)  # fmt: skip


_POWER = re.compile(r"^[x×*]?\s*10\s*\^?\s*(\d{1,2}|[⁹³⁶])(?=/)")
_RAISED = str.maketrans("⁹³⁶", "936")


def rule_of(text: str, parent: str = "") -> str | None:
    """The rule that a criterion states, or None; the line above it may name what it is about."""
    if len(text) > 160:
        return None
    words = " ".join(text.split())
    about = parent.strip(" :*_").lower()
    if about.startswith(
        ("age", "performance status", "sex", "gender")
    ) and not words.lower().startswith(about):
        words = f"{about if about != 'performance status' else ''} {words}".strip()
    if words.startswith(_LABELS):
        words = words.partition(":")[2].lstrip()
    if words[:1] in "<>≥≤=" and len(about) < 60:
        words = f"{parent.strip(' :*_')} {words}"
    low = words.lower()
    if not (digit := _DIGIT.search(words)):
        return _sex(words, low)
    before = low[: digit.start()].rstrip()
    lasts = not _AGED.search(low) and (about or "year" not in low)
    return (
        (None if lasts else _age(words, low))
        or _sex(words, low)
        or _scale(words, low)
        or (_laboratory(words, before) if before.endswith(_LIMITING) else None)
    )


def _age(words: str, low: str) -> str | None:
    if not any(clue in low for clue in ("age", "year", "old", "month")):
        return None
    for pattern in _AGE:
        if match := pattern.fullmatch(words):
            found = match.groupdict()
            unit = _unit(found.get("unit2") or found.get("unit") or "")
            if "low" in found:
                if int(found["low"]) >= int(found["high"]):
                    return None
                first = _unit(found["unit"] or "") if found["unit"] else unit
                return f"AGE >= {found['low']} {first} AND AGE <= {found['high']} {unit}"
            if over := found.get("over"):
                sign = "<=" if over.lower() in ("younger", "less") else ">="
                return f"AGE {sign} {found['value']} {unit}"
            return f"AGE {_sign(found['operator'])} {found['value']} {unit}"
    return None


def _unit(word: str) -> str:
    return {"m": "MONTHS", "w": "WEEKS", "d": "DAYS"}.get(word[:1].lower(), "YEARS")


def _sign(words: str) -> str:
    words = words.strip()
    for sign, pattern in ((">=", _AT_LEAST), ("<=", _AT_MOST), (">", _ABOVE), ("<", _BELOW)):
        if re.fullmatch(pattern, words, re.IGNORECASE):
            return sign
    raise ValueError(f"{words!r} is no operator.")


def _sex(words: str, low: str) -> str | None:
    if not any(clue in low for clue in ("male", "men", "man")):
        return None
    match = _SEX.fullmatch(words)
    return f"SEX = {'F' if match['sex'][0] in 'fFwW' else 'M'}" if match else None


_SCALES = (
    ("ECOG", ("ecog", "eastern")), ("WHO", ("who", "world")), ("ZUBROD", ("zubrod",)),
    ("KARNOFSKY", ("karnofsky", "kps")), ("LANSKY", ("lansky",)), ("SWOG", ("swog",)),
    ("GOG", ("gog",)),
)  # fmt: skip


_SCALE_WORDS = (tuple(clue(mark) for _, marks in _SCALES for mark in marks),)


def _scale(words: str, low: str) -> str | None:
    if not hinted(_SCALE_WORDS, low):
        return None
    match = _SCALE.fullmatch(words)
    if not match:
        return None
    name = _scale_name(match["scale"])
    if not name and words[:15].upper() == "WHO PERFORMANCE":
        name = "WHO"
    if not name:
        return None
    if match["list"]:
        grades = sorted({int(one) for one in re.findall(r"\d", match["list"])})
        if re.search(r"-|–|~|to", match["list"]):
            grades = list(range(grades[0], grades[-1] + 1))
        if grades != list(range(grades[0], grades[-1] + 1)) or name in ("KARNOFSKY", "LANSKY"):
            return None
        low = f"{name} >= {grades[0]} AND " if grades[0] else ""
        return f"{low}{name} <= {grades[-1]}"
    if match["tens"]:
        return f"{name} >= {match['tens']}"
    return f"{name} {_sign(match['operator'])} {match['value']}"


def _scale_name(words: str) -> str:
    low = words.lower()
    for name, marks in _SCALES:
        if any(mark in low for mark in marks):
            return name
    return ""


def _laboratory(words: str, before: str) -> str | None:
    if not hinted(_TEST_WORDS, before):
        return None
    match = _LIMIT.fullmatch(words)
    names = list(_named(match["tests"])) if match else []
    if not match or not names:
        return None
    unit = re.sub(
        r"(?i)(?:the |institutional )*(?:uln|upper limit of (?:the )?normal.*)",
        "ULN",
        match["unit"],
    )
    unit = re.sub(r"(?i)^(?:[x×*]|times)?\s*(?=ULN)", "x ", unit.strip())
    unit = _POWER.sub(_power, re.sub(r"\s*/\s*", "/", unit))
    value = f"{_sign(match['operator'])} {match['value']} {unit}".strip()
    return " AND ".join(f"{name} {value}" for name in names)


def _power(match: re.Match[str]) -> str:
    """A power of ten; registries lose the caret or the superscript (`x 109/L`)."""
    return f"x 10^{match[1].translate(_RAISED)}"


def _named(tests: str) -> Iterator[str]:
    """CDISC's names of the tests that are named together ("AST and ALT"), or none."""
    found = []
    for part in re.split(r"\s*(?:,|&|\band\b|(?<=T)/(?=A))\s*", tests.strip()):
        name = next((name for name, test in _TEST.items() if test.fullmatch(part.strip())), None)
        if name is None:
            return
        found.append(name)
    yield from found
