"""Nobody finds out who has an account: not by words, not by status, not by time."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from organisations.models import Membership, User
from organisations.rules import INVITATIONS_A_DAY
from tests.factories import make_draft, make_member, make_organisation


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOW_MANY = 200
# Words are the same every time; all are asked where the time is taken.
FEW = 40
WARM_UP = 5
# Half is a coin. The tries: with so many addresses chance alone gives 0.55 one time in
# twelve, three times to the same side one time in some thousands.
MOST = 0.55
TRIES = 3

Door = Callable[[str], Any]


@pytest.fixture
def _as_on_a_server(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.fixture
def known() -> list[str]:
    """Addresses with an account, in the same form as those without."""
    password = make_password("none of the tests knows it")
    people = User.objects.bulk_create(
        User(email=address("a", n), name=f"Person {n}", password=password)
        for n in range(HOW_MANY)
    )
    from allauth.account.models import EmailAddress

    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in people
    )
    return [user.email for user in people]


@pytest.fixture
def unknown() -> list[str]:
    return [address("b", n) for n in range(HOW_MANY)]


def address(letter: str, number: int) -> str:
    return f"{letter}{number:03}@people.example"


def sign_in(client: Client) -> Door:
    return lambda email: client.post(
        "/sign-in/", {"login": email, "password": "not the right password"}
    )


def reset(client: Client) -> Door:
    return lambda email: client.post("/forgot/", {"email": email})


def find_my_sign_up(client: Client) -> Door:
    """Ask for the links of the sign-ups of an address; half of them have one."""
    for n in range(HOW_MANY):
        make_draft(at=timezone.now(), applicant_email=address("a", n))
    return lambda email: client.post("/sign-up/find/", {"email": email})


def organisation_sign_in(client: Client) -> Door:
    return lambda email: client.post("/sign-in/organisation/", {"email": email})


def invitation(client: Client) -> Door:
    """Invite from a new lead whenever one has sent what one may send in a day."""
    riverside = make_organisation("riverside")
    sent = 0

    def send(email: str) -> Any:
        nonlocal sent
        if sent % INVITATIONS_A_DAY == 0:
            name = f"Lead {sent}"
            client.force_login(make_member(riverside, Membership.Role.LEAD, name))
            client.get("/o/riverside/people/")
        sent += 1
        form = {"email": email, "role": "viewer"}
        return client.post("/o/riverside/people/invite/", form)

    return send


DOORS = [sign_in, reset, find_my_sign_up, organisation_sign_in, invitation]


def said(page: Any, email: str) -> tuple[int, str, str, tuple[str, ...]]:
    """Tell what somebody outside can see, but what is new each time."""
    changing = r'csrfmiddlewaretoken" value="\w+"|data-seconds-left="\d+"'
    body = re.sub(changing, "", page.content.decode()).replace(email, "")
    headers = tuple(sorted(set(page.headers) - {"Content-Length"}))
    return page.status_code, body, page.get("Location", ""), headers


@pytest.mark.parametrize("door", DOORS)
def test_who_is_known_is_not_told_apart_by_words(
    door: Callable[[Client], Door], known: list[str], unknown: list[str]
) -> None:
    ask = door(Client())
    seen: set[Any] = set()

    for email in [*known[:FEW], *unknown[:FEW]]:
        timed(ask, email, seen)

    assert_one_answer(seen)


@pytest.mark.clock
@pytest.mark.usefixtures("_as_on_a_server")
@pytest.mark.parametrize("door", DOORS)
def test_who_is_known_is_not_told_apart_by_time(
    door: Callable[[Client], Door], known: list[str], unknown: list[str]
) -> None:
    ask = door(Client())
    seen: set[Any] = set()
    measured: list[float] = []

    for attempt in range(TRIES):
        if attempt and door is invitation:
            known, unknown = _again(known), _again(unknown)
        measured.append(separation(*times(ask, known, unknown, seen)))
        if _is_a_coin(measured[-1]):
            break

    assert_one_answer(seen)
    same_side = len({share > MOST for share in measured}) == 1
    assert _is_a_coin(measured[-1]) or not same_side, measured


def assert_one_answer(seen: set[Any]) -> None:
    [(status, *_)] = seen
    assert status in {200, 302}


def _is_a_coin(share: float) -> bool:
    return 1 - MOST < share < MOST


def _again(emails: list[str]) -> list[str]:
    """Free the addresses that are invited already, by other ones of their kind."""
    from organisations.models import Invitation

    Invitation.objects.filter(email__in=emails).delete()
    return emails


def times(
    ask: Door, known: list[str], unknown: list[str], seen: set[Any]
) -> tuple[list[float], list[float]]:
    """Measure both kinds in turns, each as often first, so that both are as unlucky."""
    for n in range(WARM_UP):
        timed(ask, address("w", n), set())
    taken: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for place, pair in enumerate(zip(known, unknown, strict=True)):
            for kind in (0, 1) if place % 2 else (1, 0):
                taken[kind].append(timed(ask, pair[kind], seen))
    finally:
        gc.enable()
    return taken


def timed(ask: Door, email: str, seen: set[Any]) -> float:
    cache.clear()
    start = time.perf_counter()
    page = ask(email)
    seconds = time.perf_counter() - start
    seen.add(said(page, email))
    return seconds


def separation(ones: list[float], others: list[float]) -> float:
    """Say how often one of the first took longer than one of the second.

    Unit: a share; the same as Mann and Whitney's U over all pairs, and as the area
    under the curve of who guesses by time.
    """
    wins = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return wins / (len(ones) * len(others))


def test_a_difference_in_time_is_noticed() -> None:
    slow, fast = [0.011, 0.013, 0.012], [0.010, 0.012, 0.0105]

    assert separation(slow, fast) == pytest.approx(7.5 / 9)
    assert separation(fast, slow) == pytest.approx(1.5 / 9)
    assert separation(slow, slow) == 0.5
