"""Matters that were entered before lists had memos get theirs: the counterparts' names and the item."""

from typing import Any

from django.db import migrations


def remember(apps: Any, editor: Any) -> None:
    """Fill the memos of every matter from its own rows."""
    record, party, case = (
        apps.get_model(*name)
        for name in (("records", "Record"), ("cases", "CaseParty"), ("cases", "Case"))
    )
    names: dict[int, list[str]] = {}
    for pk, name in (
        party.objects.filter(until=None).order_by("pk").values_list("record_id", "name").iterator()
    ):
        names.setdefault(pk, []).append(name)
    for pk, item in case.objects.values_list("record_id", "item_id").iterator():
        record.objects.filter(pk=pk).update(
            party="、".join(names.get(pk, []))[:300] or None, item_id=item
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_licence_number"), ("records", "0003_lists")]
    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
