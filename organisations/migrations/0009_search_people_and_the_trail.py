from django.db import migrations, models

import organisations.models.entry


def fold(apps, schema_editor):
    # A row's words are folded when it is saved.
    User = apps.get_model("organisations", "User")
    for user in User.objects.iterator():
        user.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    # PostgreSQL adds no index to a table that the same transaction has written to.
    dependencies = [("organisations", "0008_sign_up_keeps_half_typed")]
    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["subject"], name="audit_by_subject"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["subject_type", "verb", "at"], name="audit_by_verb"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="search_text",
            field=organisations.models.entry.FoldedField(
                default="", editable=False, sources=("name", "email")
            ),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
