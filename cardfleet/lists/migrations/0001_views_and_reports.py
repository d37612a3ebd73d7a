"""Saved views of lists and the reports sent from them.

Stands for the migrations before the first release (`replaces`), for databases that have all of them.
"""

import cardfleet.kernel.creation
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('lists', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('listing', models.CharField(max_length=32, verbose_name='list')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('query', models.TextField(blank=True, verbose_name='filters')),
                        ('columns', models.JSONField(blank=True, default=list, verbose_name='columns')),
                        ('sort', models.CharField(blank=True, max_length=40, verbose_name='sort')),
                        ('size', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rows a page')),
                        ('shared_role', models.CharField(blank=True, choices=[('admin', 'Administrator'), ('supervisor', 'Supervisor'), ('finance', 'Finance'), ('compliance', 'Compliance'), ('agent', 'Agent')], max_length=16, verbose_name='shared with the role')),
                        ('changed_at', models.DateTimeField(verbose_name='changed at')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('shared_team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='shared with the team')),
                    ],
                    options={
                        'verbose_name': 'saved view',
                        'verbose_name_plural': 'saved views',
                        'ordering': ['listing', 'name', 'pk'],
                        'permissions': [('share_savedview', 'Can share views with teams'), ('share_with_role', 'Can share views with roles and choose what opens for them')],
                        'constraints': [models.UniqueConstraint(fields=('owner', 'listing', 'name'), name='saved_view_name_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DefaultView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('listing', models.CharField(max_length=32, verbose_name='list')),
                        ('role', models.CharField(blank=True, choices=[('admin', 'Administrator'), ('supervisor', 'Supervisor'), ('finance', 'Finance'), ('compliance', 'Compliance'), ('agent', 'Agent')], max_length=16, verbose_name='role')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('view', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='defaults', to='lists.savedview', verbose_name='view')),
                    ],
                    options={
                        'verbose_name': 'default view',
                        'verbose_name_plural': 'default views',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('role', ''), ('user__isnull', False)), models.Q(('user__isnull', True), models.Q(('role', ''), _negated=True)), _connector='OR'), name='default_view_of_a_person_or_a_role'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('listing', 'user'), name='default_view_once_a_person'), models.UniqueConstraint(condition=models.Q(('role', ''), _negated=True), fields=('listing', 'role'), name='default_view_once_a_role')],
                    },
                ),
                migrations.CreateModel(
                    name='ScheduledReport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('view_name', models.CharField(max_length=60, verbose_name='name of the view')),
                        ('listing', models.CharField(max_length=32, verbose_name='list')),
                        ('form', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (XLSX)')], default='xlsx', max_length=4, verbose_name='file')),
                        ('every', models.CharField(choices=[('day', 'Every day'), ('workday', 'Monday to Friday'), ('week', 'Every week'), ('month', 'Every month')], default='workday', max_length=8, verbose_name='how often')),
                        ('weekday', models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')], default=1, verbose_name='weekday')),
                        ('day', models.PositiveSmallIntegerField(default=1, help_text='In a shorter month the last one.', verbose_name='day of the month')),
                        ('at', models.TimeField(verbose_name='time')),
                        ('next_at', models.DateTimeField(verbose_name='next at')),
                        ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                        ('stopped_why', models.CharField(blank=True, choices=[('by_hand', 'Stopped by a person.'), ('owner_left', 'Whose report it is has left.'), ('right_lost', 'Whose report it is may no longer take this list out.'), ('view_deleted', 'Its view was deleted.'), ('view_hidden', 'Its view is no longer shared with whose report it is.'), ('view_unusable', 'A filter of its view cannot be used any more.'), ('no_recipient', 'Nobody is left who may receive it.')], max_length=16, verbose_name='why it was stopped')),
                        ('created_at', models.DateTimeField(verbose_name='made at')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('view', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='lists.savedview', verbose_name='view')),
                        ('recipients', models.ManyToManyField(related_name='received_reports', to=settings.AUTH_USER_MODEL, verbose_name='recipients')),
                    ],
                    options={
                        'verbose_name': 'scheduled report',
                        'verbose_name_plural': 'scheduled reports',
                        'ordering': ['-pk'],
                        'permissions': [('end_any_report', 'Can see and stop the reports of others')],
                        'indexes': [models.Index(condition=models.Q(('stopped_at__isnull', True)), fields=['next_at'], name='report_due')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('weekday__gte', 1), ('weekday__lte', 7)), name='report_weekday'), models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31)), name='report_day'), models.CheckConstraint(condition=models.Q(models.Q(('stopped_at__isnull', True), ('stopped_why', '')), models.Q(('stopped_at__isnull', False), models.Q(('stopped_why', ''), _negated=True)), _connector='OR'), name='report_stopped_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_at', models.DateTimeField(verbose_name='due at')),
                        ('sent_at', models.DateTimeField(verbose_name='sent at')),
                        ('rows', models.PositiveIntegerField(verbose_name='rows')),
                        ('sent_to', models.PositiveSmallIntegerField(verbose_name='recipients')),
                        ('left_out', models.PositiveSmallIntegerField(default=0, verbose_name='left out')),
                        ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='files.storedfile', verbose_name='file')),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='lists.scheduledreport', verbose_name='report')),
                    ],
                    options={
                        'verbose_name': 'sending of a report',
                        'verbose_name_plural': 'sendings of reports',
                        'ordering': ['-due_at'],
                        'constraints': [models.UniqueConstraint(fields=('report', 'due_at'), name='report_run_once_a_time')],
                    },
                ),
            ],
        ),
    ]
