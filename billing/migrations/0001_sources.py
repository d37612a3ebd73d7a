"""Where call records come from, the batches they came in, and what was refused or taken back.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('billing', '0001_initial'), ('billing', '0002_usage_records'),
        ('billing', '0003_batch_and_charge'), ('billing', '0004_usage_record_state'),
        ('billing', '0005_append_only'), ('billing', '0006_import_centre'),
        ('billing', '0007_revoked_usage'), ('billing', '0008_rollup_columns'),
        ('billing', '0009_attributions'), ('billing', '0010_retention'), ('billing', '0011_first_rows'),
        ('billing', '0012_live_feed'), ('billing', '0013_lean_ledger'), ('billing', '0014_callee_days'),
        ('billing', '0015_lighter_guards'), ('billing', '0016_what_callees_said'),
        ('billing', '0017_cheaper_account_periods'), ('billing', '0018_monthly_charges'),
        ('billing', '0019_vacant_numbers'), ('billing', '0020_places_of_use'),
        ('billing', '0021_dropped_calls'), ('billing', '0022_calls_returned'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('agents', '0001_custody'),
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        ('jobs', '0001_jobs'),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='FeedMapping',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                        ('label', models.CharField(max_length=80, verbose_name='name')),
                        ('rows', models.CharField(blank=True, help_text='Empty where the body is the call or the list.', max_length=120, verbose_name='path of the list')),
                        ('columns', models.JSONField(default=dict, help_text='{"caller": "Caller", "started_at": "Time"}', verbose_name='paths')),
                        ('words', models.JSONField(blank=True, default=dict, help_text='{"direction": {"0": "in", "1": "out"}}', verbose_name='words')),
                        ('codes', models.JSONField(blank=True, default=dict, help_text='{"8111": "stopped"}', verbose_name='failure codes')),
                        ('utc', models.BooleanField(default=False, help_text='Where they have no offset of their own.', verbose_name='times are UTC')),
                        ('changed_at', models.DateTimeField(verbose_name='changed at')),
                    ],
                    options={
                        'verbose_name': 'mapping of a live feed',
                        'verbose_name_plural': 'mappings of live feeds',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='UsageSource',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('role', models.CharField(choices=[('carrier', 'Carrier'), ('switch', 'Switch (PBX)'), ('phone', 'Phone'), ('live', 'Live feed')], max_length=8, verbose_name='role')),
                        ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('expected_every', models.CharField(blank=True, choices=[('monthly', 'Every month'), ('weekly', 'Every week'), ('daily', 'Every day')], help_text='How often its details are to be imported; empty: nobody is reminded.', max_length=8, verbose_name='expected')),
                        ('expected_within_days', models.PositiveSmallIntegerField(default=5, help_text='After the month, week or day has ended; then people are told.', verbose_name='days to import them')),
                        ('mapping', models.ForeignKey(blank=True, help_text='Empty for the generic names and FreeSWITCH.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='billing.feedmapping', verbose_name='mapping of its live feed')),
                    ],
                    options={
                        'verbose_name': 'usage source',
                        'verbose_name_plural': 'usage sources',
                        'ordering': ['slug'],
                    },
                ),
                migrations.CreateModel(
                    name='UsageProfile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                        ('role', models.CharField(choices=[('carrier', 'Carrier'), ('switch', 'Switch (PBX)'), ('phone', 'Phone'), ('live', 'Live feed')], max_length=8, verbose_name='role')),
                        ('signature', models.CharField(blank=True, db_index=True, max_length=64, verbose_name='signature of the header')),
                        ('header', models.JSONField(blank=True, default=list, verbose_name='header')),
                        ('width', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='columns')),
                        ('columns', models.JSONField(default=dict, verbose_name='mapping')),
                        ('times', models.CharField(choices=[('plain', 'As it stands: year, month, day, or a number'), ('day_first', 'Day first: 22/11/2026 08:05'), ('month_first', 'Month first: 11/22/2026 08:05'), ('utc', 'In UTC, eight hours behind Shanghai')], default='plain', max_length=12, verbose_name='times')),
                        ('durations', models.CharField(choices=[('seconds', 'Seconds, or a spelling such as 3:12'), ('minutes', 'Minutes, with decimals'), ('milliseconds', 'Milliseconds')], default='seconds', max_length=12, verbose_name='durations')),
                        ('fees', models.CharField(choices=[('yuan', 'Yuan'), ('fen', 'Fen (1/100 yuan)'), ('li', 'Li (1/1000 yuan)')], default='yuan', max_length=4, verbose_name='fees')),
                        ('direction', models.CharField(blank=True, choices=[('out', 'Outgoing'), ('in', 'Incoming')], help_text='Where no column tells it.', max_length=3, verbose_name='direction of every call')),
                        ('out_words', models.CharField(blank=True, max_length=200, verbose_name='words for outgoing')),
                        ('in_words', models.CharField(blank=True, max_length=200, verbose_name='words for incoming')),
                        ('changed_at', models.DateTimeField(verbose_name='changed at')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='profiles', to='billing.usagesource', verbose_name='source')),
                    ],
                    options={
                        'verbose_name': 'mapping of a file',
                        'verbose_name_plural': 'mappings of files',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('source', 'signature', 'width'), name='profile_once_per_source_and_header')],
                    },
                ),
                migrations.CreateModel(
                    name='VoiceLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('number', models.CharField(blank=True, max_length=20, verbose_name='number')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cards.carrier', verbose_name='carrier')),
                    ],
                    options={
                        'verbose_name': 'voice line',
                        'verbose_name_plural': 'voice lines',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='UsageAlias',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('alias', models.CharField(max_length=80, verbose_name='name in the source')),
                        ('valid_from', models.DateTimeField(verbose_name='from')),
                        ('valid_to', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='billing.usagesource', verbose_name='source')),
                        ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.voiceline', verbose_name='voice line')),
                    ],
                    options={
                        'verbose_name': 'alias',
                        'verbose_name_plural': 'aliases',
                        'ordering': ['source', 'alias', '-valid_from'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', True), ('card__isnull', False), ('line__isnull', True)), models.Q(('agent__isnull', False), ('card__isnull', True), ('line__isnull', True)), models.Q(('agent__isnull', True), ('card__isnull', True), ('line__isnull', False)), _connector='OR'), name='alias_means_one_thing'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('source'), models.F('source'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.Func(models.F('alias'), function='hashtext'), models.Func(models.F('alias'), function='hashtext'), models.Value('[]'), function='int4range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='tstzrange'), '&&')], name='alias_periods_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='UsageBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                        ('format', models.CharField(blank=True, max_length=40, verbose_name='format')),
                        ('own_number', models.CharField(blank=True, help_text='For a detail that does not name its own number.', max_length=16, verbose_name='own number')),
                        ('state', models.CharField(choices=[('received', 'To be started'), ('pending', 'Waiting'), ('stored', 'Stored'), ('failed', 'Failed'), ('revoked', 'Revoked')], default='pending', max_length=8, verbose_name='state')),
                        ('rows_read', models.PositiveIntegerField(default=0, verbose_name='rows read')),
                        ('rows_stored', models.PositiveIntegerField(default=0, verbose_name='rows stored')),
                        ('rows_duplicate', models.PositiveIntegerField(default=0, verbose_name='rows known already')),
                        ('rows_refused', models.PositiveIntegerField(default=0, verbose_name='rows refused')),
                        ('rows_flagged', models.PositiveIntegerField(default=0, verbose_name="rows outside a card's life")),
                        ('first_at', models.DateTimeField(null=True, verbose_name='first call')),
                        ('last_at', models.DateTimeField(null=True, verbose_name='last call')),
                        ('created_at', models.DateTimeField(verbose_name='begun at')),
                        ('stored_at', models.DateTimeField(null=True, verbose_name='stored at')),
                        ('revoked_reason', models.TextField(blank=True, verbose_name='why it was revoked')),
                        ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='file')),
                        ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job', verbose_name='job')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='billing.usagesource', verbose_name='source')),
                        ('header', models.JSONField(default=list, help_text='Of the file, so that refused rows go back under it; empty without one.', verbose_name='header')),
                        ('rows_skipped', models.PositiveIntegerField(default=0, help_text='Totals, repeated headers, further legs of one call, calls between two extensions.', verbose_name='rows that are no calls')),
                        ('archive', models.CharField(blank=True, max_length=255, verbose_name='archive')),
                        ('corrects', models.ForeignKey(help_text='The batch whose refused rows this one holds, corrected.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='billing.usagebatch', verbose_name='corrects')),
                        ('name', models.CharField(blank=True, help_text='In an archive with its folders.', max_length=255, verbose_name='file name')),
                        ('lines', models.PositiveIntegerField(help_text='Empty for a workbook.', null=True, verbose_name='lines of the file')),
                        ('sample', models.JSONField(default=list, help_text='Lines and cells, for the preview.', verbose_name='first rows')),
                    ],
                    options={
                        'verbose_name': 'usage batch',
                        'verbose_name_plural': 'usage batches',
                        'ordering': ['-id'],
                        'permissions': [('import_usage', 'Can import call records'), ('feed_usage', 'Can post calls live'), ('revoke_usage', 'Can revoke an import of call records')],
                    },
                ),
                migrations.CreateModel(
                    name='UsageReject',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('column', models.CharField(blank=True, max_length=40, verbose_name='column')),
                        ('value', models.CharField(blank=True, max_length=200, verbose_name='value')),
                        ('code', models.CharField(max_length=40, verbose_name='code')),
                        ('cells', models.JSONField(default=list, verbose_name='row')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejects', to='billing.usagebatch', verbose_name='batch')),
                        ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='settled', to='billing.usagebatch', verbose_name='settled by')),
                        ('since', models.DateField(help_text='From when on calls were kept, where the row was too old.', null=True, verbose_name='since')),
                    ],
                    options={
                        'verbose_name': 'refused row',
                        'verbose_name_plural': 'refused rows',
                        'ordering': ['batch', 'line'],
                    },
                ),
                migrations.CreateModel(
                    name='UsageSignal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('code', models.CharField(max_length=40, verbose_name='code')),
                        ('meaning', models.CharField(choices=[('stopped', 'The caller is stopped'), ('frozen', 'The caller is frozen'), ('barred', 'Outgoing calls are barred'), ('frequency', 'Frequency control'), ('blacklisted', 'On a black list'), ('callee_stopped', 'The callee is stopped'), ('vacant', 'The number does not exist'), ('dropped', 'The call was dropped')], max_length=16, verbose_name='meaning')),
                        ('raw', models.CharField(blank=True, max_length=200, verbose_name='as the switch said it')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.usagebatch', verbose_name='batch')),
                        ('card', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='usage_signals', to='cards.card', verbose_name='card')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.usagesource', verbose_name='source')),
                    ],
                    options={
                        'verbose_name': 'signal',
                        'verbose_name_plural': 'signals',
                        'ordering': ['-at'],
                        'indexes': [models.Index(fields=['at'], name='signal_at')],
                        'constraints': [models.UniqueConstraint(fields=('card', 'at', 'code'), name='signal_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LineRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(verbose_name='start')),
                        ('uid', models.UUIDField(verbose_name='id in the source')),
                        ('direction', models.CharField(choices=[('out', 'Outgoing'), ('in', 'Incoming')], max_length=3, verbose_name='direction')),
                        ('counterpart', models.CharField(max_length=32, verbose_name='other number')),
                        ('duration_s', models.PositiveIntegerField(verbose_name='seconds')),
                        ('answered', models.BooleanField(verbose_name='answered')),
                        ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.usagebatch', verbose_name='batch')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='billing.voiceline', verbose_name='voice line')),
                    ],
                    options={
                        'verbose_name': 'call on a voice line',
                        'verbose_name_plural': 'calls on voice lines',
                        'ordering': ['-started_at'],
                        'constraints': [models.UniqueConstraint(fields=('line', 'started_at', 'uid'), name='line_record_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RevokedUsage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(verbose_name='start')),
                        ('uid', models.UUIDField(verbose_name='id in the source')),
                        ('msisdn', models.CharField(blank=True, max_length=16, verbose_name='own number')),
                        ('direction', models.CharField(choices=[('out', 'Outgoing'), ('in', 'Incoming')], max_length=3, verbose_name='direction')),
                        ('counterpart', models.CharField(max_length=32, verbose_name='other number')),
                        ('duration_s', models.PositiveIntegerField(verbose_name='seconds')),
                        ('answered', models.BooleanField(verbose_name='answered')),
                        ('fee', models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name='fee')),
                        ('rated_fee', models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name='own rating')),
                        ('flags', models.PositiveSmallIntegerField(default=0)),
                        ('agent', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('batch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='revoked_rows', to='billing.usagebatch', verbose_name='batch')),
                        ('card', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cards.card', verbose_name='card')),
                        ('line', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='billing.voiceline', verbose_name='voice line')),
                        ('source', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='billing.usagesource', verbose_name='source')),
                        ('team', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'revoked call',
                        'verbose_name_plural': 'revoked calls',
                        'ordering': ['batch', 'started_at'],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(max_length=40, unique=True, verbose_name='data')),
                        ('months', models.PositiveSmallIntegerField(verbose_name='months kept')),
                        ('dropped_before', models.DateField(null=True, verbose_name='dropped before')),
                        ('dropped_at', models.DateTimeField(null=True, verbose_name='last dropped at')),
                        ('changed_at', models.DateTimeField(verbose_name='changed at')),
                        ('at_once', models.PositiveBigIntegerField(default=5000, verbose_name='goes without asking, at most')),
                        ('confirmed_before', models.DateField(null=True, verbose_name='confirmed before')),
                        ('floor', models.PositiveSmallIntegerField(default=0, verbose_name='at least (months)')),
                        ('waiting', models.PositiveBigIntegerField(null=True, verbose_name='waits for a word')),
                    ],
                    options={
                        'verbose_name': 'retention',
                        'verbose_name_plural': 'retention',
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('months__gte', models.F('floor'))), name='retention_keeps_to_the_law')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='revokedusage',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='840e8240b8beb8473fe6bbc962fd4ed668e69891', operation='UPDATE', pgid='pgtrigger_append_only_978a8', table='billing_revokedusage', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='revokedusage',
                    trigger=pgtrigger.compiler.Trigger(name='retained', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('cardfleet.retention', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a1a63061dc5c8f2e1ecec51ef1e68780631e222b', operation='DELETE', pgid='pgtrigger_retained_cb8cd', table='billing_revokedusage', when='BEFORE')),
                ),
            ],
        ),
    ]
