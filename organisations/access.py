"""Who may do what: roles, permissions, and the one door to an organisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from .models import AccessGrant, Membership, Organisation, User
from .sealing import Unreadable, seal, unseal


class Permission(StrEnum):
    """What a membership can allow, each with the sentence that people read."""

    VIEW = "view"
    READ_OUR_VIEW = "read_our_view"
    ANSWER = "answer"
    START = "start"
    LOCK = "lock"
    PUBLISH = "publish"
    REQUEST_REPORT = "request_report"
    EDIT_ENTRY = "edit_entry"
    INVITE = "invite"
    READ_TRAIL = "read_trail"
    GRANT_ACCESS = "grant_access"
    TAKE_OUT = "take_out"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Permission.VIEW: "can see who belongs here and read reports",
    Permission.READ_OUR_VIEW: "can read our view",
    Permission.ANSWER: "can answer and comment",
    Permission.START: "can start an assessment and share its work",
    Permission.LOCK: "can lock our view, and unlock it",
    Permission.PUBLISH: "can publish, and can hold back publishing",
    Permission.REQUEST_REPORT: "can make a report",
    Permission.EDIT_ENTRY: "can change what the register shows",
    Permission.INVITE: "can invite and remove people",
    Permission.READ_TRAIL: "can read who did what",
    Permission.GRANT_ACCESS: "can let a steward read our view",
    Permission.TAKE_OUT: "can take out all that the organisation owns",
}

# What goes on while an organisation is paused. Who may look at its answers is still
# for its own people to say.
READING = {
    Permission.VIEW,
    Permission.READ_OUR_VIEW,
    Permission.READ_TRAIL,
    Permission.GRANT_ACCESS,
    Permission.TAKE_OUT,
}

Role = Membership.Role

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.LEAD: frozenset(Permission),
    Role.CO_LEAD: frozenset(Permission),
    Role.CONTRIBUTOR: frozenset(
        {
            Permission.VIEW,
            Permission.READ_OUR_VIEW,
            Permission.ANSWER,
            Permission.REQUEST_REPORT,
        }
    ),
    Role.VIEWER: frozenset({Permission.VIEW, Permission.READ_OUR_VIEW}),
}


def role_sentences(role: str) -> tuple[str, ...]:
    """Say what a role may do, each thing as people read it."""
    allowed = ROLE_PERMISSIONS[role]
    return tuple(p.sentence for p in Permission if p in allowed)


def person_of(request: HttpRequest) -> User:
    """Name who is signed in, where LoginRequiredMiddleware let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def stewards_only(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a page of the console to stewards.

    Outermost, so that to everybody else it is the 404 of a page that does not
    exist, whatever they send.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        person = person_of(request)
        if not (person.is_staff and person.is_active):
            raise Http404
        return view(request, *args, **kwargs)

    return opened


SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user: User) -> bool:
    """Say whether somebody signs in with an app's code or a passkey as well."""
    steps = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS)
    return bool(steps.exists())


def lacks_second_step(user: User | AnonymousUser) -> bool:
    """Say whether somebody must set up a second step before anything else."""
    return (
        isinstance(user, User)
        and (user.is_staff or user.is_superuser)
        and not has_second_step(user)
    )


def can(membership: Membership, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS[membership.role]


def membership_or_404(user: User, slug: str, *, needs: Permission) -> Membership:
    """Open the door to an organisation for one of its members.

    Raises: Http404 for a stranger, so that another organisation's page is the
    same as a page that does not exist; PermissionDenied when the role is too
    junior, or while the organisation is paused.
    """
    membership = (
        # A steward belongs to no organisation, whatever the rows say.
        Membership.objects.filter(
            user=user, user__is_staff=False, organisation__slug=slug
        )
        .select_related("organisation")
        .first()
    )
    if membership is None:
        raise Http404
    if not can(membership, needs):
        raise PermissionDenied(
            f"Your role here is {membership.get_role_display()}. "
            f"You need somebody who {needs.sentence}."
        )
    if membership.organisation.is_paused() and needs not in READING:
        raise PermissionDenied(
            f"{membership.organisation} is paused. You can read, but not change it."
        )
    return membership


@dataclass(frozen=True)
class Reader:
    """Who reads an organisation's own view: a member, or a steward for a while."""

    organisation: Organisation
    membership: Membership | None = None
    grant: AccessGrant | None = None

    def can(self, permission: Permission) -> bool:
        """Say what else they may do here. A steward may do nothing else."""
        return self.membership is not None and can(self.membership, permission)


def reader_or_404(
    request: HttpRequest, slug: str, *, needs: Permission, at: datetime
) -> Reader:
    """Open an organisation's own view to its members, or to a steward it let in.

    Shape: with a grant there is no membership, and every power but reading is missing.
    Raises: as `membership_or_404`.
    Effects: the page gets a banner that says until when a steward may read.
    """
    grant = _grant_for(request, slug, needs, at)
    if grant is not None:
        request.access_ends_at = grant.ends_at  # type: ignore[attr-defined]
        return Reader(organisation=grant.organisation, grant=grant)
    membership = membership_or_404(person_of(request), slug, needs=needs)
    return Reader(organisation=membership.organisation, membership=membership)


def _grant_for(
    request: HttpRequest, slug: str, needs: Permission, at: datetime
) -> AccessGrant | None:
    user = person_of(request)
    only_reads = request.method in {"GET", "HEAD"}
    if needs != Permission.READ_OUR_VIEW or not only_reads or not user.is_staff:
        return None
    grants = AccessGrant.objects.open(at).filter(asked_by=user, organisation__slug=slug)
    return grants.select_related("organisation").order_by("ends_at").last()


KEPT_FOR = timedelta(hours=24)
AUTHOR_SALT = "organisations.access.author"
KEPT = "kept_typing"
# What no form shows again, so that nobody would know that it is there.
NEVER_KEPT = ("secret", "csrfmiddlewaretoken")


def author_mark(user: User) -> str:
    """Sign who a form was shown to, so that kept words go back to nobody else."""
    return signing.dumps(str(user.public_id), salt=AUTHOR_SALT)


def keep_typed(request: HttpRequest, *, path: str = "") -> bool:
    """Keep a posted form in the session, when it says by its mark whose it is.

    Shape: `path` is the form's own page, where it was posted to another.
    Effects: the session holds the last such form, sealed, until it is taken or is
    too old.
    """
    mark = request.POST.get("author", "")
    try:
        author = signing.loads(mark, salt=AUTHOR_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return False
    typed = request.POST.copy()
    for name in NEVER_KEPT:
        typed.pop(name, None)
    kept = {
        "author": author,
        "path": path or request.path,
        "typed": typed.urlencode(),
    }
    request.session[KEPT] = seal(json.dumps(kept), purpose=KEPT)
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)
    return True


def kept_typing(request: HttpRequest, user: User) -> QueryDict | None:
    """Give back what the user typed into this page before her session ended.

    Shape: None when there is nothing, or when it is somebody else's.
    Effects: what is somebody else's, or too old, is forgotten.
    """
    kept = _kept(request)
    if kept is None or kept["author"] != str(user.public_id):
        forget_kept(request)
        return None
    return QueryDict(kept["typed"]) if kept["path"] == request.path else None


def typed_here(request: HttpRequest) -> QueryDict | None:
    """Give what was posted, or what the user had typed here when signed out."""
    if request.method == "POST":
        return request.POST
    return kept_typing(request, person_of(request))


def _kept(request: HttpRequest) -> dict[str, str] | None:
    sealed = request.session.get(KEPT, "")
    try:
        kept: dict[str, str] = json.loads(
            unseal(sealed, purpose=KEPT, max_age=KEPT_FOR)
        )
    except Unreadable:
        return None
    return kept


def forget_kept(request: HttpRequest) -> None:
    """Forget what was kept, once it is saved or is somebody else's."""
    request.session.pop(KEPT, None)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation, never by a form that anybody can fill in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for every cause: it never says whether an address has an account.
        "email_password_mismatch": "The email address or the password is not right.",
        "incorrect_code": "The code is not right. Check it, and try again.",
        "rate_limited": "That was too often. Wait a few minutes, then try again.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not the password you have now.",
        "duplicate_email": "You have this address already. Give another one.",
        "email_taken": "We cannot use this address. Give another one.",
        "too_many_login_attempts": "There were too many tries. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
