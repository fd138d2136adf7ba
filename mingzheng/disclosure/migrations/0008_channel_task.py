"""`Errand` is called `ChannelTask`: the table moves with its rows and its triggers."""

import django.db.models.deletion
from django.db import migrations, models

from mingzheng.records import sql

FIXED = (
    "id",
    "record_id",
    "publication_id",
    "agency_id",
    "channel",
    "what",
    "key",
    "act_id",
)


def tied_to(model: str) -> models.ForeignKey:
    """What a task belongs to, under the name by which it is reached from there."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="channel_tasks", to=model
    )


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0007_errands")]
    operations = [
        sql.release("disclosure_errand"),
        sql.rename_table(
            "disclosure_errand",
            "disclosure_channeltask",
            [
                migrations.RenameModel("Errand", "ChannelTask"),
                migrations.AlterField("channeltask", "record", tied_to("records.record")),
                migrations.AlterField(
                    "channeltask", "publication", tied_to("disclosure.publication")
                ),
            ],
        ),
        migrations.RenameIndex(
            "channeltask", new_name="channel_task_waiting", old_name="errand_waiting"
        ),
        sql.keep("disclosure_channeltask", *FIXED),
    ]
