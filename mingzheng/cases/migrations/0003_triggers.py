"""What was found, moved and counted is never edited; the books keep what came in."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Findings, moves and stocktakes never change; a thing in keeping keeps its number and description."""

    dependencies = [("cases", "0002_every_kind")]
    operations = [
        sql.freeze("cases_checked"),
        sql.freeze("cases_propertymove"),
        sql.freeze("cases_stocktake"),
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
    ]
