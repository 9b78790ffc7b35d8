from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_evidence_by_duty")]

    operations = [
        migrations.RemoveConstraint(
            model_name="report", name="report_certificate_one_under_way"
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("assessment__isnull", True),
                    ("status__in", ["queued", "rendering"]),
                ),
                fields=("organisation", "kind", "is_large", "requested_by"),
                name="report_certificate_one_under_way",
                violation_error_message="You have already asked for this report.",
            ),
        ),
    ]
