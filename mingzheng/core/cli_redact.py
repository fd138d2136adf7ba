"""`mingzheng redact --policy NAME [--parties FILE]`: JSON Lines in, JSON Lines out; needs no
database.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from mingzheng.core import clock, redaction
from mingzheng.core.cli_law import regime_called
from mingzheng.core.redaction import Known
from mingzheng.core.regimes import BadFacts, PackFaults
from mingzheng.core.regimes.faults import hint

# A line longer than this is refused before it is held in memory whole.
LONGEST = 50_000_000
PARTY_KINDS = ("natural", "organisation", "individual-business", "trade-secret")
FIELDS = ("kind", "name", "identifier", "address", "phone", "representative", "role")


class Unreadable(ValueError):
    """What was given cannot be used; the message is Chinese and says where."""


def add_redact_options(parser: argparse.ArgumentParser) -> None:
    """Put the options of `redact` on a parser."""
    parser.add_argument(
        "--policy",
        metavar="策略",
        required=True,
        help="遮盖策略，如 strict、respondent-shown、organisation-covered",
    )
    parser.add_argument(
        "--parties",
        metavar="文件",
        help=(
            "本案人员和单位：JSON 数组，或者每行一个 JSON；键为 kind、name、identifier、address、"
            "phone、representative、role"
        ),
    )
    parser.add_argument(
        "--pack",
        metavar="规则包",
        default="national",
        help="从哪个规则包读策略：内置的名称，或者自己的 TOML 文件（默认 national）",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON（总是如此）")
    parser.set_defaults(answer=_redact)


def _redact(options: argparse.Namespace) -> int:
    try:
        policy, said = _policy(options.pack, options.policy)
        known = _parties(Path(options.parties)) if options.parties else ()
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    bad = 0
    for number, line in _lines(sys.stdin.buffer):
        try:
            row = _row(line)
            spans = redaction.find(row["text"], policy, known)
            answer = {
                "id": row["id"],
                "text": redaction.cover(row["text"], spans, said),
                "spans": [
                    {"start": each.start, "end": each.end, "kind": each.kind, "rule": each.rule}
                    for each in spans
                ],
            }
            # Lone surrogates have no UTF-8; they go out as they came in, escaped.
            sys.stdout.write(
                json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
                + "\n"
            )
        except Unreadable as error:
            bad += 1
            sys.stderr.write(f"第 {number} 行：{error}\n")
    return 1 if bad else 0


def _policy(pack: str, name: str) -> tuple[redaction.Policy, dict[str, str]]:
    try:
        regime, today = regime_called(pack), clock.today()
    except (BadFacts, PackFaults) as error:
        raise Unreadable(str(error)) from None
    known = redaction.policies(regime, today)
    if name not in known:
        raise Unreadable(f"没有遮盖策略“{name}”{hint(name, known)}；可用：{'、'.join(known)}")
    return known[name], {kind.id: kind.reads for kind in redaction.kinds(regime, today).values()}


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; of one that is too long only so much that it is seen to be."""
    number = 0
    while line := source.readline(LONGEST + 1):
        number += 1
        whole = line.endswith(b"\n") or len(line) <= LONGEST
        while not whole:
            rest = source.readline(1 << 20)
            whole = not rest or rest.endswith(b"\n")
        if line.strip():
            yield number, line


def _row(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise Unreadable(f"超过 {LONGEST // 1_000_000} MB，请拆成几行")
    row = _json(line)
    if not isinstance(row, dict) or "id" not in row or "text" not in row:
        raise Unreadable('每行应为 {"id", "text"}')
    if not isinstance(row["text"], str):
        raise Unreadable("text 应为文字")
    return row


def _json(said: bytes) -> Any:
    try:
        return json.loads(said.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("不是 UTF-8 文字") from None
    except (ValueError, RecursionError):
        raise Unreadable("不是合法的 JSON") from None


def _parties(path: Path) -> tuple[Known, ...]:
    try:
        said = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} 读不出来：{error.strerror}") from None
    if said.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        try:
            rows = list(enumerate(_json(said), 1))
        except Unreadable as error:
            raise Unreadable(f"{path}：{error}") from None
        return tuple(_party(row, f"{path} 第 {number} 项") for number, row in rows)
    out = []
    for number, line in enumerate(said.splitlines(), 1):
        if line.strip():
            try:
                out.append(_party(_json(line), f"{path} 第 {number} 行"))
            except Unreadable as error:
                raise Unreadable(
                    str(error)
                    if str(error).startswith(str(path))
                    else f"{path} 第 {number} 行：{error}"
                ) from None
    return tuple(out)


def _party(row: Any, where: str) -> Known:
    if not isinstance(row, dict) or not row.get("name") or "kind" not in row:
        raise Unreadable(f'{where}：应为 {{"kind", "name", …}}')
    if strange := sorted(set(row) - set(FIELDS)):
        raise Unreadable(f"{where}：不认识的键“{strange[0]}”{hint(strange[0], FIELDS)}")
    if wrong := sorted(
        name for name, value in row.items() if value is not None and not isinstance(value, str)
    ):
        raise Unreadable(f"{where}：{wrong[0]} 应为文字")
    if row["kind"] not in PARTY_KINDS:
        raise Unreadable(
            f"{where}：没有“{row['kind']}”这种当事人{hint(str(row['kind']), PARTY_KINDS)}；"
            f"可用：{'、'.join(PARTY_KINDS)}"
        )
    return Known(**{name: value for name, value in row.items() if value})
