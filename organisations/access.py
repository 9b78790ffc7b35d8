"""Who may do what: roles, permissions, and the one door to an organisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import AccessGrant, KeptForm, Membership, Organisation, User
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
# What the session says, so that pages look for kept words only where there may be some.
KEPT = "kept_typing"
FILE_LOST = "file_not_taken"
# What no form shows again, so that nobody would know that it is there.
NEVER_KEPT = ("secret", "csrfmiddlewaretoken")
# Of one person. The oldest give way.
MOST_KEPT = 20


def author_mark(user: User) -> str:
    """Sign who a form was shown to, so that kept words go back to nobody else."""
    return signing.dumps(str(user.public_id), salt=AUTHOR_SALT)


def is_anothers(request: HttpRequest) -> bool:
    """Say whether a form was posted that was shown to somebody else than the user."""
    author = _author_of(request)
    if author is None or not request.user.is_authenticated:
        return False
    return author != str(person_of(request).public_id)


def keep_typed(request: HttpRequest, *, path: str = "") -> bool:
    """Keep a posted form for its author, when it says by its mark whose it is.

    Shape: `path` is the form's own page, where it was posted to another.
    Effects: it is kept, sealed, in place of what was sent of the same page before.
    """
    public_id = _author_of(request, max_age=KEPT_FOR)
    people = User.objects.filter(is_active=True)
    author = people.filter(public_id=public_id).first() if public_id else None
    if author is None:
        return False
    typed = request.POST.copy()
    for name in NEVER_KEPT:
        typed.pop(name, None)
    there = path or request.path
    # Two windows of one page do not overwrite each other.
    place = salted_hmac(KEPT, f"{there} {typed.get('writing', '')}", algorithm="sha256")
    _keep(author, place.hexdigest(), {"path": there, "typed": typed.urlencode()})
    if not is_anothers(request):
        request.session[KEPT] = True
    return True


def note_lost_file(request: HttpRequest) -> None:
    """Note that a file came when nobody was signed in: files are not kept.

    Effects: the session says for which page, until `FILE_LOST` is taken from it.
    """
    if request.FILES:
        request.session[FILE_LOST] = request.path


def _author_of(request: HttpRequest, max_age: timedelta | None = None) -> str | None:
    mark = request.POST.get("author", "") if request.method == "POST" else ""
    try:
        author: str = signing.loads(mark, salt=AUTHOR_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    return author


def _keep(author: User, place: str, form: dict[str, str]) -> None:
    now = timezone.now()
    sealed = seal(json.dumps(form), purpose=KEPT)
    with transaction.atomic(durable=True):
        KeptForm.objects.update_or_create(
            author=author, place=place, defaults={"sealed": sealed, "kept_at": now}
        )
        mine = KeptForm.objects.filter(author=author).order_by("-kept_at", "-pk")
        too_many = list(mine.values_list("pk", flat=True)[MOST_KEPT:])
        KeptForm.objects.filter(pk__in=too_many).delete()


def look_for_kept(request: HttpRequest, user: User) -> None:
    """Note at the sign-in whether words of the user wait for her.

    Effects: the session says so, and no longer what it said of somebody else's.
    """
    if _rows_of(user).exists():
        request.session[KEPT] = True
    else:
        request.session.pop(KEPT, None)


def kept_typing(request: HttpRequest, user: User) -> QueryDict | None:
    """Give back what the user typed into this page before her session ended.

    Shape: the newest; None when there is nothing.
    """
    here = _kept_here(request, user)
    return QueryDict(here[0][1]) if here else None


def typed_here(request: HttpRequest) -> QueryDict | None:
    """Give what was posted, or what the user had typed here when signed out."""
    if request.method == "POST":
        return request.POST
    return kept_typing(request, person_of(request))


def forget_kept(request: HttpRequest) -> None:
    """Forget what was kept of this page and shown there, once it is saved."""
    person = person_of(request)
    for row, _ in _kept_here(request, person)[:1]:
        KeptForm.objects.filter(pk=row, author=person).delete()
    if request.session.get(KEPT):
        look_for_kept(request, person)


def forget_old_kept(now: datetime) -> int:
    """Delete what was kept for a day. Shape: how many."""
    gone, _ = KeptForm.objects.filter(kept_at__lte=now - KEPT_FOR).delete()
    return gone


def _kept_here(request: HttpRequest, user: User) -> list[tuple[int, str]]:
    """Open what is kept of this page, the newest first, each with its row's key."""
    if not request.session.get(KEPT):
        return []
    kept = [(row, _opened(row)) for row in _rows_of(user).order_by("-kept_at", "-pk")]
    if not kept:
        request.session.pop(KEPT, None)
    return [
        (row.pk, form["typed"]) for row, form in kept if form["path"] == request.path
    ]


def _rows_of(user: User) -> QuerySet[KeptForm]:
    since = timezone.now() - KEPT_FOR
    return KeptForm.objects.filter(author=user, kept_at__gt=since)


def _opened(row: KeptForm) -> dict[str, str]:
    try:
        form: dict[str, str] = json.loads(
            unseal(row.sealed, purpose=KEPT, max_age=KEPT_FOR)
        )
    except Unreadable:
        return {"path": "", "typed": ""}
    return form


def kept_forms_of(user: User) -> list[dict[str, Any]]:
    """List what is kept of somebody, for a file that she can keep."""
    return [
        {"kept_at": row.kept_at, **_opened(row)}
        for row in _rows_of(user).order_by("pk")
    ]


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

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        look_for_kept(request, user)
