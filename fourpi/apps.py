from django.apps import AppConfig


class FourpiConfig(AppConfig):
    name = "fourpi"
