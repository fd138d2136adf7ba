"""What the audit administrator reads: who signed in, who did what, what was refused. Never what a
matter says: of a matter only its number in the system.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from mingzheng.agencies.models import Account, Agency, Noted, Person, SignIn, TwoHands
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import Cell, Column, Filter, Listing
from mingzheng.records.models import Act
from mingzheng.records.words import act_name, role_name

TABS = {"signins": "登录", "acts": "管理与敏感操作", "noted": "拒绝与检索"}
READS = ("case.read", "volume.read", "original.read")
SORTS = (
    Sort("new", "新的在前", "pk", descending=True),
    Sort("old", "旧的在前", "pk"),
)
GROUPS = {
    "account": (
        "账号、口令、第二步验证",
        Q(kind__startswith="account.") | Q(kind__startswith="factor.") | Q(kind="password.changed"),
    ),
    "post": (
        "任职、离岗、代理、授权",
        Q(kind__startswith="post.") | Q(kind__startswith="delegation.") | Q(kind="grant.made"),
    ),
    "export": ("导出、导入", Q(kind__startswith="data.") | Q(kind="export.receipted")),
    "read": ("敏感查阅", Q(kind__in=READS)),
    "rules": ("规则、日历", Q(kind__startswith="pack.") | Q(kind__startswith="calendar.")),
    "office": ("设备、场所", Q(kind__startswith="device.") | Q(kind__startswith="room.")),
}


def parts(agency: Agency, tab: str) -> list[Part]:
    """The rows of a tab; sign-ins with names that nobody has are everybody's business."""
    if tab == "acts":
        sensitive = Q(kind__in=READS) | Q(kind="grant.made") | Q(kind__startswith="calendar.")
        rows = Act.objects.filter(agency_id=agency.pk)
        return [Part("act", rows.filter(Q(record=agency.record_id) | sensitive))]
    if tab == "noted":
        return [Part("noted", Noted.objects.filter(agency_id=agency.pk))]
    held = Account.objects.filter(login=OuterRef("login"))
    ours = held.filter(person__posts__agency=agency)
    return [Part("signin", SignIn.objects.filter(Exists(ours) | ~Exists(held)))]


def listing(agency: Agency, tab: str) -> Listing:
    """The list under a tab."""
    people = dict(Person.objects.filter(posts__agency=agency).values_list("pk", "name"))
    known = dict(
        Account.objects.filter(person__posts__agency=agency).values_list("login", "person__name")
    )
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    if tab == "acts":
        columns, filters = _act_columns(people), _act_filters(people)
    elif tab == "noted":
        columns, filters = _noted_columns(people), _noted_filters(people)
    else:
        columns, filters = _sign_in_columns(known), _sign_in_filters()
    tag, rows = {
        "signins": ("signin", SignIn.objects.all()),
        "acts": ("act", Act.objects.select_related("content")),
        "noted": ("noted", Noted.objects.all()),
    }[tab]
    return Listing(
        f"{word('agencies:audit')}（{TABS[tab]}）",
        reverse("agencies:audit"),
        columns,
        (*filters, *_days("recorded_at" if tab == "acts" else "at")),
        SORTS,
        {tag: rows},
        along={"tab": tab},
        empty="这段时间没有记录",
    )


def _days(field: str) -> tuple[Filter, ...]:
    def moment(value: str, at: time) -> datetime:
        return clock.local(datetime.combine(date.fromisoformat(value), at, clock.now().tzinfo))

    return (
        Filter(
            "from",
            "从",
            lambda rows, value: rows.filter(**{f"{field}__gte": moment(value, time.min)}),
            kind="day",
        ),
        Filter(
            "to",
            "到",
            lambda rows, value: rows.filter(**{f"{field}__lte": moment(value, time.max)}),
            kind="day",
        ),
    )


def _moment(at: datetime) -> Cell:
    local = clock.local(at)
    return Cell(f"{local:%Y-%m-%d %H:%M:%S}", value=local.replace(tzinfo=None))


def _sign_in_columns(known: Mapping[str, str]) -> tuple[Column, ...]:
    def who(row: SignIn) -> Cell:
        # What is no login may be a password in the wrong field.
        name = known.get(row.login)
        return Cell(f"{name}（{row.login}）" if name else f"{row.login[:1]}…（没有这个账号）")

    return (
        Column("账号", who, place="main", width=30),
        Column("结果", lambda row: Cell(row.said), width=24),
        Column("时间", lambda row: _moment(row.at), sort="new", back="old", width=20),
        Column("地址", lambda row: Cell(row.address), width=20),
        Column("浏览器", lambda row: Cell(row.browser), place="", width=60),
    )


def _sign_in_filters() -> tuple[Filter, ...]:
    return (
        Filter("q", "账号", lambda rows, value: rows.filter(login=value), kind="word"),
        Filter(
            "outcome",
            "结果",
            lambda rows, value: rows.filter(outcome=value),
            choices=tuple(SignIn.NAMES.items()),
        ),
        Filter("address", "地址", lambda rows, value: rows.filter(address=value), kind="word"),
    )


def _act_columns(people: Mapping[int, str]) -> tuple[Column, ...]:
    def what(act: Act) -> Cell:
        name = act_name(act.kind) + (
            f"（{TwoHands.VERBS[act.of]}）" if act.of in TwoHands.VERBS else ""
        )
        whom = _whom(act, people)
        link = reverse("agencies:person", args=[whom]) if whom else ""
        return Cell(name, small=_about(act, people), link=link)

    return (
        Column("做了什么", what, place="main", width=30),
        Column("谁", lambda act: Cell(_actor(act, people)), width=16),
        Column("时间", lambda act: _moment(act.recorded_at), sort="new", back="old", width=20),
        Column("对象", lambda act: Cell(_about(act, people)), place="", width=50),
    )


def _whom(act: Act, people: Mapping[int, str]) -> int | None:
    """The person of the agency whose account an act is about."""
    about = act.kind == "password.changed" or act.kind.startswith(("account.", "factor."))
    number = int(act.subject) if about and act.subject.isdigit() else None
    return number if number in people else None


def _actor(act: Act, people: Mapping[int, str]) -> str:
    if act.actor_id is not None:
        return people.get(act.actor_id, f"人员 {act.actor_id}")
    whom = _whom(act, people)
    # What a person does to his own account at the door is done by himself.
    if whom and (act.kind == "password.changed" or act.kind.startswith("factor.")):
        return people[whom]
    said = json.loads(act.content.body) if hasattr(act, "content") else {}
    return "本机操作" if said.get("operator") else "系统自动"


def _about(act: Act, people: Mapping[int, str]) -> str:
    """Whom or what it touched: a person, an export with its rows, the number of a matter."""
    if act.kind in READS or act.kind == "grant.made":
        return f"事项编号 {act.record_id}"
    if not hasattr(act, "content"):
        return ""
    said = json.loads(act.content.body)
    if act.kind == "data.exported":
        return f"{said.get('what', '')}，{said.get('rows', 0)} 行"
    name = people.get(int(act.subject), "") if act.subject.isdigit() else ""
    told = [name, said.get("reason", ""), said.get("name", ""), said.get("title", "")]
    told += [role_name(each) for each in said.get("roles", ())]
    told += [str(said["operator"]) + "（本机操作）"] if said.get("operator") else []
    return "，".join(dict.fromkeys(each for each in told if each))[:120]


def _act_filters(people: Mapping[int, str]) -> tuple[Filter, ...]:
    return (
        _person("actor_id", people),
        Filter(
            "group",
            "哪一类",
            lambda rows, value: rows.filter(GROUPS[value][1]),
            choices=tuple((key, name) for key, (name, _) in GROUPS.items()),
        ),
    )


def _person(field: str, people: Mapping[int, str]) -> Filter:
    return Filter(
        "person",
        "谁",
        lambda rows, value: rows.filter(**{field: int(value)}),
        choices=tuple((str(pk), name) for pk, name in sorted(people.items())),
        every="所有人",
    )


def _noted_columns(people: Mapping[int, str]) -> tuple[Column, ...]:
    return (
        Column(
            "什么",
            lambda row: Cell(Noted.KINDS.get(row.kind, row.kind), small=row.what),
            place="main",
            width=24,
        ),
        Column("谁", lambda row: Cell(people.get(row.person_id, "")), width=16),
        Column("时间", lambda row: _moment(row.at), sort="new", back="old", width=20),
        Column("地址", lambda row: Cell(row.address), width=20),
        Column("哪一页", lambda row: Cell(row.what), place="", width=60),
    )


def _noted_filters(people: Mapping[int, str]) -> tuple[Filter, ...]:
    return (
        _person("person_id", people),
        Filter(
            "kind",
            "哪一类",
            lambda rows, value: rows.filter(kind=value),
            choices=tuple(Noted.KINDS.items()),
        ),
    )
