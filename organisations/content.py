"""What who signs up promises, in the words that people read."""

from __future__ import annotations


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
