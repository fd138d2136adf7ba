"""`mingzheng account`: what the operator of the machine does, and what stays refused to him too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Account
from mingzheng.records.models import Act
from mingzheng.site.accounts import run
from tests.site.test_accounts import GOOD


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Code, output and complaint of one command."""
    code = run(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_an_operator_opens_appoints_and_closes(
    bodies: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, "open", "lg", "anquan", "安全员", "局办公室", "安全管理员")
    assert code == 0
    login, secret = out.split()
    assert login == "anquan"
    assert (
        told(capsys, "appoint", "lg", "anquan", "局办公室", "安全管理员", "security-admin")[0] == 0
    )
    code, _, err = told(capsys, "appoint", "lg", "anquan", "局办公室", "局长", "head")
    assert code == 1 and "不能兼任" in err
    client = Client()
    answer = client.post("/login/code", {"code": secret, "password": GOOD, "again": GOOD})
    assert answer.status_code == 302 and client.get("/desk/people").status_code == 200
    assert told(capsys, "disable", "lg", "anquan", "试用结束")[0] == 0
    assert client.get("/desk").status_code == 302
    rows = json.loads(told(capsys, "list", "lg", "--json")[1])
    assert {row["login"]: row["state"] for row in rows}["anquan"] == "已停用"
    assert told(capsys, "unlock", "lg", "anquan")[0] == 0
    assert not Account.objects.get(login="anquan").active
    assert told(capsys, "enable", "lg", "anquan", "继续")[0] == 0
    act = Act.objects.filter(record=bodies["lg"].record, kind="account.opened").get()
    assert act.actor_id is None and "operator" in act.content.body


def test_a_reset_by_the_operator_ends_the_old_password(
    bodies: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, "reset", "lg", "lg-01", "本机关没有安全管理员")
    assert code == 0 and out.startswith("lg-01\t")
    answer = Client().post("/login", {"login": "lg-01", "password": "mingzheng-demo"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "用法"),
        (("open", "lg"), 2, "用法"),
        (("list", "nowhere"), 1, "没有代码为 nowhere 的机关"),
        (("disable", "lg", "wg-01", "x"), 1, "没有账号 wg-01"),
        (("open", "lg", "x", "某", "没有的科", "员"), 1, "没有“没有的科”这个科室"),
        (("disable", "lg", "lg-01", " "), 1, "写明停用的原因"),
    ],
)
def test_what_is_wrong_is_said(
    bodies: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    found, out, err = told(capsys, *words)
    assert found == code and said in out + err
