import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0004_register_sign_up_and_console"),
        ("reports", "0002_queued_at"),
    ]
    operations = [
        migrations.AddField(
            model_name="report",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="organisations.organisation",
            ),
        ),
    ]
