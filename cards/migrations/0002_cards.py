"""Cards with their secrets, history and devices, and the rules that bind them.

The app's files together stand for its migrations before the first release, for databases that have all of them:
`replaces` shares the names out among the files, whatever each once did.
"""

import cardfleet.kernel.creation
import cardfleet.kernel.crypto
import cardfleet.kernel.money
import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('cards', '0021_real_name'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('cards', '0001_carriers'),
        ('files', '0001_stored_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        cardfleet.kernel.creation.AtOnce(
            operations=[
                migrations.CreateModel(
                    name='Card',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('iccid', models.CharField(max_length=20, unique=True, verbose_name='ICCID')),
                        ('msisdn', models.CharField(max_length=16, verbose_name='number')),
                        ('imsi', models.CharField(blank=True, max_length=15, verbose_name='IMSI')),
                        ('real_name_state', models.CharField(choices=[('unknown', 'Not checked'), ('valid', 'Valid'), ('pending', 'Being registered'), ('invalid', 'Not in order')], default='unknown', max_length=8, verbose_name='real-name state')),
                        ('region', models.CharField(blank=True, max_length=40, verbose_name='home region')),
                        ('purpose', models.CharField(choices=[('sales', 'Sales calls to consenting customers'), ('service', 'Customer service'), ('call_back', 'Call-back'), ('research', 'Market research'), ('notice', 'Notices'), ('other', 'Other')], default='sales', max_length=10, verbose_name='purpose')),
                        ('industry', models.CharField(blank=True, max_length=40, verbose_name='industry')),
                        ('direction', models.CharField(choices=[('outbound', 'Outgoing only'), ('inbound', 'Incoming only'), ('both', 'Both ways')], default='both', max_length=8, verbose_name='direction of use')),
                        ('sim_form', models.CharField(blank=True, choices=[('mini', 'Mini (2FF)'), ('micro', 'Micro (3FF)'), ('nano', 'Nano (4FF)'), ('multi', 'Three sizes in one'), ('esim', 'eSIM')], max_length=5, verbose_name='SIM form')),
                        ('network', models.CharField(blank=True, choices=[('2g', '2G'), ('3g', '3G'), ('4g', '4G'), ('volte', '4G VoLTE'), ('5g', '5G')], max_length=5, verbose_name='network')),
                        ('may_long_distance', models.BooleanField(default=True, verbose_name='long distance allowed')),
                        ('may_roam', models.BooleanField(default=False, verbose_name='roaming allowed')),
                        ('may_sms', models.BooleanField(default=False, verbose_name='messages allowed')),
                        ('may_data', models.BooleanField(default=False, verbose_name='data allowed')),
                        ('hours_from', models.TimeField(blank=True, null=True, verbose_name='use from')),
                        ('hours_to', models.TimeField(blank=True, null=True, verbose_name='use until')),
                        ('purchase_channel', models.CharField(choices=[('outlet', 'Carrier outlet'), ('website', 'Carrier website or app'), ('account_manager', 'Carrier account manager'), ('agent', 'Authorised agent'), ('unknown', 'Not recorded')], default='unknown', max_length=16, verbose_name='bought at')),
                        ('purchase_price', cardfleet.kernel.money.MoneyField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name='purchase price')),
                        ('batch', models.CharField(blank=True, max_length=40, verbose_name='batch')),
                        ('received_on', models.DateField(blank=True, null=True, verbose_name='received on')),
                        ('activated_on', models.DateField(blank=True, null=True, verbose_name='activated on')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                        ('location', models.CharField(blank=True, max_length=80, verbose_name='storage location')),
                        ('condition', models.CharField(choices=[('good', 'Good'), ('worn', 'Worn'), ('damaged', 'Damaged')], default='good', max_length=8, verbose_name='condition')),
                        ('device_imei', models.CharField(blank=True, max_length=16, verbose_name='IMEI')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('service_state', models.CharField(choices=[('pending', 'Not activated'), ('active', 'In service'), ('half_stop', 'One-way stop'), ('full_stop', 'Two-way stop'), ('voluntary_stop', 'Voluntary stop'), ('lost_stop', 'Reported lost'), ('forced_stop', 'Forced stop'), ('reverify_stop', 'Re-verification stop'), ('cancel_pending', 'Cancellation under way'), ('pre_cancelled', 'Pre-cancelled'), ('cancelled', 'Cancelled'), ('frozen', 'Number frozen'), ('released', 'Number released'), ('ported_out', 'Ported out'), ('transferred', 'Transferred')], default='pending', max_length=16, verbose_name='service state')),
                        ('stop_reason', models.CharField(blank=True, choices=[('arrears', 'Arrears'), ('high_fee', 'High fee'), ('violation', 'Violation of carrier rules'), ('complaint', 'Complaints'), ('harassment', 'Nuisance calls'), ('abnormal_use', 'Abnormal use'), ('fraud_model', "Hit by the carrier's fraud model"), ('authority', 'Order of an authority'), ('real_name', 'Real-name registration not in order'), ('reverification', 'Second verification missed'), ('maintenance', 'Carrier maintenance'), ('card_fault', 'Faulty card'), ('expired', 'Expired'), ('idle', 'Unused too long'), ('not_activated', 'Not activated in time'), ('voluntary', 'At our own request'), ('lost', 'Lost'), ('stolen', 'Stolen'), ('business_change', 'Business change'), ('demand_change', 'Demand change'), ('unused', 'No longer used'), ('other', 'Other')], max_length=16, verbose_name='reason')),
                        ('service_since', models.DateTimeField(verbose_name='service state since')),
                        ('custody_state', models.CharField(choices=[('in_stock', 'In stock'), ('spare', 'Spare'), ('issued', 'Issued'), ('return_due', 'Return due'), ('returned', 'Returned'), ('resting', 'Resting'), ('faulty', 'Faulty'), ('missing', 'Missing'), ('destroyed', 'Destroyed')], default='in_stock', max_length=12, verbose_name='custody')),
                        ('custody_since', models.DateTimeField(verbose_name='custody since')),
                        ('is_customer_facing', models.BooleanField(default=False, verbose_name='customers rely on the number')),
                        ('is_marked', models.BooleanField(default=False, verbose_name='marked by callees')),
                        ('reverify_due_at', models.DateTimeField(blank=True, null=True, verbose_name='second verification due')),
                        ('created_at', models.DateTimeField(verbose_name='recorded at')),
                        ('updated_at', models.DateTimeField(verbose_name='changed at')),
                        ('actual_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registered_cards', to=settings.AUTH_USER_MODEL, verbose_name='registered user')),
                        ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_cards', to=settings.AUTH_USER_MODEL, verbose_name='holder')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='accounts.team', verbose_name='team')),
                        ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cards.carrier', verbose_name='carrier')),
                        ('contract', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cards.contract', verbose_name='contract')),
                        ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cards.rateplan', verbose_name='plan')),
                        ('registrant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cards.registrant', verbose_name='registrant')),
                        ('tags', models.ManyToManyField(blank=True, related_name='cards', to='cards.tag', verbose_name='tags')),
                    ],
                    options={
                        'verbose_name': 'card',
                        'verbose_name_plural': 'cards',
                        'ordering': ['id'],
                        'permissions': [('view_full_number', 'Can see numbers unmasked'), ('reveal_secret', 'Can reveal PIN, PUK and service password'), ('reveal_held_secret', 'Can reveal PIN, PUK and service password of cards in own hands'), ('change_service_state', 'Can record service-state changes'), ('release_card', 'Can release a card after a stop for its conduct'), ('correct_state', 'Can take back a state recorded by mistake'), ('import_card', 'Can import cards'), ('export_card', 'Can export cards'), ('attach_document', 'Can attach documents to cards'), ('view_real_name', 'Can see who numbers are registered to, used and held by')],
                        'indexes': [models.Index(fields=['service_state', 'id'], name='card_service_state'), models.Index(fields=['team', 'id'], name='card_team'), models.Index(django.contrib.postgres.indexes.OpClass('msisdn', name='varchar_pattern_ops'), name='card_msisdn_start'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('msisdn'), name='text_pattern_ops'), name='card_msisdn_end'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('iccid'), name='text_pattern_ops'), name='card_iccid_end'), models.Index(condition=models.Q(('imsi', ''), _negated=True), fields=['imsi'], name='card_imsi'), models.Index(fields=['expires_on'], name='card_expires_on'), models.Index(condition=models.Q(('custody_state', 'return_due')), fields=['id'], name='card_return_due'), models.Index(condition=models.Q(('service_state__in', ['forced_stop', 'full_stop', 'half_stop', 'lost_stop', 'pre_cancelled', 'reverify_stop', 'voluntary_stop'])), fields=['-service_since', 'id'], name='card_stopped'), models.Index(condition=models.Q(('custody_state__in', ['in_stock', 'spare'])), fields=['carrier', 'service_state', 'real_name_state'], name='card_in_stock')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('iccid__regex', '^89[0-9]{4}[0-9A-Z]{13,14}$')), name='card_iccid_form'), models.CheckConstraint(condition=models.Q(('msisdn__regex', '^\\+[1-9][0-9]{6,14}$')), name='card_msisdn_e164'), models.UniqueConstraint(condition=models.Q(('service_state__in', ['cancelled', 'frozen', 'ported_out', 'released', 'transferred']), _negated=True), fields=('msisdn',), name='card_number_live_once', violation_error_message='Another live card has this number.'), models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('activated_on__isnull', True), ('expires_on__gte', models.F('activated_on')), _connector='OR'), name='card_dates_run_forward', violation_error_message='A card cannot expire before it was activated.'), models.CheckConstraint(condition=models.Q(('holder__isnull', True), ('custody_state__in', ['issued', 'return_due', 'resting', 'faulty', 'missing']), _connector='OR'), name='card_held_only_outside_stock')],
                    },
                ),
                migrations.CreateModel(
                    name='CardSecret',
                    fields=[
                        ('card', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='secret', serialize=False, to='cards.card', verbose_name='card')),
                        ('pin1', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='PIN1')),
                        ('pin2', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='PIN2')),
                        ('puk1', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='PUK1')),
                        ('puk2', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='PUK2')),
                        ('service_password', cardfleet.kernel.crypto.EncryptedField(blank=True, verbose_name='service password')),
                        ('pin_tries_left', models.PositiveSmallIntegerField(default=3, verbose_name='PIN tries left')),
                        ('puk_tries_left', models.PositiveSmallIntegerField(default=10, verbose_name='PUK tries left')),
                        ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed at')),
                    ],
                    options={
                        'verbose_name': 'card secrets',
                        'verbose_name_plural': 'card secrets',
                    },
                ),
                migrations.CreateModel(
                    name='CardChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('axis', models.CharField(choices=[('service', 'Service'), ('custody', 'Custody')], max_length=7, verbose_name='axis')),
                        ('from_state', models.CharField(blank=True, max_length=16, verbose_name='from')),
                        ('to_state', models.CharField(max_length=16, verbose_name='to')),
                        ('reason', models.CharField(blank=True, max_length=16, verbose_name='reason')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('source', models.CharField(choices=[('carrier_sms', 'Carrier message'), ('carrier_app', 'Carrier app or site'), ('carrier_call', 'Call with the carrier'), ('outlet', 'Carrier outlet'), ('import', 'Import'), ('takeover', 'Take-over'), ('person', 'Entered by a person'), ('system', 'CardFleet')], max_length=12, verbose_name='source')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                        ('card', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='cards.card', verbose_name='card')),
                        ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='evidence')),
                        ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='cards.cardchange', verbose_name='takes back')),
                    ],
                    options={
                        'verbose_name': 'state change',
                        'verbose_name_plural': 'state changes',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', '-id'], name='card_change_history'), django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='card_change_at')],
                    },
                ),
                migrations.CreateModel(
                    name='CardNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(verbose_name='note')),
                        ('at', models.DateTimeField(verbose_name='written at')),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'note',
                        'verbose_name_plural': 'notes',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Device',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('imei', models.CharField(error_messages={'unique': 'The register has this IMEI already.'}, max_length=15, unique=True, verbose_name='IMEI')),
                        ('kind', models.CharField(choices=[('phone', 'Mobile phone'), ('desk_phone', 'Wireless desk phone'), ('tablet', 'Tablet')], default='phone', max_length=12, verbose_name='kind')),
                        ('model', models.CharField(blank=True, max_length=80, verbose_name='make and model')),
                        ('network', models.CharField(blank=True, choices=[('2g', '2G'), ('3g', '3G'), ('4g', '4G'), ('volte', '4G VoLTE'), ('5g', '5G')], max_length=5, verbose_name='best network')),
                        ('sim_forms', models.JSONField(blank=True, default=list, verbose_name='SIM forms it takes')),
                        ('sim_slots', models.PositiveSmallIntegerField(default=2, verbose_name='SIM slots')),
                        ('licence_no', models.CharField(blank=True, max_length=32, verbose_name='network access licence')),
                        ('state', models.CharField(choices=[('ready', 'In order'), ('repair', 'Under repair'), ('lost', 'Lost'), ('retired', 'Retired'), ('superseded', 'Wrongly recorded')], default='ready', max_length=12, verbose_name='state')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('created_at', models.DateTimeField(verbose_name='recorded at')),
                        ('updated_at', models.DateTimeField(verbose_name='changed at')),
                        ('owner', models.ForeignKey(blank=True, help_text='Empty: the company.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_devices', to=settings.AUTH_USER_MODEL, verbose_name='owned by')),
                        ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cards.device', verbose_name='recorded anew as')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='accounts.team', verbose_name='team')),
                        ('imei2', models.CharField(blank=True, max_length=15, verbose_name='second IMEI')),
                    ],
                    options={
                        'verbose_name': 'device',
                        'verbose_name_plural': 'devices',
                        'ordering': ['-id'],
                        'permissions': [('bind_device', 'Can put cards into devices and take them out')],
                        'indexes': [models.Index(fields=['team', '-id'], name='device_team')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('imei__regex', '^[0-9]{15}$')), name='device_imei_form'), models.CheckConstraint(condition=models.Q(('imei2__regex', '^([0-9]{15})?$')), name='device_imei2_form'), models.CheckConstraint(condition=models.Q(('imei2', models.F('imei')), _negated=True), name='device_imeis_differ', violation_error_message='Both IMEIs are the same. Dial *#06# and copy the second one.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.Func(django.db.models.functions.comparison.Cast(models.F('imei'), models.BigIntegerField()), django.db.models.functions.comparison.Cast(models.F('imei'), models.BigIntegerField()), models.Value('[]'), function='int8range'), models.Func(django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('imei2'), models.Value('')), models.F('imei')), models.BigIntegerField()), django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('imei2'), models.Value('')), models.F('imei')), models.BigIntegerField()), models.Value('[]'), function='int8range'), function='int8multirange'), '&&')], name='device_imei_of_one', violation_error_message='The register has this IMEI already.'), models.CheckConstraint(condition=models.Q(('sim_slots__range', (1, 2))), name='device_slots_few', violation_error_message='A device here has one SIM slot or two.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'superseded'), ('superseded_by__isnull', False)), models.Q(models.Q(('state', 'superseded'), _negated=True), ('superseded_by__isnull', True)), _connector='OR'), name='device_superseded_by_another')],
                    },
                ),
                migrations.CreateModel(
                    name='DeviceUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('imei', models.CharField(db_index=True, max_length=16, verbose_name='IMEI')),
                        ('since', models.DateTimeField(verbose_name='since')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='device_uses', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'phone of a card',
                        'verbose_name_plural': 'phones of cards',
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['card', '-since'], name='device_use_card')],
                    },
                ),
                migrations.CreateModel(
                    name='VoidedSim',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('iccid', models.CharField(max_length=20, unique=True, verbose_name='ICCID')),
                        ('imsi', models.CharField(blank=True, max_length=15, verbose_name='IMSI')),
                        ('why', models.CharField(choices=[('lost', 'Lost'), ('stolen', 'Stolen'), ('fault', 'Faulty SIM'), ('damaged', 'Damaged SIM'), ('form', 'Another size or kind of SIM')], max_length=8, verbose_name='reason')),
                        ('in_hand', models.BooleanField(verbose_name='the old SIM is in our hands')),
                        ('at', models.DateTimeField(verbose_name='void since')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                        ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voided_sims', to='cards.card', verbose_name='card')),
                    ],
                    options={
                        'verbose_name': 'voided SIM',
                        'verbose_name_plural': 'voided SIMs',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('iccid__regex', '^89[0-9]{4}[0-9A-Z]{13,14}$')), name='voided_iccid_form')],
                    },
                ),
                migrations.CreateModel(
                    name='CarrierRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('lineage', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                        ('kind', models.CharField(max_length=40, verbose_name='kind')),
                        ('region', models.CharField(blank=True, max_length=40, verbose_name='region')),
                        ('industry', models.CharField(blank=True, max_length=40, verbose_name='industry')),
                        ('warn', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='warn at')),
                        ('limit', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='limit')),
                        ('unit', models.CharField(blank=True, max_length=40, verbose_name='unit')),
                        ('window', models.CharField(blank=True, max_length=40, verbose_name='window')),
                        ('params', models.JSONField(blank=True, default=dict, verbose_name='further values')),
                        ('severity', models.CharField(choices=[('info', 'Information'), ('warn', 'Warning'), ('high', 'High'), ('critical', 'Critical')], max_length=8, verbose_name='severity')),
                        ('action', models.CharField(choices=[('record', 'Record'), ('warn', 'Warn'), ('need_approval', 'Ask for approval'), ('block', 'Block')], default='warn', max_length=13, verbose_name='action')),
                        ('consequence', models.TextField(blank=True, verbose_name='what the carrier does')),
                        ('source', models.CharField(max_length=200, verbose_name='source')),
                        ('confidence', models.CharField(choices=[('contract', 'Our contract'), ('law', 'Law'), ('document', 'Read in a document'), ('weak', 'Read in a weak source'), ('default', 'Our illustrative default')], default='default', max_length=8, verbose_name='confidence')),
                        ('is_illustrative', models.BooleanField(default=True, verbose_name='illustrative')),
                        ('effective_from', models.DateField(verbose_name='from')),
                        ('effective_to', models.DateField(blank=True, null=True, verbose_name='until (not included)')),
                        ('reason', models.TextField(blank=True, verbose_name='why it was changed')),
                        ('created_at', models.DateTimeField(verbose_name='written at')),
                        ('card', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='cards.card', verbose_name='card')),
                        ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='cards.carrier', verbose_name='carrier')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                        ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='cards.rateplan', verbose_name='plan')),
                        ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='source document')),
                    ],
                    options={
                        'verbose_name': 'carrier rule',
                        'verbose_name_plural': 'carrier rules',
                        'ordering': ['kind', 'carrier', '-effective_from'],
                        'indexes': [models.Index(fields=['kind', 'effective_from'], name='rule_kind_from')],
                        'constraints': [models.UniqueConstraint(fields=('lineage', 'version'), name='rule_version_once'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='rule_period_runs_forward', violation_error_message='A rule does not end before it begins.')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='card',
                    trigger=pgtrigger.compiler.Trigger(name='remembers_new_phone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."device_imei" > \'\')', func="\nINSERT INTO cards_deviceuse (card_id, imei, since)\nSELECT NEW.id, NEW.device_imei, NEW.updated_at WHERE NEW.device_imei <> '';\nRETURN NULL;\n", hash='2fbda09672a34370abfa2d312185e4838489ab02', operation='INSERT', pgid='pgtrigger_remembers_new_phone_0e418', table='cards_card', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='card',
                    trigger=pgtrigger.compiler.Trigger(name='remembers_phones', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."device_imei" IS DISTINCT FROM (OLD."device_imei"))', func="UPDATE cards_deviceuse SET until = NEW.updated_at WHERE card_id = NEW.id AND until IS NULL;\nINSERT INTO cards_deviceuse (card_id, imei, since)\nSELECT NEW.id, NEW.device_imei, NEW.updated_at WHERE NEW.device_imei <> '';\nRETURN NULL;\n", hash='48736bb94460ed5c3f86f5608b34d9bbf989960f', operation='UPDATE OF "device_imei"', pgid='pgtrigger_remembers_phones_637a9', table='cards_card', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='card',
                    trigger=pgtrigger.compiler.Trigger(name='remembers_new_user', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."actual_user_id" > 0)', func='\nINSERT INTO cards_registereduse (card_id, user_id, since)\nSELECT NEW.id, NEW.actual_user_id, NEW.updated_at WHERE NEW.actual_user_id IS NOT NULL;\nRETURN NULL;\n', hash='65473f1f0b66dda296140b6518cf2b400d7a1d2a', operation='INSERT', pgid='pgtrigger_remembers_new_user_788f9', table='cards_card', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='card',
                    trigger=pgtrigger.compiler.Trigger(name='remembers_users', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."actual_user_id" IS DISTINCT FROM (OLD."actual_user_id"))', func='UPDATE cards_registereduse SET until = NEW.updated_at WHERE card_id = NEW.id AND until IS NULL;\nINSERT INTO cards_registereduse (card_id, user_id, since)\nSELECT NEW.id, NEW.actual_user_id, NEW.updated_at WHERE NEW.actual_user_id IS NOT NULL;\nRETURN NULL;\n', hash='59de2049eca4e170823f893ef3125c19ce6e4fc9', operation='UPDATE OF "actual_user_id"', pgid='pgtrigger_remembers_users_c3bb7', table='cards_card', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='cardchange',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='43924f7cad70401e28be7a8865bfd5a9fd22c17d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_38e37', table='cards_cardchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='voidedsim',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a752bf84899f9578d9bdb445a3b49d8f93d8c4d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_41bd9', table='cards_voidedsim', when='BEFORE')),
                ),
            ],
        ),
    ]
