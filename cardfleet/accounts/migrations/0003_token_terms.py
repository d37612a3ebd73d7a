"""What tokens are for; those issued before keep what they had: all that their person may."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


OF_EARLIER_TOKENS = """
INSERT INTO accounts_tokenterms (token_id, name, writes, areas, networks)
SELECT digest, '', true, '{}', '{}' FROM knox_authtoken
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_tokens'),
        migrations.swappable_dependency(settings.KNOX_TOKEN_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TokenTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('writes', models.BooleanField(default=True, verbose_name='may change things')),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='areas')),
                ('networks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=49), blank=True, default=list, size=None, verbose_name='addresses')),
                ('successor', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='accounts.tokenterms', verbose_name='replaced by')),
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to=settings.KNOX_TOKEN_MODEL)),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-pk'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tokenterms',
            trigger=pgtrigger.compiler.Trigger(name='terms_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "token_id", "name", "writes", "areas", "networks" rows from % table\', TG_TABLE_NAME;', hash='a904a258936c3b48f1c7f4cd933672e92ecb63c4', operation='UPDATE OF "token_id", "name", "writes", "areas", "networks"', pgid='pgtrigger_terms_stay_6f013', table='accounts_tokenterms', when='BEFORE')),
        ),
        migrations.RunSQL(OF_EARLIER_TOKENS, migrations.RunSQL.noop),
    ]
