"""Answers of repeated requests are stored encrypted: some hold a secret that is told once."""

import json

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import cardfleet.kernel.crypto


def encrypt_answers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Encrypt those that are kept, which are few: of one day."""
    keys = apps.get_model("jobs", "IdempotencyKey").objects
    for pk, answer in keys.exclude(answer="").values_list("pk", "answer"):
        keys.filter(pk=pk).update(answer=cardfleet.kernel.crypto.encrypt(answer))


def decrypt_answers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put them back as they were."""
    keys = apps.get_model("jobs", "IdempotencyKey").objects
    for pk, answer in keys.values_list("pk", "answer"):
        plain = cardfleet.kernel.crypto.decrypt(answer) if answer else json.dumps(None)
        keys.filter(pk=pk).update(answer=plain)


class Migration(migrations.Migration):

    dependencies = [('jobs', '0001_jobs')]

    operations = [
        migrations.AlterField('idempotencykey', 'answer', models.TextField(default="")),
        migrations.RunPython(encrypt_answers, decrypt_answers),
        migrations.AlterField('idempotencykey', 'answer', cardfleet.kernel.crypto.EncryptedField(blank=True)),
    ]
