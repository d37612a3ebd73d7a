"""How cards come in and are counted, and whose names they bear.

Who stood registered when this was first kept was copied from the cards of that day: an empty database has none.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.money
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('cards', '0022_registrant_pseudonyms'),
    ]

    dependencies = [
        ('cards', '0002_cards'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='PurchaseOrder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='order number')),
                        ('ordered_on', models.DateField(verbose_name='ordered on')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('warned_of', models.JSONField(blank=True, default=list, verbose_name='warned of')),
                        ('reason', models.TextField(blank=True, verbose_name='why all the same')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('invoice_no', models.CharField(blank=True, max_length=40, verbose_name='invoice number')),
                        ('invoiced_on', models.DateField(blank=True, null=True, verbose_name='invoice of')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('invoice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='invoice')),
                        ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ordered by')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='cards.supplier', verbose_name='supplier')),
                    ],
                    options={
                        'verbose_name': 'purchase order',
                        'verbose_name_plural': 'purchase orders',
                        'ordering': ['-ordered_on', '-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('invoice_no', ''), _negated=True), fields=('supplier', 'invoice_no'), name='purchase_invoice_once', violation_error_message='This invoice is recorded with another order already.')],
                    },
                ),
                migrations.CreateModel(
                    name='PurchaseLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('quantity', models.PositiveIntegerField(verbose_name='cards')),
                        ('unit_price', cardfleet.kernel.money.MoneyField(decimal_places=2, max_digits=13, verbose_name='price a card')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.carrier', verbose_name='carrier')),
                        ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.rateplan', verbose_name='plan')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cards.purchaseorder', verbose_name='order')),
                    ],
                    options={
                        'verbose_name': 'line of an order',
                        'verbose_name_plural': 'lines of orders',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('unit_price__gte', 0)), name='purchase_line_sane', violation_error_message='A line orders at least one card, at a price of nought or more.')],
                    },
                ),
                migrations.CreateModel(
                    name='Receipt',
                    fields=[
                        ('card', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='receipt', serialize=False, to='cards.card', verbose_name='card')),
                        ('received_at', models.DateTimeField(verbose_name='received at')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='cards.purchaseline', verbose_name='line')),
                        ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                    ],
                    options={
                        'verbose_name': 'received card',
                        'verbose_name_plural': 'received cards',
                    },
                ),
                migrations.CreateModel(
                    name='InspectionPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('custody_state', models.CharField(choices=[('in_stock', 'In stock'), ('spare', 'Spare'), ('issued', 'Issued'), ('return_due', 'Return due'), ('returned', 'Returned'), ('resting', 'Resting'), ('faulty', 'Faulty'), ('missing', 'Missing'), ('destroyed', 'Destroyed')], max_length=12, unique=True, verbose_name='custody')),
                        ('every_days', models.PositiveSmallIntegerField(verbose_name='every … days')),
                        ('is_active', models.BooleanField(default=True, verbose_name='in force')),
                    ],
                    options={
                        'verbose_name': 'inspection interval',
                        'verbose_name_plural': 'inspection intervals',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('every_days__gt', 0)), name='inspection_interval_sane', violation_error_message='An interval is at least one day.')],
                    },
                ),
                migrations.CreateModel(
                    name='Inspection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='looked at')),
                        ('custody_state', models.CharField(choices=[('in_stock', 'In stock'), ('spare', 'Spare'), ('issued', 'Issued'), ('return_due', 'Return due'), ('returned', 'Returned'), ('resting', 'Resting'), ('faulty', 'Faulty'), ('missing', 'Missing'), ('destroyed', 'Destroyed')], max_length=12, verbose_name='custody')),
                        ('condition', models.CharField(choices=[('good', 'Good'), ('worn', 'Worn'), ('damaged', 'Damaged')], max_length=8, verbose_name='condition')),
                        ('damage', models.CharField(blank=True, choices=[('bent', 'Bent'), ('wet', 'Wet'), ('heat', 'Heat'), ('contacts', 'Contacts scratched'), ('broken', 'Broken'), ('other', 'Other damage')], max_length=8, verbose_name='damage')),
                        ('signal', models.CharField(choices=[('not_looked', 'Not tried'), ('found', 'Finds its network'), ('none', 'No service')], default='not_looked', max_length=12, verbose_name='network')),
                        ('decision', models.CharField(blank=True, choices=[('keep', 'Stays a spare'), ('use', 'Comes into real use'), ('release', 'Is given up')], max_length=8, verbose_name='spare')),
                        ('use_by', models.DateField(blank=True, null=True, verbose_name='in real use by')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'inspection',
                        'verbose_name_plural': 'inspections',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', '-at'], name='inspection_card')],
                    },
                ),
                migrations.CreateModel(
                    name='IdCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('asked_at', models.DateTimeField(verbose_name='asked at')),
                        ('due_on', models.DateField(verbose_name='to be answered by')),
                        ('checked_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                        ('found', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='numbers found')),
                        ('known', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='numbers known here')),
                        ('foreign', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='numbers the person does not know')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                        ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='id_checks', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                    ],
                    options={
                        'verbose_name': 'yearly check of numbers under an ID',
                        'verbose_name_plural': 'yearly checks of numbers under an ID',
                        'ordering': ['-year', 'id'],
                        'permissions': [('answer_id_check', 'Can answer the yearly check of the own ID')],
                        'constraints': [models.UniqueConstraint(fields=('person', 'year'), name='id_check_once_a_year'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('checked_on__isnull', False), ('foreign__isnull', False), ('found__isnull', False), ('known__isnull', False)), _connector='OR'), name='id_check_answered_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='RegisteredUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registered_uses', to='cards.card', verbose_name='card')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered user')),
                    ],
                    options={
                        'verbose_name': 'registered user of a card',
                        'verbose_name_plural': 'registered users of cards',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', '-since'], name='registered_use_card')],
                    },
                ),
                migrations.CreateModel(
                    name='Sanction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('basis', models.CharField(choices=[('convicted', 'Convicted: three years'), ('police', 'Found by the police: two years'), ('carrier', 'Told by the carrier'), ('other', 'Other basis')], max_length=10, verbose_name='basis')),
                        ('source', models.CharField(max_length=200, verbose_name='told by')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='until')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted at')),
                        ('lifted_why', models.CharField(blank=True, max_length=200, verbose_name='why it was lifted')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('registrant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to='cards.registrant', verbose_name='registrant')),
                    ],
                    options={
                        'verbose_name': 'sanction',
                        'verbose_name_plural': 'sanctions',
                        'ordering': ['-ends_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('registrant__isnull', True)), models.Q(('person__isnull', True), ('registrant__isnull', False)), _connector='OR'), name='sanction_is_on_one', violation_error_message='Name a person or a registrant, not both.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='sanction_runs_forward', violation_error_message='A sanction cannot end before it begins.')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='inspection',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5313e77b6199e3ff95ae5cc5eb0a1282175f1733', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ce670', table='cards_inspection', when='BEFORE')),
                ),
            ],
        ),
    ]
