"""Short calls by length, calls outside the calling hours, and rollups without checks and indexes of their foreign keys."""

import django.db.models.deletion
from django.db import migrations, models


def count(name: str) -> migrations.AddField:
    """Return a new count of rollups."""
    return migrations.AddField("usagedaily", name, models.PositiveIntegerField(default=0))


def unchecked(model: str, name: str, to: str, **options: object) -> migrations.AlterField:
    """Return a foreign key without constraint and index."""
    key = models.ForeignKey(db_constraint=False, db_index=False, related_name="+", to=to, verbose_name=name, **options)
    return migrations.AlterField(model, name, key)


CARD = {"on_delete": django.db.models.deletion.CASCADE}
HOLDER = {"on_delete": django.db.models.deletion.PROTECT, "null": True}


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_revoked_usage")]

    operations = [
        migrations.RenameField("usagedaily", "short_calls", "under_10"),
        *map(count, ("under_5", "under_15", "under_30", "outside_window")),
        unchecked("usagedaily", "card", "cards.card", **CARD),
        unchecked("usagecharge", "card", "cards.card", **CARD),
        unchecked("usagecharge", "agent", "agents.agent", **HOLDER),
        unchecked("usagecharge", "team", "accounts.team", **HOLDER),
    ]
