"""What the links in our mails open: the applicant's page, and the sponsor's.

GET shows how it stands and changes nothing: mail programs open links by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import operations, queries
from organisations.content import COMMITMENT
from organisations.forms import AddressForm, AnswerForm, DisagreeForm
from organisations.models import SignUp
from organisations.operations import hash_of
from organisations.rules import AskedTooOften, Refusal, SameAddress, needs_sponsor

from .answers import do, typed_lines
from .links import keeps_its_address
from .sign_up import first_page_to_do, hold, too_many_mails
from .sign_up_sections import sections_of


State = SignUp.State
Doing = Callable[[HttpRequest, SignUp, str], HttpResponse]
GONE, CONFLICT = 410, 409


@login_not_required
@never_cache
@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_link(request: HttpRequest, token: str) -> HttpResponse:
    sign_up = queries.sign_up_of_key(hash_of(token))
    if sign_up is None:
        return _dead(request, "unknown", status=404)
    is_expired = sign_up.is_link_expired(timezone.now())
    doing = _DOINGS.get(request.POST.get("do", ""))
    if is_expired:
        if doing is _renew:
            return _renew(request, sign_up, token)
        return _dead(request, "expired", status=GONE)
    if doing:
        return doing(request, sign_up, token)
    return _show(request, sign_up)


@login_not_required
@never_cache
@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    sign_up = queries.sign_up_of_key(hash_of(token))
    if sign_up is None or sign_up.is_link_expired(timezone.now()):
        return redirect("sign_up_link", token)
    if request.method == "POST":
        return do(
            request,
            lambda: operations.withdraw_sign_up(sign_up=sign_up, at=timezone.now()),
            to="sign_up_link",
            place=(token,),
        )
    if not (sign_up.is_open() or sign_up.state == State.DRAFT):
        return redirect("sign_up_link", token)
    context = {"sign_up": sign_up, "token": token}
    return render(request, "organisations/sign_up_withdraw.html", context)


def _show(
    request: HttpRequest,
    sign_up: SignUp,
    *,
    answer: AnswerForm | None = None,
    address: AddressForm | None = None,
    written: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    context = {
        "sign_up": sign_up,
        "state": sign_up.state,
        "sections": sections_of(sign_up, can_change=False),
        "conversation": queries.conversation(sign_up),
        "needs_sponsor": needs_sponsor(sign_up),
        "said_no": queries.sponsors_said_no(sign_up),
        "answer": answer or AnswerForm(),
        "address": address or _address_form(sign_up),
        "written": written,
    }
    status = CONFLICT if written else 200
    template = "organisations/sign_up_state.html"
    return render(request, template, context, status=status)


def _dead(request: HttpRequest, standing: str, *, status: int) -> HttpResponse:
    context = {"standing": standing}
    return render(request, "organisations/sign_up_dead.html", context, status=status)


def _address_form(sign_up: SignUp, typed: object = None) -> AddressForm:
    return AddressForm(
        typed,
        label="Email address of your senior sponsor",
        initial={"email": sign_up.sponsor_email},
    )


# What the applicant can do


def _carry_on(request: HttpRequest, sign_up: SignUp, token: str) -> HttpResponse:
    if sign_up.state != State.DRAFT:
        return redirect("sign_up_link", token)
    hold(request, sign_up)
    return redirect(first_page_to_do(sign_up))


def _confirm(request: HttpRequest, sign_up: SignUp, token: str) -> HttpResponse:
    if sign_up.state != State.SENT:
        # The button was pressed twice.
        return redirect("sign_up_link", token)
    return do(
        request,
        lambda: operations.confirm_sign_up(sign_up=sign_up, at=timezone.now()),
        said="Thank you. Your email address is confirmed.",
        to="sign_up_link",
        place=(token,),
    )


def _answer(request: HttpRequest, sign_up: SignUp, token: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, sign_up, answer=form)
    if sign_up.state != State.QUESTION:
        return _show(request, sign_up, written=typed_lines(form))
    text = form.cleaned_data["answer"]
    try:
        operations.answer_question(sign_up=sign_up, text=text, at=timezone.now())
    except Refusal:
        sign_up.refresh_from_db()
        return _show(request, sign_up, written=typed_lines(form))
    messages.success(request, "Thank you. We have your answer.")
    return redirect("sign_up_link", token)


def _ask_sponsor(request: HttpRequest, sign_up: SignUp, token: str) -> HttpResponse:
    form = _address_form(sign_up, request.POST)
    if not form.is_valid():
        return _show(request, sign_up, address=form)
    email = form.cleaned_data["email"]
    if too_many := too_many_mails(request, email):
        return too_many
    try:
        operations.ask_sponsor_again(sign_up=sign_up, email=email, at=timezone.now())
    except (SameAddress, AskedTooOften) as reason:
        form.add_error("email", str(reason))
        # Not what the refused try had put there.
        sign_up.refresh_from_db()
        return _show(request, sign_up, address=form)
    except Refusal as reason:
        messages.warning(request, str(reason))
    else:
        said = "A link we sent before does not work any more."
        messages.success(request, f"We are asking {email}. {said}")
    return redirect("sign_up_link", token)


def _renew(request: HttpRequest, sign_up: SignUp, token: str) -> HttpResponse:
    if too_many := too_many_mails(request, sign_up.applicant_email):
        return too_many
    return do(
        request,
        lambda: operations.send_link(sign_up=sign_up, at=timezone.now()),
        said="We are sending a new link to the address of the sign-up.",
        to="sign_up_find",
    )


_DOINGS: dict[str, Doing] = {
    "carry_on": _carry_on,
    "confirm": _confirm,
    "answer": _answer,
    "sponsor": _ask_sponsor,
    "renew": _renew,
}


# The sponsor


@login_not_required
@never_cache
@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def sponsor(request: HttpRequest, token: str) -> HttpResponse:
    sign_up = queries.sign_up_of_sponsor(hash_of(token))
    standing = _standing(sign_up)
    what = request.POST.get("do", "")
    says_no = what == "decline" or request.GET.get("answer") == "no"
    form = DisagreeForm(request.POST if what == "decline" else None)
    if sign_up and standing == "open" and (what == "confirm" or form.is_valid()):
        why = {} if what == "confirm" else form.cleaned_data
        say = _SAYINGS[what]
        saying = partial(say, sign_up=sign_up, at=timezone.now(), **why)
        return do(request, saying, to="sponsor", place=(token,))
    if sign_up and standing == "expired" and what == "renew":
        return _renew_for_sponsor(request, sign_up, token)
    did_not_count = what in _SAID and standing in _SAID.values()
    did_not_count = did_not_count and standing != _SAID[what]
    context = {
        "sign_up": sign_up,
        "standing": standing,
        "commitment": COMMITMENT,
        "rows": queries.public_lines(sign_up) if sign_up else (),
        "form": form if standing == "open" and says_no else None,
        "did_not_count": did_not_count,
    }
    status = {"unknown": 404, "expired": GONE, "closed": GONE}.get(standing, 200)
    status = CONFLICT if did_not_count else status
    return render(request, "organisations/sponsor.html", context, status=status)


_SAYINGS: dict[str, Callable[..., None]] = {
    "confirm": operations.sponsor_confirms,
    "decline": operations.sponsor_declines,
}


# What has been said, once it has been.
_SAID = {"confirm": "confirmed", "decline": "declined"}


def _standing(sign_up: SignUp | None) -> str:
    """Say in a word what the sponsor can do with the link."""
    if sign_up is None:
        return "unknown"
    if sign_up.sponsor_confirmed_at:
        return "confirmed"
    if sign_up.sponsor_declined_at:
        return "declined"
    if sign_up.state not in (State.WAITING, State.QUESTION):
        return "closed"
    expires = sign_up.sponsor_token_expires_at
    return "open" if expires and expires > timezone.now() else "expired"


def _renew_for_sponsor(
    request: HttpRequest, sign_up: SignUp, token: str
) -> HttpResponse:
    if too_many := too_many_mails(request, sign_up.sponsor_email):
        return too_many
    return do(
        request,
        lambda: operations.ask_sponsor_again(
            sign_up=sign_up, email=sign_up.sponsor_email, at=timezone.now()
        ),
        said="We are sending you a new link. It comes by email.",
        to="home",
    )
