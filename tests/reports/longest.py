"""The longest texts that people may type, in five scripts, and words without an end."""

from __future__ import annotations

from itertools import cycle

from assessments.models.responses import REASON_LENGTH


SENTENCES = (
    "We asked the people who come here what would help, and wrote it down. ",
    "ہم نے لوگوں سے پوچھا کہ کیا بہتر ہو سکتا ہے اور سب لکھ لیا۔ ",
    "我们问了来这里的人怎样会更好，并把他们说的话都记了下来。",
    "Мы спросили людей, которые сюда приходят, и записали их слова. ",
    "हमने यहाँ आने वाले लोगों से पूछा कि क्या बेहतर हो सकता है। ",
)
UNBROKEN = "whatarewetodowithsuchaword"


def longest(length: int = REASON_LENGTH, *, begin: int = 0) -> str:
    """Write so many letters: a paragraph of each script, then a word without an end."""
    each = length // (len(SENTENCES) + 1) - 2
    turned = [*SENTENCES[begin:], *SENTENCES[:begin]]
    parts = [(text * (each // len(text) + 1))[:each].rstrip() for text in turned]
    whole = "\n\n".join(parts) + "\n\n"
    rest = length - len(whole)
    return whole + (UNBROKEN * (rest // len(UNBROKEN) + 1))[:rest]


def longest_thirty() -> list[str]:
    turns = cycle(range(len(SENTENCES)))
    return [longest(begin=next(turns)) for _ in range(30)]
