"""One case of the demo told in pictures: a film with an explained break, a held recording, data
from a carrier, a hand's signature.
"""

from __future__ import annotations

import json
import math
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.documents.models import Document
from mingzheng.evidence.media import examine
from mingzheng.evidence.models import Item
from mingzheng.records import store
from mingzheng.site.demo import clips, oddities
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at

NUMBER = 1


def play(made: dict[str, Agency]) -> None:
    """汶上, a case under investigation ten working days ago."""
    journey = oddities.case(made, 18, "jn-71", 12).go("opened")
    _on_the_spot(journey)
    _asked(journey)
    _collected(journey)


def _kept(kind: str, seconds: int, mark: str, name: str) -> list[Any]:
    stored = clips.kept(kind, seconds, mark)
    examine(store.register(stored).pk)
    return [(stored, name, "音像记录")]


def _on_the_spot(journey: Journey) -> None:
    """The place touches major property: filmed whole, the battery changed in between; and a
    photograph that says too little.
    """
    play, off = journey.play, journey.play.officers_ids()
    with at(journey.forward(1), 9):
        play.step(
            "officer.identified",
            officers=off,
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
        play.step(
            "party.notified:rights",
            officers=off,
            to=journey.contact(),
            signed="signed",
            stroke=signature(),
            beside="两名执法人员",
        )
    whole: dict[str, Any] = {
        "fact-major_property": "yes",
        "happened_at": f"{journey.day}T09:30:00",
        "ended_at": f"{journey.day}T09:45:00",
        "gap_ground": "battery",
        "gap_why": "电池耗尽，更换电池后继续录制",
        "files": _kept("video", 600, "1", "变配电室全程.mp4"),
    }
    with at(journey.day, 10):
        play.record_step("evidence.taken", "变配电室检查全程", **whole)
        play.step(
            "evidence.taken:on-site-record",
            officers=off,
            place=journey.place(),
            present=journey.contact(),
            text=journey.how["seen"],
            signed="signed",
            stroke=signature(),
            beside="两名执法人员、企业电工",
        )
    with at(journey.day, 11):
        play.step(
            "recording.taken",
            step="party.questioned",
            files=_kept("photo", 0, "询问", "询问现场.jpg"),
            text="",
            source="gallery",
            **{f"fact-{name}": "no" for name in ("liberty", "life_health", "major_property")},
        )


def _asked(journey: Journey) -> None:
    """The inquiry, signed by hand; the sheet that was signed comes back as a scan."""
    play, off = journey.play, journey.play.officers_ids()
    with at(journey.day, 14):
        play.step(
            "party.questioned",
            officers=off,
            asked=journey.contact(),
            relation="负责人",
            place="询问室",
            text=journey.how["talk"],
            signed="signed",
            stroke=signature(),
            beside="两名执法人员",
        )
    paper = Document.objects.filter(record=play.record, kind="inquiry-record").latest("pk")
    with at(journey.day, 15):
        play.step(
            "document.scanned",
            document=paper.pk,
            mark=paper.text_hash[:16],
            files=_kept("photo", 0, "签字页", "询问笔录签字页.jpg"),
        )


def _collected(journey: Journey) -> None:
    """Data taken off a carrier, handed to the keeper, sealed; the text of a second visit
    suffices.
    """
    play, off = journey.play, journey.play.officers_ids()
    with at(journey.forward(1), 9):
        play.step(
            "evidence.taken:documentary",
            officers=off,
            kind_of_evidence="电子数据",
            name="能源管理系统用电记录",
            origin="企业能源管理系统",
            proves="变压器仍在运行",
            carrier="企业机房服务器，由企业保管",
            extracted="只读拷贝到移动硬盘，前后指纹一致",
            original="returned",
            keeper="张三",
            place="节能监察科",
            files=_kept("photo", 0, "数据", "用电记录截图.jpg"),
        )
    item = Item.objects.filter(record=play.record).latest("number")
    with at(journey.day, 10):
        play.step(
            "evidence.moved",
            item=item.pk,
            giver="张三",
            taker="郝档",
            place="物证室 2 号柜",
            why="统一保管",
        )
        play.step(
            "evidence.sealed",
            officers=off,
            item=item.pk,
            seal_number="汶封0007",
            present=journey.contact(),
            place="物证室 2 号柜",
        )
    with at(journey.day, 16):
        play.step(
            "recording.waived",
            step="hearing.held",
            reason="听证申请已经撤回，没有现场需要记录。",
            **{f"fact-{name}": "no" for name in ("liberty", "life_health", "major_property")},
        )
        play.approve()


def signature() -> str:
    """A flourish, as a pad would send it."""
    wave = [
        [20 + 2 * n, int(60 + 28 * math.sin(n / 6) * math.cos(n / 23)), 12 * n] for n in range(120)
    ]
    fall = [[60 + n, 30 + 3 * n, 1510 + 9 * n] for n in range(20)]
    return json.dumps({"width": 300, "height": 120, "strokes": [wave, fall]})
