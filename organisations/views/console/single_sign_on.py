"""Where a steward says which provider an organisation signs in with."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organisations import operations
from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms import SignInProviderForm
from organisations.models import Organisation, SignInProvider
from organisations.operations import Refusal
from organisations.views.answers import show_form


@stewards_only
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=organisation_slug)
    provider = SignInProvider.objects.filter(organisation=organisation).first()
    form = SignInProviderForm(typed_here(request), provider=provider)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_sign_in(
                organisation=organisation,
                by=person_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as reason:
            form.add_error("domains", str(reason))
        else:
            forget_kept(request)
            messages.success(request, f"The sign-in of {organisation} is saved.")
            return redirect("console:organisation_sign_in", organisation_slug)
    context = {
        "organisation": organisation,
        "provider": provider,
        "back_address": _back_address(provider),
    }
    return show_form(request, "console/organisation_sign_in.html", form, context)


def _back_address(provider: SignInProvider | None) -> str:
    """Say what the provider has to be told, once it has a name of its own here."""
    if provider is None:
        return ""
    path = reverse("organisation_back", args=[provider.public_id])
    return f"{settings.PUBLIC_ADDRESS}{path}"
