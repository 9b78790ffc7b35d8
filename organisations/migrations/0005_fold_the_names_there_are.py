from django.db import migrations


def fold(apps, schema_editor):
    # A row's words are folded when it is saved.
    Organisation = apps.get_model("organisations", "Organisation")
    for organisation in Organisation.objects.iterator():
        organisation.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_register_sign_up_and_console")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
