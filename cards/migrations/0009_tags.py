from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0008_lean_history")]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=120, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={"verbose_name": "tag", "verbose_name_plural": "tags", "ordering": ["key"]},
        ),
        migrations.AddField(
            model_name="card",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="cards", to="cards.tag", verbose_name="tags"),
        ),
    ]
