"""A line to another machine: where it may lead, and why it failed, in words for whoever has to ring
the other side up.
"""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

# Machines that are this one: to them a line needs no encryption.
NEAR = frozenset({"127.0.0.1", "localhost", "::1"})
# The first that fits.
_FAILED: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "对方的证书核对不过"),
    (ssl.SSLError, "加密连接没有建立"),
    (socket.gaierror, "找不到对方的地址"),
    (ConnectionRefusedError, "对方拒绝连接"),
    (TimeoutError, "对方没有应答"),
    (FileNotFoundError, "没有这个目录或者文件"),
    (PermissionError, "没有读写的权限"),
)


def why(error: Exception) -> str:
    """Why it failed."""
    return next((words for kind, words in _FAILED if isinstance(error, kind)), type(error).__name__)


def origin(address: str) -> str:
    """Scheme, host and port of an address that nobody can listen in on: https, or this machine's own;
    empty for any other.
    """
    try:
        where = urlsplit(address)
        host, port = where.hostname or "", where.port
    except ValueError:
        return ""
    if not host or "@" in where.netloc or any(char.isspace() for char in address):
        return ""
    if where.scheme != "https" and not (where.scheme == "http" and host in NEAR):
        return ""
    return f"{where.scheme}://{host}:{port or (443 if where.scheme == 'https' else 80)}"
