"""In which open cases and matters a person is named: what must stay until they are over (PIPL art. 47)."""

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.navigation import url_or_empty
from lifecycle.models import Case, Matter

CLEARS = _("Close it first, or answer “kept because”: what proves a case stays until it is over.")


def named_in(person: User | None) -> list[Reason]:
    """Return a reason for each open case that names a person, as holder, reporter, witness of a step; two queries."""
    if person is None:
        return []
    of_steps = Q(steps__done_by=person) | Q(steps__second_by=person)
    of_case = Q(card__holder=person) | Q(opened_by=person) | Q(assignee=person) | Q(comments__by=person)
    cases = Case.objects.open().filter(of_case | of_steps).distinct().order_by("pk")
    matters = Matter.objects.open().filter(Q(complaint__card__holder=person) | Q(opened_by=person, about=None))
    return [
        *(
            Reason(
                code="named_in_case",
                message=format_lazy(
                    _("Named in the open case #{case}: {kind}."), case=case.pk, kind=case.get_kind_display()
                ),
                clears=CLEARS,
                clear_url=url_or_empty("lifecycle:case", case.pk),
            )
            for case in cases
        ),
        *(
            Reason(
                code="named_in_matter",
                message=format_lazy(
                    _("Named in the open matter #{matter}: {kind}."), matter=one.pk, kind=one.get_kind_display()
                ),
                clears=CLEARS,
                clear_url=url_or_empty("lifecycle:matter", one.pk),
            )
            for one in matters.distinct().order_by("pk")
        ),
    ]
