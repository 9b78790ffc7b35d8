"""What a steward says of an organisation's own sign-in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from organisations.models import SignInProvider

from .fields import PlainTextField


MOST_DOMAINS = 20
# RFC 1035, section 2.3.1: labels of letters, digits and hyphens; at least two.
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")
# Anybody can have an address there, so that it says nothing of an organisation.
FOR_ANYBODY = {
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk"),
    *("live.com", "yahoo.com", "yahoo.co.uk", "icloud.com", "aol.com", "proton.me"),
    *("nhs.net", "btinternet.com", "sky.com", "talktalk.net", "protonmail.com"),
}


class SignInProviderForm(forms.Form):
    issuer = PlainTextField(
        label="Issuer",
        help_text="The provider's own address, to the letter, such as https://login.example.org. It must offer everything on this host.",
        is_one_line=True,
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false", "inputmode": "url"}),
        error_messages={"required": "Enter the issuer."},
    )
    client_id = PlainTextField(
        label="Client ID",
        help_text="How the provider knows this site.",
        is_one_line=True,
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter the client ID."},
    )
    secret = forms.CharField(
        label="Client secret",
        required=False,
        strip=True,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = PlainTextField(
        label="Email domains",
        help_text="What stands after the @ in addresses that it may vouch for. One on each line.",
        max_length=2000,
        error_messages={"required": "Enter at least one domain."},
    )
    is_enabled = forms.BooleanField(
        label="People can sign in with it",
        required=False,
    )

    def __init__(self, *args: Any, provider: SignInProvider | None, **kwargs: Any):
        if provider is not None:
            kwargs["initial"] = {
                "issuer": provider.issuer,
                "client_id": provider.client_id,
                "domains": "\n".join(sorted(str(d) for d in provider.domains.all())),
                "is_enabled": provider.is_enabled,
            }
        super().__init__(*args, **kwargs)
        secret = self.fields["secret"]
        secret.required = provider is None
        secret.error_messages["required"] = "Enter the client secret."
        secret.help_text = (
            "Leave it empty to keep the one that we have. We do not show it again."
            if provider
            else "We store it sealed, and do not show it again."
        )
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_issuer(self) -> str:
        issuer = str(self.cleaned_data["issuer"])
        if not _is_issuer(issuer):
            raise ValidationError(
                "Enter the whole address, such as https://login.example.org."
            )
        return issuer

    def clean_domains(self) -> list[str]:
        names = {
            line.strip().lower().removeprefix("@")
            for line in str(self.cleaned_data["domains"]).splitlines()
        } - {""}
        if len(names) > MOST_DOMAINS:
            raise ValidationError(f"Enter at most {MOST_DOMAINS} domains.")
        for name in sorted(names):
            if not DOMAIN.fullmatch(name) or len(name) > 253:
                raise ValidationError("Enter domains such as riverside.example.")
            if name in FOR_ANYBODY:
                raise ValidationError(
                    f"People of many organisations have addresses at {name}. "
                    "One of them cannot vouch for all."
                )
        return sorted(names)


def _is_issuer(address: str) -> bool:
    """Say whether an address can be an issuer.

    Source: OpenID Connect Core 1.0, section 2: https, no query and no fragment.
    """
    try:
        place = urlsplit(address)
        is_whole = bool(place.hostname) and place.port != 0
    except ValueError:
        return False
    is_here = settings.EMBEDDED and place.hostname in {"127.0.0.1", "localhost"}
    is_safe = place.scheme == "https" or (place.scheme == "http" and is_here)
    return is_whole and is_safe and not re.search(r"[?#@\s\\]", address)
