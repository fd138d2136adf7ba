"""体检: what needs a person, and what is worth knowing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from mingzheng.agencies import policy, separation
from mingzheng.agencies.models import Agency, Certificate, Post
from mingzheng.agencies.oidc import asking, provider
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.disclosure.channels import connections
from mingzheng.disclosure.models import ChannelTask
from mingzheng.documents import acts as documents
from mingzheng.documents import render, sealing
from mingzheng.documents.certificates import SOON
from mingzheng.jobs.acts import last_beat
from mingzheng.jobs.models import Job
from mingzheng.limits import table
from mingzheng.pages import store
from mingzheng.records import law, sandbox, scanning, scrubbing
from mingzheng.records.models import Duty
from mingzheng.records.seal import scrutiny
from mingzheng.site import processes


def unready() -> str:
    """Why the database cannot be asked anything yet; empty when it can."""
    first = (
        f"请先运行 MINGZHENG_DATA={settings.DATA} python3 run.py migrate"
        "（DATABASE_URL 与平时运行时相同），再重做这一步。"
    )
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        return f"数据库打不开：{error}。请检查 DATABASE_URL、磁盘空间和目录权限。"
    if not executor.loader.applied_migrations:
        return f"数据目录 {settings.DATA} 的数据库还没有建立。{first}"
    return f"数据库是较早版本的，还差 {missing} 步升级。{first}" if missing else ""


def _joined() -> Iterator[str]:
    """People of before the rule who hold what must not meet in one person."""
    today, held = clock.today(), dict[int, tuple[str, set[str]]]()
    for post in Post.objects.exclude(until__lt=today).select_related("person"):
        name, roles = held.setdefault(post.person_id, (post.person.name, set()))
        roles |= set(post.roles)
    for name, roles in held.values():
        if said := separation.clash(roles):
            yield f"{name}：{said}请由本机关变更任职。"


def complaints() -> Iterator[str]:
    """Whatever needs a person; empty when all is well."""
    free = shutil.disk_usage(settings.DATA).free
    if free < 2 << 30:
        yield f"磁盘只剩 {free >> 20} MB，请清理或者扩容。"
    if opened := list(processes.open_to_others(Path(settings.DATA))):
        yield (
            f"数据目录 {settings.DATA} 有 {len(opened)} 处能被其他账号读取（如 {opened[0].name}）。"
            "请运行一次 python3 run.py migrate 收紧。"
        )
    yield from (f"{each}。" for each in table.faults())
    if lacking := render.missing_fonts():
        yield f"缺少字体：{'、'.join(lacking)}，文书不能生成。请以 root 运行一次 python3 run.py。"
    dead = Job.objects.filter(state=Job.DEAD)
    for job in dead[:10]:
        yield (
            f"后台作业 {job.pk}（{job.kind}）多次失败已停止：{job.error.partition(':')[0]}。"
            "处理后运行 mingzheng retry，会重新做。"
        )
    seen = last_beat()
    if seen is None or timezone.now() - seen > timedelta(minutes=2):
        yield "后台进程没有运行，文书和案卷不会生成。请用 python3 run.py 启动。"
    sealed = last_beat("sealer")
    if sealed is None or timezone.now() - sealed > timedelta(minutes=2):
        yield "存证进程没有运行，新的记录停在“存证中”。请用 python3 run.py 启动。"
    yield from _readers()
    if said := scanning.complaint():
        yield said
    for code, _, fault in sealing.installed():
        if fault:
            yield f"{_whose(code)}的文书等着用印：{fault}"
    yield from scrutiny.complaints()
    yield from scrubbing.complaints()
    yield from (f"{each}。" for each in connections.faults())
    yield from policy.faults()
    yield from _directory()
    yield from _joined()
    if forged := store.foreign(timezone.now() - timedelta(days=7)):
        yield (
            f"最近 7 天有 {len(forged)} 份公示页的留存文件不是本系统写的（如 {forged[0]}），已重新生成。"
            "请查明谁动过数据目录。"
        )
    if stuck := ChannelTask.objects.filter(state=ChannelTask.REFUSED).count():
        yield (
            f"有 {stuck} 件被外部渠道退回，在{word('desk:home')}的“{word('disclosure:channels')}”里处理。"
        )
    horizon = clock.today() + timedelta(days=90)
    if not law.calendar().covers(horizon):
        yield f"放假安排只到已公布的年份，{horizon.year} 年的期限都是暂估。国务院办公厅通知公布后请载入。"
    waiting = Duty.objects.filter(state=Duty.OPEN, provisional=True).count()
    if waiting:
        yield f"有 {waiting} 项期限是暂估，载入新的放假安排后会自动重算。"


def _directory() -> Iterator[str]:
    """Whether the agency's own directory can sign people in, where one is connected."""
    yield from provider.faults()
    found = provider.read()
    if found and (said := asking.complaint(found)):
        yield said


def _readers() -> Iterator[str]:
    """Whether the processes that read foreign files are shut in, tried from inside."""
    found = sandbox.report()
    if found.unread:
        yield f"上传的图片、录音录像、Excel 和待公示文件都在等待：{found.unread}"
    elif found.broken:
        yield f"读取外来文件的进程没有隔离好，这些尝试成功了：{'、'.join(found.broken)}。请联系系统管理员核查。"


def _whose(code: str) -> str:
    """The agency whose seal has this code."""
    known = {documents.seal_code(body.pk): body.name for body in Agency.objects.all()}
    return known.get(code, code)


def remarks() -> Iterator[str]:
    """Worth knowing: unconfirmed rules, readings chosen by default, certificates that end soon."""
    found = sandbox.report()
    if found.held and found.missing:
        yield (
            f"提示：读取外来文件的进程没有用上{'、'.join(found.missing)}；"
            f"由{'、'.join(found.held)}保证，可以使用。见 docs/running.md。"
        )
    yield from scrutiny.remarks()
    yield from scrubbing.remarks()
    for code, held, fault in sealing.installed():
        if held and not fault and held.certificate.not_valid_after_utc < clock.now() + SOON:
            until = held.certificate.not_valid_after_utc
            yield f"{_whose(code)}的印章证书将于 {until:%Y-%m-%d} 到期，请现在申请新证书。"
    if render.optional_missing():
        yield "提示：没有仿宋字体，文书暂用宋体。"
    for body in Agency.objects.exclude(pack="").order_by("pk"):
        regime = law.regime_of(body.pk, body.pack)
        own = [rule for rule in regime.unconfirmed()]
        if own:
            yield f"{body.name}：{len(own)} 条规则待确认（已执行，页面标“待确认”）。"
        for defect in regime.defects():
            if not defect.chosen_by and len(defect.readings) > 1:
                yield f"{body.name}：原文有疑 {defect.at}，默认按“{defect.reading}”读，请由本机关确认。"
    soon = clock.today() + timedelta(days=60)
    for row in Certificate.objects.filter(
        state=Certificate.VALID, until__lte=soon, until__gte=clock.today()
    ):
        yield f"执法证 {row.number} 将于 {row.until} 到期。"
