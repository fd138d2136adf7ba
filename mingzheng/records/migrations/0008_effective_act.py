"""`Standing` is called `EffectiveAct`: the table moves with its rows and its triggers."""

import django.db.models.deletion
from django.db import migrations, models

from mingzheng.records import sql


class Migration(migrations.Migration):
    dependencies = [("records", "0007_sm3")]
    operations = [
        sql.release("records_standing", "unvoid"),
        sql.rename_table(
            "records_standing",
            "records_effectiveact",
            [
                migrations.RenameModel("Standing", "EffectiveAct"),
                migrations.AlterField(
                    "effectiveact",
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effective",
                        to="records.act",
                    ),
                ),
                migrations.AlterField(
                    "effectiveact",
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effective_acts",
                        to="records.record",
                    ),
                ),
            ],
        ),
        migrations.RenameIndex(
            "effectiveact", new_name="effective_act_by_kind", old_name="standing_by_kind"
        ),
        sql.keep("records_effectiveact", *sql.MEMOED["records_standing"]),
        sql.never("records_effectiveact", "OLD.voided_by_id IS NOT NULL", "unvoid"),
    ]
