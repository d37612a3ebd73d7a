"""People, teams and who may see which.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.accounts.querysets
import cardfleet.kernel.creation
import cardfleet.kernel.personal
import django.contrib.auth.validators
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'), ('accounts', '0002_deactivate_permission'),
        ('accounts', '0003_search_by_starts'), ('accounts', '0004_token_use'),
        ('accounts', '0005_delegations'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Team',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('company', 'Company'), ('legal_entity', 'Legal entity'), ('site', 'Site'), ('team', 'Team')], default='team', max_length=16, verbose_name='kind')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('path', models.CharField(editable=False, max_length=200, null=True, unique=True, verbose_name='path')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.team', verbose_name='parent')),
                    ],
                    options={
                        'verbose_name': 'team',
                        'verbose_name_plural': 'teams',
                        'ordering': ['path'],
                        'constraints': [models.UniqueConstraint(fields=('parent', 'name'), name='team_name_unique_under_parent'), models.CheckConstraint(condition=models.Q(('path__isnull', True), models.Q(('path__endswith', '/'), ('path__startswith', '/')), _connector='OR'), name='team_path_has_slashes')],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', cardfleet.kernel.personal.PersonNameField(max_length=80, verbose_name='name')),
                        ('name_pinyin', models.CharField(blank=True, editable=False, max_length=200, verbose_name='name in pinyin')),
                        ('name_initials', models.CharField(blank=True, db_index=True, editable=False, max_length=40, verbose_name='pinyin initials')),
                        ('staff_no', models.CharField(blank=True, max_length=32, null=True, unique=True, verbose_name='staff number')),
                        ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                        ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                        ('must_change_password', models.BooleanField(default=False, verbose_name='must change the password')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.team', verbose_name='team')),
                        ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='erased at')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'person',
                        'verbose_name_plural': 'people',
                        'ordering': ['name', 'pk'],
                        'permissions': [('reset_password', 'Can give a person a one-time password'), ('deactivate_user', "Can end a leaver's access"), ('view_all_teams', 'Can see every team without a scope grant')],
                        'indexes': [models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='text_pattern_ops'), name='user_name_start'), models.Index(django.db.models.functions.text.Upper('staff_no'), name='user_staff_no_upper')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), ('is_active', False), _connector='OR'), name='erased_person_is_gone')],
                    },
                    managers=[
                        ('objects', cardfleet.accounts.querysets.PersonManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Delegation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('given_at', models.DateTimeField(verbose_name='recorded at')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='ended early at')),
                        ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to=settings.AUTH_USER_MODEL, verbose_name='lent by')),
                        ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputised', to=settings.AUTH_USER_MODEL, verbose_name='stands in')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'delegation',
                        'verbose_name_plural': 'delegations',
                        'ordering': ['-starts_at', '-pk'],
                        'permissions': [('delegate_scope', 'Can lend what they see to somebody who stands in')],
                        'indexes': [models.Index(condition=models.Q(('revoked_at', None)), fields=['receiver', 'ends_at'], name='delegation_receiver')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='delegation_ends_after_its_start'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='delegation_to_another')],
                    },
                ),
                migrations.CreateModel(
                    name='ScopeGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scope_grants', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team', verbose_name='team')),
                    ],
                    options={
                        'verbose_name': 'scope',
                        'verbose_name_plural': 'scopes',
                        'constraints': [models.UniqueConstraint(fields=('user', 'team'), name='scope_once_per_person_and_team')],
                    },
                ),
            ],
        ),
    ]
