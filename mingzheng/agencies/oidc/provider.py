"""Which provider signs people in: one file in the data directory, that only the operator writes.

A file that is wrong connects nothing; people then sign in with their passwords, and the doctor says
what is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.core import lines

OWN = "oidc.toml"
NEEDED = ("issuer", "client_id")
LISTS = ("scopes", "second_acr", "second_amr", "origins")


@dataclass(frozen=True)
class Provider:
    """How the provider is reached, and what of its word is taken.

    `claim` is the claim that is the login here. `second_acr`, `second_amr` are values that say that
    the provider asked for a second factor itself. `origins` are further origins that its endpoints
    may lie on; without them they lie on that of the issuer. `again`: whoever still has a session there
    is asked to sign in all the same, as computers that several share want it.
    """

    issuer: str
    client_id: str
    name: str = "统一身份认证"
    client_secret_file: str = ""
    claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile")
    second_acr: tuple[str, ...] = ()
    second_amr: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    again: bool = False

    def secret(self) -> str:
        """The client's secret; empty for a public client, whom PKCE alone protects. OSError where the
        file can't be read.
        """
        if not self.client_secret_file:
            return str(settings.OIDC_SECRET)
        return self.secret_place().read_text(encoding="utf-8").strip()

    def secret_place(self) -> Path:
        """Where the secret lies; a relative name is one in the data directory."""
        return Path(settings.DATA) / self.client_secret_file

    def may_be_at(self, address: object) -> bool:
        """Whether the provider's endpoints may lie there: what a document says that came over the
        network leads nowhere else.
        """
        allowed = {lines.origin(each) for each in (self.issuer, *self.origins)}
        return isinstance(address, str) and lines.origin(address) in allowed - {""}


def read() -> Provider | None:
    """The provider, or None where none is connected."""
    return _read()[0]


def faults() -> list[str]:
    """What is wrong with the file, each as a sentence that says what to do."""
    found, said = _read()
    return [*said, *(_secret_faults(found) if found else ())]


def _secret_faults(found: Provider) -> Iterator[str]:
    place = found.secret_place()
    if not found.client_secret_file:
        return
    try:
        empty = not found.secret()
    except (OSError, UnicodeDecodeError):
        yield f"{OWN} 的 client_secret_file 写的 {place} 不在或者读不了，请放好并让平台的用户能读。"
        return
    if empty:
        yield f"{place} 是空的，请写入统一身份认证发给本系统的客户端密钥。"
    if place.stat().st_mode & 0o077:
        yield f"客户端密钥 {place} 能被其他账号读取，请运行 chmod 600 {place}，并向统一身份认证换一个新的。"


def _read() -> tuple[Provider | None, tuple[str, ...]]:
    path = Path(settings.DATA) / OWN
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None, ()
    except OSError:
        return None, (f"{path} 读不了，统一身份认证没有接通。请检查它的权限。",)


@lru_cache(maxsize=4)
def _parsed(path: Path, changed: int) -> tuple[Provider | None, tuple[str, ...]]:
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (f"{path} 不是有效的 TOML：{error}。统一身份认证没有接通，请改正。",)
    if said := tuple(f"{path} {each}。统一身份认证没有接通，请改正。" for each in _wrong(held)):
        return None, said
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in held.items()
    }
    return Provider(**given), ()


def _wrong(held: dict[str, Any]) -> Iterator[str]:
    if "client_secret" in held:
        yield "不能写 client_secret：密钥放进单独的文件（0600），写 client_secret_file"
    known = {each.name for each in fields(Provider)} | {"client_secret"}
    if unknown := sorted(set(held) - known):
        yield f"有不认识的字段：{'、'.join(unknown)}；可以写：{'、'.join(sorted(known))}"
    if lacking := [name for name in NEEDED if not held.get(name)]:
        yield f"缺少：{'、'.join(lacking)}"
    for name, value in held.items():
        if name in LISTS:
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                yield f'的 {name} 要写成列表，例如 {name} = ["…"]'
        elif name == "again":
            if not isinstance(value, bool):
                yield "的 again 要写成 true 或者 false"
        elif name in known and not (isinstance(value, str) and value.strip()):
            yield f"的 {name} 要写成带引号的文字，不能空着"
    yield from _wrong_values(held)


def _wrong_values(held: dict[str, Any]) -> Iterator[str]:
    issuer, origins, scopes = (held.get(name) for name in ("issuer", "origins", "scopes"))
    if isinstance(issuer, str) and issuer and (not lines.origin(issuer) or set("?#") & set(issuer)):
        yield "的 issuer 要用 https 地址（本机地址除外），后面不带 ? 和 #"
    for each in origins if isinstance(origins, list) else ():
        if isinstance(each, str) and not lines.origin(each):
            yield f"的 origins 里“{each}”要用 https 地址（本机地址除外）"
    if isinstance(scopes, list) and "openid" not in scopes:
        yield '的 scopes 里必须有 "openid"'
