from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_check_code")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full_record", "Full record"),
                    ("board_paper", "Board paper"),
                    ("plain_summary", "Plain summary"),
                    ("easy_read", "Easy read"),
                    ("certificate", "Certificate of commitment"),
                    ("workshop", "Workshop pack"),
                ],
                default="full_record",
                max_length=20,
            ),
        ),
    ]
