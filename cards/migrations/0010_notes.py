import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0009_tags"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterModelOptions(
            name="card",
            options={
                "ordering": ["id"],
                "permissions": [
                    ("view_full_number", "Can see numbers unmasked"),
                    ("reveal_secret", "Can reveal PIN, PUK and service password"),
                    ("change_service_state", "Can record service-state changes"),
                    ("release_card", "Can release a card after a stop for its conduct"),
                    ("correct_state", "Can take back a state recorded by mistake"),
                    ("import_card", "Can import cards"),
                    ("export_card", "Can export cards"),
                    ("attach_document", "Can attach documents to cards"),
                ],
                "verbose_name": "card",
                "verbose_name_plural": "cards",
            },
        ),
        migrations.CreateModel(
            name="CardNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="written at")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="cards.card",
                        verbose_name="card",
                    ),
                ),
            ],
            options={"verbose_name": "note", "verbose_name_plural": "notes", "ordering": ["-id"]},
        ),
    ]
