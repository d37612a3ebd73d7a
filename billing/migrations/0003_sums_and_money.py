"""What calls add up to, and the accounts that pay for them.

Sums of months taken before they had an end were forgotten: an empty database has none.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.money
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('billing', '0024_retention_of_all'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('agents', '0001_custody'),
        ('billing', '0002_call_records'),
        ('cards', '0002_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='UsageDaily',
                    fields=[
                        ('pk', models.CompositePrimaryKey('card_id', 'day', 'role', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField(verbose_name='day')),
                        ('role', models.CharField(choices=[('carrier', 'Carrier'), ('switch', 'Switch (PBX)'), ('phone', 'Phone'), ('live', 'Live feed')], max_length=8, verbose_name='role')),
                        ('calls', models.PositiveIntegerField(default=0)),
                        ('answered', models.PositiveIntegerField(default=0)),
                        ('incoming', models.PositiveIntegerField(default=0)),
                        ('seconds', models.PositiveIntegerField(default=0)),
                        ('under_10', models.PositiveIntegerField(default=0)),
                        ('distinct_callees', models.PositiveIntegerField(default=0)),
                        ('most_to_one', models.PositiveIntegerField(default=0)),
                        ('most_in_60', models.PositiveIntegerField(default=0)),
                        ('most_in_10', models.PositiveIntegerField(default=0)),
                        ('hours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=24)),
                        ('cost', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13)),
                        ('last_at', models.DateTimeField()),
                        ('card', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                        ('under_5', models.PositiveIntegerField(default=0)),
                        ('under_15', models.PositiveIntegerField(default=0)),
                        ('under_30', models.PositiveIntegerField(default=0)),
                        ('outside_window', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'calls of a day',
                        'verbose_name_plural': 'calls by day',
                        'indexes': [models.Index(fields=['day', 'card'], name='usage_daily_day')],
                    },
                ),
                migrations.CreateModel(
                    name='UsageCharge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('role', models.CharField(choices=[('carrier', 'Carrier'), ('switch', 'Switch (PBX)'), ('phone', 'Phone'), ('live', 'Live feed')], max_length=8, verbose_name='role')),
                        ('calls', models.PositiveIntegerField(default=0)),
                        ('seconds', models.PositiveIntegerField(default=0)),
                        ('amount', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13)),
                        ('agent', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                        ('team', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                        ('counts', models.BooleanField(default=True)),
                    ],
                    options={
                        'verbose_name': 'call charge of a day',
                        'verbose_name_plural': 'call charges by day',
                        'indexes': [models.Index(fields=['card', 'day', 'role'], name='usage_charge_key'), models.Index(condition=models.Q(('counts', True)), fields=['day'], name='usage_charge_day')],
                    },
                ),
                migrations.CreateModel(
                    name='UsageMonth',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='month')),
                        ('seconds', models.PositiveBigIntegerField(default=0)),
                        ('amount', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13)),
                        ('agent', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                        ('team', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'call charge of a month',
                        'verbose_name_plural': 'call charges by month',
                        'indexes': [models.Index(fields=['month', 'card'], name='usage_month_key')],
                    },
                ),
                migrations.CreateModel(
                    name='SummedMonth',
                    fields=[
                        ('month', models.DateField(primary_key=True, serialize=False, verbose_name='month')),
                        ('summed_at', models.DateTimeField(verbose_name='summed at')),
                        ('until', models.DateField(verbose_name='until')),
                    ],
                    options={
                        'verbose_name': 'summed month',
                        'verbose_name_plural': 'summed months',
                    },
                ),
                migrations.CreateModel(
                    name='UsagePlace',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('province', models.CharField(max_length=8, verbose_name='province')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.usagebatch', verbose_name='batch')),
                        ('card', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='usage_places', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'place of use',
                        'verbose_name_plural': 'places of use',
                        'ordering': ['-day'],
                        'indexes': [models.Index(fields=['day'], name='place_day')],
                        'constraints': [models.UniqueConstraint(fields=('card', 'day', 'province'), name='place_once')],
                    },
                ),
                migrations.CreateModel(
                    name='UsageAttribution',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('created_at', models.DateTimeField(verbose_name='recorded at')),
                        ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                    ],
                    options={
                        'verbose_name': 'attribution',
                        'verbose_name_plural': 'attributions',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='attribution_runs_forward'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('withdrawn_at__isnull', True)), expressions=[(models.Func(models.F('card'), models.F('card'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_at'), models.F('ends_at'), function='tstzrange'), '&&')], name='attributions_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='CalleeDay',
                    fields=[
                        ('pk', models.CompositePrimaryKey('counterpart', 'day', 'role', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('counterpart', models.CharField(max_length=32, verbose_name='other number')),
                        ('day', models.DateField(db_index=True, verbose_name='day')),
                        ('role', models.CharField(choices=[('carrier', 'Carrier'), ('switch', 'Switch (PBX)'), ('phone', 'Phone'), ('live', 'Live feed')], max_length=8, verbose_name='role')),
                        ('starts', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None, verbose_name='start')),
                        ('cards', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='cards')),
                    ],
                    options={
                        'verbose_name': 'calls to a number',
                        'verbose_name_plural': 'calls to numbers',
                    },
                ),
                migrations.CreateModel(
                    name='CallBack',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('caller_hash', models.CharField(max_length=64)),
                        ('at', models.DateTimeField(verbose_name='settled at')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'call returned',
                        'verbose_name_plural': 'calls returned',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('card', 'One card'), ('shared', 'Shared by many cards')], default='card', max_length=6, verbose_name='kind')),
                        ('code', models.CharField(max_length=64, verbose_name='account number')),
                        ('payment', models.CharField(choices=[('prepaid', 'Prepaid'), ('postpaid', 'Postpaid')], default='prepaid', max_length=8, verbose_name='payment')),
                        ('credit_limit', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='credit limit')),
                        ('balance', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='balance')),
                        ('opened_at', models.DateTimeField(verbose_name='opened at')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='cards.carrier', verbose_name='carrier')),
                    ],
                    options={
                        'verbose_name': 'account',
                        'verbose_name_plural': 'accounts',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'code'), name='account_once_per_carrier')],
                    },
                ),
                migrations.CreateModel(
                    name='AccountCard',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (not included)')),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='billing.account', verbose_name='account')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paid_by', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'account of a card',
                        'verbose_name_plural': 'accounts of cards',
                        'ordering': ['account', 'card'],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.Func(models.F('card'), models.Func(models.F('starts_on'), template="(%(expressions)s - date '2000-01-01')"), function='point'), models.Func(models.F('card'), models.Func(models.F('ends_on'), template="(coalesce(%(expressions)s - date '2000-01-01', 10000000) - 0.5)"), function='point'), function='box'), '&&')], name='card_paid_by_one_account_at_a_time'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='account_card_days_run_forward'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('card',), name='card_paid_by_one_account_now')],
                    },
                ),
                migrations.CreateModel(
                    name='BalanceReading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('read_at', models.DateTimeField(verbose_name='read at')),
                        ('balance', cardfleet.kernel.money.MoneyField(decimal_places=2, max_digits=13, verbose_name='balance')),
                        ('source', models.CharField(choices=[('app', 'Carrier app or site'), ('sms', 'Carrier message'), ('file', 'File'), ('takeover', 'Take-over'), ('person', 'Entered by a person')], max_length=8, verbose_name='source')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='billing.account', verbose_name='account')),
                        ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                    ],
                    options={
                        'verbose_name': 'balance reading',
                        'verbose_name_plural': 'balance readings',
                        'ordering': ['-read_at'],
                        'permissions': [('import_reading', 'Can import balances and states')],
                        'constraints': [models.UniqueConstraint(fields=('account', 'read_at'), name='reading_once_per_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('opening', 'Opening balance'), ('top_up', 'Top-up'), ('monthly_fee', 'Monthly fee'), ('usage', 'Calls'), ('other_charge', 'Other charge'), ('refund', 'Refund'), ('adjustment', 'Adjustment'), ('reversal', 'Reversal')], max_length=12, verbose_name='kind')),
                        ('amount', cardfleet.kernel.money.MoneyField(decimal_places=2, max_digits=13, verbose_name='amount')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('month', models.DateField(help_text='First day of the month the amount belongs to.', verbose_name='month')),
                        ('posted_at', models.DateTimeField(verbose_name='posted at')),
                        ('key', models.CharField(max_length=120, verbose_name='key')),
                        ('reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='billing.account', verbose_name='account')),
                        ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                        ('card', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='cards.card', verbose_name='card')),
                        ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='billing.ledgerentry', verbose_name='reverses')),
                        ('batch', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.usagebatch', verbose_name='batch')),
                    ],
                    options={
                        'verbose_name': 'ledger entry',
                        'verbose_name_plural': 'ledger',
                        'ordering': ['-id'],
                        'permissions': [('post_entry', 'Can post top-ups, charges and adjustments'), ('view_costs', 'Can see the cost report')],
                        'indexes': [models.Index(fields=['account', '-id'], name='entry_account'), models.Index(fields=['month', 'kind'], name='entry_month_kind'), models.Index(fields=['card', 'month'], name='entry_card_month')],
                        'constraints': [models.UniqueConstraint(fields=('key',), name='entry_key_once'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='entry_is_not_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['monthly_fee', 'other_charge']), _negated=True), ('amount__lt', 0), _connector='OR'), name='entry_charge_negative'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'top_up'), _negated=True), ('amount__gt', 0), _connector='OR'), name='entry_top_up_positive'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reversal'), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='entry_reversal_names_its_entry'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='entry_month_is_a_first_day')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ledgerentry',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbddae176f78bbc40f015d00dacff82d5e360549', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9e1b', table='billing_ledgerentry', when='BEFORE')),
                ),
            ],
        ),
    ]
