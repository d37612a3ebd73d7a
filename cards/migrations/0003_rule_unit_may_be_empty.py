from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0002_words_of_constraints")]

    operations = [
        migrations.AlterField(
            model_name="carrierrule",
            name="unit",
            field=models.CharField(blank=True, max_length=40, verbose_name="unit"),
        )
    ]
