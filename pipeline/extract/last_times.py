"""How long participants are followed, where words name the times at which they are seen again:
`after completion of treatment, patients are followed up at 6 and 12 months`.
"""

import re
from collections.abc import Iterator

import msgspec

from pipeline.extract.lengths import LENGTH, iso
from pipeline.extract.prose import EVERYONE, NARRATIVE, Texts
from pipeline.extract.sentences import sentences
from pipeline.values import Fact, narrowed

_TIME = re.sub(r"\?P<\w+>", "?:", LENGTH)
_TIMES = re.compile(
    rf"\bat (?:(?:\d+[- ]?|{_TIME})(?: post[- ]\w+)?(?:,? and (?:at )?|, ?))+{LENGTH}"
)
_SEEN = re.compile(r"\bfollow(?:ed)?[- ]?ups?\b")
_AFTER = re.compile(
    r"\b(?:after|following|post)[- ](?:the )?(?:completi\w+|complet\w+|end|last|final|treatment|"
    r"intervention|therapy|surgery|discharge)\b"
)
_ON = re.compile(r"\bevery\b|\bannual|\bthereafter\b|\byearly\b|\brandomi[sz]ation\b|\bbaseline\b")


def read_last_times(texts: Texts) -> Iterator[Fact]:
    """The last of several times after treatment, of the first sentence that names them; none where
    participants are seen again afterwards.
    """
    for concept in NARRATIVE:
        for prose in texts.get(concept, ()):
            if "follow" not in prose.low or not _TIMES.search(prose.low):
                continue
            for start, end in sentences(prose.fact.value):
                low = prose.low[start:end]
                if not (_SEEN.search(low) and _AFTER.search(low)) or _ON.search(low):
                    continue
                if times := _TIMES.search(low):
                    about = iso(times["number"], times["unit"])
                    place = start + times.start(), start + times.end()
                    fact = narrowed(prose.fact, *place, "period.follow-up", about=about)
                    yield msgspec.structs.replace(fact, item=EVERYONE)
                    return
