from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def take_the_time_it_was_asked_for(apps, schema_editor):
    apps.get_model("reports", "Report").objects.update(queued_at=F("requested_at"))


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="queued_at",
            field=models.DateTimeField(
                default=timezone.now,
                help_text="When it last joined the queue: later than requested_at if tried again.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(
            take_the_time_it_was_asked_for, migrations.RunPython.noop, elidable=True
        ),
    ]
