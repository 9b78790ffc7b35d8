import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("organisations", "__first__"),
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
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
                    "scope",
                    models.CharField(
                        choices=[
                            ("organisation", "The whole organisation"),
                            ("service", "A service or team"),
                            ("project", "A project"),
                        ],
                        max_length=20,
                    ),
                ),
                ("scope_name", models.CharField(blank=True, max_length=100)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("answering", "Answering"),
                            ("locked", "Our view is locked"),
                        ],
                        default="answering",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="standards.edition",
                    ),
                ),
                (
                    "locked_by",
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
                        related_name="assessments",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "answering")),
                        fields=("organisation", "scope", "scope_name"),
                        name="assessment_under_way_once",
                        violation_error_message="An assessment of this is under way already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope", "organisation"), ("scope_name", "")),
                            models.Q(
                                models.Q(("scope", "organisation"), _negated=True),
                                models.Q(("scope_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_scope_named",
                        violation_error_message="Name the service, team or project.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("locked_at__isnull", True), ("locked_by__isnull", True)
                            ),
                            models.Q(
                                ("locked_at__isnull", False),
                                ("locked_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_locked_pair",
                        violation_error_message="Locking needs a person and a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("locked_at__isnull", True), ("status", "answering")
                            ),
                            models.Q(
                                models.Q(("status", "answering"), _negated=True),
                                ("locked_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_locked_has_time",
                        violation_error_message="A locked assessment needs its time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
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
                ("is_core", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unanswered", "Not answered"),
                            ("answered", "Answered"),
                            ("dont_know", "Don't know yet"),
                            ("not_applicable", "Does not apply"),
                        ],
                        default="unanswered",
                        max_length=20,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(null=True)),
                (
                    "not_applicable_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_own_care", "We give no individual care"),
                            ("no_carers", "No carers are in scope"),
                            ("no_staff", "We have no staff"),
                            ("not_allowed", "The law or the setting prevents it"),
                            ("another_body", "Another body covers it"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=10000)),
                ("is_finished", models.BooleanField(default=False)),
                ("is_locked", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "standard"), name="response_standard_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("level__isnull", False),
                                ("level__range", (0, 4)),
                                ("state", "answered"),
                            ),
                            models.Q(
                                models.Q(("state", "answered"), _negated=True),
                                ("level__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="response_level_when_answered",
                        violation_error_message="Choose one of the levels.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "not_applicable"),
                                models.Q(("not_applicable_because", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "not_applicable"), _negated=True),
                                ("not_applicable_because", ""),
                            ),
                            _connector="OR",
                        ),
                        name="response_not_applicable_has_reason",
                        violation_error_message="Say why it does not apply.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_applicable"), _negated=True),
                            ("is_core", False),
                            _connector="OR",
                        ),
                        name="response_core_always_applies",
                        violation_error_message="A core standard always applies.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_finished", False),
                            models.Q(("state", "unanswered"), _negated=True),
                            _connector="OR",
                        ),
                        name="response_finished_has_answer",
                        violation_error_message="Answer before you finish.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("saved_at__isnull", True),
                                ("saved_by__isnull", True),
                                ("version", 0),
                            ),
                            models.Q(
                                ("saved_at__isnull", False),
                                ("saved_by__isnull", False),
                                ("version__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="response_saved_pair",
                        violation_error_message="A saved response has a person and a time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("dated_on", models.DateField(null=True)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("document", "A document"),
                            ("number", "A number"),
                            ("account", "An account from people"),
                            ("seen", "Seen for ourselves"),
                            ("change", "A decision or a change"),
                            ("outside_view", "A view from outside"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_public", models.BooleanField(default=False)),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="assessments.response",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("response", "position"), name="evidence_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__range", (1, 3))),
                        name="evidence_three_at_most",
                        violation_error_message="Give three pieces of evidence at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("link", ""),
                            ("link__startswith", "https://"),
                            ("link__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="evidence_link_is_web",
                        violation_error_message="A link starts with https:// or http://.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="evidence_has_title",
                        violation_error_message="Give the evidence a title.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseRevision",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("saved", "Saved"),
                            ("rejected", "Not saved: somebody else was first"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unanswered", "Not answered"),
                            ("answered", "Answered"),
                            ("dont_know", "Don't know yet"),
                            ("not_applicable", "Does not apply"),
                        ],
                        max_length=20,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(null=True)),
                (
                    "not_applicable_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_own_care", "We give no individual care"),
                            ("no_carers", "No carers are in scope"),
                            ("no_staff", "We have no staff"),
                            ("not_allowed", "The law or the setting prevents it"),
                            ("another_body", "Another body covers it"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("is_finished", models.BooleanField()),
                ("evidence", models.JSONField(help_text="A list, as it was typed.")),
                ("saved_at", models.DateTimeField()),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="assessments.response",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("response"),
                        models.F("saved_by"),
                        models.F("outcome"),
                        name="revision_by_author",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "saved")),
                        fields=("response", "version"),
                        name="revision_version_once",
                    )
                ],
            },
        ),
    ]
