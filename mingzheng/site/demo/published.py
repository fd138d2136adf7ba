"""What the demo's agencies keep public before enforcement: lists, a guide, flow charts, bases, one
of them amended.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.acts import bases as basis_acts
from mingzheng.catalogue.acts import pages as page_acts
from mingzheng.catalogue.models import Basis, BasisChange, Item, Page
from mingzheng.core import clock
from mingzheng.site.demo.play import Play, at, back, who

TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
CODES = ("wg", "lm", "lg", "lx", "cx")
# 汶上's own text: lists and charts by 政策法规科, guides by the window.
WINDOW = {"wg": "窦敏"}


class Keeping:
    """One page on its way to the public, in the hands of `by`."""

    def __init__(self, agency: Agency, by: str, kind: str, item: str = "", **more: str) -> None:
        row = Item.objects.get(agency=agency, code=item) if item else None
        self.page: Page = page_acts.open_page(who(agency, by), kind, row, **more)
        self.play = Play(agency, (by, by), {}, item)
        self.play.record = self.page.record

    def compile(self, **answers: Any) -> Keeping:
        """编制: today's page with these answers."""
        self.play.step("page.compiled", **{"effective_on": clock.today(), **answers})
        return self

    def file(self, number: str) -> Keeping:
        """登记备案审核回执."""
        self.play.step(
            "filing.receipted",
            organ="县司法局",
            number=number,
            on=clock.today(),
            files=self.play.picture("备案回执扫描件"),
        )
        return self

    def publish(self) -> Keeping:
        """Proposed, approved by whoever the route names, published on this platform."""
        self.play.step("publication.proposed", confirmed="on")
        self.play.step("publication.approved")
        self.play.approve()
        self.play.step(f"publication.published:{self.page.kind}", channel="own-site")
        return self


def play(made: dict[str, Agency]) -> None:
    """Every agency's list of items and of officers; 汶上 a guide and charts; one amended basis
    owes pages anew.
    """
    with at(back(30), 9):
        for row in TOLD["basis"]:
            for code in row["bodies"]:
                basis_acts.register(head(made[code]), row["name"], row["rank"], row["effective_on"])
    for code in CODES:
        with at(back(28), 10):
            lists(made[code], code)
    with at(back(27), 10):
        guided(made["wg"], "wg", "xk-jn")
        Keeping(made["wg"], TOLD["wg"]["keeper"], "flow-chart", "xk-jn").compile().publish()
        Keeping(
            made["lm"], TOLD["lm"]["keeper"], "flow-chart", matter="licence"
        ).compile().publish()
        Keeping(made["lx"], TOLD["lx"]["keeper"], "flow-chart", "jc-xf").compile().publish()
        Keeping(made["lm"], TOLD["lm"]["keeper"], "board").compile().publish()
        Keeping(made["wg"], WINDOW["wg"], "board").compile(
            duties="受理申请、答复咨询、送达文书"
        ).publish()
    with at(back(12), 10):
        found = Basis.objects.get(agency=made["lx"], name="信访工作条例")
        basis_acts.change(head(made["lx"]), found, BasisChange.AMENDED, clock.today(), note="示例")


def lists(agency: Agency, code: str) -> None:
    """The list of items, filed where the text asks for it, and the list of officers."""
    told = TOLD[code]
    answers = {name: told[name] for name in ("duties", "powers", "unit") if name in told}
    items = Keeping(agency, told["keeper"], "item-list").compile(**answers)
    if code == "lm":
        items.file("陵司备〔2026〕示例号")
    items.publish()
    Keeping(agency, told["keeper"], "officer-list").compile().publish()
    if Item.objects.filter(agency=agency, kind="inspection").exists():
        Keeping(agency, told["keeper"], "random-list").compile().publish()


def guided(agency: Agency, code: str, item: str) -> Keeping:
    """The service guide of an item."""
    return (
        Keeping(agency, WINDOW.get(code, TOLD[code]["keeper"]), "guide", item).compile().publish()
    )


def head(agency: Agency) -> Any:
    """The identity of the agency's head."""
    post = next(post for post in agency.posts.select_related("person") if "head" in post.roles)
    return who(agency, post.person.name)
