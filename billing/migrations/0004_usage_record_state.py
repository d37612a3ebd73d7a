"""Tell the migrations' state of the foreign keys of call records; the table itself has its columns already."""

import django.db.models.deletion
from django.db import migrations, models


def link(name: str, to: str, *, null: bool = False, verbose_name: str) -> migrations.AddField:
    """Return the state of one foreign key without constraint or index."""
    key = models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
        verbose_name=verbose_name,
    )
    return migrations.AddField("usagerecord", name, key, preserve_default=True)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_batch_and_charge"),
        ("accounts", "0001_initial"),
        ("agents", "0001_initial"),
        ("cards", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                link("card", "cards.card", verbose_name="card"),
                link("source", "billing.usagesource", verbose_name="source"),
                link("batch", "billing.usagebatch", verbose_name="batch"),
                link("agent", "agents.agent", null=True, verbose_name="agent"),
                link("team", "accounts.team", null=True, verbose_name="team"),
            ]
        )
    ]
