"""What lists remember of a matter is what its own rows say; `mingzheng verify` notices when it is
not.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps

from mingzheng.cases.memos import disagreements
from mingzheng.records.models import Record
from tests.cases.telling import case


def test_the_memos_of_a_played_case_agree_with_its_rows(bodies: dict[str, Any]) -> None:
    record = case(bodies).go("noticed").play.record
    record.refresh_from_db()
    assert record.party and record.item_id == record.case.item_id
    assert list(disagreements()) == []


def test_a_wrong_memo_is_noticed(bodies: dict[str, Any]) -> None:
    record = case(bodies).go("registered").play.record
    Record.objects.filter(pk=record.pk).update(party="别的名称", item_id=None)
    assert len(list(disagreements())) == 2


def test_matters_of_an_older_version_get_their_memos(bodies: dict[str, Any]) -> None:
    record = case(bodies).go("registered").play.record
    Record.objects.filter(pk=record.pk).update(party=None, item_id=None)
    import_module("mingzheng.cases.migrations.0005_list_memos").remember(apps, None)
    assert list(disagreements()) == []
