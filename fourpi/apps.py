from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class FourpiConfig(AppConfig):
    name = "fourpi"

    def ready(self) -> None:
        # After the models are loaded, which triggers.py names.
        from . import triggers

        # Sent once for each app that has models; one is enough.
        sender = apps.get_app_config("organisations")
        pre_migrate.connect(triggers.before_migrate, sender=sender)
        post_migrate.connect(triggers.after_migrate, sender=sender)
