"""The life of an account on its pages and by the command: opened, first password, changed, reset by
two, ended elsewhere, seen by the audit administrator.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mingzheng.agencies import passwords, policy
from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Account, Noted, OneTimeCode, Person, SignIn, Sitting, TwoHands
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import person_id, who
from tests.cases.telling import case

GOOD, OTHER = "Yun-Shan-2026", "He-Feng-7788"
SYSTEM, SECURITY, AUDIT = "wg-14", "wg-15", "wg-16"


def browser(login: str, password: str = PASSWORD, **more: Any) -> Client:
    """Somebody's browser, signed in."""
    client = Client(**more)
    answer = client.post("/login", {"login": login, "password": password})
    assert answer.status_code == 302, answer.content.decode()[-800:]
    return client


def shown_code(answer: Any) -> str:
    """The one-time code on a page."""
    found = re.search(r"\b(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}\b", answer.content.decode())
    assert found, answer.status_code
    return found.group(0)


def test_an_account_from_opening_to_its_first_day(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    unit = wg.units.get(name="节能监察科")
    new = {"verb": "open", "name": "新来", "login": "xinlai", "unit": unit.pk, "title": "科员"}
    assert browser(SECURITY).post("/desk/people", new).status_code == 409
    assert browser("wg-11").post("/desk/people", new).status_code == 404
    answer = browser(SYSTEM).post("/desk/people", new)
    code = shown_code(answer)
    account = Account.objects.get(login="xinlai")
    assert code not in str(list(OneTimeCode.objects.values()))
    assert account.person.posts.get().roles == []
    # No password, so nobody comes in with one.
    assert Client().post("/login", {"login": "xinlai", "password": ""}).status_code == 403
    page = browser(SECURITY)
    assert (
        page.post(
            f"/desk/people/{account.person_id}",
            {"verb": "appoint", "unit": unit.pk, "title": "科员", "role": ["handler"]},
        ).status_code
        == 302
    )
    client = Client()
    for bad, words in (
        ({"password": "短", "again": "短"}, "密码至少"),
        ({"password": GOOD, "again": OTHER}, "不一样"),
        ({"password": "xinlai-Abc-2026", "again": "xinlai-Abc-2026"}, "不要有账号"),
    ):
        answer = client.post("/login/code", {"code": code, **bad})
        assert answer.status_code == 409 and words in answer.content.decode()
    answer = client.post("/login/code", {"code": code.lower(), "password": GOOD, "again": GOOD})
    assert answer.status_code == 302 and answer["Location"] == "/desk"
    assert client.get("/desk").status_code == 200
    again = Client().post("/login/code", {"code": code, "password": OTHER, "again": OTHER})
    assert again.status_code == 409 and "已经用过" in again.content.decode()
    browser("xinlai", GOOD)
    kinds = Act.objects.filter(record=wg.record).values_list("kind", flat=True)
    assert {"account.opened", "post.appointed", "password.changed"} <= set(kinds)


def test_a_code_expires_and_guessing_it_ends_soon(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    account, code = accounts.open_for(wg, None, "新来", "xinlai", wg.units.first(), "科员")
    row = account.codes.get()
    assert row.expires_at < timezone.now() + timedelta(hours=73)
    late = OneTimeCode.objects.create(
        account=account,
        digest=passwords.digest("AAAA-BBBB-CCCC-DDDD-EEEE"),
        made_at=timezone.now() - timedelta(days=9),
        expires_at=timezone.now() - timedelta(hours=1),
    )
    assert late.pk and accounts.code_for("AAAA-BBBB-CCCC-DDDD-EEEE") is None
    client = Client()
    for _ in range(5):
        client.post("/login/code", {"code": "NICHT", "password": GOOD, "again": GOOD})
    answer = client.post("/login/code", {"code": code, "password": GOOD, "again": GOOD})
    assert answer.status_code == 409 and "试的次数太多" in answer.content.decode()


def test_a_person_changes_his_own_password_and_ends_every_other_session(
    bodies: dict[str, Any],
) -> None:
    here, there = browser("wg-01"), browser("wg-01", REMOTE_ADDR="10.0.0.9")
    change = {"verb": "password", "old": PASSWORD, "password": GOOD, "again": GOOD}
    wrong = here.post("/desk/account", {**change, "old": "falsch"})
    assert wrong.status_code == 409 and "现在的密码不对" in wrong.content.decode()
    assert here.post("/desk/account", change).status_code == 302
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 302
    browser("wg-01", GOOD)
    # What was used before is not taken again.
    back = {"verb": "password", "old": GOOD, "password": GOOD, "again": GOOD}
    answer = here.post("/desk/account", back)
    assert answer.status_code == 409 and "用过的密码不能再用" in answer.content.decode()


def test_somebody_who_lost_his_password_is_helped_by_two(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    target = person_id(wg, "张三")
    officer, system, security = browser("wg-01"), browser(SYSTEM), browser(SECURITY)
    ask = {"verb": "reset", "reason": "本人当面申请"}
    assert system.post(f"/desk/people/{target}", {**ask, "reason": ""}).status_code == 409
    assert system.post(f"/desk/people/{target}", ask).status_code == 302
    asked = TwoHands.objects.get()
    agree = {"verb": "answer", "asked": asked.pk, "decision": "agree"}
    assert system.post("/desk/people", agree).status_code == 409
    assert officer.get("/desk").status_code == 200
    code = shown_code(security.post("/desk/people", agree))
    assert officer.get("/desk").status_code == 302
    assert Client().post("/login", {"login": "wg-01", "password": PASSWORD}).status_code == 403
    client = Client()
    answer = client.post("/login/code", {"code": code, "password": GOOD, "again": GOOD})
    assert answer.status_code == 302 and client.get("/desk").status_code == 200


def test_who_was_given_a_first_password_must_choose_his_own(bodies: dict[str, Any]) -> None:
    Account.objects.filter(login="wg-01").update(must_change=True)
    client = Client()
    answer = client.post("/login", {"login": "wg-01", "password": PASSWORD, "next": "/desk/cases"})
    assert answer["Location"] == "/desk/account"
    for place in ("/desk", "/desk/cases", "/desk/equipment"):
        assert client.get(place)["Location"] == "/desk/account"
    assert client.post("/desk/unsent", {"unsent-place": "/desk"}).status_code == 401
    assert "请先换一个自己的密码" in client.get("/desk/account").content.decode()
    change = {"verb": "password", "old": PASSWORD, "password": GOOD, "again": GOOD}
    assert client.post("/desk/account", change).status_code == 302
    assert client.get("/desk").status_code == 200


def test_a_password_ages_where_the_policy_is_asked(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account.objects.get(login="wg-01")
    old = timezone.now() - timedelta(days=int(policy.read("password")["age_days"]) + 1)
    Account.objects.filter(pk=account.pk).update(password_set_at=old)
    account.refresh_from_db()
    assert accounts.owes(account) == ""
    monkeypatch.setattr(settings, "ACCOUNT_POLICY", True)
    assert accounts.owes(account) == "password"
    account.password_set_at = timezone.now()
    assert accounts.owes(account) == ""


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Ab1-", "至少"),
        ("abcdefghijkl", "类"),
        ("Aa1-Aa1-Aa1-", "重复"),
        ("Mingzheng-2026", "常见的词"),
        ("Zhang-wg-01-Xyz", "账号"),
        ("Abc-2026-\x07xyz", "控制字符"),
        ("A" + "b1-" * 90, "最长"),
    ],
)
def test_a_password_that_the_policy_does_not_take(raw: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        passwords.require_fit(raw, "wg-01", "张三", [])
    assert words in str(refusal.value)
    passwords.require_fit(GOOD, "wg-01", "张三", [])


def test_sessions_are_listed_and_ended_elsewhere(bodies: dict[str, Any]) -> None:
    here = browser("wg-01", HTTP_USER_AGENT="Desk\r\nX: y")
    there = browser("wg-01", REMOTE_ADDR="10.0.0.9", HTTP_USER_AGENT="Phone")
    page = here.get("/desk/account").content.decode()
    assert "10.0.0.9" in page and "Phone" in page and "（这一个）" in page
    other = Sitting.objects.get(address="10.0.0.9")
    assert browser("wg-02").post("/desk/account", {"verb": "end", "sitting": other.pk})
    assert there.get("/desk").status_code == 200
    here.post("/desk/account", {"verb": "end", "sitting": other.pk})
    assert there.get("/desk").status_code == 302 and here.get("/desk").status_code == 200
    third = browser("wg-01", REMOTE_ADDR="10.0.0.8")
    here.post("/desk/account", {"verb": "elsewhere"})
    assert third.get("/desk").status_code == 302 and here.get("/desk").status_code == 200
    here.post("/logout")
    assert not Sitting.objects.filter(account__login="wg-01", ended_at=None).exists()


@pytest.mark.parametrize(("key", "hours"), [("seen", 2), ("begun", 13)])
def test_a_session_ends_when_idle_and_after_its_longest(
    bodies: dict[str, Any], key: str, hours: int
) -> None:
    client = browser("wg-01")
    session = client.session
    session[key] = session[key] - hours * 3600
    session.save()
    assert client.get("/desk").status_code == 302
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_token_of_forms_changes_at_sign_in(bodies: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/login")
    before = client.cookies["csrftoken"].value
    client.post("/login", {"login": "wg-01", "password": PASSWORD, "csrfmiddlewaretoken": before})
    assert client.cookies["csrftoken"].value != before


def test_the_audit_administrator_reads_who_did_what_and_takes_it_along(
    bodies: dict[str, Any],
) -> None:
    wg = bodies["wg"]
    Client().post("/login", {"login": "wg-01", "password": "falsch"})
    Client().post("/login", {"login": "geheimes-Wort", "password": "x"})
    officer = browser("wg-01")
    officer.get("/desk/audit")
    officer.get("/desk/cases", {"q": "370830198001011239"})
    system = browser(SYSTEM)
    system.post(
        f"/desk/people/{person_id(wg, '郝档')}", {"verb": "reset", "reason": "本人当面申请"}
    )
    audit = browser(AUDIT)
    said = audit.get("/desk/audit").content.decode()
    assert "张三（wg-01）" in said and "账号或者密码不对" in said
    assert "geheimes" not in said and "没有这个账号" in said
    acts = audit.get("/desk/audit", {"tab": "acts", "group": "account"}).content.decode()
    assert "提出账号事项（重置密码）" in acts and "本人当面申请" in acts
    noted = audit.get("/desk/audit", {"tab": "noted"}).content.decode()
    assert "按证件号码、电话检索" in noted and "1239" in noted
    assert "370830198001011239" not in noted and "/desk/audit" in noted
    only = audit.get("/desk/audit", {"tab": "signins", "outcome": "in"}).content.decode()
    assert "账号或者密码不对</" not in only.split("<table", 1)[-1]
    before = Act.objects.filter(record=wg.record, kind="data.exported").count()
    sheet = audit.get("/desk/audit", {"tab": "signins", "export": "xlsx"})
    assert sheet.status_code == 200 and "spreadsheet" in sheet["Content-Type"]
    assert Act.objects.filter(record=wg.record, kind="data.exported").count() == before + 1
    for login in ("wg-11", SYSTEM, SECURITY):
        assert browser(login).get("/desk/audit").status_code == 404


def test_audit_rows_stay(bodies: dict[str, Any]) -> None:
    from django.db import DatabaseError, connection, transaction

    browser("wg-01").get("/desk/audit")
    assert SignIn.objects.exists() and Noted.objects.exists()
    for table in ("agencies_signin", "agencies_noted", "agencies_sitting"):
        for change in ("DELETE FROM {}", "UPDATE {} SET address = 'x'"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change.format(table))


def test_an_administrator_of_another_agency_sees_nobody_here(bodies: dict[str, Any]) -> None:
    other = browser("lm-12")
    target = person_id(bodies["wg"], "张三")
    assert other.get(f"/desk/people/{target}").status_code == 404
    assert (
        other.post(f"/desk/people/{target}", {"verb": "disable", "reason": "x"}).status_code == 404
    )
    assert "wg-01" not in other.get("/desk/people").content.decode()


def test_he_leaves_only_after_his_matters_are_handed_over(bodies: dict[str, Any]) -> None:
    from tests.cases.telling import case

    wg = bodies["wg"]
    case(bodies).go("opened")
    person = Person.objects.get(pk=person_id(wg, "张三"))
    with pytest.raises(Refused) as refusal:
        accounts.leave(wg, who(wg, "袁系"), person.posts.get())
    assert "还有在办案件" in str(refusal.value)
    free = Person.objects.get(pk=person_id(wg, "郭砚青"))
    accounts.leave(wg, who(wg, "袁系"), free.posts.get())
    assert free.posts.get().until == timezone.localdate() - timedelta(days=1) or (
        free.posts.get().until is not None
    )
    assert date.today() >= free.posts.get().until


def test_who_was_opened_and_not_appointed_reads_nothing(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    record = journey.play.record.pk
    unit = bodies["wg"].units.get(pk=journey.play.record.unit_id)
    new = {"verb": "open", "name": "影", "login": "shadow", "unit": unit.pk, "title": "科员"}
    code = shown_code(browser(SYSTEM).post("/desk/people", new))
    client = Client()
    client.post("/login/code", {"code": code, "password": GOOD, "again": GOOD})
    assert client.get("/desk").status_code == 200
    assert client.get(f"/desk/cases/{record}").status_code == 404
    assert journey.play.party["name"] not in client.get("/desk/cases").content.decode()
    found = Account.objects.get(login="shadow").person
    browser(SECURITY).post(
        f"/desk/people/{found.pk}",
        {"verb": "appoint", "unit": unit.pk, "title": "科员", "role": "handler"},
    )
    assert client.get(f"/desk/cases/{record}").status_code == 200


@pytest.mark.parametrize("since", ["2020-01-01", "9999-12-31"])
def test_no_post_begins_before_today_or_never(bodies: dict[str, Any], since: str) -> None:
    unit = bodies["wg"].units.order_by("pk").first()
    answer = browser(SECURITY).post(
        f"/desk/people/{person_id(bodies['wg'], '张三')}",
        {"verb": "appoint", "unit": unit.pk, "title": "科长", "role": "head", "since": since},
    )
    assert answer.status_code == 409 and "不能倒签" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "login"), [("新", "WG-01"), ("新", "ｗｇ-01"), ("新", "../zz"), ("新" * 41, "zz")]
)
def test_a_login_that_looks_like_another_is_none(
    bodies: dict[str, Any], name: str, login: str
) -> None:
    unit = bodies["wg"].units.order_by("pk").first()
    new = {"verb": "open", "name": name, "login": login, "unit": unit.pk, "title": "科员"}
    before = Account.objects.count()
    assert browser(SYSTEM).post("/desk/people", new).status_code == 409
    assert Account.objects.count() == before


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    """A list of new people as a table of text."""
    lines = ["姓名,账号,科室,职务", *(",".join(row) for row in rows)]
    return SimpleUploadedFile("new.csv", "\n".join(lines).encode())


def test_a_list_opens_everybody_or_nobody(bodies: dict[str, Any]) -> None:
    good = [("甲新", "jia", "节能监察科", "科员"), ("乙新", "yi", "节能监察科", "科员")]
    system, before = browser(SYSTEM), Account.objects.count()
    for wrong, words in (
        (("丙新", "wg-01", "节能监察科", "科员"), "第 4 行：账号“wg-01”已经有人用了"),
        (("丙新", "bing", "没有的科", "科员"), "第 4 行：本机关没有科室“没有的科”"),
        (("丙新", "jia", "节能监察科", "科员"), "重复"),
        (("丙新", "bing", "节能监察科", ""), "职务"),
    ):
        sent = {"verb": "import", "file": sheet(*good, wrong)}
        answer = system.post("/desk/people", sent)
        assert answer.status_code == 409 and words in answer.content.decode(), words
        assert Account.objects.count() == before
    for other in (SECURITY, AUDIT):
        sent = {"verb": "import", "file": sheet(*good)}
        assert browser(other).post("/desk/people", sent).status_code == 404
    empty = system.post("/desk/people", {"verb": "import"})
    assert empty.status_code == 409 and "请选择" in empty.content.decode()
    page = system.post("/desk/people", {"verb": "import", "file": sheet(*good)}).content.decode()
    codes = re.findall(r'class="mono">\s*([2-9A-Z-]{10,40})\s*<', page)
    assert len(codes) == 2 and Account.objects.count() == before + 2
    client = Client()
    answer = client.post("/login/code", {"code": codes[1], "password": GOOD, "again": GOOD})
    assert answer.status_code == 302 and client.get("/desk").status_code == 200
    assert not Account.objects.get(login="yi").person.posts.get().roles


def test_a_refused_form_comes_back_filled(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    unit = wg.units.order_by("-pk").first()
    new = {"verb": "open", "name": "新来", "login": "Wg-01", "unit": unit.pk, "title": "科员"}
    page = browser(SYSTEM).post("/desk/people", new)
    said = page.content.decode()
    assert page.status_code == 409 and "已经有人用了" in said
    assert 'value="新来"' in said and 'value="Wg-01"' in said and 'value="科员"' in said
    assert re.search(rf'value="{unit.pk}"\s+selected', said)
    person = person_id(wg, "张三")
    sent = {"verb": "appoint", "unit": unit.pk, "title": "督办员", "role": ["handler"]}
    page = browser(SECURITY).post(f"/desk/people/{person}", {**sent, "since": "2020-01-01"})
    said = page.content.decode()
    assert page.status_code == 409 and "不能倒签" in said
    assert 'value="督办员"' in said and 'value="2020-01-01"' in said
    assert re.search(r'value="handler"\s+checked', said)


@pytest.mark.parametrize(
    "name, words",
    [("张😀", "姓名里不能有“😀”"), ("<b>x</b>", "姓名里不能有“&lt;”"), ("王2", "不能有“2”")],
)
def test_a_name_is_made_of_letters(bodies: dict[str, Any], name: str, words: str) -> None:
    unit = bodies["wg"].units.first()
    new = {"verb": "open", "name": name, "login": "mingzi", "unit": unit.pk, "title": "科员"}
    page = browser(SYSTEM).post("/desk/people", new)
    assert page.status_code == 409 and words in page.content.decode()
    assert not Account.objects.filter(login="mingzi").exists()


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "欧阳 建国", "O’Neil", "\ue863小明", "བསྟན་འཛིན"]
)
def test_names_of_every_script_are_names(bodies: dict[str, Any], name: str) -> None:
    unit = bodies["wg"].units.first()
    new = {"verb": "open", "name": name, "login": "mingzi", "unit": unit.pk, "title": "科员"}
    browser(SYSTEM).post("/desk/people", new)
    assert Account.objects.get(login="mingzi").person.name == name


def test_a_wrong_name_is_put_right_and_what_was_done_keeps_it(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    person = person_id(wg, "张三")
    sent = {"verb": "rename", "name": "张山", "reason": "录入有误"}
    assert browser(SECURITY).post(f"/desk/people/{person}", sent).status_code == 409
    assert browser(SYSTEM).post(f"/desk/people/{person}", {**sent, "reason": ""}).status_code == 409
    assert browser(SYSTEM).post(f"/desk/people/{person}", sent).status_code == 302
    assert Person.objects.get(pk=person).name == "张山"
    act = Act.objects.get(kind="account.renamed")
    assert (
        "张三" in act.content.body
        and "更正姓名" in browser(SYSTEM).get(f"/desk/people/{person}").content.decode()
    )


def test_the_second_administrator_is_told_on_his_workbench(bodies: dict[str, Any]) -> None:
    person = person_id(bodies["wg"], "张三")
    sent = {"verb": "reset", "reason": "本人当面申请"}
    assert browser(SYSTEM).post(f"/desk/people/{person}", sent).status_code == 302
    told = browser(SECURITY).get("/desk").content.decode()
    assert "重置密码：张三”，等您确认" in told and "/desk/people" in told
    assert "等您确认" not in browser(SYSTEM).get("/desk").content.decode()
    assert "等您确认" not in browser(AUDIT).get("/desk").content.decode()


def test_a_code_that_was_right_need_not_be_typed_again(bodies: dict[str, Any]) -> None:
    unit = bodies["wg"].units.first()
    new = {"verb": "open", "name": "新来", "login": "xinlai", "unit": unit.pk, "title": "科员"}
    page = browser(SYSTEM).post("/desk/people", new)
    assert "连同账号 xinlai" in page.content.decode()
    code = shown_code(page)
    again = Client().post("/login/code", {"code": code, "password": "short", "again": "short"})
    assert again.status_code == 409 and f'value="{code}"' in again.content.decode()
    wrong = Client().post("/login/code", {"code": "AAAA", "password": GOOD, "again": GOOD})
    assert wrong.status_code == 409 and 'value="AAAA"' not in wrong.content.decode()


def test_the_audit_says_why_and_leads_only_where_it_may(bodies: dict[str, Any]) -> None:
    person = person_id(bodies["wg"], "张三")
    browser(SYSTEM).post(f"/desk/people/{person}", {"verb": "reset", "reason": ""})
    audit = browser(AUDIT)
    noted = audit.get("/desk/audit?tab=noted").content.decode()
    assert f"POST /desk/people/{person}：没有提出" in noted and ">打开<" not in noted
    assert 'href=""' not in noted
    browser(SYSTEM).post(f"/desk/people/{person}", {"verb": "reset", "reason": "忘记"})
    acts = audit.get("/desk/audit?tab=acts").content.decode()
    link = f"/desk/people/{person}"
    assert f'href="{link}"' in acts and audit.get(link).status_code == 200
