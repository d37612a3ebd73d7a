"""When tokens were last used: apart, as tokens belong to people.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0006_erased_people'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('knox', '0009_extend_authtoken_field'),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='TokenUse',
                    fields=[
                        ('token', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='use', serialize=False, to=settings.KNOX_TOKEN_MODEL)),
                        ('last_used_at', models.DateTimeField(verbose_name='last used')),
                    ],
                    options={
                        'verbose_name': 'use of a token',
                        'verbose_name_plural': 'uses of tokens',
                    },
                ),
            ],
        ),
    ]
