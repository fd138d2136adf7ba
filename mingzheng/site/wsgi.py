"""The WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")

from django.core.wsgi import get_wsgi_application

from mingzheng.pages.front import before

application = before(get_wsgi_application())
