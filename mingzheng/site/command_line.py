"""The `mingzheng` command. `workdays` and `law` need no database, so Django starts only for the
rest.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from mingzheng import __version__

USAGE = """用法：mingzheng 命令 [参数]

  workdays add DATE N --unit workday|day|month|year [--roll]   算期限
  law check PATH… | law explain PACK --on DATE --act KIND --facts FILE|-   规则
  ledger verify DIR|URL|FILE.tlog-proof --vkey KEY   核对存证日志或者证明文件（不需要数据库和网络）
  redact --policy NAME [--parties FILE]   遮盖：标准输入每行 {"id","text"}，逐行答出遮盖后的文字和遮盖之处
  verify      核对整个系统：记录重放、内容与指纹、文件
  doctor      体检：磁盘、日历、待办作业、字体、待确认的规则
  retry       停止的后台作业（制作失败的文书等），处理原因后重新做
  bench [NAME…]   deadlines workflow pages act lists ledger ingest redaction portal search：测速并与基线比
  found FILE  从一个文件登记机关、人员、账号、事项（正式使用的第一步，写法见 docs/running.md）
  account list|open|appoint|leave|disable|enable|unlock|reset …   本机操作账号（不写参数看用法）
  seal AGENCY FILE.p12   导入机关的电子印章证书（口令从标准输入读一行）
  import DIR --kind recordings --agency CODE [--yes] [--pattern RE]
              导入执法记录仪采集站的文件夹；不加 --yes 只看不收
  import FILE.xlsx --kind items|random --agency CODE [--yes] [--json]
              导入执法事项清单、随机抽查事项清单；不加 --yes 只核对
  demo        造演示数据（只在空库上造一次）
  migrate     建立或升级数据库
  seal-now    把等待存证的全部封存一次
  tls         为本机地址做 https 证书（平时由 run.py --tls 调用）
  serve | worker | sealer   网页进程、后台进程、存证进程（平时由 run.py 管理）

各命令都可加 --json。"""


# Commands that ask the tables something, and say what to do where there are none yet.
FOUNDED = {
    *("account", "demo", "doctor", "found", "import", "retry", "seal", "seal-now", "verify"),
}


def main(arguments: list[str]) -> int:
    """Exit code: 0 done, 1 refused or found something, 2 wrong usage, 3 provisional date."""
    name, rest = (arguments[0], _placed(arguments[1:])) if arguments else ("", [])
    if name in ("", "help", "--help", "-h"):
        print(USAGE, file=sys.stderr if not name else sys.stdout)
        return 0 if name else 2
    if name == "--version":
        print(f"明证 {__version__}")
        return 0
    if name in ("workdays", "law", "ledger", "redact"):
        from mingzheng.core import command_line

        return command_line.COMMANDS[name](rest)
    known: dict[str, Callable[[list[str]], int]] = {
        "migrate": migrate,
        "demo": demo,
        "found": found,
        "account": account,
        "serve": serve,
        "worker": worker,
        "sealer": sealer,
        "seal-now": seal_now,
        "seal": install_seal,
        "import": import_files,
        "verify": verify,
        "doctor": doctor,
        "retry": retry,
        "bench": bench,
        "django": django_admin,
        "tls": tls,
        "ca-page": ca_page,
    }
    if name not in known:
        print(f"没有“{name}”这个命令。\n\n{USAGE}", file=sys.stderr)
        return 2
    try:
        if name == "bench":
            return bench(rest)
        start_django()
        if name in FOUNDED and (said := unready()):
            return _answer(rest, [said], "")
        return known[name](rest)
    except OSError as error:
        print(
            f"没有完成：{error.strerror or error}。请检查数据目录是否可写、磁盘是否已满。",
            file=sys.stderr,
        )
        return 1


def _placed(rest: list[str]) -> list[str]:
    """`--data DIR` holds for every command, as MINGZHENG_DATA does; what is left of the arguments."""
    for at, each in enumerate(rest):
        name, given, value = each.partition("=")
        if name == "--data" and (given or at + 1 < len(rest)):
            os.environ["MINGZHENG_DATA"] = value if given else rest[at + 1]
            return [*rest[:at], *rest[at + (1 if given else 2) :]]
    return rest


def start_django() -> None:
    """Set Django up; move the clock where a demo installation asks for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")
    from mingzheng.site import processes

    processes.private()
    import django
    from django.conf import settings

    django.setup()
    wanted = os.environ.get("MINGZHENG_CLOCK")
    if wanted and settings.DEMO:
        from mingzheng.core import clock

        clock.start_demo_clock(datetime.fromisoformat(wanted))


def unready() -> str:
    """Why the database cannot be asked anything yet; empty when it can."""
    from mingzheng.site import doctor

    return doctor.unready()


def migrate(rest: list[str]) -> int:
    """Create or upgrade the database."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db.utils import OperationalError

    from mingzheng.records import effects
    from mingzheng.site import processes

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        print(f"数据库打不开：{error}。请检查 DATABASE_URL、磁盘空间和目录权限。", file=sys.stderr)
        return 1
    if stood := effects.open_balance():
        print(f"已为升级前就有的 {stood} 行数据建立封存起点。", file=sys.stderr)
    if opened := processes.tighten(Path(settings.DATA)):
        print(
            f"数据目录 {settings.DATA} 有 {opened} 处能被这台机器上的其他账号读取，"
            "已收紧为只有运行账号可读。",
            file=sys.stderr,
        )
    return 0


def demo(rest: list[str]) -> int:
    """Make the demo once."""
    from mingzheng.site.demo.make import make

    return make()


def found(rest: list[str]) -> int:
    """Found a real installation's bodies from a file."""
    from mingzheng.site.founding import report

    if len(rest) != 1:
        print("用法：mingzheng found FILE", file=sys.stderr)
        return 2
    return report(Path(rest[0]))


def account(rest: list[str]) -> int:
    """What the operator of the machine does with accounts."""
    from mingzheng.site.accounts import run

    return run(rest)


def install_seal(rest: list[str]) -> int:
    """Keep an agency's PKCS#12 certificate as its electronic seal; the password is a line of
    standard input.
    """
    from mingzheng.agencies.models import Agency
    from mingzheng.documents import sealing
    from mingzheng.documents.acts import seal_code
    from mingzheng.jobs.acts import again

    if len(rest) != 2:
        print(
            "用法：mingzheng seal AGENCY FILE.p12（机关代码见 found 的输出；口令从标准输入读一行，"
            "没有口令就空一行）",
            file=sys.stderr,
        )
        return 2
    agency = Agency.objects.filter(code=rest[0]).first()
    if agency is None:
        print(
            f"没有代码为 {rest[0]} 的机关。"
            f"现有：{'、'.join(Agency.objects.order_by('pk').values_list('code', flat=True))}",
            file=sys.stderr,
        )
        return 1
    try:
        data = Path(rest[1]).read_bytes()
    except OSError:
        print(f"文件 {rest[1]} 读不出来。请检查路径和权限。", file=sys.stderr)
        return 1
    try:
        name = sealing.install(seal_code(agency.pk), data, sys.stdin.readline().rstrip("\n"))
    except sealing.SealError as error:
        print(error, file=sys.stderr)
        return 1
    # Papers that waited for it.
    again("document.render")
    print(f"{agency.name}的电子印章已启用，证书主体：{name}")
    return 0


def import_files(rest: list[str]) -> int:
    """Bring in a collection folder of body cameras: looked at first, taken in with --yes."""
    from mingzheng.site.importing import run

    return run(rest)


def serve(rest: list[str]) -> int:
    """The web process."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    from mingzheng.site import gate

    # The workers ask for it: they end with this process, however it ends.
    os.environ["WEB_MASTER_PID"] = str(os.getpid())
    workers = int(os.environ.get("MINGZHENG_WORKERS") or 2)
    chain = key = None
    if os.environ.get("MINGZHENG_TLS"):
        from mingzheng.site import certificates

        held = certificates.held(settings.KEYS)
        chain, key = held.chain, held.key
    Granian(
        "mingzheng.site.wsgi:application",
        address=os.environ.get("MINGZHENG_BIND", "127.0.0.1"),
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=gate.threads(),
        backpressure=2 * gate.threads(),
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 << 10),
        # One that was killed is replaced at once, while the others answer.
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=10,
        log_access=False,
        log_enabled=False,
        ssl_cert=chain,
        ssl_key=key,
    ).serve()
    return 0


def tls(rest: list[str]) -> int:
    """Make the authority and the certificate where they are lacking; JSON of the addresses to
    standard output.
    """
    from django.conf import settings

    from mingzheng.site import certificates

    found = certificates.addresses()
    held = certificates.make(settings.KEYS, found)
    print(
        json.dumps(
            {
                "url": f"https://{found[0]}:{settings.PORT}",
                "hosts": ",".join([*found, "localhost", "[::1]"]),
                "ca": str(held.authority),
                "door": f"http://{found[0]}:{settings.PORT + 1}/ca",
            }
        )
    )
    return 0


def ca_page(rest: list[str]) -> int:
    """The page from which phones take the authority's certificate, over plain http beside the
    port.
    """
    from django.conf import settings

    from mingzheng.site import certificates, http_redirect

    http_redirect.serve(
        certificates.held(settings.KEYS),
        certificates.addresses()[0],
        settings.PORT,
        os.environ.get("MINGZHENG_BIND") or "127.0.0.1",
    )
    return 0


def worker(rest: list[str]) -> int:
    """The background process: renders papers, binds volumes, keeps the schedule."""
    from mingzheng.jobs.acts import run_forever

    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(1))
    signal.signal(signal.SIGINT, lambda *_: stopping.append(1))
    run_forever(lambda: bool(stopping))
    return 0


def sealer(rest: list[str]) -> int:
    """The process that holds the ledger's key: seals what waits, a few times a second."""
    from mingzheng.jobs.acts import beat
    from mingzheng.records.seal import running, witness_client

    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(1))
    signal.signal(signal.SIGINT, lambda *_: stopping.append(1))
    witness_client.look_around()
    running.run_forever(lambda: bool(stopping), lambda: beat("sealer"))
    return 0


def seal_now(rest: list[str]) -> int:
    """Seal everything that waits, once."""
    from mingzheng.records.seal import seal_pending
    from mingzheng.records.seal.keys import KeyFault
    from mingzheng.records.seal.rollback_guard import SealRefused

    try:
        print(f"已封存到第 {seal_pending()} 条。")
    except (SealRefused, KeyFault) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def verify(rest: list[str]) -> int:
    """Replay the record, recompute commitments, reread the store and the ledger."""
    from mingzheng.cases.memos import disagreements
    from mingzheng.portal import checking
    from mingzheng.records import effects
    from mingzheng.records import verify as record_verify
    from mingzheng.records.models import Act
    from mingzheng.records.seal.scrutiny import ledger_faults
    from mingzheng.site import schema

    if "--tables" in rest:
        return _tables(rest)
    rows = list(effects.faults())
    said = [*schema.faults(), *record_verify.disagreements(), *ledger_faults()]
    said += [*disagreements(), *checking.disagreements()]
    if "--json" not in rest:
        print("\n".join([*map(str, rows), *said]) or "核对完毕，没有发现不一致。")
        if opened := effects.opened():
            print(f"其中 {opened} 行是升级时就有的，从那时起才有封存的来历。")
        return int(bool(rows or said))
    faults: list[dict[str, object]] = [
        {"table": row.table, "id": row.id, "what": row.what, "act": (row.acts or (None,))[-1]}
        for row in rows
    ]
    faults += [{"table": None, "id": None, "what": each, "act": None} for each in said]
    counted = {"acts": Act.objects.count(), "rows": effects.rows()}
    print(json.dumps({"ok": not faults, **counted, "faults": faults}, ensure_ascii=False))
    return int(bool(faults))


def _tables(rest: list[str]) -> int:
    """Every table: kept, or working and why."""
    from mingzheng.site.tables import listed

    if "--json" in rest:
        told = [{"table": name, "kept": not why, "reason": why} for name, why in listed()]
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, why in listed():
        print("\t".join((name, "working", why) if why else (name, "kept")))
    return 0


def doctor(rest: list[str]) -> int:
    """Whatever needs a person, in plain Chinese."""
    from mingzheng.site.doctor import complaints, remarks

    found = list(complaints())
    if "--json" not in rest:
        for line in remarks():
            print(line)
    return _answer(rest, found, "一切正常。")


def retry(rest: list[str]) -> int:
    """Put the jobs that were given up back into the queue, once their cause is mended."""
    from mingzheng.jobs.acts import again

    print(f"已把 {again()} 项停止的后台作业放回队列，后台进程随后重新做。")
    return 0


def _answer(rest: list[str], faults: list[str], well: str) -> int:
    if "--json" in rest:
        print(json.dumps({"ok": not faults, "faults": faults}, ensure_ascii=False))
    else:
        print("\n".join(faults) if faults else well)
    return 1 if faults else 0


def bench(rest: list[str]) -> int:
    """Figures and ratios against a baseline in the same run."""
    from mingzheng.site.bench import BENCHES, run

    if {"-h", "--help"} & set(rest):
        print(
            "用法：mingzheng bench [名称……]，不写名称就全部测（可能要二十分钟）。"
            f"可选：{'、'.join(BENCHES)}。"
        )
        return 0
    names = rest
    if unknown := set(names) - set(BENCHES):
        print(
            f"没有“{'、'.join(sorted(unknown))}”这项测速，可选：{'、'.join(BENCHES)}。",
            file=sys.stderr,
        )
        return 2
    answer: dict[str, Any] = run(names)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def django_admin(rest: list[str]) -> int:
    """Django's own administration, for developers."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mingzheng django", *rest])
    return 0
