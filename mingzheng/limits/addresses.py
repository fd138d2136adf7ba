"""Whose address a request comes from: the peer's own, unless the peer is a proxy that we trust."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client(environ: Mapping[str, Any]) -> str:
    """The address in plain words.

    Behind proxies the header is read from its end, as each of them wrote what it saw; the first that
    is no proxy of ours is the client. What stands before it the client may have written himself.
    """
    peer = str(environ.get("REMOTE_ADDR") or "")
    here = _read(peer)
    if here is None or not _trusted(here):
        return str(here or peer)[:45]
    for word in reversed(str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        found = _read(word.strip())
        if found is None:
            break
        here = found
        if not _trusted(found):
            break
    return str(here)


def group(address: str) -> str:
    """What is counted as one: an IPv4 address, the /64 of an IPv6 address."""
    found = _read(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or "?")


def _read(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found


def _trusted(address: Address) -> bool:
    return any(address in network for network in networks(tuple(settings.PROXIES)))


@cache
def networks(words: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that MINGZHENG_PROXIES names; ValueError where one is none."""
    return [ipaddress.ip_network(word, strict=False) for word in words]
