"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourpi.settings")
os.environ.setdefault("DATABASE_SECONDS", "4")

application = get_wsgi_application()
