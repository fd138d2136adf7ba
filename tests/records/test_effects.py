"""An act covers its effect: what a transaction changed is bound, whichever way it was written, and
what was taken back is not.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection

from mingzheng.agencies.models import Person, Post, Unit
from mingzheng.core import clock
from mingzheng.records import effects, kept
from mingzheng.records.models import Act, Effect, Head, Leaf, Record
from mingzheng.records.unit import current, work
from mingzheng.site.demo.play import at, person_id, who
from tests.cases.telling import case
from tests.clause import rule


def found() -> list[str]:
    """What the fold says of the whole database."""
    return [str(each) for each in effects.faults()]


def last() -> dict[str, Any]:
    """The newest effect."""
    body = Effect.objects.get(pk=Leaf.objects.latest("pk").entry).body
    said: dict[str, Any] = json.loads(body)
    return said


def touched() -> set[str]:
    """The tables of the newest effect."""
    return {name for name, _, _ in last()["rows"]}


@rule("LM-2", "WG-B2", "CX-2")
def test_an_act_binds_every_row_that_its_step_wrote(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("investigated")
    act = Act.objects.filter(record=journey.play.record).latest("pk")
    assert act.pk in last()["acts"]
    assert {"records_act", "records_actcontent", "records_record"} <= touched()
    assert found() == []


def test_writes_of_every_sort_are_seen(bodies: dict[str, Any]) -> None:
    person, other = (person_id(bodies["wg"], name) for name in ("张三", "李四"))
    before = Effect.objects.count()
    with work():
        Person.objects.create(name="新来")
        row = Person.objects.get(pk=person)
        row.name = "张山"
        row.save()
        Person.objects.filter(pk=other).update(name="李思")
        Person.objects.bulk_create([Person(name="甲"), Person(name="乙")])
        Person.objects.filter(name="甲").delete()
    assert Effect.objects.count() == before + 1
    rows = [row for row in last()["rows"] if row[0] == "agencies_person"]
    assert {person, other} <= {key for _, key, _ in rows} and len(rows) == 5
    assert [digest for _, _, digest in rows].count(None) == 1
    # Nobody acted, and a person is not renamed by nobody.
    assert len(found()) == 1 and "却没有对应的行为" in found()[0]


def test_a_write_outside_of_a_unit_is_a_unit_by_itself(bodies: dict[str, Any]) -> None:
    before = Effect.objects.count()
    Person.objects.create(name="新来")
    assert Effect.objects.count() == before + 1 and current() is None and found() == []


def test_what_is_taken_back_leaves_nothing(bodies: dict[str, Any]) -> None:
    before = Effect.objects.count()
    with pytest.raises(ZeroDivisionError), work():
        Person.objects.create(name="没有的")
        raise ZeroDivisionError
    assert Effect.objects.count() == before
    unit = bodies["wg"].units.first()
    with work():
        Person.objects.create(name="留下的")
        with pytest.raises(ZeroDivisionError), work():
            Person.objects.create(name="没有的")
            raise ZeroDivisionError
        with pytest.raises(IntegrityError), work():
            Unit.objects.create(agency=unit.agency, name=unit.name)
    assert [name for name, _, _ in last()["rows"]] == ["agencies_person"]
    assert found() == []


def test_a_changed_effect_is_found_by_its_leaf(bodies: dict[str, Any]) -> None:
    case(bodies).go("opened")
    effect = Effect.objects.latest("pk")
    for changes in (
        {"body": effect.body.replace('"rows":[[', '"rows":[["x",1,"y"],[', 1)},
        {"salt": bytes(32)},
        {"body": "not json"},
    ):
        kept_body, kept_salt = effect.body, bytes(effect.salt)
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tried")
            _release(cursor)
            name, value = next(iter(changes.items()))
            cursor.execute(
                f"UPDATE records_effect SET {name} = %s WHERE id = %s", [value, effect.pk]
            )
            assert any("records_effect" in each for each in found())
            cursor.execute("ROLLBACK TO tried")
        assert (kept_body, kept_salt) == (effect.body, bytes(effect.salt))
    assert found() == []


def _release(cursor: Any) -> None:
    on = " ON records_effect" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER records_effect_no_update{on}")


def test_an_older_state_put_back_is_found_though_its_digest_was_true_once(
    bodies: dict[str, Any],
) -> None:
    post = Post.objects.filter(agency=bodies["wg"], person__name="张三").get()
    old = list(post.roles)
    with at("2026-04-07"):
        from mingzheng.agencies.acts import accounts

        by = who(bodies["wg"], "安全")
        accounts.change_post(bodies["wg"], by, post, post.unit, post.title, ["archivist"])
    assert found() == []
    ended = Post.objects.get(pk=post.pk)
    assert ended.until is not None
    # The post as it was before: every column as an earlier effect has it.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_post SET until = NULL WHERE id = %s", [post.pk])
    assert old == ended.roles
    assert any(f"表 agencies_post 的第 {post.pk} 行被改过" in each for each in found())


def test_what_stands_is_opened_once(bodies: dict[str, Any]) -> None:
    assert effects.open_balance() == 0
    case(bodies).go("opened")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("ALTER TABLE records_effect DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE records_leaf DISABLE TRIGGER USER")
        # As an installation of before effects was.
        cursor.execute("DELETE FROM records_leaf WHERE entry IN (SELECT id FROM records_effect)")
        cursor.execute("DELETE FROM records_effect")
    assert any("没有来历" in each for each in found())
    stood = effects.open_balance()
    assert stood == effects.rows() == effects.opened() and found() == []
    assert effects.open_balance() == 0
    # Another opening, behind the platform's back, opens nothing.
    Person.objects.create(name="新来")
    with work():
        forged = [("agencies_agency", 1, "x")]
        effects.write(forged, [], opening=True).save(force_insert=True)
    assert any("却没有对应的行为" in each for each in found())


def test_what_the_sealer_signed_is_bound_the_day_after(bodies: dict[str, Any], ledger: Any) -> None:
    from mingzheng.records.seal import seal_pending

    case(bodies).go("opened")
    seal_pending()
    head = Head.objects.latest("size")
    assert effects.cover() == Head.objects.count() and effects.cover() == 0
    seal_pending()
    assert found() == []
    with connection.cursor() as cursor:
        on = " ON records_head" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER records_head_no_update{on}")
        cursor.execute(
            "UPDATE records_head SET signed_at = %s WHERE size = %s", ["2020-01-01", head.size]
        )
    assert [each for each in found() if "records_head" in each]


def test_texts_are_the_same_from_memory_and_from_the_database(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("drafted")
    record = Record.objects.get(pk=journey.play.record.pk)
    values = [getattr(record, field.attname) for field in Record._meta.concrete_fields]
    assert kept.text_of(Record, values) == kept.read(Record, [record.pk])[record.pk]
    # A column that is added later, empty, leaves the text as it was; null and empty are two things.
    assert '"paused"' not in kept.text_of(Record, values)
    record.party = ""
    values = [getattr(record, field.attname) for field in Record._meta.concrete_fields]
    assert '"party":""' in kept.text_of(Record, values)
    assert clock.now()
