from django.db import migrations
from django.db.models import OuterRef, Subquery


def name(apps, schema_editor):
    Report = apps.get_model("reports", "Report")
    Assessment = apps.get_model("assessments", "Assessment")
    own = Assessment.objects.filter(pk=OuterRef("assessment_id"))
    Report.objects.update(organisation_id=Subquery(own.values("organisation_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_report_names_its_organisation")]
    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
