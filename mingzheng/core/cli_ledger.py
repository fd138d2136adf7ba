"""`mingzheng ledger verify PATH|URL|FILE.tlog-proof --vkey KEY …`: needs no database, no server,
no installation.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from mingzheng.core.clock import ZONE
from mingzheng.core.ledger.auditing import Report, verify
from mingzheng.core.ledger.notes import NoteFault, Verifier
from mingzheng.core.ledger.opening import Opening
from mingzheng.core.ledger.sm2 import Lacking
from mingzheng.core.ledger.tiles import Address, Directory, Source, Unreachable


def add_ledger_commands(parser: argparse.ArgumentParser) -> None:
    """Put the sub-commands of `ledger` on a parser."""
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command")
    check = commands.add_parser("verify", help="核对整个存证日志，或者一份证明文件")
    check.add_argument("what", metavar="对象", help="日志目录、日志网址，或者 .tlog-proof 证明文件")
    check.add_argument(
        "--vkey",
        metavar="公钥",
        action="append",
        required=True,
        help="存证日志的公钥，形如 名称+编号+base64；Ed25519 和 SM2 的可各写一次",
    )
    check.add_argument(
        "--witness", metavar="公钥", action="append", default=[], help="认可的见证方公钥，可写多次"
    )
    check.add_argument(
        "--quorum", metavar="个数", type=int, default=0, help="至少要有几个认可的见证"
    )
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(answer=_verify)


def _verify(options: argparse.Namespace) -> int:
    try:
        key, *also = [Verifier.read(text) for text in options.vkey]
        witnesses = [Verifier.read(text) for text in options.witness]
    except NoteFault as fault:
        sys.stderr.write(f"公钥读不通：{fault}\n")
        return 2
    try:
        if Path(options.what).is_file():
            report, content = _proof(Path(options.what), key, witnesses, options.quorum, also)
        else:
            report, content = (
                verify(_source(options.what), key, witnesses, options.quorum, also),
                None,
            )
    except Unreachable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Lacking as error:
        sys.stderr.write(f"无法核对：{error}\n")
        return 2
    sys.stdout.write(_json(report, content) if options.json else _text(report, content))
    return 0 if report.well else 1


def _source(what: str) -> Source:
    if what.startswith(("http://", "https://")):
        return Address(what)
    if not Path(what).is_dir():
        raise Unreachable(f"没有“{what}”这个目录或者文件")
    return Directory(Path(what))


def _proof(
    path: Path, key: Verifier, witnesses: list[Verifier], quorum: int, also: list[Verifier]
) -> tuple[Report, Any]:
    report = Report()
    try:
        opening = Opening.read(path.read_bytes())
        report.head, report.witnesses = opening.check(key, witnesses, quorum, also)
        return report, {"index": opening.index, "content": json.loads(opening.text)}
    except (NoteFault, ValueError) as fault:
        report.faults.append(f"证明不成立：{fault}。")
    except OSError as error:
        raise Unreachable(f"{path} 读不出来：{error.strerror}") from error
    return report, None


def _when(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, ZONE):%Y-%m-%d %H:%M:%S}"


def _json(report: Report, content: Any) -> str:
    head = report.head
    answer = {
        "ok": report.well,
        "faults": report.faults,
        "origin": head.origin if head else None,
        "size": head.size if head else None,
        "root": head.root.hex() if head else None,
        "witnesses": {
            name: datetime.fromtimestamp(moment, ZONE).isoformat()
            for name, moment in report.witnesses.items()
        },
    }
    return json.dumps(answer | ({"entry": content} if content else {}), ensure_ascii=False) + "\n"


def _text(report: Report, content: Any) -> str:
    if not report.well or report.head is None:
        return "".join(f"{fault}\n" for fault in report.faults)
    seen = "".join(f"见证：{name}，{_when(moment)}\n" for name, moment in report.witnesses.items())
    if content:
        return (
            f"内容与封存的一致：{report.head.origin} 第 {content['index']} 号（共"
            f" {report.head.size} 条）\n{seen}"
            f"{json.dumps(content['content'], ensure_ascii=False, indent=2)}\n"
        )
    return (
        f"全部一致：{report.head.origin} 共 {report.head.size} 条\n树根"
        f" {report.head.root.hex()}\n{seen}"
    )
