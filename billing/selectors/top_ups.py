"""What a top-up is judged by: levels, what is usual, what is advised; who acts next (R6, R28)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Avg, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.selectors.approvers import supervisors_of
from billing.choices import HERE_STATES, OPEN_STATES, ApprovalRank, EntryKind, TopUpState
from billing.models import LedgerEntry, TopUpLevel, TopUpRequest
from billing.rules.runway import Money, available
from billing.rules.top_ups import ahead, highest, speaks_for, suggested
from billing.selectors.balances import balances, daily_burns
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import to_fen

RIGHTS = {
    ApprovalRank.SUPERVISOR: "billing.approve_top_up",
    ApprovalRank.FINANCE: "billing.approve_large_top_up",
}
USUAL_WITHIN = timedelta(days=365)


def levels() -> dict[str, Decimal]:
    """Return above which amount (CNY) each level's yes is needed."""
    return dict(TopUpLevel.objects.values_list("rank", "above"))


def rank_of(person: User) -> ApprovalRank | None:
    """Return the highest level a person speaks for."""
    return highest([rank for rank, right in RIGHTS.items() if person.has_perm(right)])


def usual_amounts(card_ids: Collection[int], *, now: datetime) -> dict[int, Decimal]:
    """Return the mean of each card's top-ups of the last year, CNY, by card id, where there was one."""
    entries = LedgerEntry.objects.filter(
        card__in=card_ids, kind=EntryKind.TOP_UP, at__gte=now - USUAL_WITHIN, reversed_by__isnull=True
    )
    means = entries.order_by().values("card_id").annotate(mean=Avg("amount")).values_list("card_id", "mean")
    return {card: to_fen(mean) for card, mean in means}


def suggested_amounts(card_ids: Collection[int], *, today: date) -> dict[int, Decimal]:
    """Return by card id what would let the money of its account last for thirty days, CNY; nil where it does."""
    burns = daily_burns(today, card_ids)
    advised = {}
    for card_id, balance in balances(card_ids).items():
        burn = burns.get(balance.account_id)
        money = Money(balance=balance.shown, credit_limit=balance.credit_limit, daily_burn=burn)
        advised[card_id] = suggested(available=available(money), daily_burn=burn)
    return advised


def deciders(asked: TopUpRequest) -> QuerySet[User]:
    """Return who may say yes to what a top-up waits for, but who asked; finance where no supervisor is left."""
    others = User.objects.exclude(pk=asked.asked_by_id) if asked.asked_by_id else User.objects.all()
    if asked.rank == ApprovalRank.SUPERVISOR and asked.card:
        found = supervisors_of(asked.card.team).filter(pk__in=others.values("pk"))
        if found.exists():
            return found.order_by("pk")
    larger: QuerySet[User] = others.with_right(RIGHTS[ApprovalRank.FINANCE]).order_by("pk")
    return larger


def waiting_for(person: User) -> QuerySet[TopUpRequest]:
    """Return the top-ups a person has to decide on or to pay, or whose arrival to record; the oldest first."""
    mine = Q(pk__in=[])
    rank = rank_of(person)
    if rank == ApprovalRank.FINANCE:
        mine |= Q(state=TopUpState.ASKED)
    elif rank:
        mine |= Q(state=TopUpState.ASKED, rank=rank)
    decidable = mine & ~Q(asked_by=person) & ~Q(decisions__by=person)
    if person.has_perm("billing.pay_top_up"):
        decidable |= Q(state__in=(TopUpState.APPROVED, TopUpState.PAID))
    return TopUpRequest.objects.visible_to(person).filter(decidable).order_by("asked_at", "pk")


@dataclass(frozen=True)
class Steps:
    """What a person may do next with a top-up."""

    may_decide: bool = False
    may_pay: bool = False
    may_arrive: bool = False
    may_withdraw: bool = False
    is_own: bool = False

    @property
    def label(self) -> Text:
        """The one next step in words; to look where there is none."""
        if self.may_decide:
            return _("Decide")
        if self.may_pay:
            return _("Record the payment")
        return _("Record the arrival") if self.may_arrive else ""


def steps_of(asked: TopUpRequest, person: User, rank: ApprovalRank | None) -> Steps:
    """Return what a person, who speaks for the level `rank`, may do next."""
    is_own = asked.asked_by_id == person.pk
    pays = person.has_perm("billing.pay_top_up")
    waits = asked.state == TopUpState.ASKED
    is_open = asked.state in (TopUpState.ASKED, TopUpState.APPROVED)
    return Steps(
        may_decide=waits and not is_own and speaks_for(rank, ahead(asked.rank, ())) is not None,
        may_pay=pays and asked.state == TopUpState.APPROVED,
        may_arrive=pays and asked.state == TopUpState.PAID,
        may_withdraw=(is_own and is_open) or (pays and asked.state in (*OPEN_STATES, *HERE_STATES)),
        is_own=is_own,
    )
