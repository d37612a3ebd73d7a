"""How long receipts, trainings, appraisals and what callees said are kept (domain.md section 2)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from agents.models import Absence, Appraisal, Assignment, CalleeListing, Handover, Reward, TrainingRecord
from agents.services.callee_retention import forget_ended
from agents.services.past_papers import clear_receipts, clear_trainings
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.personal import GONE
from cardfleet.kernel.retention import NO_FLOOR, Category, Effect, Floor, Rows, deleted, register

DISPUTES = Floor(
    months=6,
    basis=_("Calls of that time are kept six months at least; who made them can be asked as long."),
    is_sure=False,
)
LABOUR = Floor(
    months=12,
    basis=_("Labour disputes may be raised for a year (Labour Dispute Mediation and Arbitration Law, art. 27)."),
    is_sure=False,
)
CONSENT = Floor(months=60, basis=_("Proof of consent is kept five years at least (Shanghai, art. 31)."))
REFUSAL = Floor(
    months=6, basis=_("A list of refusals is kept six months at least (insurance sales, 2013)."), is_sure=False
)
THEIR_END = _("their end")


def past_receipts(moment: datetime) -> QuerySet[Handover]:
    """Return receipts of which no card is out any more, nor was after a moment."""
    later = Assignment.objects.filter(handover=OuterRef("pk"), undone_at=None)
    out = Exists(later.filter(Q(ended_at=None) | Q(ended_at__gte=moment)))
    signed = Handover.objects.exclude(signed_name=GONE).filter(handed_at__lt=moment)
    return signed.exclude(signed_name="", signature=None).exclude(out)


def past_trainings(moment: datetime) -> QuerySet[TrainingRecord]:
    """Return trainings that count no longer, with a name or a proof."""
    day = business_day(moment)
    over = Q(valid_until__lt=day) | Q(revoked_at__lt=moment)
    named = TrainingRecord.objects.exclude(signed_name=GONE).exclude(signed_name="", evidence=None)
    return named.filter(over, recorded_at__lt=moment)


def callees_said(kind: ListingKind) -> Rows:
    """Return the entries of callees of a kind that ended, or ran out and are not marked so yet."""

    def past(moment: datetime) -> QuerySet[CalleeListing]:
        over = Q(ended_at__lt=moment) | Q(ended_at=None, expires_at__lt=moment)
        return CalleeListing.objects.filter(over, kind=kind)

    return Rows(past=past, at="given_at", drop=deleted)


def _forget_consents(before: date, now: datetime) -> Mapping[str, int]:
    return forget_ended(kind=ListingKind.CONSENT, before=day_start(before), now=now)


def _forget_refusals(before: date, now: datetime) -> Mapping[str, int]:
    return forget_ended(kind=ListingKind.DO_NOT_CALL, before=day_start(before), now=now)


OF_AGENT = ("agent__user",)
RECEIPTS = Rows(past=past_receipts, at="handed_at", drop=clear_receipts, people=OF_AGENT, cards=("assignments__card",))
TRAININGS = Rows(past=past_trainings, at="recorded_at", drop=clear_trainings, people=OF_AGENT)
APPRAISALS = Rows(
    past=lambda moment: Appraisal.objects.filter(month__lt=business_day(moment), signed_at__lt=moment),
    at="signed_at",
    drop=deleted,
    people=OF_AGENT,
)
REWARDS = Rows(
    past=lambda moment: Reward.objects.filter(month__lt=business_day(moment), recorded_at__lt=moment),
    at="recorded_at",
    drop=deleted,
    people=OF_AGENT,
)
ABSENCES = Rows(
    past=lambda moment: Absence.objects.filter(ends_on__lt=business_day(moment), recorded_at__lt=moment),
    at="recorded_at",
    drop=deleted,
    people=OF_AGENT,
)

register(
    Category(
        code="consents",
        label=_("Consent of callees, with its proof, after it ended"),
        floor=CONSENT,
        default=60,
        since=THEIR_END,
        effect=Effect.DELETED,
        look=callees_said(ListingKind.CONSENT).look,
        drop=_forget_consents,
        at_once=200_000,
    )
)
register(
    Category(
        code="refusals",
        label=_("Do-not-call entries after they ended"),
        floor=REFUSAL,
        default=24,
        since=THEIR_END,
        effect=Effect.DELETED,
        look=callees_said(ListingKind.DO_NOT_CALL).look,
        drop=_forget_refusals,
        at_once=200_000,
    )
)
register(
    Category(
        code="receipts",
        label=_("Signatures on hand-over receipts"),
        floor=DISPUTES,
        default=36,
        since=_("the return of the last card"),
        effect=Effect.ANONYMOUS,
        look=RECEIPTS.look,
        drop=RECEIPTS.go,
    )
)
register(
    Category(
        code="trainings",
        label=_("Proofs of training and signed commitments"),
        floor=NO_FLOOR,
        default=36,
        since=_("the end of their validity"),
        effect=Effect.ANONYMOUS,
        look=TRAININGS.look,
        drop=TRAININGS.go,
    )
)
for _code, _label, _floor, _months, _rows in (
    ("appraisals", _("Appraisals"), LABOUR, 24, APPRAISALS),
    ("rewards", _("Rewards and penalties"), LABOUR, 24, REWARDS),
    ("absences", _("Absences"), NO_FLOOR, 24, ABSENCES),
):
    register(
        Category(
            code=_code,
            label=_label,
            floor=_floor,
            default=_months,
            since=_("the time they are about"),
            effect=Effect.DELETED,
            look=_rows.look,
            drop=_rows.go,
        )
    )
