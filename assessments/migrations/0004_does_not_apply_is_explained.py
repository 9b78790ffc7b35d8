from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_draft")]

    operations = [
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(reason=""),
                name="response_not_applicable_is_explained",
                violation_error_message="Say in a sentence why it does not apply.",
            ),
        ),
    ]
