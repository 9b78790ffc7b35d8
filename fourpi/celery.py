"""The Celery application.

The database row is the job and the broker only a doorbell, so there is no result
backend and no beat: see docs/decisions/0004.
"""

import os

from celery import Celery


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourpi.settings")

app = Celery("fourpi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# By name, because Django is not set up yet when this module is imported.
app.steps["worker"].update(
    f"fourpi.doorbell:{step}" for step in ("SafeBroker", "WarmStart", "Doorbell")
)
