"""The memos that lists read, against the rows they were taken from."""

from __future__ import annotations

from collections.abc import Iterator

from mingzheng.cases.models import Case, CaseParty


def disagreements() -> Iterator[str]:
    """Every matter whose names or item in lists are not those of its own rows, in Chinese."""
    names: dict[int, list[str]] = {}
    for record, name in (
        CaseParty.objects.filter(until=None)
        .order_by("record", "pk")
        .values_list("record", "name")
        .iterator()
    ):
        names.setdefault(record, []).append(name)
    rows = Case.objects.order_by("pk").values_list(
        "record", "item", "record__party", "record__item_id"
    )
    for record, item, party, item_id in rows.iterator():
        if (party or "") != "、".join(names.get(record, []))[:300]:
            yield f"案件 {record} 在列表中的当事人与案件登记的不符。"
        if item_id != item:
            yield f"案件 {record} 在列表中的事项与案件登记的不符。"
