"""The meeting: one standard after the other, saved as on the page of a question."""

import re

import pytest
from django.urls import reverse

from assessments.models import Dissent
from assessments.operations import answer
from tests.factories import NOW, content, the_response


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def there(cast, principle="principles", position=1):
    return cast.assessment.meeting_address(principle, position)


def test_it_leads_through_all_standards_and_saves_each(cast, lead):
    start = reverse(
        "assessments:meeting", args=["riverside", cast.assessment.public_id]
    )

    assert lead.get(start).url == there(cast)
    shown = words(lead.get(there(cast)))
    assert "Principles, 1 of 30" in shown
    assert "Most groups use the shared values" not in shown  # the guidance is elsewhere
    assert "Previous" not in shown
    first = lead.post(
        there(cast),
        {"version": "0", "choice": "2", "dissent": "Two of us say 1.\r\nBy night."},
    )
    last_of_part = lead.post(there(cast, position=6), {"version": "0", "choice": "1"})
    last_of_all = lead.post(there(cast, "impact", 6), {"version": "0", "choice": "0"})

    assert first.url == there(cast, position=2)
    assert last_of_part.url == there(cast, "purpose", 1)
    assert last_of_all.url == cast.assessment.get_absolute_url()
    assert the_response(cast.assessment).level == 2
    noted = Dissent.objects.get()
    assert (noted.text, noted.version) == ("Two of us say 1.\nBy night.", 1)
    again = lead.get(there(cast)).content.decode()
    assert "By night.</textarea>" in again
    assert re.search(r'value="2"[^>]* checked', again)
    # Sent once more as it stands, which changes nothing.
    typed = {"version": "1", "choice": "2", "dissent": noted.text}
    lead.post(there(cast), typed)
    assert (Dissent.objects.count(), the_response(cast.assessment).version) == (1, 1)


def test_conflict_keeps_both_texts_and_the_meeting_goes_on(cast, lead):
    answer(
        response=the_response(cast.assessment),
        content=content(reason="Tom was first"),
        version=0,
        by=cast.contributor,
        at=NOW,
    )
    typed = {"version": "0", "choice": "3", "reason": "Ours", "dissent": "Not by night"}

    page = lead.post(there(cast), typed)
    text = page.content.decode()

    assert page.status_code == 409
    assert "Tom was first" in text
    assert "Ours</textarea>" in text
    assert "Not by night</textarea>" in text
    assert f'action="{there(cast)}"' in text
    saved = lead.post(there(cast), typed | {"version": "1"})
    assert saved.url == there(cast, position=2)
    assert Dissent.objects.get().version == 2


def test_what_cannot_be_saved_is_shown_again_in_big_type(cast, lead):
    text = lead.get(there(cast)).content.decode()
    writing = re.search(r'name="writing" value="([^"]+)"', text)[1]
    typed = {"version": "0", "dissent": "We have not answered", "writing": writing}

    page = lead.post(there(cast), typed)

    text = page.content.decode()
    assert "<title>Error: " in text
    assert 'class="meeting"' in text
    assert "Choose a level first, or say why." in text
    assert "We have not answered</textarea>" in text
    assert not Dissent.objects.exists()
    # It is a draft as well. A room reads the meeting's page, so it says only where.
    alone = cast.assessment.question_address("principles", 1)
    assert "We have not answered</textarea>" in lead.get(alone).content.decode()
    room = lead.get(there(cast)).content.decode()
    assert "You have words here that are not saved." in room
    assert "We have not answered" not in room


def test_a_room_does_not_read_what_came_too_late(cast, lead):
    answer_now = {"response": the_response(cast.assessment), "version": 0, "at": NOW}
    answer(content=content(reason="Tom was first"), by=cast.contributor, **answer_now)
    lead.post(there(cast), {"version": "0", "choice": "0", "reason": "Mine alone"})

    room = words(lead.get(there(cast)))

    assert "Tom was first" in room
    assert "Mine alone" not in room
    assert "You have words here that are not saved." in room


def test_viewer_and_a_locked_view_are_for_reading(cast, client):
    client.force_login(cast.viewer)

    page = client.get(there(cast))

    assert "your role does not let you answer" in words(page)
    assert client.post(there(cast), {"version": "0", "choice": "2"}).status_code == 403
