"""The demo's licences: at every stage, refused, extended, heard, renewed, and lost in three
ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Licence
from mingzheng.core import clock
from mingzheng.records import law
from mingzheng.site.demo import parties
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import Play, at, back
from mingzheng.site.demo.revoking import Ending

PEOPLE = {
    "wg": (("张三", "李四"), ("冯立", "苗青")),
    "lm": (("赵晨", "孙岩"), ("武强", "靳月")),
    "lg": (("侯野", "曹越"), ("侯野", "曹越")),
}
CONTENT = {
    "xk-jn": (
        "年产20万吨新型墙体材料项目节能审查",
        "锅炉煤改气项目节能审查",
        "纺织车间余热回收项目节能审查",
    ),
    "xk-jg": (
        "铸造生产线自动化改造项目核准",
        "机械加工车间数控改造项目核准",
        "包装生产线扩能改造项目核准",
    ),
    "xk-dl": (
        "在110千伏汶康线保护区内打桩施工，工期二十天",
        "在35千伏线路通道内吊装钢结构厂房",
        "在10千伏线路下方开挖排水沟",
    ),
    "xk-st": (
        "成立县级社会团体，业务范围为地方文化研究和交流",
        "成立县级行业协会，业务范围为中药材种植技术交流",
    ),
    "xk-mf": ("成立民办非企业单位，开展居家养老服务", "成立民办非企业单位，开展青少年体育培训"),
}
GROUPS = (
    "陵川县药茶产业协会",
    "陵川县连翘种植协会",
    "陵川县古建筑保护促进会",
    "陵川县安馨居家养老服务站",
    "陵川县启明体育培训中心",
)
REASONS = "项目用地没有取得规划意见，不符合核准条件，补正后仍未取得。"

Back = Callable[[int], date]
# (agency, party number, item, as far as, working days ago that it came in, turn, how)
STORIES: tuple[tuple[str, int, str, str, int, str, dict[str, Any]], ...] = (
    ("wg", 0, "xk-jg", "bound", 60, "changed", {}),
    ("wg", 1, "xk-jn", "bound", 48, "", {"without": ("report",), "window": "窦敏"}),
    (
        "wg",
        2,
        "xk-dl",
        "bound",
        70,
        "",
        {
            "hearing": True,
            "review": True,
            "judged": {"major_rights": "yes"},
            "turns": ("neighbours",),
        },
    ),
    ("wg", 3, "xk-jn", "published", 44, "", {"turns": ("experts", "extended")}),
    ("wg", 4, "xk-jg", "closed", 26, "", {"outcome": "refused", "reasons": REASONS}),
    (
        "wg",
        5,
        "xk-jn",
        "served",
        15,
        "",
        {
            "outcome": "refused",
            "found": "differs",
            "seen": "现场设备与节能报告所列型号不一致。",
            "reasons": "主要用能设备与节能报告不符，能耗强度超过准入值。",
        },
    ),
    ("wg", 6, "xk-dl", "examined", 14, "hearing_asked", {"turns": ("neighbours",)}),
    ("wg", 7, "xk-jn", "examined", 8, "", {"turns": ("experts_called",)}),
    ("wg", 8, "xk-jg", "received", 2, "", {"window": "窦敏"}),
    ("wg", 9, "xk-dl", "received", 6, "asked_to_mend", {"without": ("agreement",)}),
    ("wg", 10, "xk-jg", "received", 7, "not_accepted", {}),
    ("wg", 11, "xk-jn", "received", 10, "by_silence", {"without": ("land",)}),
    ("wg", 12, "xk-jg", "examined", 22, "", {"turns": ("extended",)}),
    ("wg", 13, "xk-dl", "proposed", 9, "", {}),
    ("wg", 14, "xk-jg", "decided", 12, "", {}),
    ("wg", 15, "xk-dl", "bound", 150, "renewing", {"valid_until": 25}),
    ("wg", 16, "xk-dl", "bound", 150, "renewed_by_silence", {"valid_until": -8}),
    ("wg", 17, "xk-jn", "published", 90, "revoked", {}),
    ("wg", 18, "xk-dl", "published", 100, "taken_back", {}),
    ("wg", 19, "xk-jg", "published", 80, "struck_off", {}),
    ("wg", 3, "xk-jg", "bound", 64, "given_up", {}),
    ("wg", 5, "xk-jg", "accepted", 9, "withdrawn", {}),
    ("wg", 1, "xk-dl", "drafted", 20, "", {"review": True, "judged": {"complex": "yes"}}),
    (
        "lg",
        0,
        "xk-jg",
        "closed",
        50,
        "",
        {"review": True, "self_check": True, "judged": {"public_interest": "yes"}},
    ),
    ("lg", 1, "xk-jn", "examined", 9, "", {}),
    (
        "lg",
        2,
        "xk-jn",
        "proposed",
        14,
        "",
        {"outcome": "refused", "reasons": "节能报告没有包含能源消费影响分析。"},
    ),
    ("lm", 0, "xk-st", "closed", 60, "", {}),
    ("lm", 3, "xk-mf", "published", 48, "", {}),
    ("lm", 1, "xk-st", "examined", 30, "", {}),
    ("lm", 2, "xk-st", "received", 4, "asked_to_mend", {"without": ("charter",)}),
    (
        "lm",
        4,
        "xk-mf",
        "decided",
        20,
        "",
        {"outcome": "refused", "reasons": "没有与其业务活动相适应的场所。"},
    ),
)


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play every story, one yield each."""
    for index, (code, number, item, until, ago, turn, how) in enumerate(STORIES):
        texts = CONTENT[item]
        said = {
            "content": texts[index % len(texts)],
            "other": parties.company("wg", (number + 7) % 20),
            **how,
        }
        if "valid_until" in how:
            said["until"] = clock.today() + timedelta(days=how["valid_until"])
        road = Licensing(
            Play(made[code], PEOPLE[code][index % 3 == 2], _party(code, number), item),
            back(ago),
            **said,
        ).go(until)
        if turn:
            TURNS[turn](road, back)
        if road.day > clock.today():
            raise ValueError(
                f"the licence of {road.play.party['name']} ({item}) runs into the future"
            )
        yield


def _party(code: str, number: int) -> dict[str, Any]:
    # A body that is being founded is not yet one of those that were punished.
    if code == "lm":
        return {**parties.company("lm", 20 + number), "name": GROUPS[number]}
    return parties.company(code, number)


def _held(road: Licensing) -> Licence:
    found = road.certificate()
    assert found is not None
    return found


def _again(road: Licensing, sort: str, start: date, **how: Any) -> Licensing:
    play = Play(road.play.body, road.play.officers, road.play.party, road.play.item)
    return Licensing(
        play, start, **{"content": road.how["content"], "sort": sort, "about": _held(road), **how}
    )


def _ending(road: Licensing, sort: str, start: date, **how: Any) -> Ending:
    play = Play(road.play.body, road.play.officers, road.play.party, road.play.item)
    return Ending(play, start, _held(road), sort, **how)


def _state_reported(road: Licensing, day: date) -> None:
    """The credit platform learns that the licence is no longer in force."""
    with at(day, 16):
        road.play.step(
            "decision.transmitted", to="body/credit-platform", receipt=f"SGS-ZT2-{day:%Y%m%d}"
        )


def changed(road: Licensing, back: Back) -> None:
    """The project shrinks; the certificate is changed under its number."""
    _again(
        road,
        "change",
        back(24),
        content="铸造生产线自动化改造项目核准，规模调整为年产8万吨",
        until=_held(road).until,
    ).go("published")


def renewing(road: Licensing, back: Back) -> None:
    """A renewal that has to be decided before the old period ends."""
    _again(road, "renewal", back(18)).go("examined")


def renewed_by_silence(road: Licensing, back: Back) -> None:
    """Nobody decided in time; the law renewed it."""
    late = _again(road, "renewal", back(50)).go("accepted")
    late.day = back(3)
    with at(late.day, 9):
        late.play.step(
            "decision.made:deemed",
            until=clock.today() + timedelta(days=330),
            reason="承办人员调整时没有移交，未按期作出决定。",
        )
    with at(late.day, 11):
        late.play.step("certificate.issued", number=late.number(), receiver=late.name)


def revoked(road: Licensing, back: Back) -> None:
    """Got by fraud: revoked after a hearing of the holder; the publication is taken down with the
    reason.
    """
    _ending(
        road,
        "revocation",
        back(30),
        ground="fraud",
        review=True,
        judged={"major_rights": "yes"},
        facts="举报核查发现，申请时提交的用地文件系伪造。",
        compensation="许可以欺骗手段取得，基于许可取得的利益不受保护。",
        said="承认文件由中介代办，没有核实。",
    ).go("closed")
    with at(back(12), 9):
        road.play.step(
            "publication.withdrawn", cause="revoked", reason="该许可以欺骗手段取得，已依法撤销。"
        )
        road.play.approve()
        road.play.taken_down()
    _state_reported(road, back(12))


def taken_back(road: Licensing, back: Back) -> None:
    """The line is rerouted; the permission is withdrawn and the loss compensated."""
    _ending(
        road,
        "withdrawal",
        back(22),
        ground="circumstances-changed",
        facts="线路迁改工程开工，原作业区划入新的线路走廊，准予许可所依据的客观情况发生重大变化。",
        compensation="对已经投入的临时设施费用依法给予补偿，数额由评估确定。",
    ).go("served")


def struck_off(road: Licensing, back: Back) -> None:
    """The holder was dissolved."""
    _ending(
        road, "cancellation", back(18), ground="dissolved", facts="持证企业已经依法办理注销登记。"
    ).go("closed")
    _state_reported(road, back(9))


def given_up(road: Licensing, back: Back) -> None:
    """The holder asks for it to be struck off."""
    _again(road, "cancellation", back(16), content="项目终止，申请注销核准文件").go("closed")
    _state_reported(road, back(8))


def hearing_asked(road: Licensing, back: Back) -> None:
    """The neighbour asks for a hearing; the notice is out."""
    with at(road.forward(1), 10):
        road.draft(hearing_right="yes")
    with at(road.day, 11):
        road.play.step(
            "party.notified:hearing-right", contact="承办人，0537-0000001", **road.service()
        )
    with at(road.forward(2), 10):
        road.play.step(
            "hearing.requested",
            applicant=road.how["other"]["name"],
            text="担心吊装影响厂房安全，要求听证。",
        )
    with at(road.forward(1), 10):
        road.play.step(
            "party.notified:hearing",
            hearing_on=law.calendar().add(road.day, 9, "workday").due,
            hearing_place="本机关听证室",
            host=road.role("hearing-host"),
            clerk="记录员",
            expected=road.until_in(10),
            **road.service(),
        )


def asked_to_mend(road: Licensing, back: Back) -> None:
    """Told once what is missing, and waiting for it."""
    with at(road.forward(2), 10):
        road.play.step(
            "materials.requested",
            lacking=road.how["without"],
            content="请补交原件，加盖印章。",
            **road.service(),
        )


def not_accepted(road: Licensing, back: Back) -> None:
    """Another body's business."""
    with at(road.forward(1), 10):
        road.play.step(
            "application.refused",
            ground="not-competent",
            reasons="该项目跨县建设，由市级核准机关办理，请向市工业和信息化局申请。",
            **road.service(),
        )


def by_silence(road: Licensing, back: Back) -> None:
    """Nobody said in time what was missing, so it counts as accepted from the day it came."""
    with at(road.forward(7), 10):
        road.play.step(
            "application.accepted",
            officers=road.play.officers_ids(),
            note="超过期限没有告知补正，依法自收到之日起受理。",
        )


def withdrawn(road: Licensing, back: Back) -> None:
    """The applicant changed his mind."""
    with at(road.forward(2), 10):
        road.play.step(
            "application.withdrawn:applicant", reason="企业决定暂缓实施改造，书面申请撤回。"
        )


TURNS = {
    turn.__name__: turn
    for turn in (
        changed,
        renewing,
        renewed_by_silence,
        revoked,
        taken_back,
        struck_off,
        given_up,
        hearing_asked,
        asked_to_mend,
        not_accepted,
        by_silence,
        withdrawn,
    )
}
