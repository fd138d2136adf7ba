"""A basis is amended or repealed: every public page that cites it is owed anew, counted from the
day on which that holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mingzheng.catalogue import bases
from mingzheng.catalogue.acts import bases as acts
from mingzheng.catalogue.models import Basis, BasisChange
from mingzheng.records import law
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import published
from mingzheng.site.demo.play import who
from tests.catalogue.telling import DAY, answers, begun, heard, live, morning, owed
from tests.clause import clause
from tests.scenes.pages import officer, posted

AMENDED, REPEALED = BasisChange.AMENDED, BasisChange.REPEALED


def registered(bodies: dict[str, Any], code: str, name: str, rank: str = "law") -> Basis:
    """A basis of the agency, in force since long ago."""
    said = {"verb": "register", "name": name, "rank": rank, "on": "2016-03-01"}
    posted(officer(published.head(bodies[code])), "/desk/bases", said)
    return Basis.objects.filter(agency=bodies[code]).latest("pk")


def changed(
    bodies: dict[str, Any], code: str, basis: Basis, sort: str, on: date, **more: str
) -> BasisChange:
    """A change registered by the head."""
    said = {"verb": "change", "basis": basis.pk, "sort": sort, "on": on.isoformat(), **more}
    posted(officer(published.head(bodies[code])), "/desk/bases", said)
    return BasisChange.objects.filter(basis=basis).latest("pk")


@clause("LX-A11.5")
@pytest.mark.parametrize("effective", [date(2026, 3, 2), date(2026, 4, 7), date(2026, 5, 1)])
def test_the_twenty_working_days_run_from_the_day_on_which_the_change_holds(
    bodies: dict[str, Any], effective: date
) -> None:
    with morning():
        kept = begun(bodies, "lx", "item-list").compile(**answers("lx")).publish()
        basis = registered(bodies, "lx", "信访工作条例", "administrative-regulation")
        changed(bodies, "lx", basis, AMENDED, effective)
    duty = owed(kept)[0]
    day, left = effective, 20
    while left:
        day += timedelta(days=1)
        left -= law.calendar().is_workday(day)
    assert duty.due == day and duty.rule.startswith("LX-A11.5") and "第十一条第五项" in duty.source


@clause("LX-A11.5")
def test_only_pages_that_cite_it_and_are_public_are_owed(bodies: dict[str, Any]) -> None:
    with morning():
        items = begun(bodies, "lx", "item-list").compile(**answers("lx")).publish()
        chart = begun(bodies, "lx", "flow-chart", "jc-xf").compile().publish()
        officers = begun(bodies, "lx", "officer-list").compile().publish()
        draft = begun(bodies, "lx", "random-list").compile()
        changed(
            bodies,
            "lx",
            registered(bodies, "lx", "信访工作条例", "administrative-regulation"),
            REPEALED,
            DAY,
            successor="新条例",
        )
    # The chart does not name it, the item that it is about rests on it.
    assert owed(items) and owed(chart) and not owed(officers) and not owed(draft)


@clause("LX-A11.5", "LM-1.2", "WG-A5.p3", "CX-1.2.2")
@pytest.mark.parametrize(
    "code,name,rule",
    [
        ("lx", "信访工作条例", "LX-A11.5"),
        ("cx", "信访工作条例", ""),
        ("lm", "社会团体登记管理条例", "LM-1.2"),
        ("wg", "节约能源法", "WG-A5"),
    ],
)
def test_the_duty_is_closed_by_a_newer_page_on_the_same_road(
    bodies: dict[str, Any], code: str, name: str, rule: str
) -> None:
    with morning():
        kept = begun(bodies, code, "item-list").compile(**answers(code))
        (kept.file("1号") if code == "lm" else kept).publish()
        changed(bodies, code, registered(bodies, code, name), AMENDED, DAY)
        assert owed(kept) and owed(kept)[0].rule.startswith(rule)
    with morning(DAY + timedelta(days=3)):
        kept.compile(**{**answers(code), "duties": "按修改后的依据重新写明的职责"})
        assert owed(kept), "编制了还没有公示，期限还在"
        (kept.file("2号") if code == "lm" else kept).publish()
    assert (
        not owed(kept)
        and Act.objects.filter(record=kept.page.record_id, kind="page.updated").count() == 1
    )
    assert list(verify_all()) == []


@clause("WG-A5.p3")
def test_a_page_that_was_looked_through_and_found_right_is_a_version_too(
    bodies: dict[str, Any],
) -> None:
    with morning():
        kept = begun(bodies, "wg", "item-list").compile(**answers("wg")).publish()
        changed(bodies, "wg", registered(bodies, "wg", "中华人民共和国节约能源法"), AMENDED, DAY)
    with morning(DAY + timedelta(days=2)):
        kept.compile(**answers("wg"), note="逐项核对，没有需要改的").publish()
    assert not owed(kept)


@clause("LX-A5.2", "LM-1.2", "LG-1.1", "WG-A5.1")
@pytest.mark.parametrize(
    "code,name",
    [
        ("lx", "信访工作条例"),
        ("lm", "社会团体登记管理条例"),
        ("lg", "节能监察办法"),
        ("wg", "节能监察办法"),
    ],
)
def test_bases_are_public_with_their_days_and_a_repealed_one_marks_what_cites_it(
    bodies: dict[str, Any], client: Client, code: str, name: str
) -> None:
    with morning():
        kept = begun(bodies, code, "item-list").compile(**answers(code))
        (kept.file("1号") if code == "lm" else kept).publish()
        basis = registered(bodies, code, name)
        begun(bodies, code, "bases").compile().publish()
    with morning(DAY + timedelta(days=1)):
        changed(bodies, code, basis, REPEALED, DAY + timedelta(days=1), successor="新的规定")
        page = client.get(f"/p/{live(kept).code}").content.decode()
        feed = client.get(f"/a/{code}/bases").content.decode()
    assert f"本页引用的《{name}》自 2026年4月8日 起废止" in page
    assert "2016年3月1日" in feed and f"废止：《{name}》" in feed and "由《新的规定》代替" in feed


@clause("LX-A11")
def test_what_came_was_amended_and_repealed_stands_in_one_public_feed(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        first = registered(bodies, "lx", "信访工作条例", "administrative-regulation")
        acts.register(
            published.head(bodies["lx"]),
            "《实地督查办法》",
            "normative-document",
            date(2026, 4, 1),
            "陵信发〔2026〕1号",
            "https://example.cn/1",
        )
        changed(bodies, "lx", first, AMENDED, date(2026, 4, 3), note="修改第三十八条")
        feed = client.get("/a/lx/bases").content.decode()
    places = [
        feed.index(text)
        for text in (
            "修改：《信访工作条例》",
            "《实地督查办法》</a>陵信发〔2026〕1号",
            "施行：《信访工作条例》",
        )
    ]
    assert (
        places == sorted(places)
        and 'href="https://example.cn/1"' in feed
        and "修改第三十八条" in feed
    )


@clause("LX-A11.5")
def test_adjusted_functions_owe_the_pages_that_are_named(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lx", "item-list").compile(**answers("lx")).publish()
        other = begun(bodies, "lx", "officer-list").compile().publish()
        head = published.head(bodies["lx"])
        assert "至少选择一页" in heard(lambda: acts.functions_changed(head, [], DAY, "并入"))
        acts.functions_changed(head, [kept.page], date(2026, 4, 1), "督查职能并入")
    assert owed(kept)[0].how["start"]["date"].startswith("2026-04-01") and not owed(other)


def test_a_basis_is_registered_once_and_changed_by_those_who_keep_it(
    bodies: dict[str, Any],
) -> None:
    with morning():
        basis = registered(bodies, "wg", "中华人民共和国节约能源法")
        assert "已经登记" in heard(lambda: registered(bodies, "wg", "《节约能源法》"))
        assert "您不能办理这一步" in heard(
            lambda: acts.change(who(bodies["wg"], "张三"), basis, AMENDED, DAY)
        )
        assert "不能早于施行日期" in heard(
            lambda: changed(bodies, "wg", basis, AMENDED, date(2010, 1, 1))
        )
        assert "请从列出的依据中选择" in heard(lambda: changed(bodies, "lg", basis, AMENDED, DAY))
        changed(bodies, "wg", basis, REPEALED, DAY)
        assert "已登记自2026年4月7日起废止" in heard(
            lambda: changed(bodies, "wg", basis, AMENDED, DAY)
        )
    assert not Duty.objects.filter(topic="lists/update").exists()


def test_another_agency_pages_are_never_touched(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lg", "item-list").compile(**answers("lg")).publish()
        changed(bodies, "wg", registered(bodies, "wg", "节约能源法"), AMENDED, DAY)
    assert not owed(kept)


@pytest.mark.parametrize(
    "text,cited",
    [
        ("《节约能源法》第十二条", True),
        ("《中华人民共和国节约能源法》第一条", True),
        ("《节约能源法实施办法》", False),
        ("节约能源法", True),
        ("依照有关规定", False),
    ],
)
def test_a_basis_is_known_by_its_whole_name(bodies: dict[str, Any], text: str, cited: bool) -> None:
    with morning():
        basis = registered(bodies, "wg", "中华人民共和国节约能源法")
    assert bases.cited_in(basis, text) is cited


def test_what_was_registered_is_never_altered(bodies: dict[str, Any]) -> None:
    with morning():
        basis = registered(bodies, "wg", "节约能源法")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_basis SET effective_on = '2020-01-01' WHERE id = %s", [basis.pk]
        )
