"""The public pages: whole, readable, escaped, open to anybody."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from standards.models import Duty, Edition, Principle, Standard
from tests import factories
from tests.reading import grade_of, text_of
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

SLUGS = ("principles", "purpose", "presence", "process", "impact")
PUBLIC = (
    "/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/cookies/",
    "/organisations/",
    "/standards/",
    "/standards/duties/",
    *(f"/standards/{slug}/" for slug in SLUGS),
)
MARKUP = "<b>bold</b> & <script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _loaded(edition: Edition) -> None:
    """Every page here shows the edition."""


def html_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


@pytest.mark.parametrize("address", PUBLIC)
def test_anybody_may_read_it(client: Client, address: str) -> None:
    html = html_of(client, address)

    assert html.count("<h1") == 1
    assert re.search(r"<title>[^<]+ - 4Pi</title>", html)


@pytest.mark.parametrize("address", PUBLIC)
def test_it_is_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", PUBLIC)
def test_it_reads_at_grade_six_at_most(client: Client, address: str) -> None:
    """Source: rulings 36."""
    assert grade_of(html_of(client, address)) <= 6.0


@pytest.mark.slow
def test_every_duty_reads_at_grade_six_at_most(client: Client) -> None:
    for duty in Duty.objects.all():
        grade = grade_of(html_of(client, duty.get_absolute_url()))
        assert grade <= 6.0, duty.code


def test_the_grade_bites() -> None:
    hard = (
        "Organisational accountability necessitates the systematic incorporation of "
        "experiential expertise throughout commissioning governance arrangements."
    )
    page = "<main><h1>A cat</h1><p>{}</p></main>"

    assert grade_of(page.format(hard)) > 12
    assert grade_of(page.format("The cat sat on the mat.")) < 2


def test_the_grade_passes_over_headings_and_the_titles_of_duties() -> None:
    page = (
        '<nav><p>Menu</p></nav><main><h1>Title</h1><p>We <a href="/x/">look</a>.</p>'
        '<p>See <a href="/standards/duties/">all</a>.</p>'
        '<ul><li><a href="/standards/duties/REG9/">Regulation 9</a></li></ul></main>'
    )

    assert text_of(page) == "We look.\nSee all."


def test_the_standards_page_names_all_thirty(client: Client) -> None:
    html = html_of(client, "/standards/")

    for standard in Standard.objects.select_related("principle"):
        assert f'href="{standard.get_absolute_url()}"' in html


@pytest.mark.parametrize("slug", SLUGS)
def test_a_principle_shows_each_standard_whole(client: Client, slug: str) -> None:
    text = text_of(html_of(client, f"/standards/{slug}/")).replace("’", "'")
    html = html_of(client, f"/standards/{slug}/")

    for standard in Standard.objects.filter(principle__slug=slug):
        words = [
            standard.statement,
            standard.why,
            standard.level_three,
            standard.not_applicable_rule,
            *standard.indicators.values_list("text", flat=True),
            *standard.level_sentences.values_list("text", flat=True),
            *standard.questions.values_list("text", flat=True),
            *standard.example_evidence,
            *standard.domains.values_list("name", flat=True),
        ]
        assert not [word for word in words if word not in text]
        assert html.count(f'id="{standard.code}"') == 1
        for duty in standard.duties.all():
            assert f'href="{duty.get_absolute_url()}"' in html


def test_a_duty_says_what_we_know_of_it(client: Client) -> None:
    text = text_of(html_of(client, "/standards/duties/CQC-LIP/"))

    assert "Being replaced." in text
    assert "Not yet checked by a person." in text
    assert "PR2 Power is named and shared" in text
    assert "Shows where this evidence may help. It is not proof of compliance." in text


def test_a_duty_without_a_source_says_so(client: Client) -> None:
    text = text_of(html_of(client, "/standards/duties/REG10/"))

    assert "To be checked." in text
    assert "We have no confirmed address for it yet." in text


def test_a_duty_that_a_person_checked_says_who_and_when(client: Client) -> None:
    Duty.objects.filter(code="REG9").update(
        checked_on=date(2026, 12, 1), checked_by="Asha Rao"
    )

    text = text_of(html_of(client, "/standards/duties/REG9/"))

    assert "1 December 2026, by Asha Rao." in text
    assert "Not yet checked" not in text


def test_a_duty_of_the_past_bears_on_no_standard(client: Client) -> None:
    text = text_of(html_of(client, "/standards/duties/FYFVMH/"))

    assert "Historic." in text
    assert "tied to no one standard" in text


@pytest.mark.parametrize(
    "address",
    [
        "/standards/nowhere/",
        "/standards/duties/NOWHERE/",
        "/standards/duties/reg9/",
        "/standards/PR1/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("unguarded")
def test_markup_in_the_content_appears_literally(client: Client) -> None:
    Standard.objects.filter(code="PR1").update(
        title=MARKUP, statement=MARKUP, example_evidence=[MARKUP]
    )
    Principle.objects.filter(code="PR").update(gloss=MARKUP, why=MARKUP)
    Duty.objects.filter(code="REG9").update(
        title=MARKUP, summary=MARKUP, status_note=MARKUP, applies_to=[MARKUP]
    )
    Edition.objects.update(review_note=MARKUP)

    for address in (*PUBLIC, "/standards/duties/REG9/"):
        html = html_of(client, address)
        assert "<b>bold" not in html
        assert "<script>alert" not in html.lower()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;" in html


@pytest.mark.usefixtures("unguarded")
def test_without_an_edition_the_home_page_still_stands(client: Client) -> None:
    Edition.objects.update(status=Edition.Status.DRAFT)

    assert "The standards are not here yet." in html_of(client, "/")
    for address in ("/standards/", "/standards/duties/", "/standards/process/"):
        assert client.get(address).status_code == 404
    assert client.get("/standards/duties/REG9/").status_code == 404


@pytest.mark.parametrize("address", PUBLIC)
def test_nsun_is_credited(client: Client, address: str) -> None:
    html = html_of(client, address)

    assert 'href="https://www.nsun.org.uk/"' in html
    assert "independent of NSUN" in html


@pytest.mark.parametrize(
    "address", ["/", "/standards/", "/standards/process/", "/accessibility/"]
)
def test_it_says_that_nobody_with_lived_experience_tested_it(
    client: Client, address: str
) -> None:
    assert "Nobody with lived experience has tested" in html_of(client, address)


def test_the_cookies_are_those_that_the_site_sets(
    client: Client,
) -> None:
    text = text_of(html_of(client, "/cookies/"))
    html = html_of(client, "/cookies/")

    assert f">{settings.SESSION_COOKIE_NAME}</th>" in html
    assert f">{settings.CSRF_COOKIE_NAME}</th>" in html
    assert ">messages</th>" in html
    assert "after 12 hours at the latest" in text


def test_signing_in_sets_no_cookie_that_the_page_does_not_name(client: Client) -> None:
    user = factories.make_user("Asha")
    named = set(
        re.findall(r"<th scope=\"row\"[^>]*>(.+?)</th>", html_of(client, "/cookies/"))
    )

    client.get("/sign-in/")
    sign_in(client, user, remember=True)

    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert not session["expires"], "it ends when the browser closes"
    assert set(client.cookies) <= named


@pytest.mark.parametrize("address", PUBLIC)
def test_no_cookie_is_set_for_a_reader(client: Client, address: str) -> None:
    assert not client.get(address).cookies


def test_the_help_page_prints_the_one_table_of_roles(client: Client) -> None:
    text = text_of(html_of(client, "/help/"))
    html = html_of(client, "/help/")

    for role in ("Lead", "Contributor", "Lived-experience co-lead", "Viewer"):
        assert f">{role}</th>" in html
    assert text.count("can lock our view, and unlock it") == 2
