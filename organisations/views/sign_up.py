"""The pages on which an organisation signs up. A session holds the draft."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations import operations, queries
from organisations.content import COMMITMENT
from organisations.forms import PAGE_FORMS, AddressForm, AlikeForm, PageForm
from organisations.models import NOTHING_CHOSEN, Organisation, SignUp
from organisations.queries import PAGES
from organisations.rules import Refusal, SameAddress, needs_sponsor

from .answers import do, typed_lines
from .sign_up_sections import faults_of, sections_of


HELD = "sign_up"
NOT_ONE_OF = "sign_up_not_one_of"
FIRST, LAST = "organisation", "check"
ORDER = [*PAGES, LAST]


# Where it starts


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    held = held_sign_up(request)
    if request.method == "POST":
        # What was held stays in the database, behind the link in its mail.
        forget(request)
        return redirect("sign_up_organisation")
    draft = held if held and is_draft(held) else None
    context = {"commitment": COMMITMENT, "draft": draft}
    return render(request, "organisations/sign_up_start.html", context)


# One page after the other


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, page: str) -> HttpResponse:
    sign_up = held_sign_up(request)
    is_gone = sign_up is None and page != FIRST
    if is_gone or (sign_up is not None and not is_draft(sign_up)):
        if request.method == "POST":
            return _not_saved(request, page, sign_up)
        return redirect("sign_up" if is_gone else "sign_up_sent")
    given = {"kind": SignUp.Kind.USER_LED} if "group" in request.GET else {}
    form = PAGE_FORMS[page](
        request.POST if request.method == "POST" else None,
        sign_up=sign_up or SignUp(**NOTHING_CHOSEN),
        given=given,
    )
    if request.method == "POST":
        return _take(request, page, form)
    return _ask(request, page, form)


def _take(request: HttpRequest, page: str, form: PageForm) -> HttpResponse:
    is_seen = request.POST.get("mark") == form.mark or form.is_as_saved()
    if form.sign_up.pk and not is_seen:
        return _ask(request, page, form, is_stale=True)
    if "later" in request.POST:
        if form.can_be_kept():
            return _keep(request, page, form) or redirect("sign_up_later")
    elif form.is_valid():
        return _keep(request, page, form) or redirect(_after(request, page))
    return _ask(request, page, form)


def _keep(request: HttpRequest, page: str, form: PageForm) -> HttpResponse | None:
    """Keep a page in the draft, or give the page that says why not."""
    sign_up, now = form.sign_up, timezone.now()
    columns, half_typed = form.columns(), form.half_typed()
    if not sign_up.pk:
        if too_many := too_often(request, "sign_up_start"):
            return too_many
        sign_up = operations.start_sign_up(
            columns=columns, half_typed=half_typed, at=now
        )
    else:
        try:
            operations.save_sign_up(
                sign_up=sign_up,
                page=page,
                columns=columns,
                half_typed=half_typed,
                at=now,
            )
        except Refusal:
            return _overtaken(request, page)
    hold(request, sign_up)
    return None


def _overtaken(request: HttpRequest, page: str) -> HttpResponse:
    """Show what was typed beside what was saved in the same moment."""
    sign_up = held_sign_up(request)
    if sign_up is None or not is_draft(sign_up):
        return _not_saved(request, page, sign_up)
    form = PAGE_FORMS[page](request.POST, sign_up=sign_up)
    return _ask(request, page, form, is_stale=True)


def _not_saved(request: HttpRequest, page: str, sign_up: SignUp | None) -> HttpResponse:
    """Give back what was typed into a page that takes nothing any more."""
    form = PAGE_FORMS[page](request.POST, sign_up=sign_up or SignUp(**NOTHING_CHOSEN))
    written = typed_lines(form)
    if not written or (sign_up and form.is_as_saved()):
        return redirect("sign_up_sent" if sign_up else "sign_up")
    context = {"sign_up": sign_up, "written": written}
    template = "organisations/sign_up_not_saved.html"
    return render(request, template, context, status=409)


def _ask(
    request: HttpRequest, page: str, form: PageForm, *, is_stale: bool = False
) -> HttpResponse:
    is_change = "change" in request.GET
    before = ORDER[ORDER.index(page) - 1] if page != FIRST else ""
    context = {
        "form": form,
        "title": PAGES[page],
        "number": ORDER.index(page) + 1,
        "total": len(PAGES),
        "back": reverse(f"sign_up_{LAST if is_change else before}".rstrip("_")),
        "saved": queries.answer_lines(form.sign_up, page) if is_stale else (),
        "commitment": COMMITMENT,
        "is_user_led": not needs_sponsor(form.sign_up),
    }
    status = 409 if is_stale else 200
    return render(request, "organisations/sign_up_page.html", context, status=status)


def _after(request: HttpRequest, page: str) -> str:
    after = LAST if "change" in request.GET else ORDER[ORDER.index(page) + 1]
    sign_up = held_sign_up(request)
    if page == FIRST and sign_up and _not_asked_yet(request, sign_up):
        after = "alike"
    change = "?change=1" if after == "alike" and "change" in request.GET else ""
    return reverse(f"sign_up_{after}") + change


# Is it one of these?


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: HttpRequest) -> HttpResponse:
    sign_up = held_sign_up(request)
    if sign_up is None or not is_draft(sign_up):
        return redirect("sign_up")
    found = _alike(sign_up)
    names = {
        each.slug: ", ".join(filter(None, (each.name, each.area))) for each in found
    }
    form = AlikeForm(request.POST or None, names=names)
    on = LAST if "change" in request.GET else ORDER[1]
    if not found:
        return redirect(f"sign_up_{on}")
    if form.is_valid():
        which = form.cleaned_data["which"]
        if which != AlikeForm.NONE:
            return redirect("sign_up_known", which)
        request.session[NOT_ONE_OF] = sorted(names)
        return redirect(f"sign_up_{on}")
    return render(request, "organisations/sign_up_alike.html", {"form": form})


@login_not_required
@require_safe
def known(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = get_object_or_404(
        Organisation.objects.registered(), slug=organisation_slug
    )
    context = {"organisation": organisation}
    return render(request, "organisations/sign_up_known.html", context)


def _alike(sign_up: SignUp) -> tuple[queries.Duplicate, ...]:
    return queries.possible_duplicates(
        name=sign_up.name,
        ods_code=sign_up.ods_code,
        charity_number=sign_up.charity_number,
    )


def _not_asked_yet(request: HttpRequest, sign_up: SignUp) -> bool:
    answered = set(request.session.get(NOT_ONE_OF, ()))
    return any(each.slug not in answered for each in _alike(sign_up))


# Come back later


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def later(request: HttpRequest) -> HttpResponse:
    sign_up = held_sign_up(request)
    if sign_up is None or not is_draft(sign_up):
        return redirect("sign_up")
    form = AddressForm(
        request.POST or None,
        label="Your work email address",
        initial={"email": sign_up.applicant_email},
    )
    if form.is_valid():
        email = form.cleaned_data["email"]
        if too_many := too_many_mails(request, email):
            return too_many
        return do(
            request,
            lambda: operations.send_link(
                sign_up=sign_up, email=email, at=timezone.now()
            ),
            said=f"We are sending a link to {email}. It works for 30 days.",
            to="sign_up",
        )
    return render(request, "organisations/sign_up_later.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, label="Your work email address")
    if form.is_valid():
        email = form.cleaned_data["email"]
        if too_many := too_many_mails(request, email):
            return too_many
        operations.find_sign_ups(email=email, at=timezone.now())
        return render(request, "organisations/sign_up_found.html", {"email": email})
    return render(request, "organisations/sign_up_find.html", {"form": form})


# Check and send


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    sign_up = held_sign_up(request)
    if sign_up is None:
        return redirect("sign_up")
    if not is_draft(sign_up):
        return redirect("sign_up_sent")
    faults = faults_of(sign_up)
    if request.method == "POST" and not faults:
        if too_many := too_many_mails(request, sign_up.applicant_email):
            return too_many
        return do(
            request,
            lambda: operations.send_sign_up(sign_up=sign_up, at=timezone.now()),
            to="sign_up_sent",
        )
    context = {
        "sections": sections_of(sign_up, can_change=True),
        "faults": faults,
        "is_sending": request.method == "POST",
    }
    return render(request, "organisations/sign_up_check.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    sign_up = held_sign_up(request)
    if sign_up is None or is_draft(sign_up):
        return redirect("sign_up")
    form = AddressForm(
        request.POST or None,
        label="Your work email address",
        initial={"email": sign_up.applicant_email},
    )
    if form.is_valid():
        email = form.cleaned_data["email"]
        if too_many := too_many_mails(request, email):
            return too_many
        try:
            operations.resend_confirmation(
                sign_up=sign_up, email=email, at=timezone.now()
            )
        except SameAddress as reason:
            form.add_error("email", str(reason))
        except Refusal as reason:
            messages.warning(request, str(reason))
            return redirect("sign_up_sent")
        else:
            said = "The link before does not work any more."
            messages.success(request, f"We are sending a new link to {email}. {said}")
            return redirect("sign_up_sent")
    context = {"sign_up": sign_up, "form": form}
    return render(request, "organisations/sign_up_sent.html", context)


# What these pages share with those that a mail's link opens


def hold(request: HttpRequest, sign_up: SignUp) -> None:
    """Let this browser go on with a sign-up."""
    request.session[HELD] = str(sign_up.public_id)


def forget(request: HttpRequest) -> None:
    for key in (HELD, NOT_ONE_OF):
        request.session.pop(key, None)


def held_sign_up(request: HttpRequest) -> SignUp | None:
    return queries.sign_up_held(request.session.get(HELD, ""))


def is_draft(sign_up: SignUp) -> bool:
    return sign_up.state == SignUp.State.DRAFT


def first_page_to_do(sign_up: SignUp) -> str:
    """Name the address of the first page with something missing, or of the last."""
    for page, form in PAGE_FORMS.items():
        if form.of_saved(sign_up).errors:
            return f"sign_up_{page}"
    return f"sign_up_{LAST}"


def too_many_mails(request: HttpRequest, email: str) -> HttpResponse | None:
    """Keep anybody from having us flood a mailbox."""
    return too_often(request, "sign_up_mail", key=email.lower())


def too_often(
    request: HttpRequest, action: str, *, key: str | None = None
) -> HttpResponse | None:
    """Give the page for somebody who asks too often; the limits are in settings."""
    page: HttpResponse | None = consume_or_429(request, action=action, key=key)
    return page
