import cardfleet.kernel.money
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0016_second_imei")]

    operations = [
        migrations.AddField(
            model_name="carrier",
            name="papers_hotline",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Empty: not possible this way.",
                verbose_name="papers to cancel by hotline",
            ),
        ),
        migrations.AddField(
            model_name="carrier",
            name="papers_outlet",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Empty: not possible this way.",
                verbose_name="papers to cancel at an outlet",
            ),
        ),
        migrations.AddField(
            model_name="carrier",
            name="papers_web_app",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Empty: not possible this way.",
                verbose_name="papers to cancel by site or app",
            ),
        ),
        migrations.AddField(
            model_name="carrier",
            name="reopen_fee",
            field=cardfleet.kernel.money.MoneyField(
                blank=True,
                decimal_places=2,
                help_text="Empty: the terms do not say that the former holder may have it back.",
                max_digits=13,
                null=True,
                verbose_name="fee to reopen a frozen number",
            ),
        ),
    ]
