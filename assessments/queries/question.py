"""One standard's page: the question, what is there, and where one is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Aggregate, Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.models import (
    Assessment,
    Evidence,
    Response,
    ResponseQuerySet,
    ResponseRevision,
)
from assessments.rules import EvidenceContent, ResponseContent, missing_proof
from assessments.scoring import LeftOut
from organisations.models import User
from standards.models import Duty, Principle, Standard

from .owners import WITH_OWNER, Owner, owner_of
from .records import LevelChoice
from .talk import with_look


LEFT_OUT = Response.State.NOT_APPLICABLE


@dataclass(frozen=True)
class RejectedText:
    """Text of one's own that came too late, kept so that it can be used again."""

    saved_at: datetime
    state_label: str
    level: int | None
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class QuestionPage:
    """One standard's page: the question, what is there, and where one is."""

    response: Response
    standard: Standard
    principle: Principle
    position: int
    # Its place among those of the principle that are asked, and the next of them.
    number: int
    of: int
    next_position: int | None
    choices: tuple[LevelChoice, ...]
    indicators: tuple[str, ...]
    domains: tuple[str, ...]
    duties: tuple[Duty, ...]
    evidence: tuple[Evidence, ...]
    rejected: tuple[RejectedText, ...]
    # What does not apply, whatever this standard says; and if it does not either.
    left_out: LeftOut
    left_out_then: LeftOut
    owner: Owner | None

    @property
    def content(self) -> ResponseContent:
        """Return all that is said of the standard now."""
        names = [each.name for each in fields(EvidenceContent)]
        return ResponseContent(
            state=self.response.state,
            level=self.response.level,
            not_applicable_because=self.response.not_applicable_because,
            reason=self.response.reason,
            is_finished=self.response.is_finished,
            evidence=tuple(
                EvidenceContent(**{name: getattr(piece, name) for name in names})
                for piece in self.evidence
            ),
        )

    @property
    def partial_warning(self) -> str:
        """Say what it would mean if this standard did not apply; empty for nothing."""
        if self.left_out.is_partial:
            return "So much does not apply that this is a partial assessment already."
        if not self.left_out_then.is_partial:
            return ""
        return (
            f"With this one, {self.left_out_then.total} standards do not apply. Then "
            "yours is called a partial assessment. You can still choose it."
        )

    @property
    def missing_proof(self) -> tuple[str, ...]:
        """Name what would still show the level that stands now."""
        kinds = {item.type for item in self.evidence}
        return missing_proof(self.response.level, kinds)

    @property
    def is_last(self) -> bool:
        return self.next_position is None

    @property
    def is_outside(self) -> bool:
        """Say whether it is left out, so that nobody is asked."""
        return self.response.is_outside

    @property
    def level(self) -> LevelChoice | None:
        """Return the level that stands now, with its sentence."""
        return next((c for c in self.choices if c.value == self.response.level), None)


def question_page(
    assessment: Assessment, principle_slug: str, position: int, *, reader: User
) -> QuestionPage:
    """Read one standard's question page, in a number of queries that never grows.

    Shape: a standard that is left out can be read.
    Raises: Response.DoesNotExist when the edition has no such standard.
    """
    asked = _asked_beside_it()
    response: Any = (
        with_look(Response.objects.also_outside(assessment))
        .select_related(
            *("standard__principle", "saved_by", "assessment__organisation"), WITH_OWNER
        )
        .prefetch_related("evidence")
        .annotate(
            of=_only(asked, Count("pk")),
            before=_only(asked.filter(_is_earlier), Count("pk")),
            next_position=_only(asked.filter(_is_later), Min("standard__position")),
        )
        .get(standard__principle__slug=principle_slug, standard__position=position)
    )
    standard = response.standard
    beside = _left_out_by_principle(assessment, but=response)
    sentences = standard.level_sentences.select_related("level").order_by(
        "level__value"
    )
    return QuestionPage(
        response=response,
        standard=standard,
        principle=standard.principle,
        position=position,
        number=(response.before or 0) + 1,
        of=response.of or 0,
        next_position=response.next_position,
        choices=tuple(
            LevelChoice(s.level.value, s.level.word, s.text) for s in sentences
        ),
        indicators=tuple(
            standard.indicators.order_by("position").values_list("text", flat=True)
        ),
        domains=tuple(
            standard.domains.order_by("position").values_list("name", flat=True)
        ),
        duties=tuple(standard.duties.order_by("position")),
        evidence=tuple(sorted(response.evidence.all(), key=attrgetter("position"))),
        rejected=_rejected_texts(response, reader),
        left_out=LeftOut(tuple(beside.values())),
        left_out_then=LeftOut(
            tuple((beside + Counter([standard.principle_id])).values())
        ),
        owner=owner_of(response),
    )


def left_out_of(assessment: Assessment) -> LeftOut:
    """Count what does not apply, in one query."""
    return LeftOut(tuple(_left_out_by_principle(assessment).values()))


def _left_out_by_principle(
    assessment: Assessment, *, but: Response | None = None
) -> Counter[int]:
    found = Response.objects.of(assessment).filter(state=LEFT_OUT)
    others = found.exclude(pk=but.pk) if but else found
    return Counter(others.values_list("standard__principle", flat=True))


_is_earlier = Q(standard__position__lt=OuterRef("standard__position"))
_is_later = Q(standard__position__gt=OuterRef("standard__position"))


def _asked_beside_it() -> ResponseQuerySet:
    """Find what is asked of the same principle."""
    return Response.objects.filter(
        assessment=OuterRef("assessment"),
        standard__principle=OuterRef("standard__principle"),
        is_outside=False,
    )


def _only(found: ResponseQuerySet, figure: Aggregate) -> Subquery:
    return Subquery(
        found.order_by().values("assessment").annotate(n=figure).values("n")
    )


def _rejected_texts(response: Response, reader: User) -> tuple[RejectedText, ...]:
    """Find the reader's texts that came too late, since they last saved."""
    mine = response.revisions.filter(saved_by=reader)
    saved = mine.filter(outcome=ResponseRevision.Outcome.SAVED)
    last = saved.order_by("-pk").values("pk")[:1]
    rejected = mine.filter(
        outcome=ResponseRevision.Outcome.REJECTED,
        pk__gt=Coalesce(Subquery(last), 0),
    )
    return tuple(_rejected(revision) for revision in rejected.order_by("-pk"))


def _rejected(revision: ResponseRevision) -> RejectedText:
    return RejectedText(
        saved_at=revision.saved_at,
        state_label=revision.get_state_display(),
        level=revision.level,
        reason=revision.reason,
        evidence=tuple(
            " · ".join(filter(None, [e["title"], e["link"], e["note"]]))
            for e in revision.evidence
        ),
    )
