"""Health of the installation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from mingzheng.jobs.acts import last_beat
from mingzheng.records.seal import keys


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when web, database, store, worker and sealer answer; else 503 and which. `status` is alive,
    degraded where the sealer runs and refuses to sign, or down.
    """
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
    up = all(state.values())
    status = "down" if not up else "degraded" if keys.last_trouble() else "alive"
    return JsonResponse({**state, "status": status}, status=200 if up else 503)


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
