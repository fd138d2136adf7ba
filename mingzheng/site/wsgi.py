"""The WSGI application."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")

from django.core.wsgi import get_wsgi_application

from mingzheng.pages.front import before
from mingzheng.site import processes
from mingzheng.site.gate import Gate

# A web process whose master is gone would answer on with an old program, and hold the port.
processes.die_with_parent()
application = before(Gate(get_wsgi_application()))
# Chapters have spoken only now that Django is set up.
import_module("mingzheng.site.registrations").refuse_half()
