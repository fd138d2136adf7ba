"""SM3 beside SHA-256. A nullable column is added in place, so the triggers of the table stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0006_scrub")]
    operations = [migrations.AddField("blob", "sm3", models.CharField(max_length=64, null=True))]
