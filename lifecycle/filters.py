"""The filters of the fleet list, alerts and devices, the same in page and API; all of them live in the address."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Assignment
from cardfleet.accounts.filters import TeamFilter
from cardfleet.kernel.clock import business_day, day_bounds
from cardfleet.kernel.filtersets import Days, Empty, Figures, Ids, ListFilterSet, Moments, Things
from cards.choices import STOPPED, CustodyState, DeviceKind, DeviceState, Network, ServiceState, Severity
from cards.models import Card, CardNote, Carrier, Device, DeviceUse, RatePlan, Tag
from cards.querysets import CardQuerySet, DeviceQuerySet
from cards.selectors.documents import documented
from lifecycle.choices import (
    AlertKind,
    AlertState,
    CaseColumn,
    CaseKind,
    CaseOutcome,
    CaseSource,
    EscalationLevel,
    RiskBand,
)
from lifecycle.models import Alert, Case
from lifecycle.querysets import for_today
from lifecycle.selectors.data_quality import GAPS, lacking, unconfirmed

FEW = 1000


class FleetFilter(ListFilterSet):
    """Filters over cards. `team` includes the teams below it; `staff_no` also takes the holder's user name."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or initials"))
    msisdn = django_filters.CharFilter(method="filter_msisdn", label=_("Number"))
    iccid = django_filters.CharFilter(lookup_expr="iexact", label="ICCID")
    service_state = django_filters.MultipleChoiceFilter(choices=ServiceState, label=_("Service state"), distinct=False)
    custody_state = django_filters.MultipleChoiceFilter(choices=CustodyState, label=_("Custody"), distinct=False)
    carrier = Things(queryset=Carrier.objects.all(), label=_("Carrier"))
    plan = Things(queryset=RatePlan.objects.all(), label=_("Plan"))
    team = TeamFilter("team")
    tag = django_filters.ModelMultipleChoiceFilter(
        queryset=Tag.objects.all(), to_field_name="name", method="filter_tag", label=_("Tag")
    )
    staff_no = django_filters.CharFilter(method="filter_staff_no", label=_("Holder's staff number"))
    holder = Ids(field_name="holder__agent", of=Agent, label=_("Holder"))
    stopped = django_filters.BooleanFilter(method="filter_stopped", label=_("Stopped"))
    risk = django_filters.MultipleChoiceFilter(
        field_name="risk__band", choices=RiskBand, label=_("Risk"), distinct=False
    )
    alert = django_filters.MultipleChoiceFilter(method="filter_alert", choices=AlertKind.choices, label=_("Alert"))
    expires_within = django_filters.NumberFilter(
        method="filter_expires_within", min_value=0, max_value=3650, label=_("Expires within days")
    )
    noted = django_filters.BooleanFilter(method="filter_noted", label=_("With a note"))
    documented = django_filters.BooleanFilter(method="filter_documented", label=_("With a document"))
    unaccepted = django_filters.BooleanFilter(method="filter_unaccepted", label=_("Awaiting acceptance"))
    return_due = django_filters.BooleanFilter(method="filter_return_due", label=_("Return due"))
    holder_absent = django_filters.BooleanFilter(method="filter_holder_absent", label=_("Holder absent today"))

    lacks = django_filters.MultipleChoiceFilter(
        method="filter_lacks", choices=[(code, label) for code, label, _lacks in GAPS], label=_("Missing")
    )
    unconfirmed = django_filters.BooleanFilter(
        method="filter_unconfirmed", label=_("Details not confirmed this quarter")
    )

    expires_on = Days(label=_("Expires on"))
    activated_on = Days(label=_("Activated on"))
    risk_score = Figures("risk__score", label=_("Risk"))
    holder__isnull = Empty("holder", label=_("Holder"))
    team__isnull = Empty("team", label=_("Team"))
    plan__isnull = Empty("plan", label=_("Plan"))
    expires_on__isnull = Empty("expires_on", label=_("Expires on"))

    class Meta:
        model = Card
        fields: tuple[str, ...] = ()

    def filter_search(self, cards: QuerySet[Card], _name: str, value: str) -> QuerySet[Card]:
        """Return cards matching any of the pasted words."""
        words = value.split()[:50]
        if not words:
            return cards
        # A few cards are named by id: no guess of the planner about a text then decides how the rest is read.
        found = Card.objects.matching(*words).order_by().values_list("pk", flat=True)
        few = list(found[: FEW + 1])
        return cards.filter(pk__in=found if len(few) > FEW else few)

    def filter_msisdn(self, cards: QuerySet[Card], _name: str, value: str) -> QuerySet[Card]:
        """Return the card of a number, with or without +86."""
        digits = value.strip().replace(" ", "").removeprefix("+86").lstrip("+")
        return cards.filter(msisdn__in=[f"+86{digits}", f"+{digits}"])

    def filter_staff_no(self, cards: QuerySet[Card], _name: str, value: str) -> QuerySet[Card]:
        """Return the cards a person holds."""
        return cards.filter(Q(holder__staff_no__iexact=value) | Q(holder__username__iexact=value))

    def filter_tag(self, cards: CardQuerySet, _name: str, value: Sequence[Tag]) -> CardQuerySet:
        """Return cards with any of these tags."""
        return cards.tagged(value) if value else cards

    def filter_stopped(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return stopped cards, or all others."""
        return cards.filter(service_state__in=STOPPED) if value else cards.exclude(service_state__in=STOPPED)

    def filter_alert(self, cards: QuerySet[Card], _name: str, value: list[str]) -> QuerySet[Card]:
        """Return cards with an open alert of one of these kinds."""
        if not value:
            return cards
        return cards.filter(Exists(Alert.objects.open().filter(card=OuterRef("pk"), kind__in=value)))

    def filter_expires_within(self, cards: QuerySet[Card], _name: str, value: Any) -> QuerySet[Card]:
        """Return live cards whose validity ends within so many days from today, or ended already."""
        last = business_day(timezone.now()) + timedelta(days=int(value))
        return cards.filter(pk__in=Card.objects.live().filter(expires_on__lte=last).values("pk"))

    def filter_noted(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards somebody wrote a note on, or all others."""
        noted = CardNote.objects.order_by().values("card")
        return cards.filter(pk__in=noted) if value else cards.exclude(pk__in=noted)

    def filter_documented(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards with a document, or all others."""
        return cards.filter(pk__in=documented()) if value else cards.exclude(pk__in=documented())

    def filter_unaccepted(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards handed over and not yet accepted, or all others."""
        waiting = Exists(Assignment.objects.open().filter(card=OuterRef("pk"), accepted_at__isnull=True))
        return cards.filter(waiting if value else ~waiting)

    def filter_return_due(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards to be given back: their custody says so, or their day has come."""
        late = Assignment.objects.open().filter(due_back_on__lte=business_day(timezone.now())).order_by()
        due = Card.objects.return_due().order_by().values("pk").union(late.values("card"))
        return cards.filter(pk__in=due) if value else cards.exclude(pk__in=due)

    def filter_holder_absent(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards in the hands of agents who are away today, or all others."""
        away = Agent.objects.absent_on(business_day(timezone.now())).values("user")
        return cards.filter(holder__in=away) if value else cards.exclude(holder__in=away)

    def filter_lacks(self, cards: QuerySet[Card], _name: str, value: list[str]) -> QuerySet[Card]:
        """Return live cards of which any of these facts is not known."""
        return cards.filter(lacking(value), pk__in=Card.objects.live().order_by().values("pk")) if value else cards

    def filter_unconfirmed(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards whose holder has yet to confirm their details this quarter, or all others."""
        waiting = unconfirmed(business_day(timezone.now())).order_by().values("card")
        return cards.filter(pk__in=waiting) if value else cards.exclude(pk__in=waiting)


class AlertFilter(ListFilterSet):
    """Filters over alerts. `team` includes the teams below it; `due` tells what is for today from what can wait."""

    kind = django_filters.MultipleChoiceFilter(choices=AlertKind, label=_("Kind"), distinct=False)
    state = django_filters.MultipleChoiceFilter(choices=AlertState, label=_("State"), distinct=False)
    severity = django_filters.MultipleChoiceFilter(choices=Severity, label=_("Severity"), distinct=False)
    team = TeamFilter("card__team", "agent__user__team")
    card = Ids(field_name="card_id", label=_("Card"))
    agent = Ids(field_name="agent_id", label=_("Agent"))
    assignee = Ids(field_name="assignee_id", label=_("Assigned to"))
    due = django_filters.ChoiceFilter(
        method="filter_due", choices=[("today", _("For today")), ("later", _("Later"))], label=_("Deadline")
    )
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Assigned to me"))
    notice = Ids(field_name="group__notice_id", label=_("Carrier notice"))
    group = Ids(field_name="group_id", label=_("Group"))
    resting = django_filters.BooleanFilter(method="filter_resting", label=_("Snoozed"))
    due_at = Moments(label=_("Deadline"))
    first_seen_at = Moments(label=_("Since"))
    due_at__isnull = Empty("due_at", label=_("Deadline"))
    assignee__isnull = Empty("assignee", label=_("Assigned to"))

    class Meta:
        model = Alert
        fields: tuple[str, ...] = ()

    def filter_mine(self, alerts: QuerySet[Alert], _name: str, value: bool) -> QuerySet[Alert]:  # noqa: FBT001
        """Return alerts assigned to who asks, or all others."""
        own = Q(assignee=self.request.user)
        return alerts.filter(own) if value else alerts.exclude(own)

    def filter_resting(self, alerts: QuerySet[Alert], _name: str, value: bool) -> QuerySet[Alert]:  # noqa: FBT001
        """Return alerts that rest, or those that do not."""
        resting = Q(snoozed_until__gt=timezone.now())
        return alerts.filter(resting) if value else alerts.filter(Q(snoozed_until__isnull=True) | ~resting)

    def filter_due(self, alerts: QuerySet[Alert], _name: str, value: str) -> QuerySet[Alert]:
        """Return what the board shows one by one, or what it heaps up by kind."""
        today = for_today(day_bounds(business_day(timezone.now()))[1])
        return alerts.filter(today if value == "today" else ~today)


class DeviceFilter(ListFilterSet):
    """Filters over devices. `team` includes the teams below it; `holding`: cards are in it, or none is."""

    search = django_filters.CharFilter(method="filter_search", label=_("IMEI, model or owner"))
    imei = django_filters.CharFilter(method="filter_imei", label="IMEI")
    kind = django_filters.MultipleChoiceFilter(choices=DeviceKind, label=_("Kind"), distinct=False)
    state = django_filters.MultipleChoiceFilter(choices=DeviceState, label=_("State"), distinct=False)
    network = django_filters.MultipleChoiceFilter(choices=Network, label=_("Best network"), distinct=False)
    team = TeamFilter("team")
    licensed = django_filters.BooleanFilter(method="filter_licensed", label=_("Licence recorded"))
    holding = django_filters.BooleanFilter(method="filter_holding", label=_("Holds cards"))

    class Meta:
        model = Device
        fields: tuple[str, ...] = ()

    def filter_search(self, devices: DeviceQuerySet, _name: str, value: str) -> DeviceQuerySet:
        """Return devices by their IMEI's start or end, model, licence or owner."""
        return devices.matching(value.strip())

    def filter_imei(self, devices: DeviceQuerySet, _name: str, value: str) -> DeviceQuerySet:
        """Return the device that has an IMEI as its first or second."""
        return devices.of_imei(value.strip())

    def filter_licensed(self, devices: DeviceQuerySet, _name: str, value: bool) -> DeviceQuerySet:  # noqa: FBT001
        """Return devices whose licence is recorded, or all others."""
        return devices.exclude(licence_no="") if value else devices.filter(licence_no="")

    def filter_holding(self, devices: DeviceQuerySet, _name: str, value: bool) -> DeviceQuerySet:  # noqa: FBT001
        """Return devices with cards in them, or empty ones."""
        in_it = Q(imei=OuterRef("imei")) | Q(imei=OuterRef("imei2"))
        inside = Exists(DeviceUse.objects.filter(in_it, until=None))
        return devices.filter(inside if value else ~inside)


class CaseFilter(ListFilterSet):
    """Filters over cases. `column` is what a case waits for; `clock` how it stands; `team` includes those below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or initials"))
    kind = django_filters.MultipleChoiceFilter(choices=CaseKind, label=_("Kind"), distinct=False)
    column = django_filters.MultipleChoiceFilter(method="filter_column", choices=CaseColumn, label=_("Waits for"))
    clock = django_filters.ChoiceFilter(
        method="filter_clock",
        choices=[("late", _("Late")), ("today", _("Due today")), ("week", _("Due within seven days"))],
        label=_("Deadline"),
    )
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull", label=_("Open"))
    outcome = django_filters.MultipleChoiceFilter(choices=CaseOutcome, label=_("Outcome"), distinct=False)
    reason = django_filters.CharFilter(label=_("Reason"))
    level = django_filters.MultipleChoiceFilter(choices=EscalationLevel, label=_("Escalation"), distinct=False)
    carrier = Things(field_name="card__carrier", queryset=Carrier.objects.all(), label=_("Carrier"))
    team = TeamFilter("card__team")
    card = Ids(field_name="card_id", label=_("Card"))
    source = django_filters.MultipleChoiceFilter(choices=CaseSource, label=_("Opened by"), distinct=False)
    assignee = Ids(field_name="assignee_id", label=_("Assigned to"))
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Assigned to me"))
    unassigned = django_filters.BooleanFilter(field_name="assignee", lookup_expr="isnull", label=_("Nobody's"))
    due_at = Moments(label=_("Deadline"))
    opened_at = Moments(label=_("Opened"))
    closed_at = Moments(label=_("Closed"))
    due_at__isnull = Empty("due_at", label=_("Deadline"))

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def filter_search(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Return cases of cards matching any of the pasted words."""
        words = value.split()[:50]
        return cases.filter(card__in=Card.objects.matching(*words).order_by().values("pk")) if words else cases

    def filter_column(self, cases: QuerySet[Case], _name: str, value: list[str]) -> QuerySet[Case]:
        """Return cases that wait for any of these, by the column their queryset works out."""
        return cases.filter(Q(("column__in", value))) if value else cases

    def filter_clock(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Return open cases that are late, or due by the end of today or of the seventh day from now."""
        now = timezone.now()
        days = {"late": now, "today": day_bounds(business_day(now))[1], "week": now + timedelta(days=7)}
        return cases.filter(closed_at__isnull=True, due_at__lt=days[value])

    def filter_mine(self, cases: QuerySet[Case], _name: str, value: bool) -> QuerySet[Case]:  # noqa: FBT001
        """Return cases assigned to who asks, or all others."""
        return cases.filter(assignee=self.request.user) if value else cases.exclude(assignee=self.request.user)
