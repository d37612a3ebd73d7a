"""Risk of cards and what it is counted from.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.money
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lifecycle', '0001_initial'), ('lifecycle', '0002_fleet_permissions'),
        ('lifecycle', '0003_append_only'), ('lifecycle', '0004_carrier_signal'),
        ('lifecycle', '0005_calendar'), ('lifecycle', '0006_conduct_registers'),
        ('lifecycle', '0007_alert_handling'), ('lifecycle', '0008_escalation'),
        ('lifecycle', '0009_groups_conduct_approvals'), ('lifecycle', '0010_notices'),
        ('lifecycle', '0011_experience'), ('lifecycle', '0012_cases'),
        ('lifecycle', '0013_suspension_policy'), ('lifecycle', '0014_number_reviews'),
        ('lifecycle', '0015_case_endings'), ('lifecycle', '0016_call_quality'),
        ('lifecycle', '0017_switches_notices_forwardings'), ('lifecycle', '0018_leaver_alerts'),
        ('lifecycle', '0019_secrets_to_change'), ('lifecycle', '0020_training_lapsed'),
        ('lifecycle', '0021_compliance_desk'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('cards', '0002_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True, verbose_name='day')),
                        ('kind', models.CharField(choices=[('holiday', 'Public holiday'), ('workday', 'Working day for a holiday')], max_length=8, verbose_name='kind')),
                        ('name', models.CharField(blank=True, max_length=40, verbose_name='name')),
                    ],
                    options={
                        'verbose_name': 'calendar day',
                        'verbose_name_plural': 'calendar days',
                        'ordering': ['-day'],
                    },
                ),
                migrations.CreateModel(
                    name='CallingNumbers',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period_start', models.DateField(verbose_name='period from')),
                        ('numbers', models.PositiveIntegerField(verbose_name='numbers that called')),
                        ('reckoned_at', models.DateTimeField(verbose_name='reckoned at')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.contract', verbose_name='contract')),
                    ],
                    options={
                        'verbose_name': 'calling numbers of a period',
                        'verbose_name_plural': 'calling numbers by period',
                        'constraints': [models.UniqueConstraint(fields=('period_start', 'carrier', 'contract'), name='calling_numbers_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='SuspensionPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opens_from_import', models.BooleanField(default=True, help_text="Works of the carrier, and what a carrier's notice explains, open none.", verbose_name='a stop found in an import opens a case')),
                        ('opens_from_signal', models.BooleanField(default=False, help_text='Otherwise they are an alert only.', verbose_name='failed calls that speak of a stop open a case')),
                        ('storm_at', models.PositiveSmallIntegerField(default=20, help_text='So many unexplained stops of one carrier at once open no cases.', verbose_name='stops that are one matter')),
                        ('idle_hour', cardfleet.kernel.money.MoneyField(blank=True, decimal_places=2, help_text='Empty: losses are not estimated by time.', max_digits=13, null=True, verbose_name="an idle agent's hour (CNY)")),
                        ('call', cardfleet.kernel.money.MoneyField(blank=True, decimal_places=2, help_text='Empty: losses are not estimated by calls.', max_digits=13, null=True, verbose_name='a call not made (CNY)')),
                        ('is_illustrative', models.BooleanField(default=True, verbose_name='amounts are illustrative')),
                    ],
                    options={
                        'verbose_name': 'rules for stops',
                        'verbose_name_plural': 'rules for stops',
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='suspension_policy_is_one'), models.CheckConstraint(condition=models.Q(('storm_at__gte', 2)), name='suspension_storm_is_many'), models.CheckConstraint(condition=models.Q(models.Q(('idle_hour', None), ('idle_hour__gte', 0), _connector='OR'), models.Q(('call', None), ('call__gte', 0), _connector='OR')), name='suspension_amounts_not_negative', violation_error_message='An amount cannot be below zero.')],
                    },
                ),
                migrations.CreateModel(
                    name='StopsAt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40, verbose_name='kind')),
                        ('value', models.DecimalField(decimal_places=1, max_digits=12, verbose_name='value')),
                        ('stops', models.PositiveIntegerField(verbose_name='stops')),
                        ('learnt_on', models.DateField(verbose_name='learnt on')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.carrier', verbose_name='carrier')),
                    ],
                    options={
                        'verbose_name': 'experience with a carrier',
                        'verbose_name_plural': 'experience with carriers',
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'kind'), name='stops_at_once_per_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='StandbyShare',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('share', models.DecimalField(decimal_places=1, help_text='Per cent of the cards in service, at most 10.', max_digits=4, verbose_name='share')),
                        ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'share of spares',
                        'verbose_name_plural': 'shares of spares',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'team'), name='standby_share_once', nulls_distinct=False, violation_error_message='A share is set for these already. Change that one.'), models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 10)), name='standby_share_sane', violation_error_message='From 0 to 10 per cent: more would be hoarding (notice of 2021).')],
                    },
                ),
                migrations.CreateModel(
                    name='EscalationStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('severity', models.CharField(choices=[('info', 'Information'), ('warn', 'Warning'), ('high', 'High'), ('critical', 'Critical')], max_length=8, verbose_name='severity')),
                        ('level', models.PositiveSmallIntegerField(verbose_name='step')),
                        ('after_hours', models.PositiveSmallIntegerField(blank=True, help_text='Counted from when the alert began to wait. Empty: never.', null=True, verbose_name='after hours')),
                        ('role', models.CharField(choices=[('admin', 'Administrator'), ('supervisor', 'Supervisor'), ('finance', 'Finance'), ('compliance', 'Compliance'), ('agent', 'Agent')], max_length=16, verbose_name='role')),
                    ],
                    options={
                        'verbose_name': 'step of escalation',
                        'verbose_name_plural': 'steps of escalation',
                        'ordering': ['severity', 'level'],
                        'constraints': [models.UniqueConstraint(fields=('severity', 'level'), name='escalation_step_once'), models.CheckConstraint(condition=models.Q(('level__gte', 1)), name='escalation_level_from_one')],
                    },
                ),
                migrations.CreateModel(
                    name='RiskAssessment',
                    fields=[
                        ('card', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='risk', serialize=False, to='cards.card', verbose_name='card')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('band', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=6, verbose_name='band')),
                        ('drivers', models.JSONField(default=list)),
                        ('advice', models.JSONField(default=list)),
                        ('limit_at', models.DateTimeField(null=True, verbose_name='limit reached at')),
                        ('calls_today', models.PositiveIntegerField(default=0, verbose_name='Calls today')),
                        ('call_limit', models.PositiveIntegerField(null=True, verbose_name='Cap of calls')),
                        ('assessed_at', models.DateTimeField(verbose_name='assessed at')),
                        ('facts_as_of', models.DateTimeField(null=True, verbose_name='facts as of')),
                    ],
                    options={
                        'verbose_name': 'risk',
                        'verbose_name_plural': 'risks',
                        'permissions': [('view_fleet', 'Can see the board and the fleet list'), ('view_my_cards', "Can see the cards in one's own hands")],
                        'indexes': [models.Index(fields=['-score'], name='risk_score')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('score__range', (0, 100))), name='risk_0_to_100')],
                    },
                ),
                migrations.CreateModel(
                    name='RiskDay',
                    fields=[
                        ('pk', models.CompositePrimaryKey('card_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField(verbose_name='day')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('card', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'risk of a day',
                        'verbose_name_plural': 'risk by day',
                    },
                ),
                migrations.CreateModel(
                    name='Finding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40, verbose_name='kind')),
                        ('day', models.DateField(verbose_name='day')),
                        ('severity', models.CharField(choices=[('info', 'Information'), ('warn', 'Warning'), ('high', 'High'), ('critical', 'Critical')], max_length=8, verbose_name='severity')),
                        ('value', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='value')),
                        ('warn', models.DecimalField(decimal_places=3, max_digits=12, null=True, verbose_name='warn at')),
                        ('limit', models.DecimalField(decimal_places=3, max_digits=12, null=True, verbose_name='limit')),
                        ('points', models.PositiveSmallIntegerField(default=0, verbose_name='points')),
                        ('limit_at', models.DateTimeField(null=True, verbose_name='limit reached at')),
                        ('code', models.CharField(max_length=64)),
                        ('params', models.JSONField(default=dict)),
                        ('advice', models.CharField(blank=True, max_length=64)),
                        ('seen_at', models.DateTimeField(verbose_name='last seen at')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='cards.card', verbose_name='card')),
                        ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='cards.carrierrule', verbose_name='rule')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                    ],
                    options={
                        'verbose_name': 'finding',
                        'verbose_name_plural': 'findings',
                        'ordering': ['-day', '-points'],
                        'indexes': [models.Index(fields=['day', 'kind'], name='finding_day_kind')],
                        'constraints': [models.UniqueConstraint(fields=('card', 'day', 'kind'), name='finding_once_per_day')],
                    },
                ),
                migrations.CreateModel(
                    name='CardConduct',
                    fields=[
                        ('pk', models.CompositePrimaryKey('card_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField(db_index=True, verbose_name='day')),
                        ('short_gap_s', models.PositiveIntegerField(null=True)),
                        ('to_do_not_call', models.PositiveIntegerField(default=0)),
                        ('without_consent', models.PositiveIntegerField(null=True)),
                        ('abroad', models.PositiveIntegerField(default=0)),
                        ('most_to_one_24h', models.PositiveIntegerField(default=0)),
                        ('most_to_one_30d', models.PositiveIntegerField(default=0)),
                        ('card', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'conduct of a day',
                        'verbose_name_plural': 'conduct by day',
                    },
                ),
                migrations.CreateModel(
                    name='GroupDay',
                    fields=[
                        ('pk', models.CompositePrimaryKey('day', 'per', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField(verbose_name='day')),
                        ('per', models.CharField(choices=[('agent', 'Agent'), ('team', 'Team'), ('campaign', 'Campaign'), ('entity', 'Legal entity')], max_length=8, verbose_name='of')),
                        ('key', models.CharField(max_length=80)),
                        ('cards', models.PositiveIntegerField(default=0)),
                        ('calls', models.PositiveIntegerField(default=0)),
                        ('seconds', models.PositiveIntegerField(default=0)),
                        ('hours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=24)),
                        ('in_service', models.PositiveIntegerField(default=0)),
                        ('idle', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'calls of a group',
                        'verbose_name_plural': 'calls by group',
                    },
                ),
                migrations.CreateModel(
                    name='Complaint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('received_at', models.DateTimeField(verbose_name='received at')),
                        ('channel', models.CharField(max_length=40, verbose_name='through')),
                        ('is_valid', models.BooleanField(default=True, verbose_name='found valid')),
                        ('summary', models.TextField(blank=True, verbose_name='summary')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='cards.card', verbose_name='card')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('notified', 'Notified by carrier or authority')], default='complaint', max_length=9, verbose_name='kind')),
                        ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='lifecycle.complaint', verbose_name='takes back')),
                    ],
                    options={
                        'verbose_name': 'complaint',
                        'verbose_name_plural': 'complaints',
                        'ordering': ['-received_at'],
                        'indexes': [models.Index(fields=['card', '-received_at'], name='complaint_card'), models.Index(fields=['kind', 'received_at'], name='complaint_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Reverification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('noticed_at', models.DateTimeField(verbose_name='notice came at')),
                        ('due_at', models.DateTimeField(verbose_name='to be done by')),
                        ('source', models.CharField(max_length=40, verbose_name='through')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='verified at')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reverifications', to='cards.card', verbose_name='card')),
                        ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 're-verification',
                        'verbose_name_plural': 're-verifications',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('card',), name='reverification_open_once_per_card'), models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('noticed_at'))), name='reverification_due_after_its_notice')],
                    },
                ),
                migrations.CreateModel(
                    name='NumberMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('platform', models.CharField(max_length=40, verbose_name='platform')),
                        ('label', models.CharField(blank=True, max_length=40, verbose_name='label shown')),
                        ('marked_on', models.DateField(verbose_name='marked since')),
                        ('ended_on', models.DateField(blank=True, null=True, verbose_name='marked until')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='cards.card', verbose_name='card')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'mark of a number',
                        'verbose_name_plural': 'marks of numbers',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('card', 'platform'), name='mark_once_per_platform'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('marked_on')), _connector='OR'), name='mark_runs_forward')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='complaint',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b667f5a89f02341c9019f0c91bd767c7f775e9cf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_628c3', table='lifecycle_complaint', when='BEFORE')),
                ),
            ],
        ),
    ]
