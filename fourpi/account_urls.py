"""The addresses of signing in and of one's own account.

allauth's names, at our own plain addresses, and only what we use of it.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import path, re_path

from . import account_leaving as leaving
from . import account_pages as pages
from . import account_views as ours
from . import single_sign_on


# allauth has put them into Django's admin. Nobody reads a session's key or removes a
# second step there, not even a superuser: it would leave no trace.
admin.site.unregister([Authenticator, UserSession])

signing_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", ours.mailed_code, name="account_confirm_login_code"),
    path("sign-in/second-step/", second_step.authenticate, name="mfa_authenticate"),
    path(
        "sign-in/organisation/",
        single_sign_on.organisation_sign_in,
        name="organisation_sign_in",
    ),
    path(
        "sign-in/organisation/<uuid:public_id>/",
        single_sign_on.organisation_back,
        name="organisation_back",
    ),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/new/", account.signup, name="account_signup"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("forgot/", account.password_reset, name="account_reset_password"),
    path(
        "forgot/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        ours.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "confirm-email/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        ours.confirm_email,
        name="account_confirm_email",
    ),
]

signing_in_again = [
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]

two_steps = [
    path("account/two-steps/", second_step.index, name="mfa_index"),
    path("account/two-steps/app/", ours.add_app, name="mfa_activate_totp"),
    path(
        "account/two-steps/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"
    ),
    path(
        "account/two-steps/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/two-steps/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/two-steps/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", ours.add_passkey, name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/rename/",
        passkeys.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
]

own_account = [
    path("account/", pages.account, name="account"),
    path("account/name/", pages.name, name="account_name"),
    path("account/email/", ours.email, name="account_email"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/mail/", pages.mails, name="account_mails"),
    path("mail/stop/<str:token>/", pages.mail_stop, name="mail_stop"),
    path("account/devices/", pages.devices, name="account_devices"),
    path("account/data/", leaving.data, name="account_data"),
    path("account/close/", leaving.close, name="account_close"),
]

urlpatterns = [*own_account, *signing_in, *signing_in_again, *two_steps]
