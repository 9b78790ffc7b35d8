import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
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
                ("code", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("version", models.CharField(max_length=20)),
                ("jurisdiction", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        max_length=20,
                    ),
                ),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "review_note",
                    models.TextField(
                        help_text="Who has checked the content, and who has not yet."
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of the source.", max_length=64),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("jurisdiction", "language", "version"),
                        name="edition_version_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            ("published_on__isnull", False),
                            _connector="OR",
                        ),
                        name="edition_published_has_date",
                        violation_error_message="A published edition needs its date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Domain",
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
                ("code", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=60)),
                ("description", models.TextField()),
                ("benefits", models.TextField()),
                ("examples", models.JSONField(help_text="A list of sentences.")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="domains",
                        to="standards.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"), name="domain_code_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
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
                ("value", models.PositiveSmallIntegerField()),
                ("word", models.CharField(max_length=40)),
                ("descriptor", models.TextField()),
                ("rule_of_thumb", models.TextField()),
                ("proof", models.TextField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="standards.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "value"), name="level_value_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__range", (0, 4))),
                        name="level_value_range",
                        violation_error_message="A level is 0, 1, 2, 3 or 4.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Principle",
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
                ("code", models.CharField(max_length=2)),
                ("slug", models.SlugField(max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("gloss", models.CharField(max_length=100)),
                ("question_organisation", models.TextField()),
                ("question_people", models.TextField()),
                ("why", models.TextField()),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="principles",
                        to="standards.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"), name="principle_code_once"
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "slug"), name="principle_slug_once"
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "position"), name="principle_position_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standard",
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
                ("code", models.CharField(max_length=4)),
                ("title", models.CharField(max_length=100)),
                ("statement", models.TextField()),
                ("why", models.TextField()),
                ("is_core", models.BooleanField()),
                ("level_three", models.TextField(help_text="What level 3 looks like.")),
                ("not_applicable_rule", models.TextField()),
                (
                    "example_evidence",
                    models.JSONField(help_text="A list of short phrases."),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(help_text="Inside its principle."),
                ),
                (
                    "domains",
                    models.ManyToManyField(
                        related_name="standards", to="standards.domain"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standards",
                        to="standards.edition",
                    ),
                ),
                (
                    "principle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standards",
                        to="standards.principle",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"), name="standard_code_once"
                    ),
                    models.UniqueConstraint(
                        fields=("principle", "position"), name="standard_position_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                    "audience",
                    models.CharField(
                        choices=[
                            ("service_user", "People who use services"),
                            ("carer", "Carers, family and friends"),
                            ("staff", "Staff"),
                            ("own_care", "People, about their own care"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("standard", "audience"), name="question_audience_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelSentence",
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
                ("text", models.TextField()),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sentences",
                        to="standards.level",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="level_sentences",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("standard", "level"), name="level_sentence_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
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
                ("text", models.TextField()),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("standard", "position"), name="indicator_position_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                ("code", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                (
                    "family",
                    models.CharField(
                        help_text="The heading it is listed under.", max_length=60
                    ),
                ),
                ("body", models.CharField(help_text="Who issued it.", max_length=100)),
                ("jurisdiction", models.CharField(max_length=60)),
                (
                    "applies_to",
                    models.JSONField(help_text="A list of kinds of organisation."),
                ),
                (
                    "summary",
                    models.TextField(help_text="What it asks, in plain words."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("current", "Current"),
                            ("being_replaced", "Being replaced"),
                            ("not_yet_in_force", "Not yet fully in force"),
                            ("historic", "Historic"),
                            ("to_be_checked", "To be checked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("status_note", models.TextField(blank=True)),
                ("address", models.URLField(blank=True, max_length=500)),
                ("checked_on", models.DateField(blank=True, null=True)),
                ("checked_by", models.CharField(blank=True, max_length=100)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="standards.edition",
                    ),
                ),
                (
                    "standards",
                    models.ManyToManyField(
                        related_name="duties", to="standards.standard"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"), name="duty_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "to_be_checked"),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="duty_confirmed_has_address",
                        violation_error_message="A duty without a confirmed source is still to be checked.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_by", ""), ("checked_on__isnull", True)),
                            models.Q(
                                ("checked_on__isnull", False),
                                models.Q(("checked_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="duty_checked_by_person",
                        violation_error_message="Say who checked the source, and when.",
                    ),
                ],
            },
        ),
    ]
