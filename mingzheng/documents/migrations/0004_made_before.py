"""Papers that are made before the step which leaves them."""

import django.db.models.deletion
from django.db import migrations, models

from mingzheng.records import sql


class Migration(migrations.Migration):
    """Which step a paper waits for is kept; by which act it was taken up may be told later."""

    dependencies = [("documents", "0003_corrected_by")]
    operations = [
        migrations.CreateModel(
            name="MadeBefore",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="made_before",
                        serialize=False,
                        to="documents.document",
                    ),
                ),
                ("step", models.CharField(max_length=80)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.record",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.act",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        sql.keep("documents_madebefore", "document_id", "record_id", "step"),
    ]
