"""Health of the installation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from mingzheng.jobs.acts import last_beat


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when web, database, store, worker and sealer answer; else 503 and which."""
    state = {
        "web": True,
        "database": _database(),
        "store": _store(),
        "worker": False,
        "sealer": False,
    }
    if state["database"]:
        for name in ("worker", "sealer"):
            seen = last_beat(name)
            state[name] = seen is not None and timezone.now() - seen < timedelta(seconds=60)
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _store() -> bool:
    try:
        folder = Path(settings.STORE)
        folder.mkdir(parents=True, exist_ok=True)
        return folder.is_dir()
    except OSError:
        return False
