"""The road of a marriage or a divorce at the registry."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.agencies.identifiers import citizen_check
from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.records import law
from mingzheng.site.demo.play import Play, at

MARRIAGE = ("received", "examined", "registered", "handed", "closed")
DIVORCE = ("received", "accepted", "cooled", "examined", "registered", "handed", "closed")
_HUSBANDS = (
    "和建平",
    "申志远",
    "靳长青",
    "路海生",
    "常永利",
    "郎晓峰",
    "都建国",
    "武文斌",
    "侯立新",
)
_WIVES = ("秦雅", "王秀云", "牛月英", "李慧敏", "冯晓燕", "赵雪梅", "马春兰", "段丽华", "苏晓红")


def _citizen(number: int, name: str, woman: bool) -> dict[str, Any]:
    head = f"140524{1988 + number % 10}0{1 + number % 9}1{number % 9}{200 + number * 2 + (0 if woman else 1)}"
    return {
        "kind": "natural",
        "name": name,
        "identifier": head + citizen_check(head),
        "address": f"陵川县崇文镇棋源社区{number + 1}号",
        "phone": f"1370000{number:04d}",
    }


def couple(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two invented people."""
    return _citizen(number, _HUSBANDS[number % 9], False), _citizen(
        number + 20, _WIVES[number % 9], True
    )


class Registering:
    """One couple on its way. `day` is the day it has reached."""

    def __init__(
        self, agency: Agency, people: tuple[dict[str, Any], dict[str, Any]], item: str, start: date
    ) -> None:
        self.play, self.partner, self.day = (
            Play(agency, ("原喜", "姬宁"), people[0], item),
            people[1],
            start,
        )
        self.item = Item.objects.get(agency=agency, code=item)

    def forward(self, workdays: int) -> date:
        """So many working days later."""
        self.day = law.calendar().add(self.day, workdays, "workday").due
        return self.day

    def go(self, until: str) -> Registering:
        """Take every stage up to and with `until`."""
        road = DIVORCE if self.item.details["procedure"] == "divorce" else MARRIAGE
        for stage in road[: road.index(until) + 1]:
            getattr(self, stage)()
        return self

    def apply(self, **more: Any) -> None:
        """Both come in at the present moment."""
        self.play.begin(
            "registration",
            **{
                "partner_name": self.partner["name"],
                "partner_identifier": self.partner["identifier"],
                "partner_address": self.partner["address"],
                "materials": [
                    f"{self.item.pk}-{row['id']}" for row in self.item.details["materials"]
                ],
                **more,
            },
        )

    def received(self) -> None:
        with at(self.day, 9):
            self.apply()

    def accepted(self) -> None:
        with at(self.day, 9, 30):
            self.play.step("application.accepted")

    def cooled(self) -> None:
        """The first working day after the cooling-off."""
        from mingzheng.procedures import registry

        until: date = registry.facts_of(self.play.record)["cooling_off_until"]
        self.day = law.calendar().add(until, 1, "workday").due

    def examine(self, **more: Any) -> None:
        """The examination at the present moment."""
        self.play.step(
            "materials.examined",
            **{
                "officers": self.play.officers_ids(),
                "present": "yes",
                "declared": "yes",
                "conclusion": "granted",
                "text": "证件真实有效，双方自愿，声明当面签署，人像比对一致。",
                **more,
            },
        )

    def examined(self) -> None:
        with at(self.day, 10):
            self.examine()

    def registered(self) -> None:
        with at(self.day, 10, 20):
            self.play.step("decision.made:granted")

    def handed(self) -> None:
        letter = "L" if self.item.details["procedure"] == "divorce" else "J"
        with at(self.day, 10, 30):
            self.play.step(
                "certificate.issued",
                number=f"{letter}140524-{self.day:%Y}-{self.play.record.pk % 1_000_000:06d}",
                receiver="双方本人",
            )

    def closed(self) -> None:
        with at(self.day, 11):
            self.play.step("case.closed", text="证书已经当场发给双方。")
