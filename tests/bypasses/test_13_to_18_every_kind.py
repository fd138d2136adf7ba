"""13, 14, 18, 28 for visits, licences, seizures, registrations: what is not one's own looks
absent, on every page.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Account, Agency, Handover, Person
from mingzheng.cases.acts import handover
from mingzheng.cases.models import Licence, Property, Stocktake
from mingzheng.records.models import Act
from mingzheng.site.demo.play import at, person_id, who
from mingzheng.site.demo.registering import Registering, couple
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.bypasses.test_08_to_12_every_kind import body_of
from tests.cases.licensing import TUESDAY, licence
from tests.cases.telling import case
from tests.cases.test_coercion import seized
from tests.cases.test_inspection import tour

# A colleague of another section, another agency of the county, of another county, an administrator.
STRANGERS = ("wg-05", "lg-01", "lm-01", "wg-14")


@pytest.mark.parametrize("login", STRANGERS)
def test_13_the_store_is_neither_read_nor_counted_from_outside(
    bodies: dict[str, Agency], client: Any, login: str
) -> None:
    journey = seized(bodies)
    things = list(Property.objects.filter(record=journey.play.record))
    enter(client, login)
    with at(journey.day, 18):
        for address in ("/desk/property", "/desk/property?q=变压器", "/desk/property?export=xlsx"):
            shown = body_of(client.get(address))
            assert all(
                thing.number not in shown
                and thing.name not in shown.replace("q=变压器", "").replace('value="变压器"', "")
                for thing in things
            ), address
        assert client.get("/desk/property/count?place=一号库").status_code == 404
        answer = client.post(
            "/desk/property/count",
            {"place": "一号库", "form_key": "x", **{f"seen-{thing.pk}": "yes" for thing in things}},
        )
        assert answer.status_code == 404
    assert not Stocktake.objects.exists()


@pytest.mark.parametrize("login", STRANGERS)
def test_13_no_step_void_page_or_paper_of_another_kind_of_matter_opens(
    bodies: dict[str, Agency], client: Any, login: str
) -> None:
    trip, lic = tour(bodies).go("visited"), licence(bodies).go("certified")
    acts = Act.objects.count()
    enter(client, login)
    with at(trip.day, 18):
        for history, key in ((trip, "order.issued"), (lic, "certificate.issued")):
            record = history.play.record
            act = Act.objects.filter(record=record).latest("pk")
            paper = record.documents.earliest("pk")
            for address in (
                f"/desk/cases/{record.pk}",
                f"/desk/cases/{record.pk}/do/{key}",
                f"/desk/cases/{record.pk}/void/{act.pk}",
                f"/desk/documents/{paper.pk}",
            ):
                assert client.get(address).status_code == 404, address
            for address, values in (
                (f"/desk/cases/{record.pk}/do/{key}", {"happened_at": f"{trip.day}T18:00"}),
                (
                    f"/desk/cases/{record.pk}/void/{act.pk}",
                    {"why": "wrong-content", "reason": "错", "form_key": "y"},
                ),
            ):
                assert client.post(address, values).status_code in (404, 405), address
    assert Act.objects.count() == acts


def test_13_an_act_of_one_matter_is_not_voided_through_another(
    bodies: dict[str, Agency], client: Any
) -> None:
    mine, other = case(bodies).go("investigated"), tour(bodies, "lm").go("visited")
    act = Act.objects.filter(record=other.play.record).latest("pk")
    enter(client, "wg-02")
    with at(mine.day, 18):
        address = f"/desk/cases/{mine.play.record.pk}/void/{act.pk}"
        assert client.get(address).status_code == 404
        assert (
            client.post(
                address, {"why": "wrong-content", "reason": "错", "form_key": "z"}
            ).status_code
            == 404
        )


def test_13_a_handover_is_offered_and_answered_by_nobody_else(
    bodies: dict[str, Agency], client: Any
) -> None:
    journey = case(bodies).go("opened")
    giver, taker = (
        Person.objects.get(pk=person_id(bodies["wg"], name)) for name in ("张三", "郭砚青")
    )
    with at(journey.day, 15):
        row = handover.offer(
            who(bodies["wg"], "秦望舒"), giver, taker, [journey.play.record.pk], "调离"
        )[0]
        # An officer beside, a chief of another agency, a chief of another section.
        for login in ("wg-05", "lg-03", "wg-07"):
            enter(client, login)
            page = client.get(f"/desk/handover?person={giver.pk}")
            assert journey.play.record.title not in page.content.decode(), login
            assert client.post(
                "/desk/handover", {"verb": "accept", "handover": row.pk}
            ).status_code in (404, 409), login
            offer = {
                "verb": "offer",
                "giver": giver.pk,
                "taker": taker.pk,
                "records": [journey.play.record.pk],
            }
            assert client.post("/desk/handover", offer).status_code in (404, 409), login
            client.cookies.clear()
    row.refresh_from_db()
    assert row.state == Handover.OFFERED and Handover.objects.count() == 1


def test_13_a_chief_ends_no_post_of_another_agency(bodies: dict[str, Agency], client: Any) -> None:
    person = Person.objects.get(pk=person_id(bodies["wg"], "冯立"))
    enter(client, "lg-07")
    with at(TUESDAY, 15):
        answer = client.post(
            "/desk/handover", {"verb": "end", "giver": person.pk, "on": f"{TUESDAY}"}
        )
    assert answer.status_code in (404, 409)
    assert person.posts.get().until is None


def test_28_the_register_of_licences_tells_nothing_of_another_agency(
    bodies: dict[str, Agency], client: Any
) -> None:
    lic = licence(bodies).go("certified")
    held = Licence.objects.get(record=lic.play.record)
    enter(client, "lg-01")
    with at(lic.day, 18):
        for address in (
            "/desk/licences",
            f"/desk/licences?q={held.number}",
            f"/desk/licences?item={held.item_id}",
            "/desk/licences?export=xlsx",
            f"/desk/licences?after={held.pk}",
            "/desk/licences?sort=holder",
        ):
            shown = body_of(client.get(address))
            assert held.holder not in shown and f">{held.number}<" not in shown, address
        offered = client.get("/desk/cases/new/licence-end")
        assert held.number not in offered.content.decode()


def test_28_a_licence_of_another_agency_is_not_taken_away(bodies: dict[str, Agency]) -> None:
    from mingzheng.procedures.outcome import Invalid

    lic = licence(bodies).go("certified")
    held = Licence.objects.get(record=lic.play.record)
    other = licence(bodies, "lg", number=2)
    with at(lic.day, 18), pytest.raises(Invalid) as caught:
        other.play.begin(
            "licence-end", licence=held.pk, sort="revoked", summary="发现以欺骗手段取得"
        )
    assert "licence" in caught.value.form.errors


def test_28_a_registration_is_on_no_list_and_no_public_page(
    bodies: dict[str, Agency], client: Any
) -> None:
    pair = Registering(bodies["lm"], couple(1), "marriage-registration", TUESDAY).go("closed")
    names = (pair.play.party["name"], pair.partner["name"])
    with at(pair.day, 18):
        for login in ("lm-01", "lm-07", "lm-12", "lc-justice-01"):
            enter(client, login)
            for address in (
                "/desk",
                "/desk/cases",
                "/desk/cases?kind=confirmation",
                f"/desk/cases?q={names[0]}",
                "/desk/cases?export=xlsx",
            ):
                shown = body_of(client.get(address)).replace(f'value="{names[0]}"', "")
                assert not [name for name in names if re.search(name, shown)], (login, address)
            assert client.get(f"/desk/cases/{pair.play.record.pk}").status_code == 404
            client.cookies.clear()
        for address in ("/", "/decisions", "/withdrawals", "/officers"):
            assert not [name for name in names if name in client.get(address).content.decode()], (
                address
            )
        found, nobody = (
            client.get(f"/decisions?q={name}")
            .content.decode()
            .replace(name, "")
            .replace(quote(name), "")
            for name in (names[0], "查无此人")
        )
        assert found == nobody, "搜到的和搜一个不存在的人一样"


@pytest.mark.parametrize(
    "address", ["/desk/property", "/desk/licences", "/desk/handover", "/desk/cases/new"]
)
def test_14_an_account_that_was_closed_opens_none_of_the_new_pages(
    bodies: dict[str, Agency], client: Any, address: str
) -> None:
    enter(client, "wg-01")
    with at(TUESDAY, 9):
        assert client.get(address).status_code == 200
        accounts.disable(
            bodies["wg"], who(bodies["wg"], "袁系"), Account.objects.get(login="wg-01"), "离岗"
        )
        answer = client.get(address)
    assert answer.status_code == 302 and answer["Location"].startswith("/login")


@pytest.mark.parametrize("kind", ["visit", "licence"])
def test_18_a_form_of_one_matter_does_not_land_on_another_of_its_kind(
    bodies: dict[str, Agency], client: Any, kind: str
) -> None:
    if kind == "visit":
        one, other, key = (
            tour(bodies).go("started"),
            tour(bodies, number=5).go("started"),
            "party.notified:rights",
        )
        values = {"to": "某负责人", "signed": "signed"}
    else:
        one, other, key = (
            licence(bodies).go("accepted"),
            licence(bodies, number=4).go("accepted"),
            "officer.identified",
        )
        values = {"to": "某负责人", "mode": "shown", "place": "厂区"}
    enter(client, "wg-01")
    with at(one.day, 15):
        page = client.get(f"/desk/cases/{one.play.record.pk}/do/{key}").content.decode()
        found = re.search(r'name="ticket" value="([^"]+)"', page)
        assert found
        sent = {
            "ticket": found[1],
            "officers": one.play.officers_ids(),
            "happened_at": f"{one.day}T15:00",
            **values,
        }
        before = Act.objects.filter(record=other.play.record).count()
        answer = client.post(f"/desk/cases/{other.play.record.pk}/do/{key}", sent)
        assert answer.status_code == 409 and "另一件案子" in answer.content.decode()
        assert Act.objects.filter(record=other.play.record).count() == before
        assert client.post(f"/desk/cases/{one.play.record.pk}/do/{key}", sent).status_code == 302
