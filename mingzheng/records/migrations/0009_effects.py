"""Leaves of effects beside those of acts: one table that knows neither, and the effects themselves."""

from typing import Any

from django.db import migrations, models

from mingzheng.records.sql import Statements, freeze, once


def _take_over(editor: Any) -> None:
    editor.execute(
        "INSERT INTO records_leaf (entry, commitment, leaf_index)"
        " SELECT p.act_id, a.commitment, p.leaf_index"
        " FROM records_pendingleaf p JOIN records_act a ON a.id = p.act_id ORDER BY p.act_id"
    )


class Migration(migrations.Migration):
    """The numbers of the leaves that were given stay as they are."""

    dependencies = [("records", "0008_effective_act")]
    operations = [
        migrations.CreateModel(
            name="Effect",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("salt", models.BinaryField(max_length=32)),
                ("opening", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.BigIntegerField(unique=True)),
                ("commitment", models.BinaryField(max_length=32)),
                ("leaf_index", models.BigIntegerField(null=True, unique=True)),
            ],
        ),
        Statements(_take_over),
        migrations.DeleteModel(name="PendingLeaf"),
        once("records_leaf", "leaf_index", "id", "entry", "commitment"),
        freeze("records_effect"),
    ]
