"""The list of hand-outs begins with the latest ones: by an index, not by sorting all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0011_targets_scripts_appraisals")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["-started_at", "-id"], name="assignment_latest"),
        ),
    ]
