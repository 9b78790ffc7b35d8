"""Say the account forms of django-allauth in our own words."""

from typing import Any

from allauth.account import forms as account
from django import forms


def _say(field: forms.Field, *, label: str, required: str, hint: str = "") -> None:
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = required


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["login"],
            label="Email address",
            required="Enter your email address",
        )
        _say(
            self.fields["password"],
            label="Password",
            required="Enter your password",
        )


class ForgottenPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["email"],
            label="Email address",
            required="Enter your email address",
            hint="The one that you sign in with.",
        )


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["password1"],
            label="New password",
            required="Enter a new password",
            hint="12 characters or more. Three or four words together work well.",
        )
        _say(
            self.fields["password2"],
            label="The same password again",
            required="Enter the same password again",
        )


class ConfirmPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["password"],
            label="Password",
            required="Enter your password",
        )
