"""Alerts, their groups, what was reminded of, and what waits for approval.

Alerts that had no time of opening were given that of their first sight: an empty database has none.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lifecycle', '0025_desk_alerts_and_problems'),
    ]

    dependencies = [
        ('agents', '0001_custody'),
        ('cards', '0002_cards'),
        ('lifecycle', '0004_compliance_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='AlertGroup',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=200)),
                        ('kind', models.CharField(blank=True, max_length=16, verbose_name='kind')),
                        ('code', models.CharField(blank=True, max_length=64)),
                        ('reason', models.CharField(blank=True, max_length=32, verbose_name='reason')),
                        ('opened_at', models.DateTimeField(verbose_name='since')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('told_count', models.PositiveIntegerField(default=0, verbose_name='told at a size of')),
                        ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrierrule')),
                        ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='lifecycle.carriernotice', verbose_name='carrier notice')),
                    ],
                    options={
                        'verbose_name': 'group of alerts',
                        'verbose_name_plural': 'groups of alerts',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('key',), name='alert_group_open_once_per_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Alert',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('stopped', 'Stopped'), ('suspension_risk', 'Risk of suspension'), ('arrears', 'Arrears'), ('low_balance', 'Low balance'), ('card_expiry', 'Card about to expire'), ('contract_end', 'Contract about to end'), ('real_name_expiry', 'Real-name proof about to expire'), ('training_expiry', 'Training about to lapse'), ('training_lapsed', 'Training lapsed, cards to be taken back'), ('idle', 'Unused for long'), ('carrier_signal', 'Sign of a stop'), ('reverification', 'Re-verification due'), ('approval', 'Approval wanted'), ('case', 'Case waits too long'), ('leaver', 'Leaver has a card'), ('desk', 'Desk waits too long'), ('secret_change', 'PIN and password to be changed')], max_length=16, verbose_name='kind')),
                        ('severity', models.CharField(choices=[('info', 'Information'), ('warn', 'Warning'), ('high', 'High'), ('critical', 'Critical')], max_length=8, verbose_name='severity')),
                        ('state', models.CharField(choices=[('open', 'Open'), ('acknowledged', 'Acknowledged'), ('closed', 'Closed')], default='open', max_length=12, verbose_name='state')),
                        ('code', models.CharField(max_length=64)),
                        ('params', models.JSONField(default=dict)),
                        ('evidence', models.JSONField(default=list)),
                        ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                        ('first_seen_at', models.DateTimeField(verbose_name='since')),
                        ('last_seen_at', models.DateTimeField(verbose_name='last seen')),
                        ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged at')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acknowledged by')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='cards.card', verbose_name='card')),
                        ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrierrule')),
                        ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                        ('escalated_at', models.DateTimeField(blank=True, null=True, verbose_name='escalated at')),
                        ('escalation', models.PositiveSmallIntegerField(default=0, verbose_name='steps escalated')),
                        ('opened_at', models.DateTimeField(verbose_name='waiting since')),
                        ('reopened', models.PositiveSmallIntegerField(default=0, verbose_name='times it came back')),
                        ('snoozed_until', models.DateTimeField(blank=True, null=True, verbose_name='rests until')),
                        ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='lifecycle.alertgroup', verbose_name='group')),
                        ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='lifecycle.matter', verbose_name='matter of the desk')),
                    ],
                    options={
                        'verbose_name': 'alert',
                        'verbose_name_plural': 'alerts',
                        'ordering': ['-id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['kind', 'due_at'], name='alert_open'), models.Index(condition=models.Q(('state', 'closed')), fields=['kind', 'closed_at'], name='alert_closed_lately')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', True), ('card__isnull', False), ('matter__isnull', True)), models.Q(('agent__isnull', False), ('card__isnull', True), ('matter__isnull', True)), models.Q(('agent__isnull', True), ('card__isnull', True), ('matter__isnull', False)), _connector='OR'), name='alert_is_about_one_thing'), models.UniqueConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('card__isnull', False)), fields=('card', 'kind'), name='alert_open_once_per_card_and_kind'), models.UniqueConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('agent__isnull', False)), fields=('agent', 'kind'), name='alert_open_once_per_agent_and_kind'), models.UniqueConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('matter__isnull', False)), fields=('matter', 'kind'), name='alert_open_once_per_matter_and_kind'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='alert_closed_has_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('stopped', 'Stopped'), ('suspension_risk', 'Risk of suspension'), ('arrears', 'Arrears'), ('low_balance', 'Low balance'), ('card_expiry', 'Card about to expire'), ('contract_end', 'Contract about to end'), ('real_name_expiry', 'Real-name proof about to expire'), ('training_expiry', 'Training about to lapse'), ('training_lapsed', 'Training lapsed, cards to be taken back'), ('idle', 'Unused for long'), ('carrier_signal', 'Sign of a stop'), ('reverification', 'Re-verification due'), ('approval', 'Approval wanted'), ('case', 'Case waits too long'), ('leaver', 'Leaver has a card'), ('desk', 'Desk waits too long'), ('secret_change', 'PIN and password to be changed')], max_length=16, verbose_name='kind')),
                        ('subject', models.CharField(max_length=100, verbose_name='subject')),
                        ('due_on', models.DateField(verbose_name='due on')),
                        ('lead_days', models.PositiveSmallIntegerField(verbose_name='days ahead')),
                        ('sent_at', models.DateTimeField(verbose_name='told at')),
                    ],
                    options={
                        'verbose_name': 'reminder',
                        'verbose_name_plural': 'reminders',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'due_on', 'lead_days'), name='reminder_once_per_lead_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Approval',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_granted', models.BooleanField(verbose_name='approved')),
                        ('note', models.TextField(verbose_name='note')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('decided_at', models.DateTimeField(verbose_name='decided at')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='cards.card', verbose_name='card')),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='cards.carrierrule', verbose_name='rule')),
                    ],
                    options={
                        'verbose_name': 'approval',
                        'verbose_name_plural': 'approvals',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', 'rule', '-id'], name='approval_latest')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='approval',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4ec864bd58c21747f538e7a4d87fc71ae54e60f8', operation='UPDATE', pgid='pgtrigger_append_only_c7b17', table='lifecycle_approval', when='BEFORE')),
                ),
            ],
        ),
    ]
