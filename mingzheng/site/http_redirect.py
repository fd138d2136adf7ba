"""A page over plain http, from which a phone takes the authority's certificate before it can trust
the https address.
"""

from __future__ import annotations

import io
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import segno
from django.urls import reverse

from mingzheng.site.certificates import Held

_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>安装根证书 · 明证</title></head><body><main><h1>手机第一次使用：安装根证书</h1>
<p>只装一次。请确认您就在本机关的网络里，并且这个地址是同事当面给您的。</p>
<p><img src="/qr.svg" width="220" height="220" alt="本页地址的二维码，用手机扫"></p>
<ol><li><a href="/ca.crt">下载根证书</a></li>
<li>安卓：设置，安全，加密与凭据，安装证书，选“CA 证书”。</li>
<li>苹果：设置里点“已下载描述文件”安装；再到“通用，关于本机，证书信任设置”里打开。</li>
<li>装好以后打开 <a href="{secure}">{secure}</a></li></ol></main></body></html>"""


def answers(held: Held, address: str, port: int) -> dict[str, tuple[str, bytes]]:
    """Type and body by path: the page, its picture, the certificate."""
    page = _PAGE.format(secure=f"https://{address}:{port}{reverse('capture:capture')}").encode()
    drawn = io.BytesIO()
    segno.make(f"http://{address}:{port + 1}/ca", error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, scale=4
    )
    return {
        "/ca": ("text/html; charset=utf-8", page),
        "/qr.svg": ("image/svg+xml", drawn.getvalue()),
        "/ca.crt": ("application/x-x509-ca-cert", held.authority.read_bytes()),
    }


def answering(known: dict[str, tuple[str, bytes]]) -> type[BaseHTTPRequestHandler]:
    """A handler that knows these paths and nothing else."""

    class Answer(BaseHTTPRequestHandler):
        """Everything unknown leads to the page."""

        # Who says nothing is not waited for.
        timeout = 10

        def do_GET(self) -> None:
            """Answer, or lead to /ca."""
            found = known.get(self.path)
            self.send_response(200 if found else 302)
            kind, body = found or ("text/plain", b"")
            if not found:
                self.send_header("Location", "/ca")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Requests are not logged."""

    return Answer


def serve(held: Held, address: str, port: int, bind: str) -> None:
    """Listen on `port` + 1 of the address that the pages listen on, until killed."""
    ThreadingHTTPServer((bind, port + 1), answering(answers(held, address, port))).serve_forever()
