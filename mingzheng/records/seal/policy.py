"""witnesses.toml in the data directory: whom we ask to witness, whom we witness, which time-stamp
authority we ask.

quorum = 1
tsa_url = "http://tsa.example/"          # empty: no time stamps
tsa_ca = "tsa-ca.pem"                    # its root certificate, beside this file

[[witness]]                              # we ask
name = "市司法局"
url = "https://ledger.example/witness"
vkey = "ledger.example/witness+…"
role = "judicial"                        # superior | judicial | archive

[[log]]                                  # we witness
name = "某县平台"
vkey = "county.example/log+…"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.core.ledger.notes import COSIGNED, PLAIN, NoteFault, Verifier

WITNESS_ROLES = {"superior": "上级机关", "judicial": "司法行政机关", "archive": "档案馆"}


class PolicyFault(Exception):
    """witnesses.toml cannot be used; says what is wrong, in Chinese."""


@dataclass(frozen=True)
class Witness:
    """Somebody whom we ask for cosignatures."""

    name: str
    url: str
    key: Verifier
    role: str


@dataclass(frozen=True)
class Policy:
    """What the file says; everything empty where there is no file."""

    witnesses: tuple[Witness, ...] = ()
    quorum: int = 0
    logs: tuple[Verifier, ...] = ()
    tsa_url: str = ""
    tsa_ca: str = ""

    def log(self, origin: str) -> Verifier | None:
        """The key of a log that we witness."""
        return next((key for key in self.logs if key.name == origin), None)


def read() -> Policy:
    """The policy as the file stands now; PolicyFault when it cannot be used."""
    path = Path(settings.DATA) / "witnesses.toml"
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Policy()
    except (OSError, ValueError) as error:
        raise PolicyFault(f"witnesses.toml 读不出来：{error}") from error
    try:
        witnesses = tuple(_witness(row) for row in held.get("witness", []))
        quorum = held.get("quorum", 0)
        if not isinstance(quorum, int) or not 0 <= quorum <= len(witnesses):
            raise PolicyFault(f"witnesses.toml：quorum 应为 0 到 {len(witnesses)} 之间的整数")
        if len(
            {witness.name for witness in witnesses} | {str(witness.key) for witness in witnesses}
        ) != 2 * len(witnesses):
            raise PolicyFault("witnesses.toml：见证方的名称和公钥不得重复")
        logs = tuple(_key(row["vkey"], PLAIN) for row in held.get("log", []))
        return Policy(
            witnesses, quorum, logs, str(held.get("tsa_url", "")), str(held.get("tsa_ca", ""))
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise PolicyFault(f"witnesses.toml 缺少 {error} 一项") from error


def _witness(row: dict[str, Any]) -> Witness:
    if row["role"] not in WITNESS_ROLES:
        raise PolicyFault(f"witnesses.toml：role 只能是 {'、'.join(WITNESS_ROLES)}")
    url = str(row["url"]).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise PolicyFault(f"witnesses.toml：“{url}”不是网址")
    return Witness(str(row["name"]), url, _key(row["vkey"], COSIGNED), row["role"])


def _key(text: str, kind: int) -> Verifier:
    try:
        key = Verifier.read(text)
    except NoteFault as fault:
        raise PolicyFault(f"witnesses.toml：{fault}") from fault
    if key.kind != kind:
        raise PolicyFault(
            f"witnesses.toml：{key.name} 的公钥类型不对：日志用类型 1，见证方用类型 4"
        )
    return key
