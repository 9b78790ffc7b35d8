"""The pages of an organisation's people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from organisations import operations, queries
from organisations.access import Permission, can, membership_or_404, person_of
from organisations.forms import ChangeRoleForm, InviteForm, OfferForm
from organisations.models import Invitation, LeadOffer, Membership
from organisations.rules import Refusal

from .answers import do


@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    if person_of(request).is_staff:
        return redirect("console:waiting")
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
    return do(
        request,
        lambda: operations.resend_invitation(
            invitation=invitation, by=person_of(request), at=timezone.now()
        ),
        said=f"We are sending {invitation.email} a new link. The one before does not work any more.",
        to="people",
        place=(organisation_slug,),
    )


@require_POST
def cancel(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    invitation = _invitation_here(request, organisation_slug, public_id)
    return do(
        request,
        lambda: operations.cancel_invitation(
            invitation=invitation, by=person_of(request), at=timezone.now()
        ),
        said=f"The invitation to {invitation.email} is cancelled. Its link does not work any more.",
        to="people",
        place=(organisation_slug,),
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
        return do(
            request,
            lambda: operations.change_role(
                membership=membership,
                role=form.cleaned_data["role"],
                by=person_of(request),
                at=timezone.now(),
            ),
            said=f"The role of {membership.user} is changed.",
            to="people",
            place=(organisation_slug,),
        )
    context = {"form": form, "membership": membership}
    return render(request, "organisations/change_role.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, organisation_slug: str, person: UUID) -> HttpResponse:
    membership = _member_here(request, organisation_slug, person)
    if membership.user == request.user:
        return redirect("people_leave", organisation_slug)
    if request.method == "POST":
        return do(
            request,
            lambda: operations.remove_member(
                membership=membership, by=person_of(request), at=timezone.now()
            ),
            said=f"{membership.user} is removed.",
            to="people",
            place=(organisation_slug,),
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
        return do(
            request,
            lambda: operations.offer_lead(
                to=taker,
                by=membership,
                hands_over=form.cleaned_data["how"] == OfferForm.HAND_OVER,
                at=timezone.now(),
            ),
            said=f"You have offered the lead to {taker.user}. We are telling them.",
            to="people",
            place=(organisation_slug,),
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
    return do(
        request,
        lambda: operations.accept_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        said="You are a lead now.",
        to="people",
        place=(organisation_slug,),
    )


@require_POST
def decline_lead(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    offer = _offer_to_me(request, organisation_slug, public_id)
    return do(
        request,
        lambda: operations.decline_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        said="You have said no to the lead. Your role is as it was.",
        to="people",
        place=(organisation_slug,),
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
    return do(
        request,
        lambda: operations.withdraw_lead(
            offer=offer, by=person_of(request), at=timezone.now()
        ),
        said="The offer is withdrawn.",
        to="people",
        place=(organisation_slug,),
    )


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
