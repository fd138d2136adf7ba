"""What every page knows of the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mingzheng.core import clock


def installation(request: HttpRequest) -> dict[str, Any]:
    """Demo or not, and today."""
    return {"demo": settings.DEMO, "today": clock.today(), "now": clock.now()}
