"""What the five additions of CONTRIBUTING.md do once they stand in the tree.

No test of this tree: `test_contributing.py` runs it in a copy in which the page was followed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mingzheng.agencies import acts
from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.desk.menu import openings, powers
from mingzheng.disclosure.channels import packages
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.procedures import matter_kinds
from mingzheng.records import law
from mingzheng.records.models import Act, Duty
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.founding import LAW
from mingzheng.site.demo.play import Play, at, who
from tests.cases.telling import TUESDAY, case, do, refused
from tests.house.conftest import signed_in

TOWN = "fc"


@pytest.fixture(autouse=True)
def adopted(bodies: dict[str, Any]) -> None:
    """The township adopted its pack as it is written now, had it been founded with an older one."""
    town = bodies[TOWN]
    if "advice" not in powers_left(town):
        acts.adopt_pack(town, None, town.pack, LAW)


def powers_left(agency: Agency) -> list[str]:
    """The kinds that the adopted pack leaves an agency."""
    regime = law.regime_of(agency.pk, agency.pack)
    return [kind.code for kind in matter_kinds.enforcement() if regime.allows(kind.code)[0]]


def test_gate_step_and_channel_do_their_part_in_a_case_of_the_township(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, TOWN).go("served")
    record = journey.play.record

    said = refused(journey, "case.closed", way="normal", text="履行完毕")
    assert "处罚决定公开，或者依法决定不予公开以后，才结案" in said and "示例规定 第四条" in said

    client = signed_in("fc-01")
    assert "回访当事人" in client.get(f"/desk/cases/{record.pk}").content.decode()
    form = client.get(f"/desk/cases/{record.pk}/do/party.revisited").content.decode()
    assert "处罚与教育相结合" in form
    do(journey, "party.revisited", way="visit", text="已经改正")
    assert Act.objects.filter(record=record, kind="party.revisited").exists()

    owed = Duty.objects.filter(record=record, topic="publication/decision")
    assert "led-screen" in set(owed.values_list("channel", flat=True))


def test_the_kind_goes_from_its_button_to_its_end(bodies: dict[str, Any]) -> None:
    town: Agency = bodies[TOWN]
    item = Item.objects.create(
        agency=town, code="zd-1", name="秸秆综合利用指导", kind="advice", since=date(2024, 1, 1)
    )
    assert not matter_kinds.lacking(matter_kinds.find("advice")) and item.category == "行政指导"
    assert "advice" in powers(town)
    play = Play(town, stories.OFFICERS[TOWN], parties.citizen(1), "zd-1")
    with at(TUESDAY):
        assert "advice" in {each.code for each in openings(who(town, play.officers[0]), town)}
        play.begin("advice")
        judged = dict.fromkeys(
            (
                "public_interest",
                "social_impact",
                "social_risk",
                "major_rights",
                "complex",
                "many_legal_relations",
                "review_by_other_law",
            ),
            "no",
        )
        play.step("decision.made:advised", situation_text="有秸秆", advice="还田", **judged)
        play.approve()
        assert Document.objects.filter(record=play.record, kind="advice-letter").exists()
        play.step(
            "decision.served",
            manner="direct",
            place="村委会",
            receiver=play.party["name"],
            relation="self",
            signed="signed",
        )
        play.step("case.closed", text="已经采纳")
    play.record.refresh_from_db()
    assert play.record.state == "closed"


def test_the_channel_takes_a_file_of_its_own() -> None:
    body = '{"organ": "镇政府", "blocks": [], "remedy": ""}'
    made = packages.make(Publication(title="处罚决定", kind="penalty", body=body), "led-screen")
    assert made.media == "text/plain" and made.data.decode().startswith("处罚决定")


def test_the_page_answers_and_stands_in_the_menu(bodies: dict[str, Any]) -> None:
    client: Client = signed_in("wg-01")
    answer = client.get(reverse("archive:register"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "<h1>案卷登记簿</h1>" in page
    assert page.count('href="/desk/volumes"') == 1
