"""Files that people gave or we made.

Stands for the migrations before the first release (`replaces`), for databases that have all of them.
"""

import cardfleet.files.models
import cardfleet.kernel.creation
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('files', '0001_initial'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='StoredFile',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('content', models.FileField(upload_to=cardfleet.files.models.storage_path, verbose_name='content')),
                        ('name', models.CharField(max_length=255, verbose_name='file name')),
                        ('content_type', models.CharField(max_length=100, verbose_name='type')),
                        ('size', models.BigIntegerField(verbose_name='size in bytes')),
                        ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                        ('purpose', models.CharField(max_length=40, verbose_name='purpose')),
                        ('subject', models.CharField(blank=True, db_index=True, max_length=100, verbose_name='subject')),
                        ('created_at', models.DateTimeField(verbose_name='stored at')),
                        ('delete_after', models.DateTimeField(blank=True, null=True, verbose_name='deleted after')),
                        ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ],
                    options={
                        'verbose_name': 'file',
                        'verbose_name_plural': 'files',
                        'ordering': ['-created_at'],
                    },
                ),
            ],
        ),
    ]
