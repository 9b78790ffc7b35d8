"""The pages of people and organisations."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from . import operations, queries
from .access import Permission, can, membership_or_404, person_of, role_sentences
from .forms import ChangeRoleForm, InviteForm, JoinForm, OfferForm
from .models import Invitation, LeadOffer, Membership, User
from .operations import Refusal


LINES_ON_A_PAGE = 25
HELD = "invitation"
PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    lines = queries.workspace_lines(person_of(request))
    if len(lines) == 1:
        return redirect(lines[0].address)
    return render(request, "organisations/workspace_list.html", {"lines": lines})


# Who is here


@require_safe
def people(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.VIEW
    )
    organisation = membership.organisation
    context = {
        "organisation": organisation,
        "page": queries.people_page(membership, timezone.now()),
        "can_invite": can(membership, Permission.INVITE)
        and not organisation.is_paused(),
        "can_read_trail": can(membership, Permission.READ_TRAIL),
    }
    return render(request, "organisations/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = _inviter(request, organisation_slug)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            operations.invite(
                organisation=membership.organisation,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as reason:
            form.add_error("email", str(reason))
        else:
            said = f"We are sending an invitation to {form.cleaned_data['email']}."
            messages.success(request, said)
            return redirect("people", organisation_slug)
    context = {"form": form, "organisation": membership.organisation}
    return render(request, "organisations/invite.html", context)


@require_POST
def resend(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    invitation = _invitation_here(request, organisation_slug, public_id)
    return _do(
        request,
        organisation_slug,
        lambda: operations.resend_invitation(
            invitation=invitation, by=person_of(request), at=timezone.now()
        ),
        f"We are sending {invitation.email} a new link. The old one is dead.",
    )


@require_POST
def cancel(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    invitation = _invitation_here(request, organisation_slug, public_id)
    return _do(
        request,
        organisation_slug,
        lambda: operations.cancel_invitation(
            invitation=invitation, by=person_of(request), at=timezone.now()
        ),
        f"The invitation to {invitation.email} is cancelled. Its link is dead.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_role(
    request: HttpRequest, organisation_slug: str, person: UUID
) -> HttpResponse:
    membership = _member_here(request, organisation_slug, person)
    before = membership.role
    form = ChangeRoleForm(
        request.POST or None, initial={"role": before, "before": before}
    )
    if form.is_valid():
        # What the page showed goes into the WHERE.
        membership.role = form.cleaned_data["before"] or before
        return _do(
            request,
            organisation_slug,
            lambda: operations.change_role(
                membership=membership,
                role=form.cleaned_data["role"],
                by=person_of(request),
                at=timezone.now(),
            ),
            f"The role of {membership.user} is changed.",
        )
    context = {"form": form, "membership": membership}
    return render(request, "organisations/change_role.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, organisation_slug: str, person: UUID) -> HttpResponse:
    membership = _member_here(request, organisation_slug, person)
    if membership.user == request.user:
        return redirect("people_leave", organisation_slug)
    if request.method == "POST":
        return _do(
            request,
            organisation_slug,
            lambda: operations.remove_member(
                membership=membership, by=person_of(request), at=timezone.now()
            ),
            f"{membership.user} is removed.",
        )
    context = {
        "membership": membership,
        "is_last_lead": queries.is_last_lead(membership),
    }
    return render(request, "organisations/remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.VIEW
    )
    if request.method == "POST":
        try:
            operations.leave(membership=membership, at=timezone.now())
        except Refusal as reason:
            messages.warning(request, str(reason))
            return redirect("people", organisation_slug)
        messages.success(request, f"You have left {membership.organisation}.")
        return redirect("workspaces")
    context = {
        "membership": membership,
        "is_last_lead": queries.is_last_lead(membership),
    }
    return render(request, "organisations/leave.html", context)


# The lead


@require_http_methods(["GET", "HEAD", "POST"])
def offer_lead(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = _inviter(request, organisation_slug)
    others = {
        str(other.user.public_id): other for other in queries.could_lead(membership)
    }
    form = OfferForm(
        request.POST or None,
        people=list(others.values()),
        is_lead=membership.role == Membership.Role.LEAD,
    )
    if form.is_valid():
        taker = others[form.cleaned_data["person"]]
        return _do(
            request,
            organisation_slug,
            lambda: operations.offer_lead(
                to=taker,
                by=membership,
                hands_over=form.cleaned_data["how"] == OfferForm.HAND_OVER,
                at=timezone.now(),
            ),
            f"You have offered the lead to {taker.user}. We are telling them.",
        )
    context = {
        "form": form,
        "organisation": membership.organisation,
        "others": others,
    }
    return render(request, "organisations/offer_lead.html", context)


@require_POST
def accept_lead(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    offer = _offer_to_me(request, organisation_slug, public_id)
    return _do(
        request,
        organisation_slug,
        lambda: operations.accept_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        "You are a lead now.",
    )


@require_POST
def decline_lead(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    offer = _offer_to_me(request, organisation_slug, public_id)
    return _do(
        request,
        organisation_slug,
        lambda: operations.decline_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        "You have said no to the lead. Your role is as it was.",
    )


@require_POST
def withdraw_lead(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    membership = _inviter(request, organisation_slug)
    offers = LeadOffer.objects.of(membership.organisation)
    offer = get_object_or_404(
        offers.select_related("organisation", "offered_to"), public_id=public_id
    )
    return _do(
        request,
        organisation_slug,
        lambda: operations.withdraw_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        "The offer is withdrawn.",
    )


@require_safe
def activity(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.READ_TRAIL
    )
    organisation = membership.organisation
    page = Paginator(queries.events_of(organisation), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "organisation": organisation,
        "page": page,
        "lines": queries.activity_lines(organisation, list(page.object_list)),
    }
    return render(request, "organisations/activity.html", context)


def _inviter(request: HttpRequest, slug: str) -> Membership:
    return membership_or_404(person_of(request), slug, needs=Permission.INVITE)


def _invitation_here(request: HttpRequest, slug: str, public_id: UUID) -> Invitation:
    invitations = Invitation.objects.of(_inviter(request, slug).organisation)
    return get_object_or_404(
        invitations.select_related("organisation"), public_id=public_id
    )


def _member_here(request: HttpRequest, slug: str, person: UUID) -> Membership:
    everybody = queries.people_of(_inviter(request, slug))
    return get_object_or_404(everybody, user__public_id=person)


def _offer_to_me(request: HttpRequest, slug: str, public_id: UUID) -> LeadOffer:
    me = person_of(request)
    membership = membership_or_404(me, slug, needs=Permission.VIEW)
    offers = LeadOffer.objects.of(membership.organisation).filter(offered_to=me)
    return get_object_or_404(
        offers.select_related("organisation", "offered_by", "offered_to"),
        public_id=public_id,
    )


def _do(
    request: HttpRequest, slug: str, operation: Callable[[], object], said: str
) -> HttpResponse:
    """Call an operation, and say on the page of people what came of it."""
    try:
        operation()
    except Refusal as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, said)
    return redirect("people", slug)


# Joining by a link in a mail


def _keeps_its_address(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Tell no other page this page's address: it is a key.

    Not "no-referrer", with which browsers send "Origin: null" and the form is
    refused.
    """

    def quiet(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        page = view(request, *args, **kwargs)
        page["Referrer-Policy"] = "strict-origin"
        return page

    return quiet


@login_not_required
@never_cache
@_keeps_its_address
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    key = operations.hash_of(token) if token else request.session.get(HELD, "")
    found = queries.invitation_of(key)
    standing = _standing(request, found)
    if request.method == "POST" and found is not None:
        if standing == "ready":
            return _join(request, found)
        if standing == "sign_in":
            # Its hash: the token itself stays out of the table of sessions.
            request.session[HELD] = found.token_hash
            there = reverse("invitation_held")
            return redirect(f"{reverse('account_login')}?next={there}")
    form = None
    if standing == "newcomer" and found is not None:
        form = JoinForm(request.POST or None, email=found.email)
        if form.is_valid():
            return _join_anew(request, found, form)
    return _show(request, found, standing, token=token, form=form)


@login_not_required
@never_cache
@_keeps_its_address
@require_POST
def invitation_ask(request: HttpRequest, token: str) -> HttpResponse:
    found = queries.invitation_of(operations.hash_of(token))
    if found is not None:
        operations.ask_for_new_invitation(invitation=found, at=timezone.now())
    # The same page, whatever there was.
    return render(request, "organisations/invitation_asked.html")


def _standing(request: HttpRequest, found: Invitation | None) -> str:
    """Say in a word what the person can do with the link."""
    if found is None:
        return "unknown"
    if found.cancelled_at:
        return "cancelled"
    if found.accepted_at:
        return "used"
    if found.is_expired(timezone.now()):
        return "expired"
    if found.organisation.is_paused():
        return "paused"
    if not isinstance(request.user, User):
        return "sign_in" if queries.has_account(found.email) else "newcomer"
    if request.user.is_staff:
        return "steward"
    return "ready" if request.user.email == found.email else "somebody_else"


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        operations.accept_invitation(
            invitation=found, by=person_of(request), at=timezone.now()
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
        return redirect("workspaces")
    return _welcome(request, found)


def _join_anew(request: HttpRequest, found: Invitation, form: JoinForm) -> HttpResponse:
    try:
        user = operations.join_with_new_account(
            invitation=found,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            at=timezone.now(),
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
        return redirect("account_login")
    login(request, user, backend=PASSWORDS)
    return _welcome(request, found)


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop(HELD, None)
    messages.success(request, f"You have joined {found.organisation}.")
    return redirect(found.organisation)


STATUS_OF = {"unknown": 404, "cancelled": 410, "used": 410, "expired": 410}


def _show(
    request: HttpRequest,
    found: Invitation | None,
    standing: str,
    *,
    token: str,
    form: JoinForm | None,
) -> HttpResponse:
    context = {
        "invitation": found,
        "standing": standing,
        "token": token,
        "form": form,
        "sentences": role_sentences(found.role) if found else (),
    }
    status = STATUS_OF.get(standing, 200)
    return render(request, "organisations/invitation.html", context, status=status)
