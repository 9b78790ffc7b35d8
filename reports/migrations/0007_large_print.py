from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_workshop_pack")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="is_large",
            field=models.BooleanField(default=False, verbose_name="in large print"),
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full_record", "Full record"),
                    ("board_paper", "Board paper"),
                    ("certificate", "Certificate of commitment"),
                    ("workshop", "Workshop pack"),
                ],
                default="full_record",
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(model_name="report", name="report_one_under_way"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["queued", "rendering"])),
                fields=("assessment", "kind", "is_large", "requested_by"),
                name="report_one_under_way",
                violation_error_message="You have already asked for this report.",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="report", name="report_kind_has_assessment"
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("kind", "certificate"), _negated=True),
                        ("assessment__isnull", False),
                    ),
                    models.Q(("assessment__isnull", True), ("kind", "certificate")),
                    _connector="OR",
                ),
                name="report_kind_has_assessment",
                violation_error_message="A record is of an assessment.",
            ),
        ),
    ]
