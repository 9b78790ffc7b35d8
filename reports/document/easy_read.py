"""Freeze an assessment into easy read: one idea at a time, a picture beside each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from organisations.models import Organisation

from .freezing import freeze, thaw
from .paper import Paper
from .plain import PlainPart, PlainSummary, plain_summary
from .plain_words import ANSWERS
from .record import ReportDocument
from .text import direction


@dataclass(frozen=True)
class Idea:
    """One idea; `picture` names the drawing beside it."""

    picture: str
    says: str
    more: str = ""

    @property
    def drawing(self) -> str:
        return f"reports/pdf/1/pictures/{self.picture}.svg"

    @property
    def direction(self) -> str:
        return direction(self.says)


@dataclass(frozen=True)
class Chapter:
    title: str
    ideas: tuple[Idea, ...]


@dataclass(frozen=True)
class EasyRead(Paper):
    """The whole of one easy read, with nothing left to look up."""

    template: ClassVar[str] = "easy_read"

    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        return f"4Pi easy read: {self.organisation}"


def build_easy_read(
    whole: ReportDocument, organisation: Organisation, *, is_large: bool
) -> dict[str, Any]:
    """Freeze in easier words what a full record says of each standard.

    Shape: as a plain summary, and no more of what people wrote than that.
    """
    plain = plain_summary(whole, organisation, is_large=is_large)
    easy = EasyRead(
        organisation=plain.organisation,
        scope=plain.scope,
        edition=plain.edition,
        edition_version=plain.edition_version,
        is_large=plain.is_large,
        locked_at=plain.locked_at,
        frozen_at=plain.frozen_at,
        chapters=(
            Chapter("What this paper is", tuple(_what(plain))),
            Chapter("What the steps mean", tuple(_steps())),
            *_other_pictures(plain),
            *(
                _chapter(number, part)
                for number, part in enumerate(plain.parts, start=1)
            ),
            Chapter("What comes next", tuple(_next(plain))),
            Chapter("What the words mean", MEANINGS),
        ),
    )
    return freeze(easy)


def read_easy_read(frozen: dict[str, Any]) -> EasyRead:
    """Give a frozen easy read its types back."""
    return thaw(EasyRead, frozen)


MEANINGS = (
    Idea(
        "words",
        "Lived experience",
        "You have been through it yourself. You may have been ill, or used a service, "
        "or cared for somebody.",
    ),
    Idea(
        "carer",
        "A carer",
        "Somebody who looks after a family member or a friend, and is not paid for it.",
    ),
    Idea(
        "five",
        "4Pi",
        "A list of five parts. It says what good work with people looks like. It "
        "belongs to NSUN, the National Survivor User Network. NSUN has not checked this "
        "paper.",
    ),
)


def _what(plain: PlainSummary) -> Iterator[Idea]:
    yield Idea("paper", "This paper says how we work with people.", "You can keep it.")
    yield Idea("people", f"“We” in this paper means {plain.organisation}.")
    yield Idea("help", "You can ask somebody to read it with you.")
    yield Idea(
        "things", f"We looked at {plain.standards} things. They are in five parts."
    )
    yield Idea(
        "mirror",
        "This is what we say of ourselves.",
        f"{plain.people[:1].upper()}{plain.people[1:]} and carers were not asked for "
        "this paper. You may see it in another way.",
    )
    if plain.is_draft:
        yield Idea("draft", "This is a draft.", "It can still change.")


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


def _steps() -> Iterator[Idea]:
    for level, answer in enumerate(ANSWERS):
        yield Idea(f"level_{level}", f"Step {level}", answer)


def _other_pictures(plain: PlainSummary) -> Iterator[Chapter]:
    """Explain what stands in the place of a step, where anything does."""
    unknown, unanswered, others = map(
        _things, (plain.unknown, plain.unanswered, plain.not_applicable)
    )
    said = (
        Idea(
            "unknown",
            "A question mark",
            f"We do not know {unknown} yet. We have to find out.",
        ),
        Idea(
            "no_answer", "An empty bubble", f"We have no answer yet for {unanswered}."
        ),
        Idea(
            "not_here", "A crossed box", f"This is not about us. It is so for {others}."
        ),
    )
    counts = (plain.unknown, plain.unanswered, plain.not_applicable)
    ideas = tuple(idea for idea, count in zip(said, counts, strict=True) if count)
    if ideas:
        yield Chapter("What the other pictures mean", ideas)


def _chapter(number: int, part: PlainPart) -> Chapter:
    ideas = (
        Idea(
            s.picture,
            s.says,
            s.answer if s.level is None else f"Step {s.level}. {s.answer}",
        )
        for s in part.standards
    )
    about = Idea(part.picture, part.about)
    return Chapter(f"{number}. {part.name}", (about, *ideas))


def _next(plain: PlainSummary) -> Iterator[Idea]:
    if plain.has_promised:
        yield Idea(
            "promise",
            "We made a promise. It is called the 4Pi commitment.",
            "We said that we will look at this together with the people we serve and "
            "with carers.",
        )
        yield Idea("again", "We will do it again each year.", "We will tell you then.")
    else:
        yield Idea("ask", "The next step is to ask people how they see it.")
    yield Idea(
        "speak",
        "Do you see something in another way?",
        "Tell somebody who works with us. You can ask somebody to help you.",
    )
