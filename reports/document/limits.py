"""What a full record does not say, and why: the same sentences in every format."""

from __future__ import annotations


# For who does not say what it calls the people it serves.
PEOPLE = "people who use services"
NAMES = "Names. It says in which role people took part, and how many."
OWN_LEVELS = (
    "Each person’s own level. It was asked so that people think for themselves, not "
    "for readers."
)
WORK = (
    "What colleagues wrote to each other about a standard, and what was typed and not "
    "saved. That is for their work."
)
EARLIER = "Earlier answers. Members can read on the site how each answer came to be."


def not_asked(people: str) -> str:
    people = people or PEOPLE
    return (
        f"{people[:1].upper()}{people[1:]} and carers were not asked for this report."
    )


def not_in_it(people: str, *, rated: bool) -> tuple[str, ...]:
    """List what is not in a record; people's own levels only where some were asked."""
    theirs = (
        f"What {people or PEOPLE} and carers say. They were not asked for this report."
    )
    return theirs, NAMES, *((OWN_LEVELS,) if rated else ()), WORK, EARLIER
