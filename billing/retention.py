"""How long calls are kept, and what belongs to them (domain.md section 2)."""

from datetime import date, datetime

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.choices import ClaimState
from billing.models import CallBack, Claim, RevokedUsage, UsageRecord, UsageReject, UsageSignal
from billing.services.past_claims import UNPAID, drop_claims
from billing.services.past_months import (
    BILL_PURPOSES,
    REJECTS_PURPOSE,
    drop_bill_files,
    drop_calls,
    drop_files,
    drop_rejects,
    drop_revoked,
)
from billing.services.usage_requests import PURPOSE
from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import business_day, day_start, month_start
from cardfleet.kernel.retention import NO_FLOOR, Category, Due, Effect, Floor, Rows, deleted, holds, register

LOGS = Floor(months=6, basis=_("Network logs are kept six months at least (Cybersecurity Law, art. 21)."))
REJECTS = Floor(months=2, basis=_("Caller, callee and time are kept 30 days at least (MIIT notice, 2020-06)."))
ORIGINALS = Floor(
    months=6, basis=_("The carrier keeps raw details five months; disputes need the original."), is_sure=False
)
VOUCHERS = Floor(
    months=360, basis=_("Vouchers and their papers are kept thirty years (会计档案管理办法)."), is_sure=False
)
THE_CLAIM = _("the claim was begun")
THE_CALL, THE_IMPORT = _("the call"), _("the import")


def first_held_month(before: date) -> date:
    """Return the day, or the first month with a call of a card that something open names: months go whole."""
    past = UsageRecord.objects.filter(started_at__lt=day_start(before))
    starts = [past.filter(card_id__in=hold.cards()).aggregate(first=Min("started_at"))["first"] for hold in holds()]
    return min([before, *(month_start(business_day(start)) for start in starts if start)])


def look_at_calls(before: date) -> Due:
    """Return the calls that would go with their months."""
    past = UsageRecord.objects.filter(started_at__lt=day_start(before))
    return Due(**past.aggregate(count=Count("*"), oldest=Min("started_at"), newest=Max("started_at")))


def look_at_rejects(before: date) -> Due:
    """Return the refused rows that would go, and the files of them."""
    rows, files = REFUSED.look(before), files_for(REJECTS_PURPOSE).look(before)
    return Due(count=rows.count + files.count, oldest=rows.oldest or files.oldest, newest=rows.newest or files.newest)


def files_for(*purposes: str) -> Rows:
    """Return the stored files of some purposes by their age."""

    def past(moment: datetime) -> QuerySet[StoredFile]:
        return StoredFile.objects.exclude(content="").filter(purpose__in=purposes, created_at__lt=moment)

    return Rows(past=past, at="created_at", drop=deleted)


REFUSED = Rows(
    past=lambda moment: UsageReject.objects.filter(batch__created_at__lt=moment), at="batch__created_at", drop=deleted
)
SIGNALS = Rows(past=lambda moment: UsageSignal.objects.filter(at__lt=moment), at="at", drop=deleted, cards=("card",))
REVOKED = Rows(past=lambda moment: RevokedUsage.objects.filter(started_at__lt=moment), at="started_at", drop=deleted)
RETURNED = Rows(past=lambda moment: CallBack.objects.filter(at__lt=moment), at="at", drop=deleted, cards=("card",))

register(
    Category(
        code="calls",
        label=_("Call records, of cards and voice lines"),
        floor=LOGS,
        default=24,
        since=THE_CALL,
        effect=Effect.DELETED,
        look=look_at_calls,
        drop=drop_calls,
        kept=first_held_month,
        at_once=20_000_000,
    )
)
register(
    Category(
        code="rejects",
        label=_("Refused rows"),
        floor=REJECTS,
        default=6,
        since=THE_IMPORT,
        effect=Effect.DELETED,
        look=look_at_rejects,
        drop=drop_rejects,
        at_once=200_000,
    )
)
register(
    Category(
        code="files",
        label=_("Original files"),
        floor=ORIGINALS,
        default=24,
        since=THE_IMPORT,
        effect=Effect.DELETED,
        look=files_for(PURPOSE).look,
        drop=drop_files,
    )
)
register(
    Category(
        code="revoked",
        label=_("Calls of revoked imports"),
        floor=LOGS,
        default=24,
        since=THE_CALL,
        effect=Effect.DELETED,
        look=REVOKED.look,
        drop=drop_revoked,
        at_once=2_000_000,
    )
)
register(
    Category(
        code="signals",
        label=_("Signals of failed calls"),
        floor=LOGS,
        default=24,
        since=THE_CALL,
        effect=Effect.DELETED,
        look=SIGNALS.look,
        drop=SIGNALS.go,
        at_once=2_000_000,
    )
)
register(
    Category(
        code="call_backs",
        label=_("Missed calls that were returned"),
        floor=NO_FLOOR,
        default=12,
        since=THE_CALL,
        effect=Effect.DELETED,
        look=RETURNED.look,
        drop=RETURNED.go,
        at_once=200_000,
    )
)


def claims_in(*states: str) -> Rows:
    """Return the claims in some states by their age."""

    def past(moment: datetime) -> QuerySet[Claim]:
        return Claim.objects.filter(state__in=states, made_at__lt=moment)

    return Rows(past=past, at="made_at", drop=drop_claims, people=("claimant__user",))


register(
    Category(
        code="bill_files",
        label=_("Bills of carriers and their letters, as files"),
        floor=VOUCHERS,
        default=360,
        since=THE_IMPORT,
        effect=Effect.DELETED,
        look=files_for(*BILL_PURPOSES).look,
        drop=drop_bill_files,
    )
)
PAID_CLAIMS, UNPAID_CLAIMS = claims_in(ClaimState.PAID), claims_in(*UNPAID)
register(
    Category(
        code="claims",
        label=_("Paid claims, with invoices, pictures and their payment"),
        floor=VOUCHERS,
        default=360,
        since=THE_CLAIM,
        effect=Effect.DELETED,
        look=PAID_CLAIMS.look,
        drop=PAID_CLAIMS.go,
    )
)
register(
    Category(
        code="claims_unpaid",
        label=_("Claims that were not paid"),
        floor=NO_FLOOR,
        default=24,
        since=THE_CLAIM,
        effect=Effect.DELETED,
        look=UNPAID_CLAIMS.look,
        drop=UNPAID_CLAIMS.go,
    )
)
