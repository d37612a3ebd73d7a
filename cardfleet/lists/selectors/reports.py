"""Reports: whose they are, who may receive them, what stops them."""

from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet

from cardfleet.accounts.models import User
from cardfleet.lists.asking import Asked, read
from cardfleet.lists.choices import WhyStopped
from cardfleet.lists.models import SavedView, ScheduledReport
from cardfleet.lists.registry import Listing, listing, listings
from cardfleet.lists.rules.standing import Standing, why_not
from cardfleet.lists.selectors.views import usable_views

RUNS = 20


def reports_of(person: User) -> QuerySet[ScheduledReport]:
    """Return the reports a person sees, with whose they are, how many receive them, and when they were sent."""
    return (
        ScheduledReport.objects.visible_to(person)
        .select_related("owner", "view")
        .annotate(receivers=Count("recipients", distinct=True), last_sent=Max("runs__sent_at"))
        .order_by("-pk")
    )


def views_to_send(person: User) -> QuerySet[SavedView]:
    """Return the views a person may have sent: those of lists they may take out."""
    lists = [one.code for one in listings(person) if person.has_perm(one.export_permission)]
    return usable_views(person).filter(listing__in=lists)


def fit_recipients(people: Iterable[User], one: Listing) -> list[User]:
    """Return those who are still here and may see the list."""
    return [person for person in people if person.is_active and person.has_perm(one.permission)]


def view_of(report: ScheduledReport) -> SavedView | None:
    """Return the view of a report while its owner may use it."""
    return usable_views(report.owner).filter(pk=report.view_id or 0).first()


def asked_by(report: ScheduledReport) -> Asked | None:
    """Return what a report asks of its list, in its owner's name; None without a view its owner may use."""
    view = view_of(report)
    return read(listing(report.listing), view.asked, report.owner) if view else None


def stopped_by(report: ScheduledReport, asked: Asked | None = None) -> WhyStopped | None:
    """Return what now stops a report, or None."""
    one, owner = listing(report.listing), report.owner
    asked = asked or asked_by(report)
    return why_not(
        Standing(
            owner_is_here=owner.is_active,
            owner_may_export=owner.has_perm(one.permission)
            and owner.has_perm(one.export_permission)
            and owner.has_perm("lists.add_scheduledreport"),
            view_is_there=report.view_id is not None,
            owner_sees_view=asked is not None,
            view_is_usable=asked is not None and not asked.faults,
            recipients=len(fit_recipients(report.recipients.all(), one)),
        )
    )
