"""A sign-up on its way from the first page to a steward's answer."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from .entry import FoldedField, RegisterEntry
from .people import Organisation, User


# Of a new sign-up: the defaults of the register are no applicant's choice.
NOTHING_CHOSEN = {"nation": "", "scope": ""}


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def for_stewards(self) -> SignUpQuerySet:
        """Keep those whose applicant has shown that the mailbox is theirs."""
        return self.exclude(
            state__in=[SignUp.State.DRAFT, SignUp.State.SENT, SignUp.State.WITHDRAWN]
        )


class SignUp(RegisterEntry):
    """What an applicant types, kept from the first page on.

    Keys open it: the applicant's from our mails, the sponsor's from another.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        SENT = "sent", "Waiting for you to confirm your email address"
        WAITING = "waiting", "A person is looking at it"
        QUESTION = "question", "We have a question for you"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=20, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    search_text = FoldedField(sources=("name", "area"))

    applicant_name = models.CharField(max_length=100, blank=True)
    applicant_role = models.CharField(max_length=100, blank=True)
    applicant_email = models.EmailField(max_length=254, blank=True)
    sponsor_email = models.EmailField(max_length=254, blank=True)
    co_lead_name = models.CharField(max_length=100, blank=True)
    milestones = models.JSONField(
        default=list, blank=True, help_text="What by when: [text, date] for each."
    )
    wants_training = models.BooleanField(default=False)
    has_promised = models.BooleanField(default=False)
    half_typed = models.JSONField(
        default=dict,
        blank=True,
        help_text="What a draft holds that no column takes yet, by field, as typed.",
    )

    token_hash = models.CharField(max_length=64, blank=True)
    token_expires_at = models.DateTimeField(null=True)
    sponsor_token_hash = models.CharField(max_length=64, blank=True)
    sponsor_token_expires_at = models.DateTimeField(null=True)

    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    sponsor_confirmed_at = models.DateTimeField(null=True)
    sponsor_declined_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    reason = models.TextField(max_length=2000, blank=True)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="sign_up", null=True
    )

    objects = SignUpQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["approved", "declined"])
                & Q(decided_at__isnull=False, decided_by__isnull=False)
                | ~Q(state__in=["approved", "declined"])
                & Q(decided_at__isnull=True, decided_by__isnull=True),
                name="sign_up_decided_by_somebody",
                violation_error_message="A decision needs who and when.",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", organisation__isnull=False)
                | (~Q(state="approved") & Q(organisation__isnull=True)),
                name="sign_up_approved_has_organisation",
                violation_error_message="An approved sign-up has its organisation.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(sent_at__isnull=False, has_promised=True) & ~Q(applicant_email="")
                ),
                name="sign_up_sent_is_whole",
                violation_error_message="A sign-up is sent with its promise and address.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "withdrawn"])
                | Q(email_confirmed_at__isnull=False),
                name="sign_up_waiting_is_confirmed",
                violation_error_message="The email address is not confirmed yet.",
            ),
            models.CheckConstraint(
                condition=Q(sponsor_confirmed_at=None) | Q(sponsor_declined_at=None),
                name="sign_up_sponsor_says_one_thing",
                violation_error_message="A sponsor says yes or no.",
            ),
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="sign_up_token_once",
                violation_error_message="This link is taken.",
            ),
            models.UniqueConstraint(
                fields=["sponsor_token_hash"],
                condition=~Q(sponsor_token_hash=""),
                name="sign_up_sponsor_token_once",
                violation_error_message="This link is taken.",
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="sign_up_by_state")]

    def __str__(self) -> str:
        return f"sign-up {self.reference}"

    def is_open(self) -> bool:
        return self.state in {
            self.State.SENT,
            self.State.WAITING,
            self.State.QUESTION,
        }

    def is_link_expired(self, now: datetime) -> bool:
        return self.token_expires_at is None or self.token_expires_at <= now


class SponsorAsking(models.Model):
    """One mail to one senior sponsor, and their no; a yes is the sign-up's own."""

    sign_up = models.ForeignKey(
        SignUp, on_delete=models.CASCADE, related_name="sponsors_asked"
    )
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)
    why = models.TextField(max_length=1000, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(declined_at__isnull=False) | Q(why=""),
                name="sponsor_asking_why_with_a_no",
                violation_error_message="Only a no has a reason.",
            )
        ]

    def __str__(self) -> str:
        return f"sponsor of {self.sign_up}"


class SignUpMessage(models.Model):
    """What a steward asks or notes about a sign-up, and what the applicant answers."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        ANSWER = "answer", "Answer"
        NOTE = "note", "Note that only stewards see"

    sign_up = models.ForeignKey(
        SignUp, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    text = models.TextField(max_length=4000)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="answer", by=None)
                | (~Q(kind="answer") & Q(by__isnull=False)),
                name="sign_up_message_by_a_steward_or_applicant",
                violation_error_message="A question or note needs its steward.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.sign_up}"
