"""`mingzheng account …`: what the operator of the machine does with accounts where no administrator
can, or when an agency begins. Every one of these is an act that says who typed it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from mingzheng.agencies.acts import accounts, attempts
from mingzheng.agencies.models import Account, Agency, Post, Unit
from mingzheng.records.refusal import Refused, refuse

USAGE = """用法：mingzheng account 命令

  list AGENCY                          列出本机关的账号、职务、角色、状态（加 --json）
  open AGENCY LOGIN NAME UNIT TITLE    开户，答出一次性代码
  appoint AGENCY LOGIN UNIT TITLE ROLE…    任职（三员不能兼任，照样拒绝）
  leave AGENCY LOGIN                   结束在本机关的职务
  disable AGENCY LOGIN REASON          停用
  enable AGENCY LOGIN REASON           启用
  unlock AGENCY LOGIN                  解锁（不会启用停用的账号）
  reset AGENCY LOGIN REASON            重置密码，答出一次性代码（本机关没有第二名管理员时）

平时由本机关的系统管理员、安全管理员自己在网页上办理。这里办的每一件都记入本机关的记录，写明是谁在本机操作。"""


def run(rest: list[str]) -> int:
    """0 done, 1 refused, 2 wrong usage."""
    as_json, words = "--json" in rest, [each for each in rest if each != "--json"]
    verb, said = (words[0], words[1:]) if words else ("", [])
    known: dict[str, tuple[int, Callable[[Agency, list[str]], str]]] = {
        "open": (5, _open),
        "appoint": (4, _appoint),
        "leave": (2, _leave),
        "disable": (3, _disable),
        "enable": (3, _enable),
        "unlock": (2, _unlock),
        "reset": (3, _reset),
    }
    try:
        if verb == "list" and len(said) == 1:
            return _list(_agency(said[0]), as_json)
        if verb not in known or len(said) < known[verb][0]:
            print(USAGE, file=sys.stderr)
            return 2
        print(known[verb][1](_agency(said[0]), said[1:]))
        return 0
    except Refused as error:
        print(error, file=sys.stderr)
        return 1


def _agency(code: str) -> Agency:
    found = Agency.objects.filter(code=code).first()
    if found is None:
        held = "、".join(Agency.objects.order_by("pk").values_list("code", flat=True))
        raise refuse(f"没有代码为 {code} 的机关。现有：{held}", title="没有办理")
    return found


def _account(agency: Agency, login: str) -> Account:
    found = (
        Account.objects.filter(login=login, person__posts__agency=agency)
        .select_related("person")
        .first()
    )
    if found is None:
        raise refuse(f"本机关没有账号 {login}。", title="没有办理")
    return found


def _unit(agency: Agency, name: str) -> Unit:
    found = agency.units.filter(name=name).first()
    if found is None:
        held = "、".join(agency.units.order_by("pk").values_list("name", flat=True))
        raise refuse(f"没有“{name}”这个科室。现有：{held}", title="没有办理")
    return found


def _posts(agency: Agency, account: Account) -> list[Post]:
    return accounts.current_posts(agency, account.person_id)


def _list(agency: Agency, as_json: bool) -> int:
    rows = Account.objects.filter(person__posts__agency=agency).select_related("person")
    found = list(rows.distinct().order_by("pk"))
    locked = attempts.locked([row.login for row in found])
    told: list[dict[str, Any]] = [
        {
            "login": row.login,
            "name": row.person.name,
            "posts": [
                {"unit": post.unit.name, "title": post.title, "roles": post.roles}
                for post in _posts(agency, row)
            ],
            "state": "已停用"
            if not row.active
            else "已锁定"
            if row.login in locked
            else "等本人设置密码"
            if row.must_change
            else "正常",
        }
        for row in found
    ]
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for each in told:
        posts = "；".join(
            f"{post['unit']} {post['title']}（{'、'.join(post['roles']) or '没有角色'}）"
            for post in each["posts"]
        )
        print(f"{each['login']}\t{each['name']}\t{each['state']}\t{posts}")
    return 0


def _open(agency: Agency, said: list[str]) -> str:
    login, name, unit, title = said[:4]
    _, code = accounts.open_for(agency, None, name, login, _unit(agency, unit), title)
    return f"{login}\t{code}"


def _appoint(agency: Agency, said: list[str]) -> str:
    login, unit, title, *roles = said
    account = _account(agency, login)
    accounts.appoint(agency, None, account.person, _unit(agency, unit), title, roles)
    return f"{account.person.name}已任职：{unit} {title}"


def _leave(agency: Agency, said: list[str]) -> str:
    account = _account(agency, said[0])
    posts = _posts(agency, account)
    for post in posts:
        accounts.leave(agency, None, post)
    return f"{account.person.name}在本机关的 {len(posts)} 个职务已结束"


def _disable(agency: Agency, said: list[str]) -> str:
    accounts.disable(agency, None, _account(agency, said[0]), said[1])
    return f"{said[0]} 已停用"


def _enable(agency: Agency, said: list[str]) -> str:
    accounts.enable(agency, None, _account(agency, said[0]), said[1])
    return f"{said[0]} 已启用"


def _unlock(agency: Agency, said: list[str]) -> str:
    accounts.unlock(agency, None, _account(agency, said[0]))
    return f"{said[0]} 已解锁"


def _reset(agency: Agency, said: list[str]) -> str:
    code = accounts.reset_by_operator(agency, _account(agency, said[0]), said[1])
    return f"{said[0]}\t{code}"
