"""When agents are away or leave, what they aim at and earn, and which callees they leave alone.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.money
import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('agents', '0012_latest_assignments'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('agents', '0001_custody'),
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('leave', 'Leave'), ('sick', 'Sick leave'), ('travel', 'Business trip'), ('training', 'At a training'), ('other', 'Other absence')], default='leave', max_length=8, verbose_name='why away')),
                        ('starts_on', models.DateField(verbose_name='first day away')),
                        ('ends_on', models.DateField(verbose_name='last day away')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='agents.agent', verbose_name='agent')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'absence',
                        'verbose_name_plural': 'absences',
                        'ordering': ['-starts_on', '-id'],
                        'indexes': [models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['ends_on'], name='absence_last_day')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='absence_runs_forward'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('withdrawn_at__isnull', True)), expressions=[(models.Func(models.F('agent'), models.F('agent'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')], name='absences_do_not_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='LeavingPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('return_days', models.PositiveSmallIntegerField(default=0, verbose_name='days until the cards are back')),
                        ('secrets_days', models.PositiveSmallIntegerField(default=3, verbose_name='days until codes and passwords are changed')),
                        ('user_days', models.PositiveSmallIntegerField(default=30, verbose_name='days until cards have another registered user or are cancelled')),
                        ('claims_days', models.PositiveSmallIntegerField(default=30, verbose_name='days until claims are settled')),
                    ],
                    options={
                        'verbose_name': 'rules for leavers',
                        'verbose_name_plural': 'rules for leavers',
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='leaving_policy_is_one')],
                    },
                ),
                migrations.CreateModel(
                    name='Leaving',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('leaves_on', models.DateField(verbose_name='last day')),
                        ('noticed_at', models.DateTimeField(verbose_name='noted at')),
                        ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left at')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='wound up at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leavings', to='agents.agent', verbose_name='agent')),
                        ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='wound up by')),
                        ('noticed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                    ],
                    options={
                        'verbose_name': 'leaving',
                        'verbose_name_plural': 'leavings',
                        'ordering': ['-leaves_on', '-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('agent',), name='leaving_open_once_per_agent'), models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__gte', models.F('noticed_at')), _connector='OR'), name='leaving_after_notice'), models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), models.Q(('left_at__isnull', False), ('withdrawn_at__isnull', True)), _connector='OR'), name='leaving_finished_by_leavers_only')],
                    },
                ),
                migrations.CreateModel(
                    name='LeavingTask',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('access', 'Access ended'), ('return', 'Card taken back'), ('secrets', 'Codes and passwords changed'), ('user', 'Another user registered, or card cancelled'), ('claims', 'Claims settled')], max_length=8, verbose_name='what is to be done')),
                        ('due_on', models.DateField(verbose_name='to be done by')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.card', verbose_name='card')),
                        ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                        ('leaving', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='agents.leaving', verbose_name='leaving')),
                    ],
                    options={
                        'verbose_name': 'task of a leaving',
                        'verbose_name_plural': 'tasks of leavings',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('card__isnull', False)), fields=('leaving', 'kind', 'card'), name='leaving_task_once_per_card'), models.UniqueConstraint(condition=models.Q(('card__isnull', True)), fields=('leaving', 'kind'), name='leaving_task_once'), models.CheckConstraint(condition=models.Q(models.Q(('card__isnull', False), ('kind__in', ['return', 'secrets', 'user'])), models.Q(models.Q(('kind__in', ['return', 'secrets', 'user']), _negated=True), ('card__isnull', True)), _connector='OR'), name='leaving_task_names_its_card')],
                    },
                ),
                migrations.CreateModel(
                    name='CalleeListing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('do_not_call', 'Do not call'), ('consent', 'Consent')], max_length=12, verbose_name='kind')),
                        ('number_hash', models.CharField(editable=False, max_length=64)),
                        ('purpose', models.CharField(blank=True, choices=[('sales', 'Sales calls to consenting customers'), ('service', 'Customer service'), ('call_back', 'Call-back'), ('research', 'Market research'), ('notice', 'Notices'), ('other', 'Other')], help_text='Blank: all.', max_length=10, verbose_name='purpose')),
                        ('source', models.CharField(max_length=200, verbose_name='how it is known')),
                        ('given_at', models.DateTimeField(verbose_name='given at')),
                        ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='holds until')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                        ('end', models.CharField(blank=True, choices=[('withdrawn', 'Withdrawn'), ('refused', 'The person refused'), ('renewed', 'Given again'), ('expired', 'Expired')], max_length=9, verbose_name='why it ended')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='proof')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': "callee's entry",
                        'verbose_name_plural': "callees' entries",
                        'ordering': ['-id'],
                        'permissions': [('check_callee', 'Can ask whether a number is listed'), ('withdraw_calleelisting', "Can withdraw a callee's entry")],
                        'indexes': [models.Index(fields=['number_hash'], name='callee_listing_number'), models.Index(fields=['kind', '-id'], name='callee_listing_latest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('number_hash', 'kind', 'purpose'), name='callee_listed_once'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at__isnull', True)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='callee_listing_end_has_a_cause'), models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('given_at')), _connector='OR'), name='callee_listing_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='Target',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='month')),
                        ('metric', models.CharField(choices=[('calls', 'Calls made'), ('answered', 'Answered calls'), ('minutes', 'Minutes'), ('deals', 'Deals closed')], max_length=8, verbose_name='what counts')),
                        ('value', models.PositiveIntegerField(verbose_name='target')),
                        ('set_at', models.DateTimeField(verbose_name='set at')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='agents.agent', verbose_name='agent')),
                        ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'target',
                        'verbose_name_plural': 'targets',
                        'ordering': ['-month', 'metric', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', True), ('team__isnull', False)), models.Q(('agent__isnull', False), ('team__isnull', True)), _connector='OR'), name='target_of_a_team_or_an_agent'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='target_of_a_month'), models.UniqueConstraint(fields=('month', 'metric', 'team', 'agent'), name='target_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='Appraisal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='month')),
                        ('figures', models.JSONField(default=dict, verbose_name='figures')),
                        ('attitude', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='attitude to work')),
                        ('summary', models.TextField(verbose_name='what is said')),
                        ('signed_at', models.DateTimeField(verbose_name='signed by the supervisor at')),
                        ('comment', models.TextField(blank=True, verbose_name="the agent's comment")),
                        ('agent_signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed by the agent at')),
                        ('agent_signed_name', models.CharField(blank=True, max_length=80, verbose_name='signed with the name')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='agents.agent', verbose_name='agent')),
                        ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='supervisor')),
                    ],
                    options={
                        'verbose_name': 'appraisal',
                        'verbose_name_plural': 'appraisals',
                        'ordering': ['-month', '-id'],
                        'constraints': [models.UniqueConstraint(fields=('agent', 'month'), name='appraisal_once_a_month'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='appraisal_of_a_month'), models.CheckConstraint(condition=models.Q(('attitude__gte', 1), ('attitude__lte', 5)), name='appraisal_attitude_range')],
                    },
                ),
                migrations.CreateModel(
                    name='Reward',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='month')),
                        ('kind', models.CharField(choices=[('reward', 'Reward'), ('penalty', 'Penalty')], max_length=7, verbose_name='kind')),
                        ('basis', models.CharField(choices=[('results', 'Results'), ('satisfaction', "Customers' satisfaction"), ('compliance', 'Compliance'), ('care', 'Care for the cards'), ('other', 'Something else')], max_length=12, verbose_name='for')),
                        ('amount', cardfleet.kernel.money.MoneyField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name='amount (CNY)')),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to='agents.agent', verbose_name='agent')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'reward or penalty',
                        'verbose_name_plural': 'rewards and penalties',
                        'ordering': ['-month', '-id'],
                        'indexes': [models.Index(fields=['agent', '-month'], name='reward_of_agent')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='reward_of_a_month'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gt', 0), _connector='OR'), name='reward_amount_positive')],
                    },
                ),
            ],
        ),
    ]
