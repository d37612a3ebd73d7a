"""Telling people that call records lack while their carrier still has them (domain.md section 2)."""

from datetime import date, datetime

from django.db import transaction

from billing.messages import USAGE_LACKS
from billing.rules.expectations import Span
from billing.selectors.expectations import expected
from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many


@transaction.atomic
def remind_of_usage(*, today: date, now: datetime) -> dict[str, int]:
    """Tell everybody who may import: once when a span is due and lacks, once more before the carrier drops it."""
    lacks = [(one.source, span) for one in expected(today=today) for span in one.lacks]
    people = importing_people() if lacks else []
    page = url_or_empty("billing:usage-import")
    tellings = [
        Telling(
            user=person,
            code=USAGE_LACKS,
            params={
                "source": source.name,
                "days": _days(span),
                "until": span.kept_until.isoformat(),
            },
            key=f"usage-lacks:{source.pk}:{span.first}:{'last' if span.is_last_call(today) else 'due'}",
            url=f"{page}?source={source.slug}",
            email=span.is_last_call(today),
        )
        for source, span in lacks
        for person in people
    ]
    tell_many(tellings=tellings, now=now)
    return {"lacking": len(lacks), "people": len(people)}


def importing_people() -> list[User]:
    """Return who may import call records."""
    return list(User.objects.with_right("billing.import_usage").order_by("pk"))


def _days(span: Span) -> str:
    if span.first == span.last:
        return span.first.isoformat()
    return f"{span.first.isoformat()} – {span.last.isoformat()}"
