"""Receivers of events, what goes to each, and every attempt."""

import cardfleet.kernel.crypto
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0002_seals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lanes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None, verbose_name='kept in order by')),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('sending', 'Being sent'), ('delivered', 'Delivered'), ('failed', 'Failed for good')], default='pending', max_length=9, verbose_name='state')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed at')),
                ('tried_since', models.DateTimeField(blank=True, null=True, verbose_name='tried since')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered at')),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.seal', verbose_name='event')),
            ],
            options={
                'verbose_name': 'event for a webhook',
                'verbose_name_plural': 'events for webhooks',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('ok', models.BooleanField(verbose_name='delivered')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='HTTP status')),
                ('ms', models.PositiveIntegerField(verbose_name='milliseconds')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='webhooks.delivery', verbose_name='event for a webhook')),
            ],
            options={
                'verbose_name': 'attempt of a webhook',
                'verbose_name_plural': 'attempts of webhooks',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('address', models.CharField(max_length=500, verbose_name='address')),
                ('actions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None, verbose_name='actions')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None, verbose_name='kinds of subjects')),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='about')),
                ('secret', cardfleet.kernel.crypto.EncryptedField(verbose_name='signing secret')),
                ('old_secret', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='signing secret before')),
                ('old_secret_until', models.DateTimeField(blank=True, null=True, verbose_name='old secret signs until')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('disabled_for', models.CharField(blank=True, choices=[('gone', 'The receiver answered that it is gone (410).'), ('silent', 'Nothing got through for a day.'), ('owner', 'Its owner has no access any more, or may not read the journal.')], max_length=8, verbose_name='why it was disabled')),
                ('position', models.BigIntegerField(verbose_name='looked at up to position')),
                ('last_success_at', models.DateTimeField(blank=True, null=True, verbose_name='last delivered at')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='told of failures')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.webhook', verbose_name='webhook'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('actions', []), _negated=True), name='webhook_asks_for_something'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'sending'])), fields=['due_at'], name='webhook_event_open'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('state__in', ['pending', 'sending'])), fields=['lanes'], name='webhook_event_lanes'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['webhook', '-id'], name='webhook_event_log'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('webhook', 'seal'), name='webhook_event_once'),
        ),
    ]
