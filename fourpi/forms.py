"""Say the account forms of django-allauth in our own words."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account import forms as account
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils import timezone

from organisations.emails import NEW_PASSWORD
from organisations.forms import Checkboxes, PlainTextField
from organisations.models import MailPreference, User
from organisations.steps import post_mail
from organisations.tries import count_try


PASSWORDS = ("password1", "password2")
NOT_ALIKE = "The two new passwords are not the same. Type the second one again."


def _say(field: forms.Field, *, label: str, required: str, hint: str = "") -> None:
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = required


def _say_code(field: forms.Field, *, label: str, hint: str = "") -> None:
    """Let a code be pasted, filled in by the phone, and typed in groups."""
    _say(field, label=label, required="Enter the code.", hint=hint)
    field.widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "class": "govuk-input--width-10",
        }
    )


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["login"],
            label="Email address",
            required="Enter your email address.",
        )
        _say(
            self.fields["password"],
            label="Password",
            required="Enter your password.",
        )


class ForgottenPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["email"],
            label="Email address",
            required="Enter your email address.",
            hint="The one that you sign in with.",
        )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Post the same row for everybody, without a look at who has an account."""
        email: str = self.cleaned_data["email"]
        post_mail(
            template=NEW_PASSWORD, to=email, context={"email": email}, at=timezone.now()
        )
        return email


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self.fields)

    def clean(self) -> Any:
        cleaned = super().clean()
        _say_not_alike(self)
        return cleaned


def _say_not_alike(form: forms.Form) -> None:
    """Say in our words that the second password is another than the first."""
    typed = [form.data.get(form.add_prefix(name)) for name in PASSWORDS]
    if all(typed) and typed[0] != typed[1] and "password2" in form.errors:
        form.errors["password2"] = form.error_class([NOT_ALIKE])


def _say_new_password(fields: dict[str, forms.Field]) -> None:
    _say(
        fields["password1"],
        label="New password",
        required="Enter a new password.",
        hint="12 characters or more. Three or four words together work well.",
    )
    _say(
        fields["password2"],
        label="The same password again",
        required="Enter the same password again.",
    )


class ConfirmPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["password"],
            label="Password",
            required="Enter your password.",
        )


class MailedCodeForm(account.ConfirmLoginCodeForm):  # type: ignore[misc]
    remember = forms.BooleanField(
        label="Do not ask for a code on this device for 30 days",
        help_text="Leave this empty if other people use the device.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], label="The 6 digits in our email")


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["oldpassword"],
            label="The password you have now",
            required="Enter the password you have now.",
        )
        _say_new_password(self.fields)

    def clean(self) -> Any:
        cleaned = super().clean()
        _say_not_alike(self)
        return cleaned


class NewAddressForm(account.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["email"],
            label="New email address",
            required="Enter an email address.",
            hint="We send a link there. Your address changes when you open it.",
        )
        self.fields["email"].widget.attrs = {"type": "email", "autocomplete": "email"}


class NameForm(forms.Form):
    name = PlainTextField(
        label="Your name",
        help_text="The people of your organisation see it.",
        is_one_line=True,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )


class MailsForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="Which mails do you want?",
        choices=MailPreference.Kind.choices,
        required=False,
        widget=Checkboxes(),
    )


USED_FOR = 5 * 30  # Half minutes: an app's code is right for three of them at most.


def _step_of(user: User, code: str) -> Authenticator:
    """Find what gave a code, and let the code be used once.

    Raises: ValidationError, or ImmediateHttpResponse after too many tries.
    """
    take_back = count_try(context.request, "second_step", str(user.pk))
    steps = Authenticator.objects.filter(user=user)
    for step in steps.exclude(type=Authenticator.Type.WEBAUTHN):
        if step.wrap().validate_code(code):
            used = f"fourpi:second-step:{step.pk}:{normalize_user_code(code)}"
            if cache.add(used, True, timeout=USED_FOR):
                take_back()
                step.user = user
                return step
    raise get_adapter().validation_error("incorrect_code")


def _say_any_code(field: forms.Field) -> None:
    hint = "The 6 digits that your app shows now, or one of your recovery codes."
    _say_code(field, label="Code", hint=hint)


class SecondStepForm(second_step.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_any_code(self.fields["code"])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = _step_of(self.user, code)
        return code


class SecondStepAgainForm(second_step.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_any_code(self.fields["code"])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = _step_of(self.user, code)
        return code


class FirstCodeForm(app.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], label="The 6 digits that your app shows")


NO_PASSKEY = "Your browser has not sent a passkey. Try again, or use another way."

Cleaned = TypeVar("Cleaned")


def _read_passkey(read: Callable[[], Cleaned]) -> Cleaned:
    """Refuse what cannot be read: it was written by hand, and the readers of
    passkeys break on it in too many ways to name.
    """
    try:
        return read()
    except ValidationError:
        raise
    except Exception:
        raise ValidationError(NO_PASSKEY) from None


class PasskeyForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_name(self.fields["name"])
        self.fields["credential"].error_messages["required"] = NO_PASSKEY

    def clean(self) -> Any:
        return _read_passkey(super().clean)


class PasskeyNameForm(passkeys.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_name(self.fields["name"])


class PasskeyStepForm(passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages["required"] = NO_PASSKEY

    def clean_credential(self) -> Any:
        return _read_passkey(super().clean_credential)


class PasskeyAgainForm(passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return _read_passkey(super().clean_credential)


def _say_name(field: forms.Field) -> None:
    _say(
        field,
        label="A name for this passkey",
        required="Enter a name.",
        hint="Such as “my phone” or “the key on my ring”.",
    )
    field.validators.append(MaxLengthValidator(60, "Use 60 characters or fewer."))


class OrganisationSignInForm(forms.Form):
    email = forms.EmailField(
        label="Work email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your work email address.",
            "invalid": "Enter an email address, such as name@example.org.",
        },
    )
