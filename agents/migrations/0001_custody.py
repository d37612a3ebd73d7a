"""Agents and how cards pass through their hands.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('agents', '0001_initial'), ('agents', '0002_where_a_card_was_before'),
        ('agents', '0003_callee_listing'), ('agents', '0004_receipts_reservations_requests'),
        ('agents', '0005_stock_takes'), ('agents', '0006_absence'), ('agents', '0007_new_sims'),
        ('agents', '0008_leaving'), ('agents', '0009_confirmations_and_swaps'),
        ('agents', '0010_courses_policies_plans'), ('agents', '0011_targets_scripts_appraisals'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Agent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status', models.CharField(choices=[('active', 'Active'), ('on_hold', 'On hold'), ('left', 'Left')], default='active', max_length=8, verbose_name='status')),
                        ('hold_reason', models.CharField(blank=True, max_length=200, verbose_name='why on hold')),
                        ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agent', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'agent',
                        'verbose_name_plural': 'agents',
                        'ordering': ['id'],
                        'permissions': [('import_agent', 'Can import agents')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('joined_on__isnull', True), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='agent_leaves_after_joining'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'left'), _negated=True), ('left_on__isnull', False), _connector='OR'), name='agent_who_left_has_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Handover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('act', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='act')),
                        ('kind', models.CharField(choices=[('handout', 'Hand-out'), ('transfer', 'Transfer between agents')], default='handout', max_length=8, verbose_name='kind')),
                        ('handed_at', models.DateTimeField(verbose_name='handed over at')),
                        ('accessories', models.CharField(blank=True, max_length=200, verbose_name='accessories')),
                        ('terms', models.PositiveSmallIntegerField(verbose_name='version of the terms')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                        ('signed_name', models.CharField(blank=True, max_length=80, verbose_name='signed with the name')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='agents.agent', verbose_name='agent')),
                        ('handed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by')),
                        ('signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='signature')),
                    ],
                    options={
                        'verbose_name': 'hand-over receipt',
                        'verbose_name_plural': 'hand-over receipts',
                        'ordering': ['-handed_at', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), models.Q(('signed_name', ''), _negated=True), ('signature__isnull', False), _connector='OR'), name='handover_accepted_is_signed')],
                    },
                ),
                migrations.CreateModel(
                    name='CardRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('count', models.PositiveSmallIntegerField(verbose_name='cards')),
                        ('purpose', models.CharField(choices=[('sales', 'Sales calls to consenting customers'), ('service', 'Customer service'), ('call_back', 'Call-back'), ('research', 'Market research'), ('notice', 'Notices'), ('other', 'Other')], max_length=10, verbose_name='purpose')),
                        ('reason', models.CharField(max_length=500, verbose_name='reason')),
                        ('needed_until', models.DateField(blank=True, null=True, verbose_name='needed until')),
                        ('state', models.CharField(choices=[('waiting', 'Awaiting approval'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('withdrawn', 'Taken back by the agent'), ('handed_out', 'Handed out')], default='waiting', max_length=10, verbose_name='state')),
                        ('level', models.CharField(blank=True, choices=[('supervisor', 'Supervisor'), ('compliance', 'Compliance')], max_length=10, verbose_name='waits for')),
                        ('asked_at', models.DateTimeField(verbose_name='asked at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='agents.agent', verbose_name='agent')),
                        ('handover', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='agents.handover', verbose_name='hand-over')),
                        ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='instead of')),
                    ],
                    options={
                        'verbose_name': 'request for cards',
                        'verbose_name_plural': 'requests for cards',
                        'ordering': ['asked_at', 'id'],
                        'permissions': [('approve_request', 'Can approve requests for cards as supervisor'), ('approve_large_request', 'Can approve requests for cards above the quota')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='request_for_a_card_at_least'), models.CheckConstraint(condition=models.Q(('replaces__isnull', True), ('count', 1), _connector='OR'), name='request_swaps_one_card'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), models.Q(('level', ''), _negated=True)), models.Q(models.Q(('state', 'waiting'), _negated=True), ('level', '')), _connector='OR'), name='request_waits_for_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='RequestDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('level', models.CharField(choices=[('supervisor', 'Supervisor'), ('compliance', 'Compliance')], max_length=10, verbose_name='level')),
                        ('is_approved', models.BooleanField(verbose_name='approved')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('at', models.DateTimeField(verbose_name='decided at')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='agents.cardrequest', verbose_name='request for cards')),
                    ],
                    options={
                        'verbose_name': 'decision on a request',
                        'verbose_name_plural': 'decisions on requests',
                        'ordering': ['at', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('request', 'level'), name='request_decided_once_a_level'), models.CheckConstraint(condition=models.Q(('is_approved', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='request_rejected_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Reservation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='until')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('made_at', models.DateTimeField(verbose_name='reserved at')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                        ('end', models.CharField(blank=True, choices=[('used', 'Handed out'), ('cancelled', 'Cancelled')], max_length=9, verbose_name='why it ended')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='cards.card', verbose_name='card')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reserved by')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'reservation',
                        'verbose_name_plural': 'reservations',
                        'ordering': ['starts_on', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('agent__isnull', True), ('team__isnull', True), _connector='XOR'), name='reservation_for_an_agent_or_a_team'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='reservation_runs_forward'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at__isnull', True)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='reservation_ends_for_a_reason'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True)), expressions=[(models.Func(models.F('card'), models.F('card'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='reservations_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='Assignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('origin', models.CharField(choices=[('handout', 'Hand-out'), ('takeover', 'Take-over'), ('new_sim', 'New SIM')], default='handout', max_length=8, verbose_name='origin')),
                        ('started_at', models.DateTimeField(verbose_name='from')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('accept_by', models.DateTimeField(blank=True, null=True, verbose_name='to be accepted by')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                        ('due_back_on', models.DateField(blank=True, null=True, verbose_name='due back on')),
                        ('return_condition', models.CharField(blank=True, choices=[('good', 'Good'), ('worn', 'Worn'), ('damaged', 'Damaged')], max_length=8, verbose_name='condition on return')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                        ('reason', models.TextField(blank=True, verbose_name='reason')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='cards.card', verbose_name='card')),
                        ('handed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed over by')),
                        ('returned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='returned to')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team at hand-over')),
                        ('taken_from', models.CharField(blank=True, choices=[('in_stock', 'In stock'), ('spare', 'Spare'), ('issued', 'Issued'), ('return_due', 'Return due'), ('returned', 'Returned'), ('resting', 'Resting'), ('faulty', 'Faulty'), ('missing', 'Missing'), ('destroyed', 'Destroyed')], max_length=12, verbose_name='taken from')),
                        ('taken_from_team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team before')),
                        ('condition', models.CharField(blank=True, choices=[('good', 'Good'), ('worn', 'Worn'), ('damaged', 'Damaged')], max_length=8, verbose_name='condition on hand-over')),
                        ('handover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='agents.handover', verbose_name='hand-over receipt')),
                    ],
                    options={
                        'verbose_name': 'assignment',
                        'verbose_name_plural': 'assignments',
                        'ordering': ['-started_at', '-id'],
                        'permissions': [('issue_card', 'Can hand out and take back cards')],
                        'indexes': [models.Index(fields=['agent', '-started_at'], name='assignment_agent'), models.Index(fields=['-started_at', '-id'], name='assignment_latest'), models.Index(condition=models.Q(('due_back_on__isnull', False), ('ended_at__isnull', True), ('undone_at__isnull', True)), fields=['due_back_on'], name='assignment_due_back'), models.Index(condition=models.Q(('accepted_at__isnull', True), ('ended_at__isnull', True), ('undone_at__isnull', True)), fields=['accept_by'], name='assignment_unaccepted')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('undone_at__isnull', True)), fields=('card',), name='assignment_open_once_per_card'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('undone_at__isnull', True)), expressions=[(models.Func(models.F('card'), models.F('card'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('started_at'), models.F('ended_at'), function='tstzrange'), '&&')], name='assignments_do_not_overlap'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='assignment_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='CardConfirmation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('period', models.DateField(verbose_name='quarter from')),
                        ('wrong', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('number', 'Number'), ('carrier', 'Carrier'), ('plan', 'Plan'), ('user', 'Registered user'), ('team', 'Team'), ('purpose', 'Purpose'), ('condition', 'Condition'), ('device', 'Phone')], max_length=12), blank=True, default=list, size=None, verbose_name='wrong')),
                        ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
                        ('at', models.DateTimeField(verbose_name='confirmed at')),
                        ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='agents.agent', verbose_name='agent')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='cards.card', verbose_name='card')),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                    ],
                    options={
                        'verbose_name': "confirmation of a card's details",
                        'verbose_name_plural': 'confirmations of card details',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(fields=('card', 'agent', 'period'), name='card_confirmed_once_a_period'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='confirmation_settled_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='StockTake',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(verbose_name='started at')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('reason', models.TextField(blank=True, verbose_name='reason')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes', to='agents.agent', verbose_name='agent')),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes', to='cards.location', verbose_name='place')),
                        ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'stock-take',
                        'verbose_name_plural': 'stock-takes',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('location__isnull', True), ('agent__isnull', True), _connector='XOR'), name='take_of_one_place_or_agent')],
                    },
                ),
                migrations.CreateModel(
                    name='StockTakeRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(blank=True, max_length=40, verbose_name='barcode')),
                        ('is_expected', models.BooleanField(default=False, verbose_name='expected')),
                        ('found_at', models.DateTimeField(blank=True, null=True, verbose_name='found at')),
                        ('settlement', models.CharField(blank=True, choices=[('missing', 'Recorded missing'), ('moved', 'Put here'), ('taken_back', 'Taken back from its holder'), ('restocked', 'Back in stock'), ('noted', 'Noted only')], max_length=10, verbose_name='settled')),
                        ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='take_rows', to='cards.card', verbose_name='card')),
                        ('found_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='found by')),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                        ('take', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='agents.stocktake', verbose_name='stock-take')),
                    ],
                    options={
                        'verbose_name': 'row of a stock-take',
                        'verbose_name_plural': 'rows of stock-takes',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('take', 'card'), name='take_row_once_per_card'), models.UniqueConstraint(condition=models.Q(('card__isnull', True)), fields=('take', 'text'), name='take_row_once_per_barcode')],
                    },
                ),
            ],
        ),
    ]
