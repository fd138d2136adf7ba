"""A number is given once among the certificates in force: a renewed one may carry on the old number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Uniqueness of numbers among certificates in force only."""

    dependencies = [("cases", "0003_triggers")]
    operations = [
        migrations.AlterUniqueTogether(name="licence", unique_together=set()),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "valid")),
                fields=("agency_id", "number"),
                name="licence_number_in_force",
            ),
        ),
    ]
