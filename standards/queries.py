"""What the public pages of the standard show: frozen, so no page queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from django.db.models import Prefetch, QuerySet

from .models import (
    Domain,
    Duty,
    Edition,
    Indicator,
    Level,
    LevelSentence,
    Principle,
    Question,
    Standard,
)


@dataclass(frozen=True)
class Link:
    text: str
    address: str


@dataclass(frozen=True)
class LevelWords:
    """A step of the scale, in general or, in `text`, for one standard."""

    value: int
    word: str
    text: str
    rule_of_thumb: str = ""
    proof: str = ""


@dataclass(frozen=True)
class DomainWords:
    name: str
    description: str
    benefits: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PrincipleLine:
    """A principle in a list, with the codes and titles of its standards."""

    name: str
    gloss: str
    address: str
    question_organisation: str
    question_people: str
    standards: tuple[Link, ...]


@dataclass(frozen=True)
class EditionSummary:
    """An edition as the home page and the list of principles tell it."""

    title: str
    version: str
    published_on: date | None
    review_note: str
    principles: tuple[PrincipleLine, ...]
    domains: tuple[DomainWords, ...]
    levels: tuple[LevelWords, ...]


@dataclass(frozen=True)
class QuestionWords:
    audience: str
    text: str


@dataclass(frozen=True)
class StandardWords:
    """One standard, whole."""

    code: str
    title: str
    statement: str
    why: str
    is_core: bool
    indicators: tuple[str, ...]
    levels: tuple[LevelWords, ...]
    level_three: str
    questions: tuple[QuestionWords, ...]
    example_evidence: tuple[str, ...]
    not_applicable_rule: str
    domains: tuple[str, ...]
    duties: tuple[Link, ...]


@dataclass(frozen=True)
class EditionWords:
    """All that an edition says, its standards by their code.

    Shape: `principles` has the codes of each principle in order, by its slug.
    """

    levels: tuple[LevelWords, ...]
    standards: Mapping[str, StandardWords]
    principles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PrinciplePage:
    """A principle and its standards; `following` is the next principle, if any."""

    name: str
    gloss: str
    question_organisation: str
    question_people: str
    why: str
    edition_title: str
    review_note: str
    standards: tuple[StandardWords, ...]
    following: Link | None


@dataclass(frozen=True)
class DutyLine:
    title: str
    address: str
    status: str
    standards: int


@dataclass(frozen=True)
class DutyFamily:
    name: str
    duties: tuple[DutyLine, ...]


@dataclass(frozen=True)
class DutyWords:
    """A duty as a document tells it; `standards` by code and title, in their order."""

    code: str
    title: str
    body: str
    jurisdiction: str
    applies_to: tuple[str, ...]
    summary: str
    status: str
    status_note: str
    source: str
    checked_on: date | None
    checked_by: str
    standards: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DutySet:
    """The duties under one heading that bear on any standard."""

    name: str
    duties: tuple[DutyWords, ...]


@dataclass(frozen=True)
class DutyPage:
    """A duty; `source` is the address to read it at, empty while there is none."""

    title: str
    body: str
    family: str
    jurisdiction: str
    applies_to: tuple[str, ...]
    summary: str
    status: str
    status_note: str
    source: str
    source_host: str
    is_checked: bool
    checked_on: date | None
    checked_by: str
    standards: tuple[Link, ...]


def edition_summary() -> EditionSummary:
    """Read the current edition in outline.

    Raises: Edition.DoesNotExist when none is published.
    """
    edition = Edition.objects.current()
    standards = Prefetch(
        "standards",
        Standard.objects.select_related("principle").order_by("position"),
    )
    principles = edition.principles.prefetch_related(standards).order_by("position")
    return EditionSummary(
        title=edition.title,
        version=edition.version,
        published_on=edition.published_on,
        review_note=edition.review_note,
        principles=tuple(_principle_line(principle) for principle in principles),
        domains=tuple(_domain(d) for d in edition.domains.order_by("position")),
        levels=tuple(_level(level) for level in edition.levels.order_by("value")),
    )


def principle_page(slug: str) -> PrinciplePage:
    """Read one principle of the current edition with all its standards.

    Raises: Edition.DoesNotExist, Principle.DoesNotExist.
    """
    edition = Edition.objects.current()
    principle = edition.principles.get(slug=slug)
    following = edition.principles.filter(position=principle.position + 1).first()
    return PrinciplePage(
        name=principle.name,
        gloss=principle.gloss,
        question_organisation=principle.question_organisation,
        question_people=principle.question_people,
        why=principle.why,
        edition_title=edition.title,
        review_note=edition.review_note,
        standards=tuple(_standard(standard) for standard in _whole(principle)),
        following=_following(following) if following else None,
    )


def words_of(edition: Edition) -> EditionWords:
    """Give all that an edition says; from the second time on, in no query."""
    # A draft that was loaded again has other words, and may have the same key.
    return _words_of(edition.pk, edition.fingerprint)


@lru_cache(maxsize=8)
def _words_of(edition: int, fingerprint: str) -> EditionWords:
    standards = Standard.objects.filter(edition=edition)
    levels = Level.objects.filter(edition=edition).order_by("value")
    words: dict[str, StandardWords] = {}
    principles: dict[str, tuple[str, ...]] = {}
    for standard in _with_everything(standards).order_by(
        "principle__position", "position"
    ):
        slug = standard.principle.slug
        words[standard.code] = _standard(standard)
        principles[slug] = (*principles.get(slug, ()), standard.code)
    return EditionWords(
        levels=tuple(_level(level) for level in levels),
        standards=words,
        principles=principles,
    )


def duty_families() -> tuple[DutyFamily, ...]:
    """List the duties of the current edition under their headings.

    Shape: in the order of the edition; a heading stands once.
    Raises: Edition.DoesNotExist.
    """
    duties = (
        Edition.objects.current()
        .duties.prefetch_related("standards")
        .order_by("position")
    )
    return tuple(
        DutyFamily(name=family, duties=tuple(_duty_line(duty) for duty in members))
        for family, members in groupby(duties, key=lambda duty: duty.family)
    )


def duty_sets(edition: Edition) -> tuple[DutySet, ...]:
    """List an edition's duties under their headings, with what bears on each.

    Shape: in the order of the edition; none that is tied to no standard.
    """
    standards = Standard.objects.order_by("principle__position", "position")
    duties = edition.duties.prefetch_related(Prefetch("standards", standards))
    told = (_duty_words(duty) for duty in duties.order_by("position"))
    bearing = (each for each in told if each[1].standards)
    return tuple(
        DutySet(family, tuple(words for _, words in members))
        for family, members in groupby(bearing, key=lambda each: each[0])
    )


def duty_page(code: str) -> DutyPage:
    """Read one duty of the current edition and the standards it bears on.

    Raises: Edition.DoesNotExist, Duty.DoesNotExist.
    """
    duty = Edition.objects.current().duties.get(code=code)
    standards = duty.standards.select_related("principle").order_by(
        "principle__position", "position"
    )
    return DutyPage(
        title=duty.title,
        body=duty.body,
        family=duty.family,
        jurisdiction=duty.jurisdiction,
        applies_to=tuple(duty.applies_to),
        summary=duty.summary,
        status=duty.get_status_display(),
        status_note=duty.status_note,
        source=duty.address,
        source_host=urlsplit(duty.address).hostname or "",
        is_checked=duty.is_checked(),
        checked_on=duty.checked_on,
        checked_by=duty.checked_by,
        standards=_links(standards),
    )


def _duty_words(duty: Duty) -> tuple[str, DutyWords]:
    """Give a duty's heading, and its words."""
    return duty.family, DutyWords(
        code=duty.code,
        title=duty.title,
        body=duty.body,
        jurisdiction=duty.jurisdiction,
        applies_to=tuple(duty.applies_to),
        summary=duty.summary,
        status=duty.get_status_display(),
        status_note=duty.status_note,
        source=duty.address,
        checked_on=duty.checked_on,
        checked_by=duty.checked_by,
        standards=tuple((each.code, each.title) for each in duty.standards.all()),
    )


def _following(principle: Principle) -> Link:
    text = f"{principle.name}: {principle.gloss.lower()}"
    return Link(text, principle.get_absolute_url())


def _whole(principle: Principle) -> Iterable[Standard]:
    return _with_everything(principle.standards.all()).order_by("position")


def _with_everything(standards: QuerySet[Standard]) -> QuerySet[Standard]:
    """Fetch standards with all that belongs to them."""
    return standards.select_related("principle").prefetch_related(
        Prefetch("indicators", Indicator.objects.order_by("position")),
        Prefetch(
            "level_sentences",
            LevelSentence.objects.select_related("level").order_by("level__value"),
        ),
        "questions",
        Prefetch("domains", Domain.objects.order_by("position")),
        Prefetch("duties", Duty.objects.order_by("position")),
    )


def _standard(standard: Standard) -> StandardWords:
    return StandardWords(
        code=standard.code,
        title=standard.title,
        statement=standard.statement,
        why=standard.why,
        is_core=standard.is_core,
        indicators=tuple(indicator.text for indicator in standard.indicators.all()),
        levels=tuple(
            LevelWords(
                value=sentence.level.value,
                word=sentence.level.word,
                text=sentence.text,
                proof=sentence.level.proof,
            )
            for sentence in standard.level_sentences.all()
        ),
        level_three=standard.level_three,
        questions=_questions(standard),
        example_evidence=tuple(standard.example_evidence),
        not_applicable_rule=standard.not_applicable_rule,
        domains=tuple(domain.name for domain in standard.domains.all()),
        duties=tuple(
            Link(duty.title, duty.get_absolute_url()) for duty in standard.duties.all()
        ),
    )


def _questions(standard: Standard) -> tuple[QuestionWords, ...]:
    """Put the questions in the order of the audiences, which is not the alphabet's."""
    texts = {question.audience: question.text for question in standard.questions.all()}
    return tuple(
        QuestionWords(str(audience.label), texts[audience])
        for audience in Question.Audience
        if audience in texts
    )


def _principle_line(principle: Principle) -> PrincipleLine:
    return PrincipleLine(
        name=principle.name,
        gloss=principle.gloss,
        address=principle.get_absolute_url(),
        question_organisation=principle.question_organisation,
        question_people=principle.question_people,
        standards=_links(principle.standards.all()),
    )


def _links(standards: Iterable[Standard]) -> tuple[Link, ...]:
    return tuple(
        Link(str(standard), standard.get_absolute_url()) for standard in standards
    )


def _domain(domain: Domain) -> DomainWords:
    return DomainWords(
        name=domain.name,
        description=domain.description,
        benefits=domain.benefits,
        examples=tuple(domain.examples),
    )


def _level(level: Level) -> LevelWords:
    return LevelWords(
        value=level.value,
        word=level.word,
        text=level.descriptor,
        rule_of_thumb=level.rule_of_thumb,
        proof=level.proof,
    )


def _duty_line(duty: Duty) -> DutyLine:
    return DutyLine(
        title=duty.title,
        address=duty.get_absolute_url(),
        status=duty.get_status_display(),
        standards=len(duty.standards.all()),
    )
