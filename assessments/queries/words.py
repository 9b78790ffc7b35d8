"""What an edition says, with the words an organisation has for the people it serves.

The edition itself never changes: this is only how an organisation's own pages, and
the reports that it makes, say it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from assessments.models import Assessment
from organisations.content import in_own_words
from organisations.models import Organisation
from standards.models import Edition, Standard
from standards.queries import EditionWords, LevelWords, StandardWords, words_of


# How the sentence of a level begins that adds to the one of another.
BUILDS_ON = re.compile(r"As level (\d)\b")


def words_for(assessment: Assessment) -> EditionWords:
    """Give what an assessment's edition says, in its organisation's own words."""
    return own_words_of(assessment.edition, assessment.organisation)


def own_words_of(edition: Edition, organisation: Organisation) -> EditionWords:
    """Give what an edition says, in an organisation's own words."""
    if not organisation.people_called:
        return words_of(edition)
    return _own_words(edition, edition.fingerprint, organisation.people_called)


@lru_cache(maxsize=128)
def _own_words(edition: Edition, fingerprint: str, people: str) -> EditionWords:
    words = words_of(edition)
    return EditionWords(
        levels=_levels(words.levels, people),
        standards={
            code: _standard(standard, people)
            for code, standard in words.standards.items()
        },
        principles=words.principles,
    )


def _standard(words: StandardWords, people: str) -> StandardWords:
    # The titles of duties are names, which stay as they are.
    return replace(
        words,
        title=in_own_words(words.title, people),
        statement=in_own_words(words.statement, people),
        why=in_own_words(words.why, people),
        level_three=in_own_words(words.level_three, people),
        not_applicable_rule=in_own_words(words.not_applicable_rule, people),
        indicators=tuple(in_own_words(each, people) for each in words.indicators),
        example_evidence=tuple(
            in_own_words(each, people) for each in words.example_evidence
        ),
        levels=_levels(words.levels, people),
    )


def _levels(levels: tuple[LevelWords, ...], people: str) -> tuple[LevelWords, ...]:
    return tuple(replace(each, text=in_own_words(each.text, people)) for each in levels)


def standing_alone(level: LevelWords, levels: Mapping[int, LevelWords]) -> str:
    """Say what a level means where the others do not stand beside it."""
    named = BUILDS_ON.match(level.text)
    below = levels.get(int(named[1])) if named else None
    if below is None or below == level:
        return level.text
    return f"{level.text} Level {below.value} says: “{below.text}”"


def spoken(standard: Standard, words: StandardWords) -> Standard:
    """Let a loaded standard say these words. It is never saved: the database refuses."""
    for name in ("title", "statement", "why", "level_three", "not_applicable_rule"):
        setattr(standard, name, getattr(words, name))
    standard.example_evidence = list(words.example_evidence)
    return standard
