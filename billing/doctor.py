"""What `manage.py doctor` looks at in billing."""

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.services.partitions import TABLE, existing
from cardfleet.kernel import health
from cardfleet.kernel.clock import business_day, next_month
from cardfleet.kernel.health import Unwell


def partitions() -> None:
    """This month's and next month's calls have somewhere to go."""
    today = business_day(timezone.now())
    try:
        known = existing()
    except DatabaseError as error:
        raise Unwell(_("The partitions cannot be read while the database is not set up.")) from error
    for day in (today, next_month(today)):
        if not any(name.startswith(f"{TABLE}_{day:%Y%m}") for name in known):
            raise Unwell(
                _("Partitions for this or next month's calls are missing. Run: manage.py run_job make_partitions.")
            )


health.register("partitions", partitions)
