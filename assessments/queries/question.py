"""One standard's page: the question, what is there, and where one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from assessments.models import (
    Assessment,
    Evidence,
    Response,
    ResponseQuerySet,
    ResponseRevision,
)
from assessments.rules import (
    ResponseContent,
    content_of,
    content_of_response,
    missing_proof,
)
from assessments.scoring import NOT_APPLICABLE_IN_A_PRINCIPLE, LeftOut
from organisations.models import User
from standards.models import Principle, Standard
from standards.queries import Link, words_of

from .last_time import LastTime, earlier_than, last_time
from .owners import WITH_OWNER, Owner, owner_of
from .ratings import with_own_levels
from .records import LevelChoice, level_choice
from .talk import with_look
from .usual import is_often_left_out, usual_first
from .words import spoken, words_for


LEFT_OUT = Response.State.NOT_APPLICABLE
SAVED = ResponseRevision.Outcome.SAVED
REJECTED = ResponseRevision.Outcome.REJECTED
LOCKED = "Our view was locked."


@dataclass(frozen=True)
class RejectedText:
    """Text of one's own that came too late, kept so that it can be used again."""

    number: int
    saved_at: datetime
    # Why it was not saved; empty where that is not known.
    why_not: str
    state_label: str
    level: int | None
    reason: str
    evidence: tuple[str, ...]
    content: ResponseContent

    @property
    def key(self) -> str:
        return f"late-{self.number}"


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
    duties: tuple[Link, ...]
    evidence: tuple[Evidence, ...]
    rejected: tuple[RejectedText, ...]
    last_time: LastTime | None
    # What does not apply, whatever this standard says; and if it does not either.
    left_out: LeftOut
    left_out_then: LeftOut
    owner: Owner | None

    def late_text(self, key: str) -> RejectedText | None:
        """Find a text of one's own that came too late."""
        return next((text for text in self.rejected if text.key == key), None)

    @property
    def dissent(self) -> str:
        """Return what some see differently."""
        return self.response.dissent or ""  # type: ignore[attr-defined]  # annotated

    @property
    def dissent_key(self) -> int:
        """Return which dissent that is, 0 for none."""
        return self.response.dissent_key or 0  # type: ignore[attr-defined]  # annotated

    @property
    def another_look(self) -> str:
        """Return why somebody who leads asks for another look; empty where nobody does."""
        return self.response.look_why or ""  # type: ignore[attr-defined]  # annotated

    @property
    def was_rated(self) -> bool:
        """Say whether people were ever asked for their own level."""
        return self.response.own is not None  # type: ignore[attr-defined]  # annotated

    @property
    def content(self) -> ResponseContent:
        """Return all that stands now."""
        return content_of_response(self.response, self.evidence)

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
    def is_often_left_out(self) -> bool:
        """Say whether it often does not apply to organisations like this one."""
        kind = self.response.assessment.organisation.kind
        return is_often_left_out(self.standard.code, kind)

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
    codes = words_of(assessment.edition).principles.get(principle_slug, ())
    asked = codes[position - 1 : position] if position else ()
    pages = _pages(assessment, asked, reader)
    if not pages:
        raise Response.DoesNotExist
    return pages[0]


def question_pages(
    assessment: Assessment, principle_slug: str, *, reader: User
) -> tuple[QuestionPage, ...]:
    """Read the pages of all standards of a principle, in as many queries as one.

    Shape: those that are left out are among them.
    Raises: Response.DoesNotExist when the edition has no such principle.
    """
    codes = words_of(assessment.edition).principles.get(principle_slug, ())
    pages = _pages(assessment, codes, reader)
    if not pages:
        raise Response.DoesNotExist
    return pages


def _pages(
    assessment: Assessment, codes: Sequence[str], reader: User
) -> tuple[QuestionPage, ...]:
    rows = list(_responses(assessment, codes, reader))
    now = [row for row in rows if row.assessment_id == assessment.pk]
    last = {
        row.standard.code: row
        for row in rows
        if row.assessment_id != assessment.pk and not row.is_outside
    }
    rejected = _rejected_texts(now, reader)
    left_out = _left_out_beside(assessment, now)
    for row in now:
        # Set from what is at hand, so that it costs no query.
        row.assessment = assessment
    return tuple(
        _page(row, last.get(row.standard.code), rejected[row.pk], left_out)
        for row in now
    )


def _responses(
    assessment: Assessment, codes: Sequence[str], reader: User
) -> QuerySet[Response]:
    """Find what is said of standards now, and what was said the last time."""
    asked = _asked_beside_it()
    last_time = Subquery(earlier_than(assessment).values("pk")[:1])
    revisions = ResponseRevision.objects.filter(
        response=OuterRef("pk"), saved_by=reader, outcome=REJECTED
    )
    return (
        with_own_levels(
            with_look(Response.objects.filter(standard__code__in=codes)), reader
        )
        .filter(Q(assessment=assessment) | Q(assessment=last_time))
        .select_related(
            *("standard__principle", "saved_by", "assessment__edition"), WITH_OWNER
        )
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("position")))
        .annotate(
            of=_only(asked, Count("pk")),
            before=_only(asked.filter(_is_earlier), Count("pk")),
            next_position=_only(asked.filter(_is_later), Min("standard__position")),
            was_rejected=Exists(revisions),
            left_out_in_all=_left_out_in_all(assessment),
        )
        .order_by("standard__position")
    )


def _page(
    response: Any,
    last: Response | None,
    rejected: tuple[RejectedText, ...],
    left_out: Counter[int],
) -> QuestionPage:
    assessment = response.assessment
    words = words_for(assessment).standards[response.standard.code]
    standard = spoken(response.standard, words)
    own = Counter([standard.principle_id])
    beside = left_out - own if response.state == LEFT_OUT else left_out
    return QuestionPage(
        response=response,
        standard=standard,
        principle=standard.principle,
        position=standard.position,
        number=(response.before or 0) + 1,
        of=response.of or 0,
        next_position=response.next_position,
        choices=tuple(level_choice(level) for level in words.levels),
        indicators=words.indicators,
        domains=words.domains,
        duties=usual_first(words.duties, assessment.organisation.kind),
        evidence=tuple(response.evidence.all()),
        rejected=rejected,
        last_time=last_time(last, words, assessment.organisation) if last else None,
        left_out=LeftOut(tuple(beside.values())),
        left_out_then=LeftOut(tuple((beside + own).values())),
        owner=owner_of(response),
    )


def left_out_of(assessment: Assessment) -> LeftOut:
    """Count what does not apply, in one query."""
    return LeftOut(tuple(_left_out_by_principle(assessment).values()))


def _left_out_beside(
    assessment: Assessment, responses: Sequence[Response]
) -> Counter[int]:
    """Count what does not apply, where that could matter to one of these.

    Shape: only so few that no more would make it a partial assessment are not counted.
    """
    could_matter = any(
        not row.is_core and row.left_out_in_all >= NOT_APPLICABLE_IN_A_PRINCIPLE  # type: ignore[attr-defined]  # annotated
        for row in responses
    )
    return _left_out_by_principle(assessment) if could_matter else Counter()


def _left_out_by_principle(assessment: Assessment) -> Counter[int]:
    found = Response.objects.of(assessment).filter(state=LEFT_OUT)
    return Counter(found.values_list("standard__principle", flat=True))


def _left_out_in_all(assessment: Assessment) -> Combinable:
    found = Response.objects.of(assessment).filter(state=LEFT_OUT).order_by()
    return Coalesce(
        Subquery(found.values("assessment").annotate(n=Count("pk")).values("n")), 0
    )


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


def _rejected_texts(
    responses: Sequence[Response], reader: User
) -> Mapping[int, tuple[RejectedText, ...]]:
    """Find the reader's texts that came too late, since they last saved each."""
    texts: dict[int, tuple[RejectedText, ...]] = {row.pk: () for row in responses}
    asked = [row.pk for row in responses if row.was_rejected]  # type: ignore[attr-defined]  # annotated
    if not asked:
        return texts
    mine = ResponseRevision.objects.filter(saved_by=reader)
    saved = mine.filter(outcome=SAVED, response=OuterRef("response"))
    last = saved.order_by("-pk").values("pk")[:1]
    rejected = mine.filter(
        outcome=REJECTED, response__in=asked, pk__gt=Coalesce(Subquery(last), 0)
    )
    for revision in _with_the_first(rejected).order_by("-pk"):
        texts[revision.response_id] += (_rejected(revision, reader),)
    return texts


def _with_the_first(
    rejected: QuerySet[ResponseRevision],
) -> QuerySet[ResponseRevision]:
    """Find who saved over the version that each was written against, and when."""
    first = ResponseRevision.objects.filter(
        response=OuterRef("response"), outcome=SAVED, version=OuterRef("version") + 1
    )
    return rejected.select_related("response").annotate(
        first=Subquery(first.values("pk")),
        first_by=Subquery(first.values("saved_by")),
        first_name=Subquery(first.values("saved_by__name")),
    )


def _why_not(late: Any, reader: User) -> str:
    """Say why a text was not saved, as far as what was saved tells.

    Shape: nothing but a save or a lock refuses one. `late` has its `first`.
    """
    if late.first is None:
        return LOCKED if late.version == late.response.version else ""
    if late.first > late.pk:  # Saved once our view was unlocked again.
        return LOCKED
    if late.first_by == reader.pk:
        return "You had saved this answer in another window first."
    return f"{User(name=late.first_name).get_short_name()} had saved this answer first."


def _rejected(revision: ResponseRevision, reader: User) -> RejectedText:
    return RejectedText(
        number=revision.pk,
        saved_at=revision.saved_at,
        why_not=_why_not(revision, reader),
        state_label=revision.get_state_display(),
        level=revision.level,
        reason=revision.reason,
        evidence=tuple(
            " · ".join(filter(None, [e["title"], e["link"], e["note"]]))
            for e in revision.evidence
        ),
        content=content_of(revision),
    )
