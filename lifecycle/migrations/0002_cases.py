"""Cases with the playbooks they follow, and the checks of calls.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lifecycle', '0022_checked_calls'),
    ]

    dependencies = [
        ('agents', '0003_training'),
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        ('lifecycle', '0001_risk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Playbook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('suspension', 'Suspension'), ('reverification', 'Re-verification case'), ('loss', 'Loss or theft'), ('fault', 'Fault case'), ('renewal', 'Renewal'), ('idle', 'Use it or release it'), ('cancellation', 'Cancellation'), ('destruction', 'Destruction'), ('number_change', 'Number change'), ('transfer', 'Formal transfer'), ('user_change', 'Change of user'), ('port_out', 'Porting out'), ('mark_appeal', 'Appeal against a mark'), ('number_review', 'Number review'), ('drill', 'Switch-over drill')], max_length=16, verbose_name='kind')),
                        ('reason', models.CharField(blank=True, help_text='Empty: any reason.', max_length=16, verbose_name='reason')),
                        ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                        ('effective_from', models.DateField(verbose_name='in force from')),
                        ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('created_at', models.DateTimeField(editable=False, verbose_name='written at')),
                        ('carrier', models.ForeignKey(blank=True, help_text='Empty: any carrier.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ],
                    options={
                        'verbose_name': 'playbook',
                        'verbose_name_plural': 'playbooks',
                        'ordering': ['kind', 'reason', 'carrier', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'reason', 'carrier', 'version'), name='playbook_version_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='Case',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('suspension', 'Suspension'), ('reverification', 'Re-verification case'), ('loss', 'Loss or theft'), ('fault', 'Fault case'), ('renewal', 'Renewal'), ('idle', 'Use it or release it'), ('cancellation', 'Cancellation'), ('destruction', 'Destruction'), ('number_change', 'Number change'), ('transfer', 'Formal transfer'), ('user_change', 'Change of user'), ('port_out', 'Porting out'), ('mark_appeal', 'Appeal against a mark'), ('number_review', 'Number review'), ('drill', 'Switch-over drill')], max_length=16, verbose_name='kind')),
                        ('reason', models.CharField(blank=True, max_length=16, verbose_name='reason')),
                        ('source', models.CharField(choices=[('person', 'Opened by hand'), ('agent', 'Reported by an agent'), ('import', 'Import of carrier states'), ('signal', 'Signal in usage'), ('system', 'CardFleet, by date')], default='person', max_length=8, verbose_name='source')),
                        ('track', models.CharField(blank=True, editable=False, max_length=16)),
                        ('note', models.TextField(blank=True, verbose_name='what happened')),
                        ('opened_at', models.DateTimeField(verbose_name='opened at')),
                        ('level', models.PositiveSmallIntegerField(choices=[(0, 'Ourselves'), (1, 'Carrier support'), (2, "Carrier's technical support"), (3, 'Legal advice')], default=0, verbose_name='escalation')),
                        ('escalated_at', models.DateTimeField(blank=True, null=True, verbose_name='escalated at')),
                        ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                        ('cause', models.CharField(blank=True, choices=[('arrears', 'Arrears'), ('high_fee', 'High fee'), ('violation', 'Violation of carrier rules'), ('complaint', 'Complaints'), ('harassment', 'Nuisance calls'), ('abnormal_use', 'Abnormal use'), ('fraud_model', "Hit by the carrier's fraud model"), ('authority', 'Order of an authority'), ('real_name', 'Real-name registration not in order'), ('reverification', 'Second verification missed'), ('maintenance', 'Carrier maintenance'), ('card_fault', 'Faulty card'), ('expired', 'Expired'), ('idle', 'Unused too long'), ('not_activated', 'Not activated in time'), ('voluntary', 'At our own request'), ('lost', 'Lost'), ('stolen', 'Stolen'), ('business_change', 'Business change'), ('demand_change', 'Demand change'), ('unused', 'No longer used'), ('other', 'Other')], max_length=16, verbose_name='cause confirmed by the carrier')),
                        ('facts', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('outcome', models.CharField(blank=True, choices=[('restored', 'Restored'), ('replaced', 'Replaced'), ('cancelled', 'Cancelled'), ('kept', 'Kept'), ('withdrawn', 'Withdrawn'), ('refused', 'Turned down'), ('transferred', 'Transferred'), ('ported_out', 'Ported out'), ('destroyed', 'Destroyed'), ('corrected', 'Corrected'), ('lapsed', 'Lapsed')], max_length=12, verbose_name='outcome')),
                        ('closing_note', models.TextField(blank=True, verbose_name='closing note')),
                        ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cards.card', verbose_name='card')),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='lifecycle.case', verbose_name='follows from')),
                        ('playbook', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='lifecycle.playbook', verbose_name='playbook')),
                    ],
                    options={
                        'verbose_name': 'case',
                        'verbose_name_plural': 'cases',
                        'ordering': ['-id'],
                        'permissions': [('open_case', 'Can open a case'), ('work_case', 'Can do the usual steps of a case'), ('close_case', 'Can close a case'), ('release_case', 'Can release a card that a case holds back'), ('approve_case', 'Can approve what a case asks for'), ('report_case', 'Can report a loss, a fault or a stop of an own card')],
                        'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at'], name='case_due'), models.Index(fields=['card', '-id'], name='case_of_card'), models.Index(fields=['kind', 'closed_at'], name='case_ended')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('card', 'kind'), name='case_open_once_per_card_and_kind'), models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('track', ''), _negated=True)), fields=('card', 'track'), name='case_open_once_per_card_and_track'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='case_has_an_outcome_iff_closed'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='case_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='CallQuality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='quality')),
                        ('cause', models.CharField(blank=True, choices=[('dropped', 'Calls dropped'), ('noise', 'Noise'), ('one_way', 'Only one side is heard'), ('echo', 'Echo or delay'), ('signal', 'Weak signal'), ('other', 'Something else')], max_length=8, verbose_name='what was wrong')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='said by')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lifecycle.case', verbose_name='case')),
                    ],
                    options={
                        'verbose_name': 'quality of calls',
                        'verbose_name_plural': 'quality of calls',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', '-at'], name='quality_of_card'), models.Index(fields=['at'], name='quality_at')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='quality_score_range'), models.CheckConstraint(condition=models.Q(models.Q(('cause', ''), ('score__gt', 3)), models.Q(('score__lte', 3), models.Q(('cause', ''), _negated=True)), _connector='OR'), name='quality_poor_has_cause')],
                    },
                ),
                migrations.CreateModel(
                    name='QualityCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('called_on', models.DateField(verbose_name='day of the call')),
                        ('courtesy', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='courtesy')),
                        ('accuracy', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='accuracy')),
                        ('no_pressure', models.BooleanField(verbose_name='no pressure')),
                        ('identity_stated', models.BooleanField(verbose_name='identity stated')),
                        ('opt_out_offered', models.BooleanField(verbose_name='offered not to be called again')),
                        ('category', models.CharField(blank=True, choices=[('rude', 'Impolite or abusive'), ('misleading', 'Misleading or exaggerated'), ('unclear', 'Unclear or inaccurate'), ('pressure', 'Pressure to buy'), ('anonymous', 'Identity not stated'), ('no_opt_out', 'No way offered to refuse'), ('other', 'Something else')], max_length=10, verbose_name='what was wrong')),
                        ('refused', models.BooleanField(default=False, verbose_name='the person refused further calls')),
                        ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='satisfaction')),
                        ('points', models.PositiveSmallIntegerField(verbose_name='points')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('at', models.DateTimeField(verbose_name='checked at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='agents.agent', verbose_name='agent')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('script', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.scriptversion', verbose_name='script')),
                    ],
                    options={
                        'verbose_name': 'quality check',
                        'verbose_name_plural': 'quality checks',
                        'ordering': ['-id'],
                        'permissions': [('check_quality', 'Can check the quality of calls'), ('view_performance', 'Can see the performance of agents')],
                        'indexes': [models.Index(fields=['agent', 'called_on'], name='quality_check_of')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('accuracy__range', (1, 5)), ('courtesy__range', (1, 5)), ('points__range', (0, 100))), name='check_marks_in_range'), models.CheckConstraint(condition=models.Q(('satisfaction__isnull', True), ('satisfaction__range', (1, 5)), _connector='OR'), name='check_satisfaction_range')],
                    },
                ),
                migrations.CreateModel(
                    name='PlaybookStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                        ('code', models.SlugField(max_length=32, verbose_name='code')),
                        ('title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                        ('who', models.CharField(max_length=64, verbose_name='right of who does it')),
                        ('evidence', models.CharField(choices=[('none', 'None'), ('note', 'A note'), ('file', 'A file'), ('note_or_file', 'A note or a file')], default='none', max_length=12, verbose_name='proof')),
                        ('people', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(2)], verbose_name='people')),
                        ('is_gate', models.BooleanField(default=True, verbose_name='later steps wait for it')),
                        ('holds', models.BooleanField(default=False, verbose_name='holds the card back')),
                        ('starts', models.CharField(choices=[('opening', 'With the case'), ('previous', 'When it can be done'), ('external', 'When it can be done; others answer')], default='previous', max_length=8, verbose_name='clock runs')),
                        ('awaits', models.CharField(blank=True, choices=[('pending', 'Not activated'), ('active', 'In service'), ('half_stop', 'One-way stop'), ('full_stop', 'Two-way stop'), ('voluntary_stop', 'Voluntary stop'), ('lost_stop', 'Reported lost'), ('forced_stop', 'Forced stop'), ('reverify_stop', 'Re-verification stop'), ('cancel_pending', 'Cancellation under way'), ('pre_cancelled', 'Pre-cancelled'), ('cancelled', 'Cancelled'), ('frozen', 'Number frozen'), ('released', 'Number released'), ('ported_out', 'Ported out'), ('transferred', 'Transferred')], max_length=16, verbose_name="done by the card's state")),
                        ('clock_amount', models.PositiveSmallIntegerField(default=0, help_text='0: none.', verbose_name='time allowed')),
                        ('clock_unit', models.CharField(choices=[('hours', 'Hours'), ('workdays', 'Working days')], default='hours', max_length=8, verbose_name='unit')),
                        ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='lifecycle.playbook', verbose_name='playbook')),
                    ],
                    options={
                        'verbose_name': 'step of a playbook',
                        'verbose_name_plural': 'steps of playbooks',
                        'ordering': ['playbook', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('playbook', 'position'), name='playbook_step_position_once'), models.UniqueConstraint(fields=('playbook', 'code'), name='playbook_step_code_once'), models.CheckConstraint(condition=models.Q(('people__in', (1, 2))), name='playbook_step_one_or_two_people'), models.CheckConstraint(condition=models.Q(('holds', False), ('is_gate', True), _connector='OR'), name='playbook_hold_is_gate')],
                    },
                ),
                migrations.CreateModel(
                    name='CaseComment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('text', models.TextField(verbose_name='comment')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='lifecycle.case', verbose_name='case')),
                    ],
                    options={
                        'verbose_name': 'comment on a case',
                        'verbose_name_plural': 'comments on cases',
                        'ordering': ['-at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='CaseContact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('channel', models.CharField(choices=[('hotline', 'Hotline'), ('outlet', 'Carrier outlet'), ('app', 'App or website'), ('manager', 'Account manager'), ('mail', 'E-mail or letter'), ('message', 'Message'), ('lawyer', 'Lawyer')], max_length=8, verbose_name='through')),
                        ('level', models.PositiveSmallIntegerField(choices=[(0, 'Ourselves'), (1, 'Carrier support'), (2, "Carrier's technical support"), (3, 'Legal advice')], default=1, verbose_name='escalation')),
                        ('person', models.CharField(blank=True, max_length=80, verbose_name='whom we spoke to')),
                        ('said', models.TextField(verbose_name='what was said')),
                        ('ticket', models.CharField(blank=True, max_length=60, verbose_name="the carrier's ticket")),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='lifecycle.case', verbose_name='case')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'contact of a case',
                        'verbose_name_plural': 'contacts of cases',
                        'ordering': ['-at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='CaseStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                        ('code', models.SlugField(max_length=32, verbose_name='code')),
                        ('title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                        ('who', models.CharField(max_length=64, verbose_name='right of who does it')),
                        ('evidence', models.CharField(choices=[('none', 'None'), ('note', 'A note'), ('file', 'A file'), ('note_or_file', 'A note or a file')], default='none', max_length=12, verbose_name='proof')),
                        ('people', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(2)], verbose_name='people')),
                        ('is_gate', models.BooleanField(default=True, verbose_name='later steps wait for it')),
                        ('holds', models.BooleanField(default=False, verbose_name='holds the card back')),
                        ('starts', models.CharField(choices=[('opening', 'With the case'), ('previous', 'When it can be done'), ('external', 'When it can be done; others answer')], default='previous', max_length=8, verbose_name='clock runs')),
                        ('awaits', models.CharField(blank=True, choices=[('pending', 'Not activated'), ('active', 'In service'), ('half_stop', 'One-way stop'), ('full_stop', 'Two-way stop'), ('voluntary_stop', 'Voluntary stop'), ('lost_stop', 'Reported lost'), ('forced_stop', 'Forced stop'), ('reverify_stop', 'Re-verification stop'), ('cancel_pending', 'Cancellation under way'), ('pre_cancelled', 'Pre-cancelled'), ('cancelled', 'Cancelled'), ('frozen', 'Number frozen'), ('released', 'Number released'), ('ported_out', 'Ported out'), ('transferred', 'Transferred')], max_length=16, verbose_name="done by the card's state")),
                        ('clock_amount', models.PositiveSmallIntegerField(default=0, help_text='0: none.', verbose_name='time allowed')),
                        ('clock_unit', models.CharField(choices=[('hours', 'Hours'), ('workdays', 'Working days')], default='hours', max_length=8, verbose_name='unit')),
                        ('state', models.CharField(choices=[('waiting', 'Not yet'), ('open', 'To be done'), ('half_done', 'Waits for a second person'), ('done', 'Done'), ('skipped', 'Left out'), ('void', 'Put right')], default='waiting', max_length=9, verbose_name='state')),
                        ('opened_at', models.DateTimeField(null=True, verbose_name='open since')),
                        ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                        ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                        ('second_at', models.DateTimeField(null=True, verbose_name='confirmed at')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('data', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ('why_again', models.CharField(blank=True, max_length=200, verbose_name='why it was put right')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='lifecycle.case', verbose_name='case')),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                        ('instead_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='lifecycle.casestep', verbose_name='instead of')),
                        ('second_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ],
                    options={
                        'verbose_name': 'step of a case',
                        'verbose_name_plural': 'steps of cases',
                        'ordering': ['case', 'position', 'id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='case_step_due')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('case', 'code'), name='case_step_code_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('done', 'half_done')), _negated=True), ('done_at__isnull', False), _connector='OR'), name='case_step_done_has_a_time'), models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('done_by')), _negated=True), _connector='OR'), name='case_step_two_people_differ'), models.CheckConstraint(condition=models.Q(models.Q(('people', 2), ('state', 'done'), _negated=True), ('second_at__isnull', False), _connector='OR'), name='case_step_of_two_has_both'), models.CheckConstraint(condition=models.Q(('second_at__isnull', True), ('second_at__gte', models.F('done_at')), _connector='OR'), name='case_step_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='CaseFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='lifecycle.case', verbose_name='case')),
                        ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='file')),
                        ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='lifecycle.casestep', verbose_name='step')),
                    ],
                    options={
                        'verbose_name': 'document of a case',
                        'verbose_name_plural': 'documents of cases',
                        'ordering': ['id'],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='callquality',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3a117438b0ca3cf95e19338cb00346b168da6160', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1fc4', table='lifecycle_callquality', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='qualitycheck',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5f92f814d50b0613912ac37a992e4376cf807742', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_080b1', table='lifecycle_qualitycheck', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='casecomment',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9a9ebea66d8995db4d908fa698e8e922c2b9f620', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_93f7a', table='lifecycle_casecomment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='casecontact',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='88f35b2fc34438f91c1e38c91a6c3288608aec8c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d3179', table='lifecycle_casecontact', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='casestep',
                    trigger=pgtrigger.compiler.Trigger(name='done_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'done\', \'skipped\', \'void\') AND (NOT (NEW."state" = \'void\') OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."second_at" IS DISTINCT FROM (NEW."second_at") OR OLD."second_by_id" IS DISTINCT FROM (NEW."second_by_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."data" IS DISTINCT FROM (NEW."data") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='cfd05e1376b1b5032b4abde96881244ee8836287', operation='UPDATE', pgid='pgtrigger_done_stays_bbaf5', table='lifecycle_casestep', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='casefile',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb6466bc9eefebc897e2e318c242c6526008ba40', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d4b5f', table='lifecycle_casefile', when='BEFORE')),
                ),
            ],
        ),
    ]
