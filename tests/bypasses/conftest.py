"""Left out where they cannot be shown: two connections wait for each other's rows on PostgreSQL
only.
"""

from __future__ import annotations

from django.conf import settings

collect_ignore = (
    []
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]
    else ["test_12_two_connections.py"]
)
