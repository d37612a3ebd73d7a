"""How complete and how well confirmed the register is, in a person's scope (R14, R65)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Assignment, CardConfirmation
from agents.querysets import AssignmentQuerySet
from agents.rules.confirmations import period_of
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cards.choices import RealNameState
from cards.models import Card

SHOWN = 50
HELD = Q(holder__isnull=False)
# What is missing, in which words, and on how many cards it could be.
GAPS: Sequence[tuple[str, Text, Q]] = (
    ("plan", _("No plan"), Q(plan__isnull=True)),
    ("registrant", _("No registrant"), Q(registrant__isnull=True)),
    ("real_name", _("Real-name state not known"), Q(real_name_state=RealNameState.UNKNOWN)),
    ("user", _("Held, but no registered user"), HELD & Q(actual_user__isnull=True)),
    ("expiry", _("No day of expiry"), Q(expires_on__isnull=True)),
    ("activation", _("No day of activation"), Q(activated_on__isnull=True)),
    ("imsi", _("No IMSI"), Q(imsi="")),
    ("region", _("No home region"), Q(region="")),
    ("phone", _("Held, but no phone recorded"), HELD & Q(device_imei="")),
    ("place", _("In nobody's hands and nowhere"), ~HELD & Q(location="")),
)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A fact that some cards lack, by the code the fleet list filters by, and how many do."""

    code: str
    label: Text
    count: int
    share: int


@dataclass(frozen=True, kw_only=True)
class TeamConfirmed:
    """How many cards a team's agents hold and how many of these their holders confirmed this quarter."""

    team_id: int | None
    team: str
    held: int
    confirmed: int

    @property
    def left(self) -> int:
        """Cards still to be confirmed."""
        return self.held - self.confirmed


@dataclass(frozen=True, kw_only=True)
class DataQuality:
    """The report; `share` of a gap and `confirmed` are per cent."""

    cards: int
    gaps: Sequence[Gap]
    teams: Sequence[TeamConfirmed]
    wrong: Sequence[CardConfirmation]
    period: date

    @property
    def held(self) -> int:
        """Cards in somebody's hands."""
        return sum(team.held for team in self.teams)

    @property
    def confirmed(self) -> int:
        """Cards that were confirmed."""
        return sum(team.confirmed for team in self.teams)


def data_quality(user: User, *, today: date) -> DataQuality:
    """Return how good the data of the live cards in scope is. Three queries."""
    cards = Card.objects.visible_to(user).live()
    counts = cards.aggregate(
        cards=Count("pk"), **{f"no_{code}": Count("pk", filter=lacks) for code, _label, lacks in GAPS}
    )
    found = [
        Gap(
            code=code,
            label=label,
            count=counts[f"no_{code}"],
            share=-(-counts[f"no_{code}"] * 100 // max(counts["cards"], 1)),
        )
        for code, label, _lacks in GAPS
    ]
    wrong = CardConfirmation.objects.visible_to(user).unsettled().select_related("card", "agent__user")
    return DataQuality(
        cards=counts["cards"],
        gaps=sorted((gap for gap in found if gap.count), key=lambda gap: -gap.count),
        teams=_teams(user, period_of(today)),
        wrong=list(wrong.order_by("-at")[:SHOWN]),
        period=period_of(today),
    )


def _teams(user: User, period: date) -> list[TeamConfirmed]:
    rows = (
        _held()
        .visible_to(user)
        .annotate(is_said=_is_said(period))
        .values("card__team", "card__team__name")
        .annotate(held=Count("pk"), confirmed=Count("pk", filter=Q(is_said=True)))
        .order_by("card__team__name")
    )
    return [
        TeamConfirmed(
            team_id=row["card__team"],
            team=row["card__team__name"] or "—",
            held=row["held"],
            confirmed=row["confirmed"],
        )
        for row in rows
    ]


def lacking(codes: Collection[str]) -> Q:
    """Return when a card lacks any of some facts."""
    return Q(*(lacks for code, _label, lacks in GAPS if code in codes), _connector=Q.OR)


def unconfirmed(today: date) -> QuerySet[Assignment]:
    """Return the assignments whose holders did not look at the details of the card this quarter."""
    return _held().exclude(_is_said(period_of(today)))


def _held() -> AssignmentQuerySet:
    return Assignment.objects.open().filter(accepted_at__isnull=False)


def _is_said(period: date) -> Exists:
    return Exists(CardConfirmation.objects.filter(card=OuterRef("card"), agent=OuterRef("agent"), period=period))
