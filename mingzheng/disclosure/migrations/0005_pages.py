"""Whatever was public before there was a page store has its page."""

from typing import Any

from django.db import migrations


def fill(apps: Any, editor: Any) -> None:
    """Every publication that ever was public."""
    pages, rows = apps.get_model("pages", "PublicPage"), apps.get_model("disclosure", "Publication")
    pages.objects.bulk_create(
        [
            pages(code=row.code, record_id=row.record_id, agency_id=row.agency_id)
            for row in rows.objects.filter(published_on__isnull=False).iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    """Pages of what is public."""

    dependencies = [("pages", "0002_triggers"), ("disclosure", "0004_held")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
