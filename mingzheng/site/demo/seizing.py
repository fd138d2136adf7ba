"""The demo's coercion: seizures inside penalty cases, and matters of coercion of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Property
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.site.demo import parties
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at, back

ENERGY = "《中华人民共和国节约能源法》（示例，以本机关权责清单为准）"
THINGS = {
    "wg": "变压器，S7-315/10，1台\n高压开关柜，KYN28，2台",
    "fc": "烧烤炉，不锈钢，2个\n折叠桌，木质，6张",
    "lm": "登记证书，正副本，2本\n印章，公章和财务章，2枚",
}
# (agency, party, as far as, working days ago, how) for seizures inside a case of obsolete
# equipment.
INSIDE: tuple[tuple[int, str, int, dict[str, Any]], ...] = (
    (11, "kept", 8, {}),
    (12, "extended", 30, {}),
    (13, "lifted", 24, {}),
    (14, "urgent", 7, {}),
    (15, "kept", 20, {}),
)
# (agency, officers, party number, as far as, working days ago) for matters of their own.
OWN_MATTERS = (
    ("fc", ("常青", "贾晋"), 0, "approved", 2),
    ("fc", ("常青", "贾晋"), 1, "kept", 6),
    ("fc", ("常青", "贾晋"), 0, "closed", 40),
    ("lm", ("赵晨", "孙岩"), 0, "kept", 12),
    ("lm", ("赵晨", "孙岩"), 6, "closed", 45),
)
NUMBER = len(INSIDE) + len(OWN_MATTERS)


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play every story; one yield a matter."""
    from mingzheng.site.demo.stories import TEXTS

    for number, until, ago, how in INSIDE:
        row = Item.objects.get(agency=made["wg"], code="jn-71")
        told = {**TEXTS["jn-71"], "broken": row.broken, "applied": row.applied, **how}
        who = Play(
            made["wg"],
            ("张三", "李四"),
            parties.company("wg", number),
            "jn-71",
            cause="使用国家明令淘汰的用能设备",
            summary=TEXTS["jn-71"]["facts"],
        )
        _play(Journey(who, back(ago), **told).go("investigated"), "wg", until)
        yield
    for code, officers, number, until, ago in OWN_MATTERS:
        item = Item.objects.get(agency=made[code], kind="coercion")
        journey = Journey(
            Play(made[code], officers, parties.company(code, number), item.code, cause=item.name),
            back(ago),
        )
        _begin(journey, item.name)
        _play(journey, code, until)
        yield


def _play(journey: Journey, code: str, until: str) -> None:
    Seizing(journey, code).go(until)
    if journey.day > clock.today():
        raise ValueError(f"the seizure at {journey.play.party['name']} runs into the future")


def _begin(journey: Journey, cause: str) -> None:
    play = journey.play
    with at(journey.day, 9):
        play.begin(
            "coercion",
            cause=cause,
            place=play.party["address"],
            summary="不及时采取措施，物品可能被转移，后续处理难以执行。",
        )
    with at(journey.day, 9, 30):
        play.step(
            "case.opened", officers=play.officers_ids(), reason="属于本机关职权范围，确有必要。"
        )
    with at(journey.day, 10):
        play.step(
            "officer.identified",
            officers=play.officers_ids(),
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
        play.step(
            "party.notified:rights",
            officers=play.officers_ids(),
            to=journey.contact(),
            signed="signed",
        )
    with at(journey.day, 10, 30):
        journey.record_clip("evidence.taken")
        play.step(
            "evidence.taken:on-site-record",
            officers=play.officers_ids(),
            place=journey.place(),
            present=journey.contact(),
            text="现场查看，物品数量、位置与清单一致。",
            signed="signed",
        )


class Seizing:
    """One measure on its way."""

    def __init__(self, journey: Journey, code: str) -> None:
        self.journey, self.play, self.things = journey, journey.play, THINGS[code]
        row = Item.objects.get(agency=journey.body, code=journey.play.item)
        self.basis = ENERGY if code == "wg" else row.applied

    def go(self, until: str) -> None:
        """approved, kept, extended, lifted, closed or urgent."""
        if until == "urgent":
            return self._urgent()
        self._approve()
        if until == "approved":
            return None
        self._seize()
        if until == "extended":
            with at(self.journey.forward(12), 9):
                self.play.step(
                    "limit.extended:seizure/limit",
                    days=30,
                    told_on=self.journey.day,
                    reason="设备型号需要进一步核实，案情复杂。",
                )
                self.play.approve()
        if until in ("lifted", "closed"):
            self._lift("unrelated" if until == "lifted" else "handled")
        if until == "closed":
            with at(self.journey.forward(1), 10):
                self.play.step("case.closed", text="当事人已改正，物品全部退还，予以办结。")
        return None

    def _approve(self) -> None:
        with at(self.journey.forward(1), 9):
            self.play.step(
                "seizure.approved",
                way="seize",
                things=self.things,
                basis=self.basis,
                reason="防止转移涉案物品，固定证据。",
            )
        with at(self.journey.day, 10):
            self.play.approve()

    def _answers(self) -> dict[str, Any]:
        return {
            "officers": self.play.officers_ids(),
            "way": "seize",
            "things": self.things,
            "place": self.journey.place(),
            "kept_at": "涉案财物一号库",
            "present": "yes",
            "basis": self.basis,
            "reason": "防止转移涉案物品",
            "contained": "no",
            "signed": "signed",
        }

    def _seize(self) -> None:
        with at(self.journey.day, 14):
            self.journey.record_clip("property.seized")
        with at(self.journey.day, 15):
            self.play.step("property.seized", **self._answers())

    def _urgent(self) -> None:
        with at(self.journey.day, 16):
            self.journey.record_clip("property.seized")
        with at(self.journey.day, 16, 10):
            self.play.step(
                "property.seized:urgent", why_urgent="当事人正在装车转移涉案设备", **self._answers()
            )
        with at(self.journey.day, 17):
            self.play.step(
                "urgent.reported",
                to=self.journey.role("head"),
                text="当事人正在装车转移涉案设备，已当场扣押，现补报。",
            )

    def _lift(self, ground: str) -> None:
        rows = Property.objects.filter(record=self.play.record, state=Property.KEPT).values_list(
            "pk", flat=True
        )
        with at(self.journey.forward(5), 10):
            self.play.step(
                "seizure.lifted",
                officers=self.play.officers_ids(),
                ground=ground,
                things=list(rows),
                receiver=self.journey.contact(),
                signed="signed",
            )
