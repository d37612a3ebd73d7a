"""Who sees the files of reports."""

from django.db.models import Q

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register
from cardfleet.lists.models import ScheduledReport


def sees_report(person: User, pk: str) -> bool:
    """Whose report it is and whom it is sent to, nobody else."""
    return ScheduledReport.objects.filter(Q(owner=person) | Q(recipients=person), pk=pk).exists()


register("lists.scheduledreport", sees_report)
