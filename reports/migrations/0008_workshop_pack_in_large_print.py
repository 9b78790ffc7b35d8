"""A workshop pack in large print is no kind of its own any more."""

from django.db import migrations


def tell_apart(apps, schema_editor):
    reports = apps.get_model("reports", "Report").objects
    reports.filter(kind="workshop_large").update(kind="workshop", is_large=True)


def put_back(apps, schema_editor):
    reports = apps.get_model("reports", "Report").objects
    reports.filter(kind="workshop", is_large=True).update(
        kind="workshop_large", is_large=False
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_large_print")]

    operations = [migrations.RunPython(tell_apart, put_back)]
