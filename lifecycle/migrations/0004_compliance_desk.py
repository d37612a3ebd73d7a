"""The desk of compliance: law, articles, audits, assessments and evidence.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.crypto
import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lifecycle', '0024_right_to_erase'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        ('jobs', '0001_jobs'),
        ('lifecycle', '0003_switches_and_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Article',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('text', models.TextField(verbose_name='text')),
                        ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='tags')),
                        ('case_kind', models.CharField(blank=True, choices=[('suspension', 'Suspension'), ('reverification', 'Re-verification case'), ('loss', 'Loss or theft'), ('fault', 'Fault case'), ('renewal', 'Renewal'), ('idle', 'Use it or release it'), ('cancellation', 'Cancellation'), ('destruction', 'Destruction'), ('number_change', 'Number change'), ('transfer', 'Formal transfer'), ('user_change', 'Change of user'), ('port_out', 'Porting out'), ('mark_appeal', 'Appeal against a mark'), ('number_review', 'Number review'), ('drill', 'Switch-over drill')], max_length=16, verbose_name='kind of case')),
                        ('written_at', models.DateTimeField(verbose_name='written at')),
                        ('changed_at', models.DateTimeField(verbose_name='changed at')),
                        ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='lifecycle.case', verbose_name='from case')),
                        ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ],
                    options={
                        'verbose_name': 'article',
                        'verbose_name_plural': 'articles',
                        'ordering': ['-changed_at', '-id'],
                        'indexes': [models.Index(fields=['case_kind', '-changed_at'], name='article_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='DirectoryEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('carrier', 'Carrier'), ('regulator', 'Regulator'), ('police', 'Police'), ('legal', 'Legal advice')], max_length=9, verbose_name='kind')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('serves', models.CharField(blank=True, max_length=200, verbose_name='for what')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                        ('site', models.URLField(blank=True, verbose_name='site')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('is_active', models.BooleanField(default=True, verbose_name='reachable')),
                        ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                    ],
                    options={
                        'verbose_name': 'entry of the directory',
                        'verbose_name_plural': 'directory',
                        'ordering': ['kind', 'name'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='directory_entry_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Law',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('law', 'Law'), ('regulation', 'Regulation'), ('draft', 'Draft, not in force'), ('contract', 'Contract'), ('policy', 'Own policy')], max_length=10, verbose_name='kind')),
                        ('name', models.CharField(error_messages={'unique': 'It is in the register already.'}, max_length=120, unique=True, verbose_name='name')),
                        ('articles', models.CharField(blank=True, max_length=120, verbose_name='articles that matter')),
                        ('asks', models.TextField(blank=True, verbose_name='what it asks of us')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='where it was read')),
                        ('in_force_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                        ('review_on', models.DateField(verbose_name='next review')),
                        ('is_active', models.BooleanField(default=True, verbose_name='counts')),
                        ('contract', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.contract', verbose_name='contract')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who looks after it')),
                    ],
                    options={
                        'verbose_name': 'law or contract',
                        'verbose_name_plural': 'laws and contracts',
                        'ordering': ['review_on', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='LawReview',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='reviewed at')),
                        ('finding', models.CharField(choices=[('unchanged', 'Unchanged'), ('changed', 'Changed'), ('ended', 'No longer in force')], max_length=9, verbose_name='what was found')),
                        ('note', models.TextField(blank=True, verbose_name='what changed, and what we do about it')),
                        ('next_on', models.DateField(verbose_name='next review')),
                        ('told', models.PositiveIntegerField(default=0, verbose_name='people told')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                        ('law', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='lifecycle.law', verbose_name='law or contract')),
                    ],
                    options={
                        'verbose_name': 'review of a law',
                        'verbose_name_plural': 'reviews of laws',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('finding', 'unchanged'), models.Q(('note', ''), _negated=True), _connector='OR'), name='law_review_says_what_changed')],
                    },
                ),
                migrations.CreateModel(
                    name='Checklist',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('campaign', 'Campaign'), ('self_audit', 'Yearly self-audit')], max_length=10, verbose_name='kind')),
                        ('version', models.PositiveSmallIntegerField(editable=False, verbose_name='version')),
                        ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None, verbose_name='questions')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('written_at', models.DateTimeField(editable=False, verbose_name='written at')),
                        ('written_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ],
                    options={
                        'verbose_name': 'checklist',
                        'verbose_name_plural': 'checklists',
                        'ordering': ['kind', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='checklist_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Audit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=120, verbose_name='campaign or year')),
                        ('industry', models.CharField(blank=True, max_length=40, verbose_name='industry')),
                        ('due_on', models.DateField(verbose_name='due')),
                        ('opened_at', models.DateTimeField(verbose_name='opened at')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                        ('conclusion', models.TextField(blank=True, verbose_name='conclusion')),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                        ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='lifecycle.checklist', verbose_name='checklist')),
                    ],
                    options={
                        'verbose_name': 'audit',
                        'verbose_name_plural': 'audits',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='audit_runs_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='question')),
                        ('verdict', models.CharField(choices=[('yes', 'Fulfilled'), ('no', 'Not fulfilled'), ('na', 'Does not apply')], max_length=3, verbose_name='answer given')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='proof or measure')),
                        ('measure_by', models.DateField(null=True, verbose_name='put right by')),
                        ('at', models.DateTimeField(verbose_name='answered at')),
                        ('audit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='lifecycle.audit', verbose_name='audit')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                        ('proof', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='file')),
                    ],
                    options={
                        'verbose_name': 'answer of an audit',
                        'verbose_name_plural': 'answers of audits',
                        'ordering': ['audit', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('audit', 'number'), name='audit_answer_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ImpactAssessment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=120, verbose_name='processing')),
                        ('purpose', models.TextField(verbose_name='purpose and necessity')),
                        ('risks', models.TextField(verbose_name='what may happen to people')),
                        ('measures', models.TextField(verbose_name='measures')),
                        ('level', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=6, verbose_name='remaining risk')),
                        ('assessed_on', models.DateField(verbose_name='assessed on')),
                        ('review_on', models.DateField(verbose_name='next review')),
                        ('keep_until', models.DateField(verbose_name='kept until')),
                        ('assessed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assessed by')),
                        ('file', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='files.storedfile', verbose_name='file')),
                    ],
                    options={
                        'verbose_name': 'impact assessment',
                        'verbose_name_plural': 'impact assessments',
                        'ordering': ['review_on', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('keep_until__gte', django.db.models.expressions.CombinedExpression(models.F('assessed_on'), '+', models.Value(datetime.timedelta(days=1095))))), name='assessment_kept_three_years', violation_error_message='The law asks for three years at least.')],
                    },
                ),
                migrations.CreateModel(
                    name='Matter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('access', 'Asks for own data'), ('correct', 'Asks for a correction'), ('delete', 'Asks for deletion'), ('withdraw', 'Withdraws consent'), ('breach', 'Data breach')], max_length=10, verbose_name='kind')),
                        ('title', models.CharField(max_length=120, verbose_name='about what')),
                        ('summary', models.TextField(blank=True, verbose_name='what happened')),
                        ('channel', models.CharField(blank=True, max_length=40, verbose_name='through')),
                        ('received_at', models.DateTimeField(verbose_name='received at')),
                        ('asker', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='who asks')),
                        ('number', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='number concerned')),
                        ('people', models.PositiveIntegerField(null=True, verbose_name='people concerned')),
                        ('data', models.CharField(blank=True, max_length=200, verbose_name='whose data, and which')),
                        ('opened_at', models.DateTimeField(verbose_name='recorded at')),
                        ('extended_because', models.CharField(blank=True, max_length=200, verbose_name='why it takes longer')),
                        ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                        ('outcome', models.CharField(blank=True, choices=[('answered', 'Reply given'), ('granted', 'Granted'), ('kept', 'Kept because'), ('refused', 'Turned down'), ('settled', 'Dealt with'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='outcome')),
                        ('because', models.TextField(blank=True, verbose_name='why')),
                        ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person concerned')),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                        ('complaint', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matter', to='lifecycle.complaint', verbose_name='complaint')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'verbose_name': 'matter of the desk',
                        'verbose_name_plural': 'matters of the desk',
                        'ordering': ['-id'],
                        'permissions': [('view_desk', 'Can see the compliance desk'), ('change_desk', 'Can work at the compliance desk'), ('erase_person', 'Can erase people who left')],
                        'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at'], name='matter_due'), models.Index(fields=['kind', '-id'], name='matter_kind')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='matter_has_an_outcome_iff_closed'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('received_at')), _connector='OR'), name='matter_runs_forward'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('kept', 'refused', 'withdrawn')), _negated=True), models.Q(('because', ''), _negated=True), _connector='OR'), name='matter_says_why_not')],
                    },
                ),
                migrations.CreateModel(
                    name='MatterStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=16)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                        ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                        ('matter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='lifecycle.matter', verbose_name='matter')),
                        ('proof', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='proof')),
                    ],
                    options={
                        'verbose_name': 'step of a matter',
                        'verbose_name_plural': 'steps of matters',
                        'ordering': ['matter', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('matter', 'code'), name='matter_step_once')],
                    },
                ),
                migrations.CreateModel(
                    name='EvidencePack',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first', models.DateField(blank=True, null=True, verbose_name='first day')),
                        ('last', models.DateField(blank=True, null=True, verbose_name='last day')),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('with_names', models.BooleanField(default=False, verbose_name='names in full')),
                        ('with_numbers', models.BooleanField(default=False, verbose_name='card numbers in full')),
                        ('asked_at', models.DateTimeField(verbose_name='asked at')),
                        ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                        ('cards', models.PositiveIntegerField(blank=True, null=True, verbose_name='cards')),
                        ('rows', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='rows')),
                        ('files', models.PositiveIntegerField(blank=True, null=True, verbose_name='files')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_packs', to='cards.card', verbose_name='card')),
                        ('file', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='file')),
                        ('job', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_pack', to='jobs.job', verbose_name='job')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'evidence pack',
                        'verbose_name_plural': 'evidence packs',
                        'ordering': ['-id'],
                        'permissions': [('make_pack', 'Can make evidence packs')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('card__isnull', False), ('first__isnull', True), ('last__isnull', True)), ('last__gte', models.F('first')), _connector='OR'), name='evidence_pack_has_a_period', violation_error_message='Only of a single card may both days be left out.'), models.CheckConstraint(condition=models.Q(('card__isnull', True), ('team__isnull', True), _connector='OR'), name='evidence_pack_of_card_or_team', violation_error_message='Name a card or a team, not both.'), models.CheckConstraint(condition=models.Q(('file__isnull', True), ('made_at__isnull', False), _connector='OR'), name='evidence_pack_made_has_a_time')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lawreview',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ff1f196db8724800ad50250a47329cdc85835726', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_09def', table='lifecycle_lawreview', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='checklist',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='534d412459c633f13700782a18f2860252bf3562', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5b540', table='lifecycle_checklist', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='audit',
                    trigger=pgtrigger.compiler.Trigger(name='closed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='000f5214203137e4ff3d5c442524a9a61fc085bd', operation='UPDATE', pgid='pgtrigger_closed_stays_4e9f8', table='lifecycle_audit', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='impactassessment',
                    trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2ac4c2219a7a360a9439c7c4481df75f3440c5f1', operation='DELETE', pgid='pgtrigger_stays_be93b', table='lifecycle_impactassessment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='matterstep',
                    trigger=pgtrigger.compiler.Trigger(name='done_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."done_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='44efec6a1573085907d3c960516888878b510cba', operation='UPDATE', pgid='pgtrigger_done_stays_2b5fa', table='lifecycle_matterstep', when='BEFORE')),
                ),
            ],
        ),
    ]
