"""Carriers with their contracts and plans, in whose name numbers are registered, and where cards lie.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.crypto
import cardfleet.kernel.money
import cardfleet.kernel.personal
import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('cards', '0001_initial'), ('cards', '0002_words_of_constraints'),
        ('cards', '0003_rule_unit_may_be_empty'), ('cards', '0004_search_by_ends'),
        ('cards', '0005_corrections'), ('cards', '0006_rule_documents'),
        ('cards', '0007_devices_and_confirmed_use'), ('cards', '0008_lean_history'), ('cards', '0009_tags'),
        ('cards', '0010_notes'), ('cards', '0011_stock'), ('cards', '0012_change_at'),
        ('cards', '0013_devices'), ('cards', '0014_voided_sims'), ('cards', '0015_contract_terms'),
        ('cards', '0016_second_imei'), ('cards', '0017_ways_to_cancel'), ('cards', '0018_card_return_due'),
        ('cards', '0019_latest_stops_and_stock'), ('cards', '0020_secrets_of_held_cards'),
    ]

    initial = True

    dependencies = [
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Carrier',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=32, unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('aliases', models.JSONField(blank=True, default=list, help_text='Names found in files.', verbose_name='other names')),
                        ('kind', models.CharField(choices=[('mno', 'Base carrier'), ('mvno', 'Virtual operator (MVNO)')], default='mno', max_length=4, verbose_name='kind')),
                        ('hotline', models.CharField(blank=True, max_length=32, verbose_name='hotline')),
                        ('portal', models.URLField(blank=True, verbose_name='portal')),
                        ('account_manager', models.CharField(blank=True, max_length=80, verbose_name='account manager')),
                        ('account_manager_phone', models.CharField(blank=True, max_length=32, verbose_name="account manager's phone")),
                        ('cancellation_policy', models.TextField(blank=True, verbose_name='cancellation policy')),
                        ('document_checklist', models.JSONField(blank=True, default=list, help_text='One line a document.', verbose_name='documents asked for')),
                        ('stop_below', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, help_text='A prepaid number stops when its balance falls below this.', max_digits=13, verbose_name='prepaid stop below')),
                        ('due_day', models.PositiveSmallIntegerField(blank=True, help_text='Day of the following month; empty means month-end.', null=True, verbose_name='bill due on day')),
                        ('stop_after_days', models.PositiveSmallIntegerField(default=0, verbose_name='days from due date to stop')),
                        ('restore_hours', models.PositiveSmallIntegerField(default=48, verbose_name='hours to restore after payment')),
                        ('terminate_after_days', models.PositiveSmallIntegerField(default=60, verbose_name='days from stop to termination')),
                        ('freeze_days', models.PositiveSmallIntegerField(default=90, verbose_name='days a number is frozen')),
                        ('recycle_after_days', models.PositiveSmallIntegerField(default=90, verbose_name='idle days to recycling')),
                        ('terms_source', models.CharField(blank=True, max_length=200, verbose_name='source of the terms')),
                        ('terms_illustrative', models.BooleanField(default=True, verbose_name='terms are illustrative')),
                        ('network_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='virtual_operators', to='cards.carrier', verbose_name='uses the network of')),
                        ('papers_hotline', models.JSONField(blank=True, default=list, help_text='Empty: not possible this way.', verbose_name='papers to cancel by hotline')),
                        ('papers_outlet', models.JSONField(blank=True, default=list, help_text='Empty: not possible this way.', verbose_name='papers to cancel at an outlet')),
                        ('papers_web_app', models.JSONField(blank=True, default=list, help_text='Empty: not possible this way.', verbose_name='papers to cancel by site or app')),
                        ('reopen_fee', cardfleet.kernel.money.MoneyField(blank=True, decimal_places=2, help_text='Empty: the terms do not say that the former holder may have it back.', max_digits=13, null=True, verbose_name='fee to reopen a frozen number')),
                    ],
                    options={
                        'verbose_name': 'carrier',
                        'verbose_name_plural': 'carriers',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('due_day__isnull', True), ('due_day__range', (1, 28)), _connector='OR'), name='carrier_due_day_in_every_month', violation_error_message='Choose a day from 1 to 28, or none for month-end.')],
                    },
                ),
                migrations.CreateModel(
                    name='Contract',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=64, verbose_name='contract number')),
                        ('starts_on', models.DateField(verbose_name='starts on')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                        ('penalty_fixed', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='fixed penalty')),
                        ('penalty_share', models.DecimalField(decimal_places=3, default=0, help_text='0.3 means 30 percent of the monthly fees left until the end of the term.', max_digits=4, verbose_name='share of the remaining monthly fees')),
                        ('daily_call_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='calls a day agreed')),
                        ('number_change_banned', models.BooleanField(default=False, verbose_name='numbers may not be changed')),
                        ('complaint_terms', models.TextField(blank=True, verbose_name='complaint handling')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='cards.carrier', verbose_name='carrier')),
                        ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='document')),
                        ('industries', models.JSONField(blank=True, default=list, help_text='One line an industry; empty: none is stated.', verbose_name='industries confirmed')),
                        ('purposes', models.JSONField(blank=True, default=list, help_text='By the confirmation of business; empty: none is stated.', verbose_name='purposes confirmed')),
                        ('first_months', models.PositiveSmallIntegerField(blank=True, help_text='With the last day left empty it is reckoned from these.', null=True, verbose_name='months of the first term')),
                        ('notice', models.PositiveSmallIntegerField(default=0, help_text='Before the end of the term that runs.', verbose_name='notice period')),
                        ('notice_given_on', models.DateField(blank=True, null=True, verbose_name='notice given on')),
                        ('notice_unit', models.CharField(choices=[('days', 'Days'), ('months', 'Months')], default='days', max_length=6, verbose_name='notice counted in')),
                        ('renewal_months', models.PositiveSmallIntegerField(default=0, help_text='By itself, where nobody gives notice; 0: it ends.', verbose_name='renewed for months')),
                    ],
                    options={
                        'verbose_name': 'contract',
                        'verbose_name_plural': 'contracts',
                        'ordering': ['carrier', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'number'), name='contract_once_per_carrier', violation_error_message='This carrier has a contract of this number already.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='contract_term_runs_forward', violation_error_message='A contract ends after it starts.'), models.CheckConstraint(condition=models.Q(('renewal_months', 0), ('ends_on__isnull', False), _connector='OR'), name='contract_renewed_has_end', violation_error_message='A contract that is renewed has a last day. Enter it, or its first months.'), models.CheckConstraint(condition=models.Q(('penalty_fixed__gte', 0), ('penalty_share__range', (0, 1))), name='contract_penalty_sane', violation_error_message='A penalty is not negative and a share lies between 0 and 1.')],
                    },
                ),
                migrations.CreateModel(
                    name='RatePlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('payment', models.CharField(choices=[('prepaid', 'Prepaid'), ('postpaid', 'Postpaid')], default='prepaid', max_length=8, verbose_name='payment')),
                        ('tariff_no', models.CharField(blank=True, max_length=64, verbose_name='tariff file number')),
                        ('credit_limit', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='credit limit')),
                        ('minimum_spend', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='minimum spend a month')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='cards.carrier', verbose_name='carrier')),
                    ],
                    options={
                        'verbose_name': 'plan',
                        'verbose_name_plural': 'plans',
                        'ordering': ['carrier', 'name'],
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'name'), name='plan_once_per_carrier', violation_error_message='This carrier has a plan of this name already.'), models.CheckConstraint(condition=models.Q(('credit_limit__gte', 0)), name='plan_credit_limit_not_negative', violation_error_message='A credit limit is not negative.')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanPrice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('effective_from', models.DateField(verbose_name='from')),
                        ('effective_to', models.DateField(blank=True, null=True, verbose_name='until (not included)')),
                        ('monthly_fee', cardfleet.kernel.money.MoneyField(decimal_places=2, default=0, max_digits=13, verbose_name='monthly fee')),
                        ('included_minutes', models.PositiveIntegerField(default=0, verbose_name='minutes included')),
                        ('minute_price', models.DecimalField(decimal_places=4, default=0, max_digits=8, verbose_name='price a minute beyond')),
                        ('rounding_s', models.PositiveSmallIntegerField(default=60, verbose_name='charged in steps of (seconds)')),
                        ('sms_price', models.DecimalField(decimal_places=4, default=0, max_digits=8, verbose_name='price a message')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='cards.rateplan', verbose_name='plan')),
                    ],
                    options={
                        'verbose_name': 'price',
                        'verbose_name_plural': 'prices',
                        'ordering': ['plan', '-effective_from'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gt', models.F('effective_from')), _connector='OR'), name='price_period_runs_forward', violation_error_message='A price ends after it begins.'), models.CheckConstraint(condition=models.Q(('minute_price__gte', 0), ('monthly_fee__gte', 0), ('rounding_s__gte', 1), ('sms_price__gte', 0)), name='price_not_negative', violation_error_message='Prices are not negative, and steps are of at least one second.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('plan'), models.F('plan'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('effective_from'), models.F('effective_to'), function='daterange'), '&&')], name='price_periods_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='Registrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('person', 'Person'), ('company', 'Company')], max_length=8, verbose_name='kind')),
                        ('name', cardfleet.kernel.personal.PersonNameField(max_length=120, verbose_name='name')),
                        ('id_number', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='ID number')),
                        ('id_fingerprint', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                        ('proof_valid_until', models.DateField(blank=True, null=True, verbose_name='proof valid until')),
                        ('handler_name', models.CharField(blank=True, max_length=80, verbose_name='applied for by')),
                        ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='proof')),
                        ('proof_dated_on', models.DateField(blank=True, null=True, verbose_name='proof dated')),
                        ('quota', models.PositiveIntegerField(blank=True, help_text='Companies only: no public limit is known; empty: not stated.', null=True, verbose_name='numbers granted by contract')),
                        ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to=settings.AUTH_USER_MODEL, verbose_name='person of ours whose ID it is')),
                    ],
                    options={
                        'verbose_name': 'registrant',
                        'verbose_name_plural': 'registrants',
                        'ordering': ['name'],
                        'permissions': [('view_id_number', 'Can reveal ID numbers')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('id_fingerprint__isnull', True)), fields=('kind', 'name'), name='registrant_without_id_once_per_name', violation_error_message='One without an ID number has this name already. Record the ID numbers to tell them apart.')],
                    },
                ),
                migrations.CreateModel(
                    name='Supplier',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                        ('channel', models.CharField(choices=[('outlet', 'Carrier outlet'), ('website', 'Carrier website or app'), ('account_manager', 'Carrier account manager'), ('agent', 'Authorised agent'), ('unknown', 'Not recorded')], default='unknown', max_length=16, verbose_name='kind')),
                        ('proof_until', models.DateField(blank=True, null=True, verbose_name='proof valid until')),
                        ('contact', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                        ('promises', models.TextField(blank=True, help_text='Word for word; promises no carrier gives are warned of.', verbose_name='what they promise')),
                        ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                        ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='proof of authorisation')),
                        ('carriers', models.ManyToManyField(blank=True, related_name='suppliers', to='cards.carrier', verbose_name='authorised by')),
                    ],
                    options={
                        'verbose_name': 'supplier',
                        'verbose_name_plural': 'suppliers',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Location',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('capacity', models.PositiveIntegerField(blank=True, help_text='Cards that fit; empty: not limited.', null=True, verbose_name='room for')),
                        ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('custodian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='custodian')),
                        ('within', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='cards.location', verbose_name='slot of')),
                    ],
                    options={
                        'verbose_name': 'storage place',
                        'verbose_name_plural': 'storage places',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gt', 0), _connector='OR'), name='location_has_room', violation_error_message='A place has room for at least one card.')],
                    },
                ),
                migrations.CreateModel(
                    name='Tag',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='name')),
                        ('key', models.CharField(editable=False, max_length=120, unique=True)),
                        ('created_at', models.DateTimeField(verbose_name='recorded at')),
                    ],
                    options={
                        'verbose_name': 'tag',
                        'verbose_name_plural': 'tags',
                        'ordering': ['key'],
                    },
                ),
            ],
        ),
    ]
