"""The WSGI entry point that gunicorn serves: Django, and ahead of it what diallers ask before each call."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")
ordinary = get_wsgi_application()
# By its name: apps are loaded by the line above.
application = import_string("lifecycle.api.dialling.CanCall")(ordinary)
