"""What is said after a save, and where one goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import get_text_list

from assessments.models import Assessment, Response
from assessments.queries import (
    PrincipleRecord,
    QuestionPage,
    StandardRecord,
    assessment_record,
    meeting_steps,
)
from assessments.rules import ResponseContent
from organisations.access import person_of

from .doors import is_meeting


# Said in a line of its own: a banner after each of thirty saves would be loud.
QUIET = "quiet"
# The form that shows both texts names itself with it.
SETTLED = "settled"
STANDS = (
    "What you chose is saved. It is in the boxes below. "
    '<a class="govuk-notification-banner__link" href="{}">Go on</a>'
)
FOR_LATER = "It is for later, and has no answer yet."
IN_PROGRESS = "It stays in progress until somebody says that it is finished."
STILL_LOOK = "It still needs your “I have looked at it again”."
# The same of one of several that are saved together, and of more than one.
LEFT_OF_SEVERAL = {
    IN_PROGRESS: (
        "{} stays in progress until somebody says that it is finished.",
        "{} stay in progress until somebody says that they are finished.",
    ),
    STILL_LOOK: (
        "{} still needs your “I have looked at it again”, on its own page.",
        "{} still need your “I have looked at it again”, each on its own page.",
    ),
}
ALL_OF_YOURS = "That was all of yours. Thank you."


def tell_saved(
    request: HttpRequest, what: Sequence[str], at: datetime, *, but: str = ""
) -> None:
    """Say what is saved, and when; of nothing, that nothing was changed.

    Shape: `but` is a sentence that follows.
    """
    when = date_format(timezone.localtime(at), "H:i")
    named = get_text_list(list(what), "and")
    said = f"{named} saved at {when}." if what else "Nothing was changed."
    messages.success(request, f"{said} {but}".strip(), extra_tags=QUIET)


def what_is_left(page: QuestionPage, content: ResponseContent) -> str:
    """Say what a save leaves open, in a sentence; empty for nothing."""
    if content.state == Response.State.UNANSWERED:
        if content.is_later:
            return FOR_LATER
        return f"{page.standard.code} has no answer yet."
    if page.another_look:
        return STILL_LOOK
    return "" if content.is_finished or content.is_later else IN_PROGRESS


def what_several_leave(saved: Sequence[tuple[QuestionPage, ResponseContent]]) -> str:
    """Say what saving several leaves open: a sentence for each thing, never one each."""
    left: dict[str, list[str]] = {}
    for page, content in saved:
        sentence = what_is_left(page, content)
        # What has no answer yet is named on the page that follows.
        if sentence in LEFT_OF_SEVERAL:
            left.setdefault(sentence, []).append(page.standard.code)
    return " ".join(
        LEFT_OF_SEVERAL[sentence][len(codes) > 1].format(get_text_list(codes, "and"))
        for sentence, codes in left.items()
    )


def after_save(request: HttpRequest, assessment: Assessment, page: QuestionPage) -> str:
    """Find where the work goes on after a question.

    Shape: `page` is what was read before the save.
    Effects: who has just answered the last of her own is thanked.
    """
    onwards = _onwards(request, assessment, page)
    if SETTLED not in request.POST:
        return onwards
    # Two texts were there: nobody goes on without having seen which one stands.
    messages.success(request, format_html(STANDS, onwards))
    return request.path


def _onwards(request: HttpRequest, assessment: Assessment, page: QuestionPage) -> str:
    slug = page.principle.slug
    if is_meeting(request):
        return meeting_steps(assessment, page).after or assessment.get_absolute_url()
    if "back_to_list" in request.POST:
        return assessment.principle_address(slug)
    if page.owner and page.owner.person == person_of(request).pk:
        return _after_own(request, assessment, page)
    if page.next_position is None:
        return assessment.check_address(slug)
    return assessment.question_address(slug, page.next_position)


def _after_own(request: HttpRequest, assessment: Assessment, page: QuestionPage) -> str:
    """Go on with one's own, and not with what a colleague is asked for."""
    record, person = assessment_record(assessment), person_of(request).pk
    parts = record.parts_of(person)
    here, own = next(part for part in parts if part[0].slug == page.principle.slug)
    is_whole = len(own) == len(here.standards)
    part = record.own_part(person)
    is_done = part.progress.is_responded
    if is_done and page.response.state == Response.State.UNANSWERED:
        look = f" Look over your answers, then mark {here.name} as complete."
        still = f" Still open: {part.still_open}." if part.still_open else ""
        messages.success(request, ALL_OF_YOURS + still + (look if is_whole else ""))
    elif page.next_position and page.next_position in {s.position for s in own}:
        return assessment.question_address(here.slug, page.next_position)
    if is_whole:
        return assessment.check_address(here.slug)
    waiting = [
        (principle, standard)
        for principle, standards in parts
        for standard in standards
        if standard.is_unanswered and standard.code != page.standard.code
    ]
    # What somebody put off comes after the rest.
    waiting.sort(key=lambda each: each[1].is_later)
    return _address_of(assessment, waiting, page) or assessment.mine_address()


def _address_of(
    assessment: Assessment,
    waiting: Sequence[tuple[PrincipleRecord, StandardRecord]],
    page: QuestionPage,
) -> str:
    """Find the next that waits after this one, or the first; empty where none does."""
    place = (page.principle.position, page.position)
    after = (w for w in waiting if (w[0].position, w[1].position) > place)
    found = next(after, next(iter(waiting), None))
    if found is None:
        return ""
    principle, standard = found
    return assessment.question_address(principle.slug, standard.position)
