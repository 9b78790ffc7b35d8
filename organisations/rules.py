"""What people may do in an organisation, and why not, in a sentence; and its dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, datetime

from .models import (
    Invitation,
    Membership,
    Milestone,
    Organisation,
    SignInProvider,
    SignUp,
    User,
)


INVITATIONS_A_DAY = 20
MONTHS_TO_FIRST_PUBLICATION = 9
MONTHS_BETWEEN_PUBLICATIONS = 18
REMINDED_MONTHS_BEFORE = (1, 3, 12)
MISSED = 0
MOST_MONTHS = 1200
MOST_MILESTONES = 12
# A team of a service of a division: deeper, nobody finds it in a list.
MOST_STEPS = 3
MOST_UNITS = 300


class Refusal(Exception):
    """What was asked is not done; the message is a sentence for the person."""


class AlreadyDone(Refusal):
    """Somebody was first, or there is nothing to do."""


class Paused(Refusal):
    """The organisation is paused, so that nothing changes."""


class AlreadyInvited(Refusal):
    """There is an open invitation for this address."""


class AlreadyMember(Refusal):
    """The person belongs to the organisation."""


class TooManyInvitations(Refusal):
    """One person has sent what one person may send in a day."""


class NotInTree(Refusal):
    """A service or team can't stand there in the tree."""


class NotOpen(Refusal):
    """The invitation was used, cancelled or replaced, or is too old."""


class WrongPerson(Refusal):
    """The invitation was sent to another address."""


class StewardCannotJoin(Refusal):
    """A steward belongs to no organisation."""


class HasAccount(Refusal):
    """The address has an account, so that its owner has to sign in."""


class LastLead(Refusal):
    """Nobody would lead the organisation."""


class LooksAfterTheSite(Refusal):
    """A steward or a superuser is let go by somebody else first."""


class LeadByOfferOnly(Refusal):
    """Nobody becomes a lead without saying yes."""


class DomainTaken(Refusal):
    """Another organisation's sign-in vouches for these addresses."""


class NotVouchedFor(Refusal):
    """An organisation's sign-in may not sign this person in; the message is a code."""


class TooManyMilestones(Refusal):
    """More milestones wait than anybody could keep."""


class NotALead(Refusal):
    """Only who has the lead can hand it over."""


class Changed(Refusal):
    """It is not what the page showed any more."""


class NotConfirmed(Refusal):
    """Somebody has to confirm by a link first."""


class NotExtended(Refusal):
    """The date cannot be moved there."""


class NameTaken(Refusal):
    """Another organisation has this name."""


class NotASteward(Refusal):
    """Only a steward asks for access, and only who still is one."""


class Merged(Refusal):
    """The organisation is another one now."""


class NobodyCanGrant(Refusal):
    """There is nobody in the organisation who could say yes."""


class AccessEnded(Refusal):
    """What a lead granted is over."""


class NotWhole(Refusal):
    """The sign-up lacks an answer that it needs."""


class SameAddress(Refusal):
    """Who signs up would confirm it as their own senior sponsor."""


class AskedTooOften(Refusal):
    """This address, or enough others, were asked to be the sponsor today."""


class NotOneself(Refusal):
    """Nobody does this to their own account."""


class OnlyASuperuser(Refusal):
    """A steward may not do this to another steward or to a superuser."""


class HasMemberships(Refusal):
    """Who belongs to an organisation cannot be a steward."""


def check_can_manage(user: User, *, by: User) -> None:
    """Refuse a steward who would change her own account, or one above hers.

    Raises: NotOneself, OnlyASuperuser.
    """
    if user.pk == by.pk:
        raise NotOneself("Somebody else has to do this to your account.")
    if user.is_superuser and not by.is_superuser:
        raise OnlyASuperuser("Only a superuser can do this to a superuser.")


def check_is_superuser(by: User) -> None:
    """Refuse who is no superuser.

    Raises: OnlyASuperuser.
    """
    if not by.is_superuser:
        raise OnlyASuperuser("Only a superuser can do this.")


def check_can_change(organisation: Organisation) -> None:
    """Refuse while the organisation is paused.

    Raises: Paused.
    """
    if organisation.is_paused():
        raise Paused(f"{organisation} is paused. You can read, but not change it.")


def check_can_add_milestone(waiting: int) -> None:
    """Refuse one milestone more than people can look after.

    Raises: TooManyMilestones.
    """
    if waiting >= MOST_MILESTONES:
        raise TooManyMilestones(
            f"You have {MOST_MILESTONES} milestones that wait. Keep or drop one first."
        )


def check_can_send(sent_in_a_day: int) -> None:
    """Refuse one invitation more than a person may send in 24 hours.

    Raises: TooManyInvitations.
    """
    if sent_in_a_day >= INVITATIONS_A_DAY:
        raise TooManyInvitations(
            f"You have sent {INVITATIONS_A_DAY} invitations in 24 hours. "
            "That is the most that one person can send. Try again tomorrow."
        )


def check_can_accept(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Refuse who may not join by this invitation, or not any more.

    Raises: StewardCannotJoin, WrongPerson, NotOpen, Paused.
    """
    if by.is_staff:
        raise StewardCannotJoin(
            "You are a steward. A steward belongs to no organisation."
        )
    if by.email.lower() != invitation.email.lower():
        raise WrongPerson("This invitation was sent to another email address.")
    check_is_open(invitation, at=at)


def check_is_open(invitation: Invitation, *, at: datetime) -> None:
    """Refuse an invitation that has ended, or whose organisation is paused.

    Raises: NotOpen, Paused.
    """
    if not invitation.is_open() or invitation.is_expired(at):
        raise NotOpen("This invitation does not work any more.")
    check_can_change(invitation.organisation)


def check_can_be_vouched_for(
    user: User, organisations: Sequence[int], provider: SignInProvider
) -> None:
    """Refuse whom an organisation's own sign-in could let in somewhere else.

    Raises: NotVouchedFor.
    Source: docs/decisions/0011.
    """
    if not user.is_active:
        raise NotVouchedFor("closed")
    if user.is_staff or user.is_superuser:
        raise NotVouchedFor("steward")
    if provider.organisation_id not in organisations:
        raise NotVouchedFor("no_member")
    if len(organisations) > 1:
        raise NotVouchedFor("member_elsewhere")


def check_leads_remain(membership: Membership, *, other_leads: int) -> None:
    """Refuse to leave an organisation without a lead.

    Raises: LastLead.
    """
    if membership.role == Membership.Role.LEAD and not other_leads:
        raise LastLead(
            f"{membership.user} is the only lead of {membership.organisation}. "
            "Somebody else has to take the lead first."
        )


def check_can_close(user: User) -> None:
    """Refuse to close the account of somebody who looks after the site.

    Raises: LooksAfterTheSite.
    """
    if user.is_superuser:
        raise LooksAfterTheSite(
            "You are a superuser. Ask whoever runs the server to end that first."
        )
    if user.is_staff:
        raise LooksAfterTheSite("You are a steward. Ask a superuser to end that first.")


def check_can_get_role(role: str) -> None:
    """Refuse to make somebody a lead by changing a role.

    Raises: LeadByOfferOnly.
    """
    if role == Membership.Role.LEAD:
        raise LeadByOfferOnly("Offer the lead. It is theirs when they say yes.")


def check_can_ask_for_access(organisation: Organisation, *, by: User) -> None:
    """Refuse who is no steward, and an organisation that is another one now.

    Raises: NotASteward, Merged.
    """
    if not by.is_staff:
        raise NotASteward("Only a steward can ask for this.")
    if organisation.status == Organisation.Status.MERGED:
        raise Merged(f"{organisation} is merged into another organisation.")


def first_due(signed_up_on: date) -> date:
    """Say by when the first assessment has to be published."""
    return months_after(signed_up_on, MONTHS_TO_FIRST_PUBLICATION)


def next_due(published_on: date) -> date:
    """Say by when the next assessment has to be published."""
    return months_after(published_on, MONTHS_BETWEEN_PUBLICATIONS)


def in_words(due_on: date, today: date) -> str:
    """Say how far off a date is, as people would: first days, then months.

    Shape: for a date that has gone by, only that it has.
    """
    days = (due_on - today).days
    if days < 0:
        return "gone by"
    if days < 2:
        return "tomorrow" if days else "today"
    if days < 31:
        return f"in {days} days"
    months = max(n for n in range(MOST_MONTHS) if months_after(today, n) <= due_on)
    return f"in {months} months" if months > 1 else "in about a month"


def reminder_due(due_on: date, *, since: date, today: date) -> int | None:
    """Say which reminder of the date should have gone by today: the nearest one.

    Shape: how many months before; None when none is due. One that lies before
    `since`, the day on which the date was set, never is.
    """
    for months in REMINDED_MONTHS_BEFORE:
        if since < months_after(due_on, -months) <= today:
            return months
    return None


def milestone_reminder_due(milestone: Milestone, today: date) -> int | None:
    """Say which reminder of an open milestone should have gone by today.

    Shape: 1 from a month before, MISSED once its date has gone by, or None.
    """
    if milestone.is_missed(today):
        return MISSED
    is_near = milestone.added_on < months_after(milestone.due_on, -1) <= today
    return 1 if is_near else None


def months_after(day: date, months: int) -> date:
    """Count whole months on, or back; a day that is not there becomes the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def check_can_decide(sign_up: SignUp) -> None:
    """Refuse to ask about or decide a sign-up that does not wait for a steward.

    Raises: NotConfirmed, AlreadyDone.
    """
    if sign_up.state == SignUp.State.SENT:
        raise NotConfirmed("The applicant has not confirmed the email address yet.")
    if not sign_up.is_open():
        raise AlreadyDone(
            f"This sign-up does not wait any more: {sign_up.get_state_display()}."
        )


def check_can_approve(sign_up: SignUp) -> None:
    """Refuse to approve before those who have to stand behind it have said yes.

    Shape: a user-led group needs no senior sponsor.
    Raises: NotConfirmed, AlreadyDone.
    """
    check_can_decide(sign_up)
    if sign_up.sponsor_declined_at:
        raise NotConfirmed("The senior sponsor has said no.")
    if needs_sponsor(sign_up) and not sign_up.sponsor_confirmed_at:
        raise NotConfirmed("The senior sponsor has not confirmed yet.")


def needs_sponsor(sign_up: SignUp) -> bool:
    """Say whether a senior sponsor has to confirm: not for a user-led group."""
    return sign_up.kind != SignUp.Kind.USER_LED


MOST_MONTHS_MORE = 12


def check_can_edit(organisation: Organisation) -> None:
    """Refuse to change the entry of an organisation that was merged.

    Raises: Merged.
    """
    if organisation.status == Organisation.Status.MERGED:
        raise Merged(f"{organisation} was merged into {organisation.merged_into}.")


def check_can_extend(organisation: Organisation, due_on: date, *, today: date) -> None:
    """Refuse a date that is no extension, or for which there is nothing to extend.

    Raises: Merged, NotExtended.
    """
    check_can_edit(organisation)
    if organisation.due_on is None or organisation.stage not in Organisation.GOING_ON:
        raise NotExtended(
            "There is no date to extend. A lead of a lapsed organisation can bring "
            "it back."
        )
    if due_on <= max(organisation.due_on, today):
        raise NotExtended("The new date must be after today and after the old one.")
    if due_on > months_after(max(organisation.due_on, today), MOST_MONTHS_MORE):
        raise NotExtended(f"You can extend by {MOST_MONTHS_MORE} months at most.")


def check_can_merge(duplicate: Organisation, into: Organisation) -> None:
    """Refuse to merge an organisation into itself, or what was merged already.

    Raises: AlreadyDone, Merged.
    """
    if duplicate.pk == into.pk:
        raise AlreadyDone("An organisation cannot be merged into itself.")
    for organisation in (duplicate, into):
        check_can_edit(organisation)


# What each sign-up says before it is sent; what else depends on its answers.
ALWAYS_ANSWERED = (
    *("name", "kind", "nation", "area", "serves", "scope", "domains"),
    *("applicant_name", "applicant_role", "applicant_email"),
    *("co_lead", "payment", "has_promised"),
)
ANSWERED_WHEN = {
    ("scope", SignUp.Scope.SERVICE): "scope_name",
    ("co_lead", SignUp.CoLead.NAMED): "co_lead_name",
    ("co_lead", SignUp.CoLead.RECRUITING): "co_lead_by",
    ("payment", SignUp.Payment.NO): "why_not_paid",
}


# A user-led group may have none of these, and is not asked.
NOT_ASKED_OF_GROUPS = {"ods_code", "charity_number", "sponsor_role", "sponsor_email"}


def missing_answers(sign_up: SignUp) -> tuple[str, ...]:
    """Name the columns that have to be filled before a sign-up can be sent."""
    needed = list(ALWAYS_ANSWERED)
    needed += [
        column
        for (question, answer), column in ANSWERED_WHEN.items()
        if getattr(sign_up, question) == answer
    ]
    if needs_sponsor(sign_up):
        needed += ["sponsor_role", "sponsor_email"]
    return tuple(column for column in needed if not getattr(sign_up, column))


def check_is_whole(sign_up: SignUp) -> None:
    """Refuse to send a sign-up with an answer missing or half typed.

    Raises: NotWhole, SameAddress.
    """
    half_typed = set(sign_up.half_typed)
    if not needs_sponsor(sign_up):
        half_typed -= NOT_ASKED_OF_GROUPS
    if missing_answers(sign_up) or half_typed:
        raise NotWhole("Some answers are missing. Please look at the list.")
    if needs_sponsor(sign_up):
        check_sponsor_is_another(sign_up.applicant_email, sign_up.sponsor_email)


SPONSORS_A_DAY = 3


def check_can_ask_sponsor(email: str, asked: Collection[str]) -> None:
    """Refuse to mail a sponsor twice in a day, or too many of them.

    Shape: `asked` are the addresses that were asked within the last 24 hours.
    Raises: AskedTooOften.
    """
    if email in asked:
        raise AskedTooOften(
            f"We wrote to {email} within the last 24 hours, so we did not write "
            "again. You can ask again tomorrow."
        )
    if len(asked) >= SPONSORS_A_DAY:
        raise AskedTooOften(
            f"We write to {SPONSORS_A_DAY} addresses in 24 hours at most. "
            "We did not write to this one. Please try again tomorrow."
        )


def check_sponsor_is_another(applicant_email: str, sponsor_email: str) -> None:
    """Refuse a sponsor who would confirm what they sent themselves.

    Raises: SameAddress.
    """
    if applicant_email and applicant_email.lower() == sponsor_email.lower():
        raise SameAddress(
            "Give the address of somebody else. "
            "The senior sponsor confirms what you have sent."
        )
