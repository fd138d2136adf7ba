"""21: the menu, the openings and the steps that a person is shown are those that the backend lets
him do, kind by kind.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.desk import case_page, menu
from mingzheng.procedures import registry
from mingzheng.procedures.outcome import Invalid
from mingzheng.procedures.situation import Matter
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import parties
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at, who
from mingzheng.site.demo.registering import Registering, couple
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.bypasses.test_20_to_30_traces_and_scope import attempt, login_of, one_of_each, sorts
from tests.cases.licensing import TUESDAY, licence
from tests.cases.test_coercion import seized
from tests.cases.test_inspection import tour
from tests.clause import clause

BARRED = ("您不能办理这一步", "本案现在处于", "还没有到这一步", "已经办过了", "没有找到")
STORIES: dict[str, Any] = {
    "visit planned": lambda made: tour(made).go("planned"),
    "visit at the door": lambda made: tour(made).go("started"),
    "visit of the petition office": lambda made: tour(made, "lx").go("visited"),
    "licence received": lambda made: licence(made).go("received"),
    "licence drafted": lambda made: licence(made).go("drafted"),
    "licence served": lambda made: licence(made).go("served"),
    "seizure": seized,
    "marriage": (
        lambda made: Registering(made["lm"], couple(1), "marriage-registration", TUESDAY).go(
            "received"
        )
    ),
    "levy": (
        lambda made: Otherwise(
            Play(made["wg"], ("张三", "李四"), parties.company("wg", 4), "qt-zs"), TUESDAY
        ).go("drafted")
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_21_what_is_offered_is_what_may_be_done_in_every_kind_of_matter(
    bodies: dict[str, Agency], name: str
) -> None:
    history = STORIES[name](bodies)
    record = history.play.record
    record.refresh_from_db()
    seen = 0
    with at(history.day, 18):
        for by in sorts(history.play.body, record):
            if not access.visible(by).filter(pk=record.pk).exists():
                continue
            seen += 1
            offered = {offer.step.key for offer in case_page.offers(Matter(record), by)}
            for step in registry.procedure(record.procedure).steps:
                words = attempt(history, step.key, by)
                assert any(word in words for word in BARRED) == (step.key not in offered), (
                    f"{by.name} {step.key}: {words}"
                )
    assert seen >= 2


@pytest.mark.parametrize("code", ["wg", "lm", "lg", "lx", "cx", "fc", "lc-justice", "lc-gov"])
def test_21_openings_shown_are_openings_that_open(
    bodies: dict[str, Agency], client: Any, code: str
) -> None:
    every = {opening.code for opening in registry.openings()}
    for post in one_of_each(bodies[code]):
        with at(TUESDAY, 9):
            by = who(bodies[code], post.person.name)
            shown = {each.code for each in menu.openings(by, bodies[code])}
            enter(client, login_of(post))
            page = client.get("/desk/cases/new").content.decode()
            assert set(re.findall(r'href="/desk/cases/new/([a-z-]+)"', page)) <= shown, (
                post.person.name
            )
            for opening in registry.openings():
                answer = client.get(f"/desk/cases/new/{opening.code}")
                assert (answer.status_code == 200) == (opening.code in shown), (
                    post.person.name,
                    opening.code,
                )
                if opening.code not in shown:
                    assert client.post(
                        f"/desk/cases/new/{opening.code}", {"form_key": "k"}
                    ).status_code in (404, 409, 422)
            assert shown <= every
        client.cookies.clear()


@pytest.mark.parametrize("code", ["wg", "lm", "lg", "lx", "cx", "fc", "lc-justice", "lc-gov"])
def test_21_every_line_of_the_menu_opens_and_what_is_not_there_does_not(
    bodies: dict[str, Agency], client: Any, code: str
) -> None:
    lines = {
        "/desk/cases",
        "/desk/licences",
        "/desk/handover",
        "/desk/rules",
        "/desk/people",
        "/desk/office",
    }
    for post in one_of_each(bodies[code]):
        with at(TUESDAY, 9):
            enter(client, login_of(post))
            home = client.get("/desk").content.decode()
            shown = {
                address
                for _, _, address, _ in menu.entries(
                    who(bodies[code], post.person.name), bodies[code]
                )
            }
            for address in shown:
                assert f'href="{address}"' in home and client.get(address).status_code == 200, (
                    post.person.name,
                    address,
                )
            # An officer answers a handover from his workbench; a chief's list of others is a line
            # of the menu.
            hidden = lines - shown - {"/desk/handover", "/desk/cases", "/desk/rules"}
            for address in hidden:
                assert client.get(address).status_code in (302, 403, 404), (
                    post.person.name,
                    address,
                )
        client.cookies.clear()


KINDS = {"lx": {"inspection"}, "cx": {"inspection"}, "fc": {"penalty", "inspection", "coercion"}}
NEVER = {
    "lx": ("登记线索", "收到许可申请", "登记行政强制", "收到登记申请", "依职权启动", "许可证件"),
    "cx": ("登记线索", "收到许可申请", "登记行政强制", "收到登记申请", "依职权启动", "许可证件"),
    "fc": ("收到许可申请", "收到登记申请", "依职权启动", "许可证件"),
}


@clause("LX-A3")
@pytest.mark.parametrize("code", ["lx", "cx", "fc"])
def test_21_an_agency_with_few_powers_is_shown_only_those(
    bodies: dict[str, Agency], client: Any, code: str
) -> None:
    """On the pages as they are sent: workbench, openings, kinds in the list."""
    assert "inspection" in menu.powers(bodies[code]) <= KINDS[code]
    for post in one_of_each(bodies[code]):
        with at(TUESDAY, 9):
            enter(client, login_of(post))
            pages = {
                address: client.get(address).content.decode()
                for address in ("/desk", "/desk/cases", "/desk/cases/new")
            }
        for address, text in pages.items():
            for word in NEVER[code]:
                assert word not in text, (post.person.name, address, word)
        offered = set(re.findall(r'<option value="([a-z]+)"', kinds_of(pages["/desk/cases"])))
        assert offered <= KINDS[code], (post.person.name, offered)
        client.cookies.clear()


def kinds_of(page: str) -> str:
    """The part of a list's page in which a kind is chosen."""
    found = re.search(r'<select[^>]*name="kind".*?</select>', page, re.S)
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("code", "opening"),
    [
        ("lx", "penalty"),
        ("lx", "licence"),
        ("lx", "coercion"),
        ("cx", "penalty"),
        ("cx", "licence"),
        ("fc", "licence"),
        ("fc", "registration"),
        ("wg", "registration"),
    ],
)
def test_21_what_an_agency_has_no_power_for_is_refused_with_its_source(
    bodies: dict[str, Agency], code: str, opening: str
) -> None:
    """Also without the page: the act itself asks."""
    from mingzheng.catalogue.models import Item

    officers = {
        "lx": ("焦专", "史宁"),
        "cx": ("韩专", "任岚"),
        "fc": ("常青", "贾晋"),
        "wg": ("张三", "李四"),
    }[code]
    item = Item.objects.filter(agency=bodies[code]).earliest("pk")
    play = Play(bodies[code], officers, parties.company("wg", 1), item.code, cause="示例")
    asked = next(each for each in registry.openings() if each.code == opening)
    with at(TUESDAY, 9), pytest.raises((Refused, Invalid)) as caught:
        play.begin(opening, cause="示例", place="示例", summary="示例", content="示例")
    if isinstance(caught.value, Refused):
        assert all(ground.source for ground in caught.value.grounds)
    else:
        assert "item" in caught.value.form.errors
    assert asked.kind not in menu.powers(bodies[code])


def test_21_the_petition_office_is_offered_no_measure_of_force_in_its_visit(
    bodies: dict[str, Agency],
) -> None:
    trip = tour(bodies, "lx", problem=True).go("visited")
    keys = {step.key for step in registry.procedure(trip.play.record.procedure).steps}
    assert not {
        key
        for key in keys
        if key.startswith(("property.", "seizure.", "decision.made", "coercion."))
    }
    with at(trip.day, 18):
        offered = {
            offer.step.key
            for offer in case_page.offers(Matter(trip.play.record), who(bodies["lx"], "焦专"))
        }
    assert "matter.followed-up" not in offered, "没有处罚权的机关不能转立案"
