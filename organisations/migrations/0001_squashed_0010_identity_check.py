import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import organisations.models.entry


class Migration(migrations.Migration):
    # One step on a new database, instead of ten that each make tables anew.
    replaces = [
        ("organisations", "0001_initial"),
        ("organisations", "0002_outbox"),
        ("organisations", "0003_invitation_and_lead_offer"),
        ("organisations", "0004_register_sign_up_and_console"),
        ("organisations", "0005_fold_the_names_there_are"),
        ("organisations", "0006_milestone_added_on_and_daily_run"),
        ("organisations", "0007_single_sign_on"),
        ("organisations", "0008_sign_up_keeps_half_typed"),
        ("organisations", "0009_search_people_and_the_trail"),
        ("organisations", "0010_identity_check"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("lease_until", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last login"
                    ),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "email",
                    models.EmailField(
                        max_length=254, unique=True, verbose_name="e-mail address"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "is_staff",
                    models.BooleanField(default=False, verbose_name="steward"),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, verbose_name="can sign in"),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "search_text",
                    organisations.models.entry.FoldedField(
                        default="", editable=False, sources=("name", "email")
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="user_email_once",
                        violation_error_message="Somebody already uses this e-mail address.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "actor",
                    models.UUIDField(
                        help_text="Public id of the person, or none.", null=True
                    ),
                ),
                ("verb", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=60)),
                (
                    "organisation",
                    models.CharField(blank=True, db_index=True, max_length=60),
                ),
                (
                    "details",
                    models.JSONField(
                        default=dict, help_text="Before and after, never a free text."
                    ),
                ),
            ],
            options={
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["actor", "at"], name="audit_by_actor"),
                    models.Index(fields=["subject"], name="audit_by_subject"),
                    models.Index(
                        fields=["subject_type", "verb", "at"], name="audit_by_verb"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("video", "We saw each other in a video call"),
                            ("call", "We called a number that we knew before"),
                            ("in_person", "We met"),
                            (
                                "colleague",
                                "Another lead of the organisation vouched for them",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(max_length=1000)),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user", models.F("checked_by")), _negated=True
                        ),
                        name="identity_check_not_of_oneself",
                        violation_error_message="Nobody vouches for themselves.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="identity_check_has_note",
                        violation_error_message="Say how you made sure.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminders", "Reminders of dates"),
                            ("digest", "What happened in my organisation, once a day"),
                            (
                                "news",
                                "Changes to how my organisation stands on the register",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("stopped_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "kind"),
                        name="mail_preference_once",
                        violation_error_message="This kind of mail is stopped already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("text", models.CharField(max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="notice_ends_after_it_starts",
                        violation_error_message="The notice has to end after it starts.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nhs_trust", "NHS trust"),
                            (
                                "commissioner",
                                "Integrated care board or other commissioner",
                            ),
                            ("council", "Council"),
                            ("care_charity", "Charity that gives care or support"),
                            ("other_charity", "Charity, campaign or research body"),
                            ("user_led", "User-led or peer group"),
                            ("other", "Housing, education, justice, employer or other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england", "England"),
                            ("scotland", "Scotland"),
                            ("wales", "Wales"),
                            ("northern_ireland", "Northern Ireland"),
                        ],
                        default="england",
                        max_length=20,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=100)),
                ("website", models.URLField(blank=True)),
                (
                    "ods_code",
                    models.CharField(
                        blank=True, max_length=10, verbose_name="ODS code"
                    ),
                ),
                ("charity_number", models.CharField(blank=True, max_length=12)),
                (
                    "serves",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="whom it serves"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("whole", "The whole organisation"),
                            ("service", "One service or team"),
                        ],
                        default="whole",
                        max_length=10,
                    ),
                ),
                (
                    "scope_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="service or team"
                    ),
                ),
                (
                    "domains",
                    models.JSONField(
                        blank=True, default=list, help_text="Codes of Domain."
                    ),
                ),
                (
                    "sponsor_role",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="role of the senior sponsor",
                    ),
                ),
                (
                    "co_lead",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("named", "Named"),
                            ("recruiting", "Being looked for"),
                        ],
                        max_length=10,
                        verbose_name="lived-experience co-lead",
                    ),
                ),
                (
                    "co_lead_by",
                    models.DateField(
                        blank=True, null=True, verbose_name="co-lead found by"
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No, or not everybody")],
                        max_length=5,
                        verbose_name="people are paid",
                    ),
                ),
                ("why_not_paid", models.TextField(blank=True, max_length=1000)),
                (
                    "own_words",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        verbose_name="commitment in its own words",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Used in its web addresses.",
                        max_length=60,
                        unique=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("merged", "Merged into another"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "search_text",
                    organisations.models.entry.FoldedField(
                        default="", editable=False, sources=("name", "area")
                    ),
                ),
                (
                    "signed_up_on",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_up", "Signed up"),
                            ("under_way", "Assessment under way"),
                            ("own_view", "Published: own view"),
                            ("joint_view", "Published: joint view"),
                            ("lapsed", "Lapsed"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "stage_since",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="next publication due",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "assessed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "one person"),
                            ("2-4", "2 to 4 people"),
                            ("5-9", "5 to 9 people"),
                            ("10+", "10 people or more"),
                        ],
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("public_strengths", models.TextField(blank=True, max_length=3000)),
                ("public_gaps", models.TextField(blank=True, max_length=3000)),
                ("public_actions", models.TextField(blank=True, max_length=3000)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["stage", "due_on"], name="organisation_by_due"
                    ),
                    models.Index(fields=["name"], name="organisation_by_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="organisation_name_once",
                        violation_error_message="An organisation of this name is already here.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("paused_at__isnull", False),
                                ("status__in", ["paused", "merged"]),
                            ),
                            models.Q(("paused_at__isnull", True), ("status", "active")),
                            _connector="OR",
                        ),
                        name="organisation_paused_has_time",
                        violation_error_message="A paused organisation needs the time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_into__isnull", False), ("status", "merged")
                            ),
                            models.Q(
                                models.Q(("status", "merged"), _negated=True),
                                ("merged_into__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="organisation_merged_into_another",
                        violation_error_message="A merged organisation names the other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", True),
                                ("signed_up_on__isnull", True),
                                ("stage", ""),
                                ("stage_since__isnull", True),
                            ),
                            models.Q(
                                models.Q(("stage", ""), _negated=True),
                                ("signed_up_on__isnull", False),
                                ("stage_since__isnull", False),
                                ("due_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="organisation_signed_up_has_dates",
                        violation_error_message="Who has signed up has a stage and its dates.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("stage__in", ["own_view", "joint_view"]), _negated=True
                            ),
                            ("published_on__isnull", False),
                            _connector="OR",
                        ),
                        name="organisation_published_has_date",
                        violation_error_message="A published assessment needs its date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope", "whole"),
                            models.Q(("scope_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="organisation_scope_is_named",
                        violation_error_message="Name the service or team.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("text", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                (
                    "added_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False
                    ),
                ),
                ("kept_on", models.DateField(blank=True, null=True)),
                ("dropped_on", models.DateField(blank=True, null=True)),
                ("why_dropped", models.CharField(blank=True, max_length=200)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_on", None), ("dropped_on", None), _connector="OR"
                        ),
                        name="milestone_kept_or_dropped",
                        violation_error_message="A milestone is kept or dropped.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped_on", None),
                            models.Q(("why_dropped", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="milestone_dropped_says_why",
                        violation_error_message="Say why the milestone is dropped.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("contributor", "Contributor"),
                            ("co_lead", "Lived-experience co-lead"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "user"),
                        name="membership_once",
                        violation_error_message="This person is already a member.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "hands_over",
                    models.BooleanField(
                        help_text="Whoever offers becomes a contributor when it is accepted."
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offered_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead_offers",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open")),
                        fields=("organisation",),
                        name="lead_offer_open_once",
                        violation_error_message="The lead is offered to somebody already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "open")),
                            models.Q(
                                models.Q(("outcome", "open"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="lead_offer_ended_has_time",
                        violation_error_message="An offer that has ended needs the time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("offered_by", models.F("offered_to")), _negated=True
                        ),
                        name="lead_offer_to_somebody_else",
                        violation_error_message="The lead is offered to somebody else.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, verbose_name="email address"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("contributor", "Contributor"),
                            ("co_lead", "Lived-experience co-lead"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "asked_again_at",
                    models.DateTimeField(
                        help_text="When the person last asked for a new link.",
                        null=True,
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organisation"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(
                            ("accepted_at", None), ("cancelled_at", None)
                        ),
                        name="invitation_open_once",
                        violation_error_message="This person is invited already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("accepted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_accepted_by_somebody",
                        violation_error_message="An accepted invitation needs who and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at", None), ("cancelled_by", None)),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_cancelled_by_somebody",
                        violation_error_message="A cancelled invitation needs who and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None),
                            ("cancelled_at", None),
                            _connector="OR",
                        ),
                        name="invitation_ends_once",
                        violation_error_message="An invitation is accepted or cancelled.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                        name="invitation_expires_after_it_is_sent",
                        violation_error_message="An invitation ends after it is sent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalOrganisation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nhs_trust", "NHS trust"),
                            (
                                "commissioner",
                                "Integrated care board or other commissioner",
                            ),
                            ("council", "Council"),
                            ("care_charity", "Charity that gives care or support"),
                            ("other_charity", "Charity, campaign or research body"),
                            ("user_led", "User-led or peer group"),
                            ("other", "Housing, education, justice, employer or other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england", "England"),
                            ("scotland", "Scotland"),
                            ("wales", "Wales"),
                            ("northern_ireland", "Northern Ireland"),
                        ],
                        default="england",
                        max_length=20,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=100)),
                ("website", models.URLField(blank=True)),
                (
                    "ods_code",
                    models.CharField(
                        blank=True, max_length=10, verbose_name="ODS code"
                    ),
                ),
                ("charity_number", models.CharField(blank=True, max_length=12)),
                (
                    "serves",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="whom it serves"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("whole", "The whole organisation"),
                            ("service", "One service or team"),
                        ],
                        default="whole",
                        max_length=10,
                    ),
                ),
                (
                    "scope_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="service or team"
                    ),
                ),
                (
                    "domains",
                    models.JSONField(
                        blank=True, default=list, help_text="Codes of Domain."
                    ),
                ),
                (
                    "sponsor_role",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="role of the senior sponsor",
                    ),
                ),
                (
                    "co_lead",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("named", "Named"),
                            ("recruiting", "Being looked for"),
                        ],
                        max_length=10,
                        verbose_name="lived-experience co-lead",
                    ),
                ),
                (
                    "co_lead_by",
                    models.DateField(
                        blank=True, null=True, verbose_name="co-lead found by"
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No, or not everybody")],
                        max_length=5,
                        verbose_name="people are paid",
                    ),
                ),
                ("why_not_paid", models.TextField(blank=True, max_length=1000)),
                (
                    "own_words",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        verbose_name="commitment in its own words",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Used in its web addresses.", max_length=60
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("merged", "Merged into another"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "search_text",
                    organisations.models.entry.FoldedField(
                        default="", editable=False, sources=("name", "area")
                    ),
                ),
                (
                    "signed_up_on",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_up", "Signed up"),
                            ("under_way", "Assessment under way"),
                            ("own_view", "Published: own view"),
                            ("joint_view", "Published: joint view"),
                            ("lapsed", "Lapsed"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "stage_since",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="next publication due",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(blank=True, editable=False, null=True),
                ),
                (
                    "assessed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "one person"),
                            ("2-4", "2 to 4 people"),
                            ("5-9", "5 to 9 people"),
                            ("10+", "10 people or more"),
                        ],
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("public_strengths", models.TextField(blank=True, max_length=3000)),
                ("public_gaps", models.TextField(blank=True, max_length=3000)),
                ("public_actions", models.TextField(blank=True, max_length=3000)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                        max_length=1,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical organisation",
                "verbose_name_plural": "historical organisations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMembership",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("contributor", "Contributor"),
                            ("co_lead", "Lived-experience co-lead"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                        max_length=1,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical membership",
                "verbose_name_plural": "historical memberships",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="AccessGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("reason", models.TextField(max_length=1000)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for an answer"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("ended", "Ended early"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_grants",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("organisation", "asked_by"),
                        name="access_grant_asked_once",
                        violation_error_message="You have asked already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("state", "asked"),
                            ),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="access_grant_decided_by_somebody",
                        violation_error_message="An answer needs who and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ends_at__isnull", False),
                                ("state__in", ["granted", "ended"]),
                            ),
                            models.Q(
                                ("ends_at__isnull", True),
                                ("state__in", ["asked", "refused"]),
                            ),
                            _connector="OR",
                        ),
                        name="access_grant_ends",
                        violation_error_message="Access that is granted needs an end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_by", models.F("decided_by")), _negated=True
                        ),
                        name="access_grant_not_to_oneself",
                        violation_error_message="Nobody grants access to themselves.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("template", models.CharField(max_length=60)),
                ("to", models.EmailField(max_length=254)),
                (
                    "secret",
                    models.TextField(
                        blank=True, help_text="Encrypted; wiped when sent."
                    ),
                ),
                ("message_id", models.CharField(max_length=250, unique=True)),
                ("queued_at", models.DateTimeField()),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="Not to be tried again before this."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "We could not send it"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("owner", models.CharField(blank=True, max_length=64)),
                ("lease_until", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refused", "The mail server refused it"),
                            ("too_late", "No mail server took it for some days"),
                            ("unreadable", "We could not make the mail"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["status", "due_at"], name="outbox_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lease_until__isnull", False),
                                ("status", "sending"),
                                models.Q(("owner", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "sending"), _negated=True),
                                ("lease_until__isnull", True),
                                ("owner", ""),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_sending_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(
                                models.Q(("status", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "failed"),
                                models.Q(("failure", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "failed"), _negated=True),
                                ("failure", ""),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_failed_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["queued", "sending"]),
                                models.Q(("secret", ""), _negated=True),
                            ),
                            models.Q(
                                ("secret", ""), ("status__in", ["sent", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="outbox_secret_until_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="The due date of the assessment, or a milestone's id.",
                        max_length=60,
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        help_text="How long before the date."
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "subject", "due_on", "months"),
                        name="reminder_once",
                        violation_error_message="This reminder has gone already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInProvider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "issuer",
                    models.URLField(
                        help_text="As the provider calls itself, to the letter."
                    ),
                ),
                ("client_id", models.CharField(max_length=200)),
                (
                    "secret",
                    models.TextField(help_text="Sealed. Nobody is shown it again."),
                ),
                ("is_enabled", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_in_provider",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True),
                            models.Q(("client_id", ""), _negated=True),
                            models.Q(("secret", ""), _negated=True),
                        ),
                        name="sign_in_provider_is_whole",
                        violation_error_message="A provider needs an issuer, an id and a secret.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("subject", models.CharField(max_length=255)),
                ("linked_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="organisations.signinprovider",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "subject"),
                        name="sign_in_identity_once",
                        violation_error_message="This identity belongs to somebody already.",
                    ),
                    models.UniqueConstraint(
                        fields=("provider", "user"),
                        name="sign_in_identity_once_for_a_person",
                        violation_error_message="This person has another identity there.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=253)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="organisations.signinprovider",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="sign_in_domain_once",
                        violation_error_message="Another organisation has this domain.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("name", django.db.models.functions.text.Lower("name")),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="sign_in_domain_in_small_letters",
                        violation_error_message="Write the domain in small letters.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nhs_trust", "NHS trust"),
                            (
                                "commissioner",
                                "Integrated care board or other commissioner",
                            ),
                            ("council", "Council"),
                            ("care_charity", "Charity that gives care or support"),
                            ("other_charity", "Charity, campaign or research body"),
                            ("user_led", "User-led or peer group"),
                            ("other", "Housing, education, justice, employer or other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england", "England"),
                            ("scotland", "Scotland"),
                            ("wales", "Wales"),
                            ("northern_ireland", "Northern Ireland"),
                        ],
                        default="england",
                        max_length=20,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=100)),
                ("website", models.URLField(blank=True)),
                (
                    "ods_code",
                    models.CharField(
                        blank=True, max_length=10, verbose_name="ODS code"
                    ),
                ),
                ("charity_number", models.CharField(blank=True, max_length=12)),
                (
                    "serves",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="whom it serves"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("whole", "The whole organisation"),
                            ("service", "One service or team"),
                        ],
                        default="whole",
                        max_length=10,
                    ),
                ),
                (
                    "scope_name",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="service or team"
                    ),
                ),
                (
                    "domains",
                    models.JSONField(
                        blank=True, default=list, help_text="Codes of Domain."
                    ),
                ),
                (
                    "sponsor_role",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="role of the senior sponsor",
                    ),
                ),
                (
                    "co_lead",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("named", "Named"),
                            ("recruiting", "Being looked for"),
                        ],
                        max_length=10,
                        verbose_name="lived-experience co-lead",
                    ),
                ),
                (
                    "co_lead_by",
                    models.DateField(
                        blank=True, null=True, verbose_name="co-lead found by"
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No, or not everybody")],
                        max_length=5,
                        verbose_name="people are paid",
                    ),
                ),
                ("why_not_paid", models.TextField(blank=True, max_length=1000)),
                (
                    "own_words",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        verbose_name="commitment in its own words",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "reference",
                    models.CharField(editable=False, max_length=20, unique=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Not sent yet"),
                            ("sent", "Waiting for you to confirm your email address"),
                            ("waiting", "A steward is looking at it"),
                            ("question", "We have a question for you"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "search_text",
                    organisations.models.entry.FoldedField(
                        default="", editable=False, sources=("name", "area")
                    ),
                ),
                ("applicant_name", models.CharField(blank=True, max_length=100)),
                ("applicant_role", models.CharField(blank=True, max_length=100)),
                ("applicant_email", models.EmailField(blank=True, max_length=254)),
                ("sponsor_email", models.EmailField(blank=True, max_length=254)),
                ("co_lead_name", models.CharField(blank=True, max_length=100)),
                (
                    "milestones",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What by when: [text, date] for each.",
                    ),
                ),
                ("wants_training", models.BooleanField(default=False)),
                ("has_promised", models.BooleanField(default=False)),
                (
                    "half_typed",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What a draft holds that no column takes yet, by field, as typed.",
                    ),
                ),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("token_expires_at", models.DateTimeField(null=True)),
                ("sponsor_token_hash", models.CharField(blank=True, max_length=64)),
                ("sponsor_token_expires_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("email_confirmed_at", models.DateTimeField(null=True)),
                ("sponsor_confirmed_at", models.DateTimeField(null=True)),
                ("sponsor_declined_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, max_length=2000)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_up",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["state", "sent_at"], name="sign_up_by_state")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["approved", "declined"]),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["approved", "declined"]),
                                    _negated=True,
                                ),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="sign_up_decided_by_somebody",
                        violation_error_message="A decision needs who and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation__isnull", False), ("state", "approved")
                            ),
                            models.Q(
                                models.Q(("state", "approved"), _negated=True),
                                ("organisation__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="sign_up_approved_has_organisation",
                        violation_error_message="An approved sign-up has its organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            models.Q(
                                ("has_promised", True),
                                ("sent_at__isnull", False),
                                models.Q(("applicant_email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sign_up_sent_is_whole",
                        violation_error_message="A sign-up is sent with its promise and address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "sent", "withdrawn"]),
                            ("email_confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sign_up_waiting_is_confirmed",
                        violation_error_message="The email address is not confirmed yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sponsor_confirmed_at", None),
                            ("sponsor_declined_at", None),
                            _connector="OR",
                        ),
                        name="sign_up_sponsor_says_one_thing",
                        violation_error_message="A sponsor says yes or no.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token_hash", ""), _negated=True),
                        fields=("token_hash",),
                        name="sign_up_token_once",
                        violation_error_message="This link is taken.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sponsor_token_hash", ""), _negated=True),
                        fields=("sponsor_token_hash",),
                        name="sign_up_sponsor_token_once",
                        violation_error_message="This link is taken.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUpMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("answer", "Answer"),
                            ("note", "Note that only stewards see"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(max_length=4000)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sign_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="organisations.signup",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", None), ("kind", "answer")),
                            models.Q(
                                models.Q(("kind", "answer"), _negated=True),
                                ("by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sign_up_message_by_a_steward_or_applicant",
                        violation_error_message="A question or note needs its steward.",
                    )
                ],
            },
        ),
    ]
