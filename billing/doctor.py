"""What `manage.py doctor` looks at in billing."""

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.selectors.partitions import missing_partitions
from cardfleet.kernel import health
from cardfleet.kernel.clock import business_day, next_month
from cardfleet.kernel.health import Unwell


def partitions() -> None:
    """This month's and next month's calls have somewhere to go."""
    today = business_day(timezone.now())
    try:
        missing = missing_partitions(today, next_month(today))
    except DatabaseError as error:
        raise Unwell(_("The partitions cannot be read while the database is not set up.")) from error
    if missing:
        raise Unwell(
            _("Partitions for this or next month's calls are missing. Run: manage.py run_job make_partitions.")
        )


health.register("partitions", partitions)
