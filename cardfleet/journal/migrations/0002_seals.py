"""Positions and hashes of entries, how far sealing is, and what redactions left."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import pgtrigger
from django.db import migrations, models

from cardfleet.journal.redacting import mark_of


def say_what_was_left(apps, schema_editor):
    """Give redactions before this the mark of what they left: what the next one of the field found, or stands there."""
    found = {}
    with pgtrigger.ignore("journal.Redaction:append_only"):
        for redaction in apps.get_model("journal", "Redaction").objects.select_related("entry").order_by("-pk"):
            place = redaction.entry_id, redaction.field
            redaction.after = found.get(place) or mark_of(getattr(redaction.entry, redaction.field))
            redaction.save(update_fields=["after"])
            found[place] = redaction.mark


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_journal'),
    ]

    operations = [
        migrations.AddField(
            model_name='redaction',
            name='after',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(say_what_was_left, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Sealing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settled', models.BigIntegerField(default=0)),
                ('seen', models.BigIntegerField(default=0)),
                ('writers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
            ],
            options={
                'verbose_name': 'sealing of the journal',
                'verbose_name_plural': 'sealing of the journal',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='journal_sealing_once')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='position')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('at', models.DateTimeField(verbose_name='sealed at')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='journal.entry', verbose_name='entry')),
            ],
            options={
                'verbose_name': 'seal of the journal',
                'verbose_name_plural': 'seals of the journal',
                'ordering': ['position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gt', 0)), name='journal_seal_from_one')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='04193f21a5bb87d02d024c561dd89a4ee8d084f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b26c', table='journal_seal', when='BEFORE')),
        ),
    ]
