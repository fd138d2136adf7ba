"""Levies and requisitions as people do them: by the pages of the desk, from the button that begins
them to the page that the public reads; and what each of them is refused.
"""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from mingzheng.agencies.models import Account
from mingzheng.catalogue import categories, importing, process_map, sheets
from mingzheng.catalogue.acts import importing as import_acts
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.desk.menu import openings, powers
from mingzheng.desk.public_pages_page import sections
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.procedures import matter_kinds, registry
from mingzheng.procedures.models import Proposal
from mingzheng.records import store
from mingzheng.records.models import Duty, EffectiveAct, Record
from mingzheng.site.demo import parties, taking
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import Play, at, who
from mingzheng.site.demo.published import WINDOW, Keeping
from tests.cases.telling import TUESDAY, heard
from tests.catalogue.telling import answers

LEVY, THINGS = "zs-pl", "zy-wz"
HIDDEN = re.compile(r'type="hidden"\s+name="([\w-]+)"\s+value="([^"]*)"')


class Pressing(Play):
    """A play whose people open the page and press its button."""

    def client(self, name: str) -> Client:
        account = Account.objects.get(
            person__name=name, person__posts__agency=self.body, active=True
        )
        made = Client()
        answer = made.post("/login", {"login": account.login, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return made

    def begin(self, code: str, by: str = "", **values: Any) -> Record:
        client = self.client(by or self.officers[0])
        assert f"/desk/cases/new/{code}" in client.get("/desk/cases/new").content.decode()
        assert client.get(f"/desk/cases/new/{code}").status_code == 200
        said = {
            "item": Item.objects.get(agency=self.body, code=self.item).pk,
            "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
            "party_kind": self.party["kind"],
            "party_name": self.party["name"],
            **{
                name: self.party.get(name, "")
                for name in ("identifier", "representative", "address", "phone")
            },
            **values,
        }
        answer = client.post(f"/desk/cases/new/{code}", said)
        assert answer.status_code == 302, answer.content.decode()
        self.record = Record.objects.get(pk=int(re.findall(r"/desk/cases/(\d+)", answer.url)[0]))
        return self.record

    def step(self, key: str, by: str = "", files: Any = (), **values: Any) -> Any:
        client, address = (
            self.client(by or self.officers[0]),
            f"/desk/cases/{self.record.pk}/do/{key}",
        )
        assert address in client.get(f"/desk/cases/{self.record.pk}").content.decode(), key
        ticket = dict(HIDDEN.findall(client.get(address).content.decode()))["ticket"]
        values.setdefault("happened_at", clock.now().strftime("%Y-%m-%dT%H:%M"))
        sent = {
            name: ["" if each is None else str(each) for each in value]
            if isinstance(value, (list, tuple))
            else ""
            if value is None
            else str(value)
            for name, value in values.items()
        }
        answer = client.post(
            address,
            {
                **sent,
                "ticket": ticket,
                "files": [
                    SimpleUploadedFile(name, store.read(stored.sha256)) for stored, name, _ in files
                ],
            },
        )
        assert answer.status_code == 302, f"{key}: {answer.content.decode()}"
        return answer

    def agree(self, *names: str, opinion: str = "同意") -> None:
        for name in names:
            found = Proposal.objects.get(record=self.record, state=Proposal.OPEN)
            client, address = self.client(name), f"/desk/proposals/{found.pk}"
            page = client.get(address).content.decode()
            hidden = dict(HIDDEN.findall(page))
            answer = client.post(address, {**hidden, "decision": "agree", "opinion": opinion})
            assert answer.status_code == 302, answer.content.decode()


def pressed(bodies: Any, item: str) -> taking.Levying:
    """A matter of an item that is done by pressing buttons."""
    play = Pressing(bodies["wg"], ("张三", "李四"), parties.company("wg", 3), item)
    return (taking.Requisitioning if item == THINGS else taking.Levying)(play, TUESDAY)


def road(bodies: Any, item: str, **how: Any) -> taking.Levying:
    """One that is done through the same door without the pages."""
    return taking.road(bodies["wg"], item, 3, TUESDAY, **how)


@pytest.mark.parametrize(
    "item,heads,seen",
    [
        (LEVY, ("征收事由", "征收依据", "征收决定"), ("应缴", "6,000元", "尚欠", "鲁财")),
        (THINGS, ("征用事由", "征用依据", "征用决定"), ("应急需要", "毁损、灭失", "8,600元")),
    ],
)
def test_it_goes_by_the_pages_from_its_button_to_the_public_page(
    bodies: Any, item: str, heads: tuple[str, ...], seen: tuple[str, ...]
) -> None:
    told = pressed(bodies, item).go("closed")
    record = Record.objects.get(pk=told.play.record.pk)
    assert record.state == "closed" and record.closed_on == told.day
    with at(told.day, 16):
        page = told.play.client("张三").get(f"/desk/cases/{record.pk}").content.decode()  # type: ignore[attr-defined]
        live = Publication.objects.get(record=record, state=Publication.LIVE)
        public = Client().get(f"/p/{live.code}").content.decode()
        listed = told.play.client("张三").get("/desk/cases").content.decode()  # type: ignore[attr-defined]
    assert all(word in page for word in seen)
    assert all(head in public for head in heads)
    assert record.title in listed and matter_kinds.name(record.kind) in listed
    # Every step of the main road was taken, but the one that is only for major decisions and the
    # binding of the volume, which waits for the papers to be made.
    table = matter_kinds.find(record.kind).usual
    assert table is not None
    held = set(EffectiveAct.objects.filter(record=record).values_list("kind", flat=True))
    assert {step.act for step in table.steps if step.main} - held <= {"volume.bound"}


def test_a_levy_is_told_and_heard_before_it_is_decided(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("drafted")
    with at(levy.day, 16):
        words = heard(lambda: levy.play.step("decision.made:levied"))
    assert "告知拟征收的数额" in words and "听取当事人的陈述和申辩" in words


def test_what_was_told_no_longer_counts_when_the_amount_changes(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("heard")
    with at(levy.forward(1), 9):
        levy.draft("draft.amended", amount="9000")
    with at(levy.day, 16):
        assert "告知拟征收的数额" in heard(lambda: levy.play.step("decision.made:levied"))


def test_a_levy_without_a_standard_on_the_list_is_refused(bodies: Any) -> None:
    Item.objects.filter(agency=bodies["wg"], code=LEVY).update(details={})
    levy = road(bodies, LEVY).go("heard")
    with at(levy.day, 16):
        assert "没有写明征收标准" in heard(lambda: levy.play.step("decision.made:levied"))


def test_a_levy_is_paid_in_parts_and_never_more_than_is_due(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("served")
    with at(levy.forward(1), 10):
        levy.pay("2500", "鲁财01")
        assert "已经登记过一笔缴款" in heard(lambda: levy.pay("100", "鲁财01"))
        assert "尚欠 3,500元" in heard(lambda: levy.pay("3500.01", "鲁财02"))
        assert "尚欠" in heard(lambda: levy.pay("0", "鲁财02"))
        assert "缴清并登记财政票据以后" in heard(
            lambda: levy.play.step("decision.executed", text="缴清。")
        )
        assert "才办结" in heard(lambda: levy.play.step("case.closed", text="办结。"))
        levy.pay("3500", "鲁财02")
        levy.play.step("decision.executed", text="缴清。")
    body = Document.objects.filter(record=levy.play.record, kind="levy-receipt").latest("pk").body
    assert "鲁财02" in body and "0元" in body


def test_an_unpaid_levy_goes_to_the_court_after_it_was_urged(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("served")
    with at(levy.day, 16):
        urging = {"until": levy.day + timedelta(days=200), **levy.service()}
        assert "缴纳期限已过" in heard(lambda: levy.play.step("execution.urged", **urging))
    with at(levy.forward(135), 10):
        levy.play.step("execution.urged", until=levy.day, **levy.service())
        asked = {"court": "汶上县人民法院", "request": "缴纳频率占用费6,000元。"}
        assert "催告书送达十个工作日后" in heard(lambda: levy.play.step("court.applied", **asked))
    with at(levy.forward(11), 10):
        assert "救济期限届满" in heard(lambda: levy.play.step("court.applied", **asked))
        levy.play.step("remedy.expired", checked="on")
        levy.play.step("court.applied", **asked)
        levy.play.step("case.closed", text="已经申请法院强制执行。")
    assert Record.objects.get(pk=levy.play.record.pk).state == "closed"


def test_what_is_not_levied_is_decided_served_and_closed(bodies: Any) -> None:
    levy = road(bodies, LEVY, outcome="not-levied").go("served")
    with at(levy.day, 16):
        assert "没有找到" not in heard(lambda: levy.pay("1", "鲁财01"))
        levy.play.step("case.closed", text="不予征收。")


def outcome(told: taking.Levying, act: str, **more: Any) -> None:
    """What reconsideration made of the decision, at the present moment."""
    told.play.step(
        act,
        organ="汶上县人民政府",
        number="汶政复决〔2026〕3号",
        received_on=told.day,
        reason="认定事实不清。",
        **more,
    )


def test_nothing_is_heard_before_it_was_told(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("drafted")
    with at(levy.day, 16):
        assert "要先办“告知拟征收的数额和依据”" in heard(levy.hear)


def test_a_levy_that_was_revoked_is_owed_by_nobody(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("served")
    with at(levy.forward(50), 10):
        levy.pay("1000", "鲁财01")
        outcome(levy, "decision.revoked")
        assert "尚欠 0元" in heard(lambda: levy.pay("1", "鲁财02"))
        assert "没有欠款的不再催缴" in heard(
            lambda: levy.play.step("execution.urged", until=levy.day, **levy.service())
        )
        page = who_reads(levy)
        assert "多缴，应当退还" in page and "1,000元" in page
        for act in ("decision.executed", "decision.altered"):
            said = {"text": "清。", "organ": "x", "number": "1", "received_on": levy.day}
            words = heard(lambda act=act, said=said: levy.play.step(act, reason="无。", **said))  # type: ignore[misc]
            assert "没有可以执行的义务" in words
        levy.play.step("case.closed", text="决定已被撤销。")
    assert Record.objects.get(pk=levy.play.record.pk).state == "closed"


def test_a_levy_that_was_altered_is_owed_as_altered(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("served")
    with at(levy.forward(1), 10):
        outcome(levy, "decision.altered", amount="4000")
        assert "尚欠 4,000元" in heard(lambda: levy.pay("4000.01", "鲁财01"))
        levy.pay("4000", "鲁财01")
        levy.play.step("decision.executed", text="缴清。")


def test_a_levy_that_is_to_be_made_anew_is_told_decided_and_counted_anew(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("paid")
    with at(levy.forward(1), 10):
        outcome(levy, "decision.ordered-redone")
        levy.draft("draft.amended", amount="9000")
    for stage in ("told", "heard", "proposed", "decided", "served"):
        getattr(levy, stage)()
    with at(levy.forward(1), 10):
        assert "缴清并登记财政票据以后" in heard(
            lambda: levy.play.step("decision.executed", text="缴清。")
        )
        assert "才办结" in heard(lambda: levy.play.step("case.closed", text="办结。"))
        levy.pay("3000", "鲁财03")
        levy.play.step("decision.executed", text="缴清。")
        levy.play.step("case.closed", text="办结。")


def who_reads(told: taking.Levying) -> str:
    """The page of the matter as an officer reads it."""
    made = Client()
    account = Account.objects.get(person__name="张三", person__posts__agency=told.play.body)
    made.post("/login", {"login": account.login, "password": PASSWORD})
    return made.get(f"/desk/cases/{told.play.record.pk}").content.decode()


def test_a_draft_of_a_levy_has_an_amount_and_a_day(bodies: Any) -> None:
    levy = road(bodies, LEVY).go("begun")
    with at(levy.day, 10):
        words = heard(lambda: levy.draft(amount="", until=""))
        past = heard(lambda: levy.draft(until=levy.day))
    assert "拟征收的要写明应缴数额" in words and "拟征收的要写明缴纳期限" in words
    assert "缴纳期限要在今天以后" in past


def test_without_an_emergency_nothing_is_requisitioned(bodies: Any) -> None:
    taken = road(bodies, THINGS, emergency="no").go("drafted")
    with at(taken.day, 16):
        assert "紧急需要，才能征用" in heard(lambda: taken.play.step("decision.made:requisitioned"))


def test_what_was_used_goes_back_and_is_paid_for_before_the_end(bodies: Any) -> None:
    taken = road(bodies, THINGS).go("ended")
    duty = Duty.objects.get(record=taken.play.record, topic="requisition/return")
    assert duty.state == Duty.OPEN and "及时返还" in duty.text
    taken.returned()
    duty.refresh_from_db()
    assert duty.state != Duty.OPEN
    assert (
        Duty.objects.get(record=taken.play.record, topic="requisition/compensation").state
        == Duty.OPEN
    )
    with at(taken.day, 16):
        assert "还没有到这一步" in heard(
            lambda: taken.play.step("case.closed", text="办结。")
        ) or "要在" in heard(lambda: taken.play.step("case.closed", text="办结。"))


def test_another_decision_than_the_draft_is_refused(bodies: Any) -> None:
    for item, other in ((LEVY, "not-levied"), (THINGS, "not-requisitioned")):
        told = road(bodies, item).go("drafted")
        with at(told.day, 16):
            assert "不是这一种决定" in heard(
                lambda told=told, other=other: told.play.step(f"decision.made:{other}")  # type: ignore[misc]
            )


def test_nothing_is_taken_and_the_matter_ends(bodies: Any) -> None:
    taken = road(bodies, THINGS, outcome="not-requisitioned").go("decided")
    with at(taken.forward(1), 10):
        taken.play.step("case.closed", text="不需要征用。")
    assert Record.objects.get(pk=taken.play.record.pk).state == "closed"


def hand_over(taken: Any, things: str) -> None:
    """Take these things over at the present moment."""
    taken.with_owner("property.requisitioned", things=things, place="厂区", user="县排水中心")


@pytest.mark.parametrize(
    "things",
    [
        "柴油发电机组，500千瓦，2台\n柴油发电机组，500千瓦，2台",
        "挖掘机，20吨，1台",
        "柴油发电机组，500千瓦，3台",
        "柴油发电机组，800千瓦，2台",
    ],
)
def test_only_what_the_decision_names_is_taken(bodies: Any, things: str) -> None:
    taken = road(bodies, THINGS).go("served")
    with at(taken.day, 16):
        assert "不在征用决定书写明的财产里" in heard(lambda: hand_over(taken, things))
        hand_over(taken, "柴油发电机组，500千瓦，1台，完好")


def test_what_was_taken_comes_back_or_it_is_said_why_not(bodies: Any) -> None:
    taken = road(bodies, THINGS).go("ended")
    with at(taken.forward(1), 10):
        back = lambda things, damage: taken.with_owner(  # noqa: E731
            "property.returned", things=things, damage=damage, place="厂区"
        )
        less = "柴油发电机组，500千瓦，1台\n移动照明车，4×1000瓦，1辆"
        assert "没有全部写进返还清单" in heard(lambda: back(less, "无"))
        assert "没有交接过" in heard(lambda: back(less + "\n水泵，5千瓦，1台", "无"))
        back(less, "柴油发电机组一台进水报废")
        pay = lambda amount: taken.with_owner(  # noqa: E731
            "compensation.paid", amount=amount, counted="重置价", receipt="支付01"
        )
        assert "补偿金额要大于零" in heard(lambda: pay("0"))
        pay("90000")


def test_nothing_is_taken_after_the_decision_fell_and_the_matter_can_end(bodies: Any) -> None:
    taken = road(bodies, THINGS).go("served")
    with at(taken.day, 16):
        assert "才办结" in heard(lambda: taken.play.step("case.closed", text="办结。"))
        outcome(taken, "decision.revoked")
        assert "不再交接财产" in heard(lambda: hand_over(taken, taking.THINGS))
        taken.play.step("case.closed", text="决定已被撤销，没有交接财产。")


def test_what_is_in_use_when_the_decision_falls_goes_back_and_is_paid_for(bodies: Any) -> None:
    taken = road(bodies, THINGS).go("taken")
    with at(taken.forward(1), 10):
        outcome(taken, "decision.revoked")
    duty = Duty.objects.get(record=taken.play.record, topic="requisition/return-fallen")
    assert duty.state == Duty.OPEN
    for stage in ("ended", "returned", "compensated", "closed"):
        getattr(taken, stage)()
    duty.refresh_from_db()
    assert duty.state == Duty.DONE
    assert Record.objects.get(pk=taken.play.record.pk).state == "closed"


@pytest.mark.parametrize("stage", ["served", "taken", "compensated"])
def test_a_requisition_that_is_to_be_decided_anew_comes_to_an_end(bodies: Any, stage: str) -> None:
    taken = road(bodies, THINGS).go(stage)
    with at(taken.forward(1), 9):
        outcome(taken, "decision.ordered-redone")
        taken.draft("draft.amended", outcome="not-requisitioned")
    taken.how["outcome"] = "not-requisitioned"
    for each in ("proposed", "decided", "served"):
        getattr(taken, each)()
    with at(taken.forward(1), 9):
        if stage == "taken":
            assert "返还财产并支付补偿以后" in heard(
                lambda: taken.play.step("case.closed", text="办结。")
            )
    if stage == "taken":
        taken.returned()
        taken.compensated()
    taken.closed()
    assert Record.objects.get(pk=taken.play.record.pk).state == "closed"


@pytest.mark.parametrize("kind", ["levy", "requisition"])
def test_menu_list_guide_and_chart_know_the_kind(bodies: Any, kind: str) -> None:
    body, found = bodies["wg"], matter_kinds.find(kind)
    with at("2026-11-20", 9):
        assert kind in powers(body)
        assert kind in {each.kind for each in openings(who(body, "张三"), body)}
        assert kind not in {each.kind for each in openings(who(bodies["lx"], "焦专"), bodies["lx"])}
        item = Item.objects.get(agency=body, kind=kind)
        drawn = process_map.of_item(item)
        assert [each.name for each in drawn.stations] and drawn.name == found.name
        kept = {each.kind.code: each for each in sections(who(body, "房敏"), body)}
        for page in ("guide", "flow-chart"):
            assert any(item.name in name or found.name in name for _, name in kept[page].open)
        assert item.category == found.categories[0].word


@pytest.mark.parametrize("kind", ["levy", "requisition"])
def test_guide_chart_and_list_of_the_kind_are_compiled_and_read(bodies: Any, kind: str) -> None:
    body, found = bodies["wg"], matter_kinds.find(kind)
    item = Item.objects.get(agency=body, kind=kind)
    with at("2026-04-07", 10):
        for page, said in (("guide", {}), ("flow-chart", {}), ("item-list", answers("wg"))):
            about = "" if page == "item-list" else item.code
            by = "房敏" if page != "guide" else WINDOW["wg"]
            kept = Keeping(body, by, page, about).compile(**said).publish()
            live = Publication.objects.get(record=kept.page.record_id, state=Publication.LIVE)
            public = Client().get(f"/p/{live.code}").content.decode()
            assert item.name in public and live.title in public
            if page != "item-list":
                assert all(
                    step.name in public
                    for step in (found.usual.steps if found.usual else ())
                    if step.main and step.act in ("draft.made", "decision.made", "decision.served")
                )


WORDS = {
    "行政许可": "licence",
    "行政处罚": "penalty",
    "处罚": "penalty",
    "行政处罚类": "penalty",
    "行政处罚 ": "penalty",
    "行政强制": "coercion",
    "行政强制措施": "coercion",
    "行政征收": "levy",
    "征收": "levy",
    "行政征用": "requisition",
    "行政给付": "other",
    "行政裁决": "other",
    "行政确认": "confirmation",
    "行政确认、登记": "confirmation",
    "行政奖励": "other",
    "行政检查": "inspection",
    "行政监督检查": "inspection",
    "其他": "other",
    "其他类": "other",
    "其他权力": "other",
    "其他行政权力": "other",
    "公共服务": "service",
}


def book(words: list[str]) -> bytes:
    """A list of items with a row for each word."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([column.head for column in sheets.ITEMS])
    for at_, word in enumerate(words):
        basis = ["《节约能源法》第五十三条", "《节约能源法》第八十二条"]
        named = ["职责", "权限", "科室", "", "", date(2026, 1, 1), None]
        sheet.append([f"z-{at_:02d}", f"事项{at_:02d}", word, *basis, *named])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_every_word_of_a_list_of_powers_is_taken_in_however_it_is_written(bodies: Any) -> None:
    with at("2026-11-20", 9):
        found = importing.look(bodies["lm"], "items", book(list(WORDS)))
    assert not found.faults
    assert {row.values["kind"] for row in found.rows} == {
        *categories.STATUTORY,
        "行政征用",
        "公共服务",
    }


def test_what_comes_in_goes_out_and_comes_in_unchanged(bodies: Any) -> None:
    body, by = bodies["wg"], who(bodies["wg"], "房敏")
    mine = [word for word, kind in WORDS.items() if kind not in ("coercion", "confirmation")]
    with at("2026-11-20", 9):
        stored = store.put_bytes(book(mine), sheets.XLSX)
        import_acts.take_in(by, body, "items", stored, "权责清单.xlsx")
        again = importing.look(body, "items", importing.register(body, "items"))
    assert not again.faults and set(again.states.values()) == {sheets.SAME}
    kinds = {item.name: item for item in Item.objects.filter(agency=body, code__startswith="z-")}
    for at_, word in enumerate(mine):
        assert kinds[f"事项{at_:02d}"].kind == WORDS[word]
    sorts = {item.category: item.details.get("sort") for item in kinds.values()}
    assert (sorts["行政给付"], sorts["行政裁决"], sorts["行政奖励"]) == (
        "payment",
        "ruling",
        "reward",
    )


def test_a_public_service_is_kept_in_the_list_and_is_no_power(bodies: Any) -> None:
    body, by = bodies["wg"], who(bodies["wg"], "房敏")
    with at("2026-11-20", 9):
        stored = store.put_bytes(book(["公共服务"]), sheets.XLSX)
        import_acts.take_in(by, body, "items", stored, "公共服务.xlsx")
        item = Item.objects.get(agency=body, kind=categories.SERVICE)
        kept = {each.kind.code: each for each in sections(by, body)}
        assert item.category == "公共服务" and process_map.of_item(item).stations == ()
        assert categories.SERVICE not in powers(body)
        for page in ("guide", "flow-chart"):
            assert all(item.name not in name for _, name in kept[page].open)
        public = Client().get(f"/a/{body.code}").content.decode()
    assert item.name in public and "公共服务" in public


def test_a_word_that_is_none_is_refused_with_those_that_are(bodies: Any) -> None:
    with at("2026-11-20", 9):
        found = importing.look(bodies["wg"], "items", book(["行政合同"]))
        barred = importing.look(bodies["wg"], "items", book(["行政强制", "行政确认"]))
    assert "不认识类型“行政合同”，可以填：行政许可；行政处罚" in found.faults[0][1]
    assert "公共服务" in found.faults[0][1]
    assert all("本机关的规定没有写" in words for _, words in barred.faults)


def test_old_matters_of_the_kind_other_keep_their_word(bodies: Any) -> None:
    old = Item.objects.get(agency=bodies["wg"], code="qt-zs")
    assert (old.kind, old.category) == ("other", "其他")
    assert registry.procedure("other-motion").kind == "other"
