"""Channels, messages, their delivery, the inbox and what people wish to be told.

Stands for the migrations before the first release (`replaces`), for databases that have all of them.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.crypto
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('notify', '0001_initial'), ('notify', '0002_wishes'), ('notify', '0003_message_attachment'),
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
                    name='Channel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('kind', models.CharField(choices=[('email', 'E-mail'), ('wecom', 'WeCom robot'), ('dingtalk', 'DingTalk robot'), ('feishu', 'Feishu robot'), ('webhook', 'Webhook')], max_length=16, verbose_name='kind')),
                        ('address', cardfleet.kernel.crypto.EncryptedField(help_text="E-mail address, or the robot's full hook address.", verbose_name='address')),
                        ('secret', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='signing secret')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('disabled_reason', models.TextField(blank=True, verbose_name='why it was disabled')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
                        ('least', models.PositiveSmallIntegerField(choices=[(0, 'everything'), (1, 'what is grave'), (2, 'what is critical')], default=0, verbose_name='carries')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='channels', to=settings.AUTH_USER_MODEL, verbose_name='whose own')),
                        ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                        ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                        ('urgent_through', models.BooleanField(default=True, verbose_name='what is critical comes all the same')),
                    ],
                    options={
                        'verbose_name': 'channel',
                        'verbose_name_plural': 'channels',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('owner__isnull', True), ('team__isnull', True), _connector='OR'), name='channel_serves_a_person_or_a_team')],
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=200, unique=True, verbose_name='key')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                        ('subject', models.CharField(max_length=200, verbose_name='subject')),
                        ('body', models.TextField(verbose_name='text')),
                        ('state', models.CharField(choices=[('pending', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed for good')], default='pending', max_length=8, verbose_name='state')),
                        ('created_at', models.DateTimeField(verbose_name='written at')),
                        ('due_at', models.DateTimeField(verbose_name='due at')),
                        ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed at')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='notify.channel', verbose_name='channel')),
                        ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='attachment')),
                    ],
                    options={
                        'verbose_name': 'message',
                        'verbose_name_plural': 'outbox',
                        'ordering': ['-id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='message_pending_due'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='message_sending_since')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('channel__isnull', False), models.Q(('email', ''), _negated=True), _connector='XOR'), name='message_has_one_destination')],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('ok', models.BooleanField(verbose_name='delivered')),
                        ('permanent', models.BooleanField(default=False, verbose_name='failed for good')),
                        ('detail', models.TextField(blank=True, verbose_name='answer')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notify.message', verbose_name='message')),
                    ],
                    options={
                        'verbose_name': 'delivery',
                        'verbose_name_plural': 'deliveries',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='InboxItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=200, verbose_name='key')),
                        ('code', models.CharField(max_length=64, verbose_name='code')),
                        ('params', models.JSONField(blank=True, default=dict, verbose_name='parameters')),
                        ('url', models.CharField(blank=True, max_length=300, verbose_name='link')),
                        ('created_at', models.DateTimeField(verbose_name='time')),
                        ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbox', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'inbox item',
                        'verbose_name_plural': 'inbox',
                        'ordering': ['-id'],
                        'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='inbox_unread')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='inbox_once_per_person_and_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('email', models.BooleanField(default=True, verbose_name='by e-mail')),
                        ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                        ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                        ('urgent_through', models.BooleanField(default=True, verbose_name='what is critical comes all the same')),
                        ('digest_at', models.TimeField(blank=True, null=True, verbose_name='daily digest at')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'preference',
                        'verbose_name_plural': 'preferences',
                    },
                ),
                migrations.CreateModel(
                    name='Subscription',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('topic', models.CharField(max_length=64, verbose_name='topic')),
                        ('mode', models.CharField(choices=[('now', 'At once, also outside'), ('grave', 'At once; outside when it is grave'), ('digest', 'In the daily digest only'), ('never', 'Not at all')], max_length=8, verbose_name='how')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'subscription',
                        'verbose_name_plural': 'subscriptions',
                        'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='subscription_once_per_topic')],
                    },
                ),
            ],
        ),
    ]
