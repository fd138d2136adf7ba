"""What was found, moved and counted is never edited; the books keep what came in."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Findings, moves and stocktakes never change; a thing in keeping keeps its number and description."""

    dependencies = [("cases", "0002_every_kind")]
    operations = [
        migrations.RunPython(sql.freeze("cases_checked"), migrations.RunPython.noop),
        migrations.RunPython(sql.freeze("cases_propertymove"), migrations.RunPython.noop),
        migrations.RunPython(sql.freeze("cases_stocktake"), migrations.RunPython.noop),
        migrations.RunPython(
            sql.keep(
                "cases_property",
                "id",
                "agency_id",
                "record_id",
                "seizure_id",
                "act_id",
                "number",
                "name",
                "specification",
                "quantity",
            ),
            migrations.RunPython.noop,
        ),
        migrations.RunPython(
            sql.keep(
                "cases_licence",
                "id",
                "agency_id",
                "item_id",
                "number",
                "party_id",
                "granted_on",
                "record_id",
                "act_id",
            ),
            migrations.RunPython.noop,
        ),
    ]
