"""Jobs with their rows, the runs of the schedule, and keys of repeated requests.

Stands for the migrations before the first release (`replaces`), for databases that have all of them.
"""

import cardfleet.kernel.creation
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('jobs', '0001_initial'), ('jobs', '0002_items_and_undo'),
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
                    name='IdempotencyKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=200)),
                        ('request_hash', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('answer', models.JSONField(null=True)),
                        ('created_at', models.DateTimeField()),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'idempotency key',
                        'verbose_name_plural': 'idempotency keys',
                        'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='idempotency_once_per_person_and_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Job',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=64, verbose_name='kind')),
                        ('params', models.JSONField(blank=True, default=dict, verbose_name='parameters')),
                        ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('partial', 'Partly done'), ('failed', 'Failed')], default='queued', max_length=8, verbose_name='state')),
                        ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='rows in all')),
                        ('processed', models.PositiveIntegerField(default=0, verbose_name='rows looked at')),
                        ('succeeded', models.PositiveIntegerField(default=0, verbose_name='rows done')),
                        ('refused', models.PositiveIntegerField(default=0, verbose_name='rows refused')),
                        ('summary', models.JSONField(blank=True, default=dict, verbose_name='summary')),
                        ('error_code', models.CharField(blank=True, max_length=64, verbose_name='error code')),
                        ('error', models.TextField(blank=True, verbose_name='error')),
                        ('created_at', models.DateTimeField(verbose_name='asked at')),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                        ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('input_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='input')),
                        ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                        ('result_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='result')),
                    ],
                    options={
                        'verbose_name': 'job',
                        'verbose_name_plural': 'jobs',
                        'ordering': ['-id'],
                        'permissions': [('view_all_jobs', 'Can see the jobs of others')],
                        'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['created_at'], name='job_queued'), models.Index(condition=models.Q(('state', 'running')), fields=['heartbeat_at'], name='job_running'), models.Index(fields=['owner', '-id'], name='job_owner')],
                    },
                ),
                migrations.CreateModel(
                    name='JobItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('subject', models.BigIntegerField(verbose_name='subject')),
                        ('left', models.JSONField(blank=True, default=dict, verbose_name='left behind')),
                        ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                        ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='jobs.job', verbose_name='job')),
                    ],
                    options={
                        'verbose_name': 'job item',
                        'verbose_name_plural': 'job items',
                        'ordering': ['line'],
                        'constraints': [models.UniqueConstraint(fields=('job', 'line'), name='job_item_once_per_line')],
                    },
                ),
                migrations.CreateModel(
                    name='JobRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('line', models.PositiveIntegerField(verbose_name='line')),
                        ('ok', models.BooleanField(verbose_name='done')),
                        ('label', models.CharField(blank=True, max_length=120, verbose_name='row')),
                        ('column', models.CharField(blank=True, max_length=80, verbose_name='column')),
                        ('value', models.CharField(blank=True, max_length=200, verbose_name='value')),
                        ('code', models.CharField(blank=True, max_length=64, verbose_name='code')),
                        ('message', models.TextField(blank=True, verbose_name='reason')),
                        ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='jobs.job', verbose_name='job')),
                    ],
                    options={
                        'verbose_name': 'job row',
                        'verbose_name_plural': 'job rows',
                        'ordering': ['line', 'id'],
                        'indexes': [models.Index(fields=['job', 'line'], name='job_row_line')],
                    },
                ),
                migrations.CreateModel(
                    name='ScheduledRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=64, verbose_name='name')),
                        ('on', models.DateField(verbose_name='for the day')),
                        ('started_at', models.DateTimeField(verbose_name='started at')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                        ('ok', models.BooleanField(default=False, verbose_name='succeeded')),
                        ('summary', models.JSONField(blank=True, default=dict, verbose_name='summary')),
                    ],
                    options={
                        'verbose_name': 'scheduled run',
                        'verbose_name_plural': 'scheduled runs',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['name', '-started_at'], name='scheduled_run_latest')],
                    },
                ),
            ],
        ),
    ]
