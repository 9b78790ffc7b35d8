"""What who signs up promises, and how an organisation names the people it serves."""

from __future__ import annotations

import re


# Source: the commitment of the first edition's content, in order.
COMMITMENT = (
    (
        "We will work out our values for involvement together with the people we serve, "
        "and keep to them."
    ),
    "Before we ask for anyone's time, we will say why, what can change and what cannot.",
    (
        "We will make sure that nobody is the only person with lived experience in a "
        "group, and reach first for those usually left out."
    ),
    (
        "We will give people clear information, good support and fair treatment over pay "
        "and costs."
    ),
    "We will show what changed because people took part, and say so when nothing did.",
    (
        "We will look at ourselves against the five Ps, jointly with service users and "
        "carers, within six months of signing and every 12 months after that."
    ),
    (
        "We will publish the result and our plan in plain English, including the parts "
        "that are hard to read about ourselves."
    ),
)

_SERVICE_USERS = re.compile(r"\bservice users\b", re.IGNORECASE)


def in_own_words(text: str, people: str) -> str:
    """Say a text with the words that an organisation has for the people it serves.

    Shape: `people` as it stands within a sentence, in the plural; empty changes
    nothing.
    """
    if not people:
        return text

    def named(found: re.Match[str]) -> str:
        begins = found[0][0].isupper()
        return people[:1].upper() + people[1:] if begins else people

    return _SERVICE_USERS.sub(named, text)
