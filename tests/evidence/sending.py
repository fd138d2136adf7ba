"""A sender for tests: speaks tus through Django's own client, signed in as an officer of the
cast.
"""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

from django.test import Client

from mingzheng.evidence.models import Upload
from mingzheng.site.demo import founding

BYTES = "application/offset+octet-stream"


class Broken(io.BytesIO):
    """A connection that ends before everything has come."""


class Sender:
    """One person, who signs in or has the cookie of having done so."""

    def __init__(self, login: str = "wg-01", cookie: str = "") -> None:
        self.client = Client()
        if cookie:
            self.client.cookies["sessionid"] = cookie
            return
        answer = self.client.post("/login", {"login": login, "password": founding.PASSWORD})
        assert answer.status_code == 302

    def ask(self, method: str, path: str, body: bytes = b"", **headers: Any) -> Any:
        """A request with the protocol's version; keyword names are header names."""
        extra = {
            f"HTTP_{name.upper()}": str(value)
            for name, value in headers.items()
            if not name.startswith("wsgi")
        }
        extra.setdefault("HTTP_TUS_RESUMABLE", "1.0.0")
        if "wsgi_input" in headers:
            extra |= {
                "wsgi.input": headers["wsgi_input"],
                "CONTENT_LENGTH": str(headers["wsgi_length"]),
                "CONTENT_TYPE": BYTES,
            }
        return self.client.generic(
            method, path, body, content_type=BYTES if method in ("PATCH", "POST") else "", **extra
        )

    def begin(self, length: int, body: bytes = b"", **said: str) -> Any:
        """POST; answers the response, whose `code` is the transfer's."""
        pairs = ",".join(
            f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in said.items()
        )
        headers = {"upload_length": length, "upload_metadata": pairs}
        path = "/desk/uploads"
        extra = {f"HTTP_{name.upper()}": str(value) for name, value in headers.items()} | {
            "HTTP_TUS_RESUMABLE": "1.0.0"
        }
        answer = self.client.generic(
            "POST", path, body, content_type=BYTES if body else "", **extra
        )
        answer.code = answer.headers.get("Location", "").rsplit("/", 1)[-1]
        return answer

    def patch(self, code: str, offset: int, body: bytes, **headers: Any) -> Any:
        """Go on from `offset`."""
        return self.ask("PATCH", f"/desk/uploads/{code}", body, upload_offset=offset, **headers)

    def broken(self, code: str, offset: int, came: bytes, announced: int, **headers: Any) -> Any:
        """Announce so many bytes, and lose the line after `came`."""
        return self.patch(
            code, offset, b"", wsgi_input=Broken(came), wsgi_length=announced, **headers
        )

    def head(self, code: str) -> Any:
        """How far is it?"""
        return self.ask("HEAD", f"/desk/uploads/{code}")

    def send(self, body: bytes, **said: str) -> Upload:
        """A whole file; the stored row."""
        answer = self.patch(self.begin(len(body), **said).code, 0, body)
        assert answer.status_code == 204, answer.content.decode()
        return Upload.objects.order_by("-pk")[0]


def checksum(body: bytes, name: str = "sha1") -> str:
    """The header of a chunk."""
    return f"{name} {base64.b64encode(hashlib.new(name, body).digest()).decode()}"
