"""Sums of a month hold its days before one: those taken so far are forgotten, and taken again within the hour."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_calls_returned")]

    operations = [
        migrations.RunSQL("DELETE FROM billing_summedmonth", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="summedmonth",
            name="until",
            field=models.DateField(default=date(2000, 1, 1), verbose_name="until"),
            preserve_default=False,
        ),
    ]
