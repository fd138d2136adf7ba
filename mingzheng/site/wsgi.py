"""The WSGI application."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")

from django.core.wsgi import get_wsgi_application

from mingzheng.pages.front import before

application = before(get_wsgi_application())
# Chapters have spoken only now that Django is set up.
import_module("mingzheng.site.registrations").refuse_half()
