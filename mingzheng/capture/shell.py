"""What makes the pages installable: manifest and service worker, under one version made from the
files themselves.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

STATIC = Path(__file__).parent / "static"
SHARED = (
    "mingzheng.css",
    "product.css",
    "icons.svg",
    "chop.svg",
    "signature.js",
    "vendor/tus.min.js",
)


@cache
def files() -> tuple[str, ...]:
    """Every file of the shell below /static/."""
    return (
        *SHARED,
        *sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()),
    )


@cache
def version() -> str:
    """Changes when any file of the shell does: then phones take the new shell."""
    made = hashlib.sha256(render_to_string("capture/shell.html").encode())
    made.update((Path(__file__).parent / "templates" / "capture" / "sw.js").read_bytes())
    for name in files():
        found = finders.find(name)
        assert isinstance(found, str), name
        made.update(Path(found).read_bytes())
    return made.hexdigest()[:16]


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """/capture/sw.js, allowed for /capture itself."""
    addresses = [
        reverse("capture:capture"),
        reverse("capture:manifest"),
        *(static(name) for name in files()),
    ]
    text = render_to_string(
        "capture/sw.js", {"version": version(), "addresses": json.dumps(addresses)}
    )
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("capture:capture")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """/capture/manifest.webmanifest."""
    icons = [
        {
            "src": static(f"capture/icon-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": "any",
        }
        for side in (192, 512)
    ]
    return JsonResponse(
        {
            "id": reverse("capture:capture"),
            "name": "明证现场采集",
            "short_name": "现场采集",
            "lang": "zh-CN",
            "start_url": reverse("capture:capture"),
            "scope": reverse("capture:capture"),
            "display": "standalone",
            "background_color": "#0C2C54",
            "theme_color": "#0C2C54",
            "icons": icons,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
