"""The demo's registrations, never public, and the other acts that the industry bureau's list of
items names.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.site.demo import parties
from mingzheng.site.demo.other import Otherwise
from mingzheng.site.demo.play import Play, at, back
from mingzheng.site.demo.registering import Registering, couple

# (couple, item, as far as, working days ago, turn)
PAIRS: tuple[tuple[int, str, str, int, str], ...] = (
    (0, "marriage-registration", "closed", 30, ""),
    (1, "marriage-registration", "handed", 12, ""),
    (2, "marriage-registration", "closed", 5, ""),
    (3, "marriage-registration", "received", 8, "refused"),
    (4, "divorce-registration", "closed", 52, ""),
    (5, "divorce-registration", "accepted", 14, ""),
    (6, "divorce-registration", "accepted", 26, "withdrawn"),
    (7, "divorce-registration", "accepted", 90, "lapsed"),
    (8, "divorce-registration", "accepted", 30, ""),
)
# (party number, item, as far as, working days ago)
OTHERS: tuple[tuple[int, str, str, int], ...] = (
    (0, "qt-jf", "closed", 26),
    (2, "qt-jl", "published", 24),
    (4, "qt-zs", "served", 20),
    (6, "qt-cj", "drafted", 12),
    (8, "qt-jf", "accepted", 5),
)


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play every story, one yield each."""
    for number, item, until, ago, turn in PAIRS:
        pair = Registering(made["lm"], couple(number), item, back(ago)).go(until)
        if turn:
            TURNS[turn](pair)
        if pair.day > clock.today():
            raise ValueError(f"the registration of couple {number} runs into the future")
        yield
    for number, item, until, ago in OTHERS:
        officers = ("张三", "李四") if number % 4 else ("冯立", "苗青")
        act = Otherwise(
            Play(made["wg"], officers, parties.company("wg", number), item), back(ago)
        ).go(until)
        if act.day > clock.today():
            raise ValueError(f"{item} runs into the future")
        yield


def refused(pair: Registering) -> None:
    """One of them is too young."""
    with at(pair.day, 10):
        pair.examine(conclusion="refused", text="经查验，一方未达到法定婚龄。")
        pair.play.step("decision.made:refused", reasons="一方未达到法定婚龄，不符合结婚登记条件。")
    with at(pair.day, 11):
        pair.play.record_step("decision.served", "当场告知和送达的影像")
        pair.play.step(
            "decision.served",
            manner="direct",
            place="婚姻登记处",
            receiver=pair.play.party["name"],
            relation="self",
        )


def withdrawn(pair: Registering) -> None:
    """One of them comes within the cooling-off and takes it back."""
    with at(pair.forward(9), 10):
        pair.play.step(
            "application.withdrawn:party",
            person=pair.partner["name"],
            reason="双方已经和好，不愿意离婚。",
        )


def lapsed(pair: Registering) -> None:
    """Nobody came for the certificate."""
    with at(pair.forward(60), 10):
        pair.play.step(
            "application.withdrawn:silence", reason="冷静期届满后双方没有到场申请发给离婚证。"
        )


TURNS = {"refused": refused, "withdrawn": withdrawn, "lapsed": lapsed}
