"""Sums of a month count its calls: those taken so far are forgotten, and taken again within the hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_month_close")]

    operations = [
        migrations.RunSQL("DELETE FROM billing_summedmonth", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="usagemonth",
            name="calls",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
