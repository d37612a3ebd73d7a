"""The journal and its erasures; triggers keep both append-only.

Stands for the migrations before the first release (`replaces`), for databases that have all of them.
"""

import cardfleet.kernel.creation
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('journal', '0001_initial'), ('journal', '0002_related_index'), ('journal', '0003_nobody_by_name'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='time')),
                        ('action', models.CharField(max_length=64, verbose_name='action')),
                        ('subject', models.CharField(max_length=100, verbose_name='subject')),
                        ('related', models.JSONField(blank=True, default=list, verbose_name='related subjects')),
                        ('reason', models.TextField(blank=True, verbose_name='reason')),
                        ('data', models.JSONField(blank=True, default=dict, verbose_name='data')),
                        ('request_id', models.CharField(blank=True, max_length=64, verbose_name='request')),
                        ('actor', models.ForeignKey(blank=True, db_column='actor', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                    ],
                    options={
                        'verbose_name': 'journal entry',
                        'verbose_name_plural': 'journal',
                        'ordering': ['-id'],
                        'permissions': [('view_journal', 'Can read the journal')],
                        'indexes': [models.Index(fields=['subject', '-id'], name='journal_subject_time'), models.Index(fields=['action', '-id'], name='journal_action_time'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('related', []), _negated=True), fields=['related'], name='journal_related', opclasses=['jsonb_path_ops'])],
                    },
                ),
                migrations.CreateModel(
                    name='Redaction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(max_length=8)),
                        ('mark', models.CharField(max_length=64)),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='journal.entry', verbose_name='entry')),
                    ],
                    options={
                        'verbose_name': 'redaction of the journal',
                        'verbose_name_plural': 'redactions of the journal',
                        'ordering': ['id'],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='entry',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4e2357730d0621f5305f59f950d1d9c44e23f9e8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6d2d9', table='journal_entry', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='redaction',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4f8c9d0a411a91046d62718bd393f4b9287699c3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f9d5e', table='journal_redaction', when='BEFORE')),
                ),
            ],
        ),
    ]
