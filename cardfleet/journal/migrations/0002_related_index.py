import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("related", []), _negated=True),
                fields=["related"],
                name="journal_related",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
