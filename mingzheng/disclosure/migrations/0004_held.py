"""Every publication is of a line; the tables of this floor are held again."""

from typing import Any

from django.db import migrations
from django.db.models import F

from mingzheng.records import sql


def lines(apps: Any, editor: Any) -> None:
    """What was published before there were versions is the first of its line; visits publish results."""
    rows = apps.get_model("disclosure", "Publication").objects.all()
    rows.filter(line=None).update(line=F("id"))
    rows.filter(kind="inspection").update(of="result")


class Migration(migrations.Migration):
    """A publication keeps its text and its line; terms never change."""

    dependencies = [("disclosure", "0003_whole")]
    operations = [
        migrations.RunPython(lines, migrations.RunPython.noop),
        sql.keep(
            "disclosure_publication",
            "id",
            "record_id",
            "agency_id",
            "kind",
            "form",
            "of",
            "line",
            "title",
            "number",
            "decided_on",
            "party_kind",
            "body",
            "text_hash",
            "code",
            "proposed_by_id",
        ),
        sql.freeze("disclosure_term"),
    ]
