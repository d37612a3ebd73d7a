"""What agents learn, sign and say, and the plans for it.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('agents', '0013_calls_made'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('agents', '0002_staff'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Course',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('kind', models.CharField(choices=[('compliance', 'Law and compliance'), ('product', 'Product'), ('skill', 'Sales skill'), ('anti_fraud', 'Against fraud')], default='compliance', max_length=10, verbose_name='kind')),
                        ('valid_months', models.PositiveSmallIntegerField(default=12, verbose_name='valid for months')),
                        ('is_required', models.BooleanField(default=False, verbose_name='required before a card is issued')),
                    ],
                    options={
                        'verbose_name': 'course',
                        'verbose_name_plural': 'courses',
                        'ordering': ['title'],
                        'permissions': [('take_course', 'Can take the tests of courses')],
                    },
                ),
                migrations.CreateModel(
                    name='CourseVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                        ('text', models.TextField(blank=True, verbose_name='what is taught')),
                        ('link', models.URLField(blank=True, verbose_name='link to the material')),
                        ('commitment', models.TextField(blank=True, verbose_name='commitment that is signed')),
                        ('questions', models.JSONField(blank=True, default=list, verbose_name='questions')),
                        ('pass_mark', models.PositiveSmallIntegerField(default=80, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='pass mark (per cent)')),
                        ('attempts_a_day', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1)], verbose_name='attempts a day')),
                        ('earlier_until', models.DateField(blank=True, null=True, verbose_name='earlier passes count until')),
                        ('published_at', models.DateTimeField(verbose_name='published at')),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agents.course', verbose_name='course')),
                        ('material', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='material')),
                        ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ],
                    options={
                        'verbose_name': 'version of a course',
                        'verbose_name_plural': 'versions of courses',
                        'ordering': ['course', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('course', 'number'), name='course_version_once'), models.CheckConstraint(condition=models.Q(('attempts_a_day__gte', 1), ('pass_mark__gte', 1), ('pass_mark__lte', 100)), name='course_version_passable')],
                    },
                ),
                migrations.CreateModel(
                    name='CourseAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('answers', models.JSONField(verbose_name='answers')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('is_passed', models.BooleanField(verbose_name='passed')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='agents.agent', verbose_name='agent')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='agents.courseversion', verbose_name='version')),
                    ],
                    options={
                        'verbose_name': 'attempt at a test',
                        'verbose_name_plural': 'attempts at tests',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['agent', 'version', 'at'], name='course_attempt_of')],
                    },
                ),
                migrations.CreateModel(
                    name='TrainingPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('due_on', models.DateField(verbose_name='to be done by')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('made_at', models.DateTimeField(verbose_name='made at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='agents.course', verbose_name='course')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('team', models.ForeignKey(blank=True, help_text='Empty: everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'plan of training',
                        'verbose_name_plural': 'plans of training',
                        'ordering': ['due_on', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('starts_on'))), name='training_plan_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='TrainingRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('passed_on', models.DateField(verbose_name='passed on')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                        ('score', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='score')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training', to='agents.agent', verbose_name='agent')),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='agents.course', verbose_name='course')),
                        ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='evidence')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('signed_name', models.CharField(blank=True, max_length=80, verbose_name='commitment signed with the name')),
                        ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.courseversion', verbose_name='version')),
                    ],
                    options={
                        'verbose_name': 'training record',
                        'verbose_name_plural': 'training records',
                        'ordering': ['-passed_on'],
                        'indexes': [models.Index(fields=['agent', 'course', '-valid_until'], name='training_latest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('agent', 'course', 'passed_on'), name='training_once_per_day'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('passed_on')), _connector='OR'), name='training_valid_after_passing')],
                    },
                ),
                migrations.CreateModel(
                    name='Policy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('audience', models.CharField(choices=[('agents', 'Agents'), ('everybody', 'Everybody')], default='agents', max_length=9, verbose_name='binds')),
                        ('is_required', models.BooleanField(default=False, verbose_name='required before a card is issued')),
                    ],
                    options={
                        'verbose_name': 'policy',
                        'verbose_name_plural': 'policies',
                        'ordering': ['title'],
                        'permissions': [('acknowledge_policy', 'Can acknowledge policies')],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                        ('text', models.TextField(verbose_name='text')),
                        ('effective_from', models.DateField(verbose_name='in force from')),
                        ('published_at', models.DateTimeField(verbose_name='published at')),
                        ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agents.policy', verbose_name='policy')),
                        ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                    ],
                    options={
                        'verbose_name': 'version of a policy',
                        'verbose_name_plural': 'versions of policies',
                        'ordering': ['policy', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('policy', 'number'), name='policy_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Acknowledgement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='signed at')),
                        ('signed_name', models.CharField(max_length=80, verbose_name='signed with the name')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='agents.policyversion', verbose_name='version')),
                    ],
                    options={
                        'verbose_name': 'acknowledgement',
                        'verbose_name_plural': 'acknowledgements',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(fields=('version', 'user'), name='acknowledged_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Script',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('purpose', models.CharField(choices=[('sales', 'Sales calls to consenting customers'), ('service', 'Customer service'), ('call_back', 'Call-back'), ('research', 'Market research'), ('notice', 'Notices'), ('other', 'Other')], max_length=10, verbose_name='purpose')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                    ],
                    options={
                        'verbose_name': 'script',
                        'verbose_name_plural': 'scripts',
                        'ordering': ['name'],
                        'permissions': [('approve_script', 'Can approve scripts')],
                    },
                ),
                migrations.CreateModel(
                    name='ScriptVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                        ('text', models.TextField(verbose_name='text')),
                        ('states_identity', models.BooleanField(default=False, verbose_name='says who calls and how to reach us')),
                        ('offers_opt_out', models.BooleanField(default=False, verbose_name='offers not to be called again')),
                        ('written_at', models.DateTimeField(verbose_name='written at')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                        ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                        ('script', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agents.script', verbose_name='script')),
                        ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ],
                    options={
                        'verbose_name': 'version of a script',
                        'verbose_name_plural': 'versions of scripts',
                        'ordering': ['script', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('script', 'number'), name='script_version_once'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), models.Q(('offers_opt_out', True), ('states_identity', True)), _connector='OR'), name='script_approved_says_all')],
                    },
                ),
                migrations.CreateModel(
                    name='CallPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='until')),
                        ('calls', models.PositiveSmallIntegerField(verbose_name='calls a day')),
                        ('purpose', models.CharField(blank=True, choices=[('sales', 'Sales calls to consenting customers'), ('service', 'Customer service'), ('call_back', 'Call-back'), ('research', 'Market research'), ('notice', 'Notices'), ('other', 'Other')], max_length=10, verbose_name='purpose')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('made_at', models.DateTimeField(verbose_name='made at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='call_plans', to='agents.agent', verbose_name='agent')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                        ('script', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.script', verbose_name='script')),
                    ],
                    options={
                        'verbose_name': 'call plan',
                        'verbose_name_plural': 'call plans',
                        'ordering': ['-starts_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', True), ('team__isnull', False)), models.Q(('agent__isnull', False), ('team__isnull', True)), _connector='OR'), name='call_plan_of_a_team_or_an_agent'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='call_plan_runs_forward')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='courseversion',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='00b69123922fc73469a5b8be780382a563b94a09', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_12c08', table='agents_courseversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='courseattempt',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f5f59c0aee87755361014ddadbfd2343833238c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b03a', table='agents_courseattempt', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='policyversion',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='525a4fb3465178c2c8a3d76c6fb09f1aeaf11379', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_66ec6', table='agents_policyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='acknowledgement',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c7fc17cd86f071536c4ccae116440e3841ea1bd1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_291e7', table='agents_acknowledgement', when='BEFORE')),
                ),
            ],
        ),
    ]
