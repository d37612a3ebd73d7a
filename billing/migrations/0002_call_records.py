"""The partitioned table of call records; its partitions are made by billing.services.partitions.

The table is written by hand: Django knows no partitions. No foreign keys, one index (UsageRecord tells why).

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


CREATE = """
CREATE TABLE billing_usagerecord (
    card_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    uid uuid NOT NULL,
    source_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    agent_id bigint,
    team_id bigint,
    duration_s integer NOT NULL CHECK (duration_s >= 0),
    fee numeric(10, 2) CHECK (fee >= 0),
    rated_fee numeric(10, 2) NOT NULL DEFAULT 0,
    flags smallint NOT NULL DEFAULT 0,
    answered boolean NOT NULL,
    direction varchar(3) NOT NULL CHECK (direction IN ('out', 'in')),
    msisdn varchar(16) NOT NULL,
    counterpart varchar(32) NOT NULL
) PARTITION BY RANGE (started_at);
CREATE UNIQUE INDEX usage_record_once ON billing_usagerecord (card_id, started_at, uid);
"""


class Migration(migrations.Migration):

    replaces = [
        ('billing', '0023_sums_until'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('agents', '0001_custody'),
        ('billing', '0001_sources'),
        ('cards', '0002_cards'),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.SeparateDatabaseAndState(
                    database_operations=[
                        migrations.RunSQL(
                            sql=CREATE,
                            reverse_sql='DROP TABLE billing_usagerecord',
                        ),
                    ],
                    state_operations=[
                        migrations.CreateModel(
                            name='UsageRecord',
                            fields=[
                                ('pk', models.CompositePrimaryKey('card_id', 'started_at', 'uid', blank=True, editable=False, primary_key=True, serialize=False)),
                                ('card', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cards.card', verbose_name='card')),
                                ('started_at', models.DateTimeField(verbose_name='start')),
                                ('uid', models.UUIDField(verbose_name='id in the source')),
                                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='billing.usagesource', verbose_name='source')),
                                ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='billing.usagebatch', verbose_name='batch')),
                                ('agent', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agents.agent', verbose_name='agent')),
                                ('team', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.team', verbose_name='team')),
                                ('duration_s', models.PositiveIntegerField(verbose_name='seconds')),
                                ('fee', models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name='fee')),
                                ('rated_fee', models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name='own rating')),
                                ('flags', models.PositiveSmallIntegerField(default=0)),
                                ('answered', models.BooleanField(verbose_name='answered')),
                                ('direction', models.CharField(choices=[('out', 'Outgoing'), ('in', 'Incoming')], max_length=3, verbose_name='direction')),
                                ('msisdn', models.CharField(max_length=16, verbose_name='own number')),
                                ('counterpart', models.CharField(max_length=32, verbose_name='other number')),
                            ],
                            options={
                                'verbose_name': 'call',
                                'verbose_name_plural': 'calls',
                                'db_table': 'billing_usagerecord',
                            },
                        ),
                    ],
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='usagerecord',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'call records are never changed, and go only with a revoked batch or a whole partition';", hash='18d115c78942c6dc82cb5165ef6cef7c5235dec2', operation='UPDATE', pgid='pgtrigger_append_only_3850f', table='billing_usagerecord', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='usagerecord',
                    trigger=pgtrigger.compiler.Trigger(name='leaves_with_its_batch', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('cardfleet.revoking', true) IS DISTINCT FROM OLD.batch_id::text)", func="RAISE EXCEPTION 'call records are never changed, and go only with a revoked batch or a whole partition';", hash='b8bdc38b4a2cedd622f8e34bca418c37e40e7ffe', operation='DELETE', pgid='pgtrigger_leaves_with_its_batch_80b3c', table='billing_usagerecord', when='BEFORE')),
                ),
            ],
        ),
    ]
