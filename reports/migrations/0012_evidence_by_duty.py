from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_take_out")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="about",
            field=models.CharField(
                blank=True,
                default="",
                help_text="For evidence by duty: the code of the duty, or the name of its set.",
                max_length=60,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full_record", "Full record"),
                    ("board_paper", "Board paper"),
                    ("plain_summary", "Plain summary"),
                    ("easy_read", "Easy read"),
                    ("duties", "Evidence by duty"),
                    ("certificate", "Certificate of commitment"),
                    ("workshop", "Workshop pack"),
                    ("take_out", "Archive of all that you own"),
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
                fields=("assessment", "kind", "is_large", "about", "requested_by"),
                name="report_one_under_way",
                violation_error_message="You have already asked for this report.",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "duties"), models.Q(("about", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("kind", "duties"), _negated=True), ("about", "")
                    ),
                    _connector="OR",
                ),
                name="report_duties_are_named",
                violation_error_message="Say which duty, or which set of them.",
            ),
        ),
    ]
