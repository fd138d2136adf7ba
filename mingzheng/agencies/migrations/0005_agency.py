"""`Body` is called `Agency`, the word of the field."""

from django.db import migrations

from mingzheng.records import sql


class Migration(migrations.Migration):
    # After every migration that still says `agencies.body`.
    dependencies = [
        ("agencies", "0004_equipment"),
        ("catalogue", "0006_bases_frozen"),
        ("oversight", "0002_triggers"),
    ]
    operations = [
        sql.rename_table(
            "agencies_body", "agencies_agency", [migrations.RenameModel("Body", "Agency")]
        )
    ]
