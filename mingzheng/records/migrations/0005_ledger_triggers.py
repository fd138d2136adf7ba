"""Triggers: a leaf's number is given once, heads and what others signed stay, a witnessed log never shrinks."""

from django.db import migrations

from mingzheng.records.sql import freeze, once, rising


class Migration(migrations.Migration):
    dependencies = [("records", "0004_ledger")]
    operations = [
        once("records_pendingleaf", "leaf_index", "act_id"),
        *(freeze(f"records_{name}") for name in ("head", "cosignature", "timestamp")),
        rising("records_witnessedlog", "size"),
    ]
