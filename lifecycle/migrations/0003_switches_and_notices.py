"""Switches of cards, what carriers tell, and whom we tell of a new number.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.crypto
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lifecycle', '0023_evidence_pack'),
    ]

    dependencies = [
        ('agents', '0001_custody'),
        ('cards', '0002_cards'),
        ('lifecycle', '0002_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='CarrierNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('maintenance', 'Maintenance'), ('fault', 'Network fault'), ('policy', 'Change of rules'), ('other', 'Other')], max_length=12, verbose_name='kind')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('regions', models.JSONField(blank=True, default=list, verbose_name='regions')),
                        ('starts_at', models.DateTimeField(verbose_name='begins')),
                        ('ends_at', models.DateTimeField(verbose_name='ends')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='cards.carrier', verbose_name='carrier')),
                        ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'carrier notice',
                        'verbose_name_plural': 'carrier notices',
                        'ordering': ['-starts_at', '-id'],
                        'indexes': [models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['ends_at'], name='notice_in_force')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='notice_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='CustomerProblem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('product', 'Product or service'), ('price', 'Price, bill or refund'), ('delivery', 'Delivery or opening'), ('promise', 'Something promised and not kept'), ('contact', 'How we called'), ('other', 'Something else')], max_length=10, verbose_name='about what')),
                        ('text', models.CharField(max_length=300, verbose_name='the problem')),
                        ('raised_on', models.DateField(verbose_name='day of the call')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('solved_at', models.DateTimeField(blank=True, null=True, verbose_name='solved at')),
                        ('solution', models.CharField(blank=True, max_length=300, verbose_name='how it was solved')),
                        ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='satisfaction')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('solved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='solved by')),
                    ],
                    options={
                        'verbose_name': "customer's problem",
                        'verbose_name_plural': "customers' problems",
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['agent', 'raised_on'], name='problem_of_agent')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('satisfaction__isnull', True), ('solution', ''), ('solved_at__isnull', True)), models.Q(('solved_at__isnull', False), models.Q(('solution', ''), _negated=True)), _connector='OR'), name='problem_says_how_it_was_solved'), models.CheckConstraint(condition=models.Q(('satisfaction__isnull', True), ('satisfaction__range', (1, 5)), _connector='OR'), name='problem_satisfaction')],
                    },
                ),
                migrations.CreateModel(
                    name='CardSwitch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(blank=True, choices=[('arrears', 'Arrears'), ('high_fee', 'High fee'), ('violation', 'Violation of carrier rules'), ('complaint', 'Complaints'), ('harassment', 'Nuisance calls'), ('abnormal_use', 'Abnormal use'), ('fraud_model', "Hit by the carrier's fraud model"), ('authority', 'Order of an authority'), ('real_name', 'Real-name registration not in order'), ('reverification', 'Second verification missed'), ('maintenance', 'Carrier maintenance'), ('card_fault', 'Faulty card'), ('expired', 'Expired'), ('idle', 'Unused too long'), ('not_activated', 'Not activated in time'), ('voluntary', 'At our own request'), ('lost', 'Lost'), ('stolen', 'Stolen'), ('business_change', 'Business change'), ('demand_change', 'Demand change'), ('unused', 'No longer used'), ('other', 'Other')], max_length=16, verbose_name='reason')),
                        ('old_goes_to', models.CharField(choices=[('in_stock', 'In stock'), ('spare', 'Spare'), ('issued', 'Issued'), ('return_due', 'Return due'), ('returned', 'Returned'), ('resting', 'Resting'), ('faulty', 'Faulty'), ('missing', 'Missing'), ('destroyed', 'Destroyed')], max_length=12, verbose_name='old card goes to')),
                        ('still_since', models.DateTimeField(verbose_name='stood still since')),
                        ('at', models.DateTimeField(verbose_name='switched at')),
                        ('minutes_lost', models.PositiveIntegerField(verbose_name='minutes lost')),
                        ('released', models.BooleanField(default=False, verbose_name='released by compliance')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='switches', to='agents.agent', verbose_name='agent')),
                        ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='switch', to='agents.assignment', verbose_name='hand-over')),
                        ('before', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.assignment', verbose_name='hand-over before')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='switches', to='lifecycle.case', verbose_name='case')),
                        ('new_card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='switches_to', to='cards.card', verbose_name='new card')),
                        ('old_card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='switches_from', to='cards.card', verbose_name='old card')),
                    ],
                    options={
                        'verbose_name': 'switch to a spare',
                        'verbose_name_plural': 'switches to spares',
                        'ordering': ['-id'],
                        'permissions': [('switch_card', 'Can let a spare take the place of a stopped card')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('old_card', models.F('new_card')), _negated=True), name='switch_between_two_cards'), models.CheckConstraint(condition=models.Q(('at__gte', models.F('still_since'))), name='switch_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='NumberNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('company', models.CharField(max_length=120, verbose_name='company')),
                        ('opt_out', models.CharField(max_length=120, verbose_name='how to refuse further messages')),
                        ('changes_on', models.DateField(verbose_name='changes on')),
                        ('crm_link', models.URLField(blank=True, verbose_name='list in the CRM')),
                        ('crm_told', models.PositiveIntegerField(blank=True, null=True, verbose_name='told from the CRM')),
                        ('crm_failed', models.PositiveIntegerField(blank=True, null=True, verbose_name='not reached from the CRM')),
                        ('told', models.PositiveIntegerField(default=0, verbose_name='told')),
                        ('failed', models.PositiveIntegerField(default=0, verbose_name='not reached')),
                        ('refused', models.PositiveIntegerField(default=0, verbose_name='want no further messages')),
                        ('delete_after', models.DateField(verbose_name='recipients are deleted after')),
                        ('forgotten_at', models.DateTimeField(blank=True, null=True, verbose_name='recipients deleted at')),
                        ('made_at', models.DateTimeField(verbose_name='made at')),
                        ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='number_notices', to='lifecycle.case', verbose_name='case')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('new_card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices_to', to='cards.card', verbose_name='new card')),
                        ('old_card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices_of', to='cards.card', verbose_name='old card')),
                        ('switch', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='lifecycle.cardswitch', verbose_name='switch')),
                    ],
                    options={
                        'verbose_name': 'notice of a changed number',
                        'verbose_name_plural': 'notices of changed numbers',
                        'ordering': ['-id'],
                        'permissions': [('export_recipients', 'Can download the recipients of a notice with whole numbers')],
                        'indexes': [models.Index(condition=models.Q(('forgotten_at__isnull', True)), fields=['delete_after'], name='number_notice_kept')],
                    },
                ),
                migrations.CreateModel(
                    name='Forwarding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='until')),
                        ('set_up_at', models.DateTimeField(blank=True, null=True, verbose_name='set up at')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                        ('new_card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='new card')),
                        ('old_card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='cards.card', verbose_name='old card')),
                        ('set_up_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set up by')),
                        ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='lifecycle.numbernotice', verbose_name='notice')),
                    ],
                    options={
                        'verbose_name': 'forwarding',
                        'verbose_name_plural': 'forwardings',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('old_card',), name='forwarding_open_once_per_card'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='forwarding_runs_forward'), models.CheckConstraint(condition=models.Q(('old_card', models.F('new_card')), _negated=True), name='forwarding_between_two_cards')],
                    },
                ),
                migrations.CreateModel(
                    name='NumberReviewPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('industry', models.CharField(error_messages={'unique': 'This industry has an interval already.'}, help_text='As on the card.', max_length=40, unique=True, verbose_name='industry')),
                        ('every_days', models.PositiveSmallIntegerField(default=180, verbose_name='every … days')),
                        ('is_active', models.BooleanField(default=True, verbose_name='in force')),
                        ('is_illustrative', models.BooleanField(default=True, verbose_name='illustrative')),
                    ],
                    options={
                        'verbose_name': 'number review',
                        'verbose_name_plural': 'number reviews',
                        'ordering': ['industry'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('every_days__range', (7, 731))), name='number_review_interval_sane', violation_error_message='An interval is from 7 to 731 days.')],
                    },
                ),
                migrations.CreateModel(
                    name='NoticeText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('channel', models.CharField(choices=[('sms', 'Short message'), ('email', 'E-mail')], max_length=5, verbose_name='channel')),
                        ('subject', models.CharField(blank=True, max_length=120, verbose_name='subject')),
                        ('body', models.TextField(max_length=2000, verbose_name='text')),
                        ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ],
                    options={
                        'verbose_name': 'text of a notice',
                        'verbose_name_plural': 'texts of notices',
                        'ordering': ['id'],
                    },
                ),
                migrations.CreateModel(
                    name='NoticeRecipient',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[('sms', 'Short message'), ('email', 'E-mail')], max_length=5, verbose_name='channel')),
                        ('address', cardfleet.kernel.crypto.EncryptedField(verbose_name='number or e-mail')),
                        ('address_hash', models.CharField(editable=False, max_length=64)),
                        ('called', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='form of address')),
                        ('result', models.CharField(choices=[('waiting', 'To be told'), ('sent', 'Told'), ('failed', 'Not reached'), ('refused', 'Wants no further messages')], default='waiting', max_length=7, verbose_name='result')),
                        ('remark', models.CharField(blank=True, max_length=80, verbose_name='remark')),
                        ('result_at', models.DateTimeField(blank=True, null=True, verbose_name='recorded at')),
                        ('result_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='lifecycle.numbernotice', verbose_name='notice')),
                    ],
                    options={
                        'verbose_name': 'recipient',
                        'verbose_name_plural': 'recipients',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('notice', 'address_hash'), name='recipient_once_a_notice'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'waiting'), ('result_at__isnull', True)), models.Q(models.Q(('result', 'waiting'), _negated=True), ('result_at__isnull', False)), _connector='OR'), name='recipient_result_has_a_time')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='cardswitch',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='70424dfb1c51b5bfccf3cf364b0a95f67516d591', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b8398', table='lifecycle_cardswitch', when='BEFORE')),
                ),
            ],
        ),
    ]
