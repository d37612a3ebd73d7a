"""The filters of the agent list, the same in the page and the API; all of them live in the address."""

from datetime import date

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus, LeavingState
from agents.models import Absence, Agent, Assignment, Leaving, LeavingTask
from agents.querysets import AbsenceQuerySet, AgentQuerySet, AssignmentQuerySet, LeavingQuerySet
from agents.selectors.training import lacking_training, lapsing_training
from cardfleet.accounts.filters import TeamFilter
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import Days, Empty, Figures, Ids, ListFilterSet, Moments
from cards.models import Card


class AgentFilter(ListFilterSet):
    """Filters over agents. `team` includes the teams below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Staff number, name or initials"))
    staff_no = django_filters.CharFilter(field_name="user__staff_no", lookup_expr="iexact", label=_("Staff number"))
    team = TeamFilter("user__team")
    status = django_filters.MultipleChoiceFilter(choices=AgentStatus, label=_("Status"), distinct=False)
    training = django_filters.ChoiceFilter(
        method="filter_training",
        choices=[("lacking", _("Missing or lapsed")), ("expiring", _("Lapses within 30 days"))],
        label=_("Training"),
    )
    absent = django_filters.BooleanFilter(method="filter_absent", label=_("Absent today"))
    holding = django_filters.BooleanFilter(method="filter_holding", label=_("Holds cards"))
    open_cards = Figures(label=_("Cards held"))
    joined_on = Days(label=_("joined on"))
    left_on = Days(label=_("left on"))
    left_on__isnull = Empty("left_on", label=_("left on"))

    class Meta:
        model = Agent
        fields: tuple[str, ...] = ()

    def filter_search(self, agents: QuerySet[Agent], _name: str, value: str) -> QuerySet[Agent]:
        """Return agents whose staff number, name, pinyin or initials begin so."""
        return agents.filter(pk__in=Agent.objects.matching(value).values("pk"))

    def filter_training(self, agents: QuerySet[Agent], _name: str, value: str) -> QuerySet[Agent]:
        """Return agents who may be given no card for want of training, or soon not."""
        today = business_day(timezone.now())
        chosen = lacking_training(today) if value == "lacking" else lapsing_training(today)
        return agents.exclude(status=AgentStatus.LEFT).filter(pk__in=chosen.values("pk"))

    def filter_absent(self, agents: AgentQuerySet, _name: str, value: bool) -> QuerySet[Agent]:  # noqa: FBT001
        """Return agents who are away today, or those who are not."""
        away = Agent.objects.absent_on(business_day(timezone.now())).values("pk")
        return agents.filter(pk__in=away) if value else agents.exclude(pk__in=away)

    def filter_holding(self, agents: QuerySet[Agent], _name: str, value: bool) -> QuerySet[Agent]:  # noqa: FBT001
        """Return agents who hold cards, or those who hold none."""
        holders = Assignment.objects.open().values("agent")
        return agents.filter(pk__in=holders) if value else agents.exclude(pk__in=holders)


class AssignmentFilter(ListFilterSet):
    """Filters over assignments; `open` are those that hold now, `on` a day in Shanghai on which they held."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or staff number"))
    card = Ids(field_name="card_id", label=_("Card"))
    agent = Ids(field_name="agent_id", label=_("Agent"))
    open = django_filters.BooleanFilter(method="filter_open", label=_("Holds now"))
    on = django_filters.DateFilter(method="filter_on", label=_("Held on"))
    started_at = Moments(label=_("From"))
    ended_at = Moments(label=_("Until"))
    due_back_on = Days(label=_("Due back"))
    due_back_on__isnull = Empty("due_back_on", label=_("Due back"))
    accepted_at__isnull = Empty("accepted_at", label=_("Accepted"))

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def filter_search(self, assignments: AssignmentQuerySet, _name: str, value: str) -> QuerySet[Assignment]:
        """Return those of cards or agents found by a text."""
        cards, agents = Card.objects.matching(value).order_by(), Agent.objects.matching(value)
        return assignments.filter(Q(card__in=cards.values("pk")) | Q(agent__in=agents.values("pk")))

    def filter_open(self, assignments: AssignmentQuerySet, _name: str, value: bool) -> QuerySet[Assignment]:  # noqa: FBT001
        """Return those that hold now, or the others."""
        held = Assignment.objects.open().values("pk")
        return assignments.filter(pk__in=held) if value else assignments.exclude(pk__in=held)

    def filter_on(self, assignments: AssignmentQuerySet, _name: str, value: date) -> QuerySet[Assignment]:
        """Return those that held at any time of a day."""
        return assignments.on(value)


class AbsenceFilter(ListFilterSet):
    """Filters over absences; `on` a day in Shanghai they cover."""

    agent = Ids(field_name="agent_id", label=_("Agent"))
    on = django_filters.DateFilter(method="filter_on", label=_("Away on"))

    class Meta:
        model = Absence
        fields: tuple[str, ...] = ()

    def filter_on(self, absences: AbsenceQuerySet, _name: str, value: date) -> QuerySet[Absence]:
        """Return those that cover a day."""
        return absences.on(value)


class LeavingFilter(ListFilterSet):
    """Filters over leavings. `late`: something should be wound up by now; `holding`: a card is still in their hands."""

    search = django_filters.CharFilter(method="filter_search", label=_("Staff number, name or initials"))
    team = TeamFilter("agent__user__team")
    state = django_filters.MultipleChoiceFilter(method="filter_state", choices=LeavingState, label=_("State"))
    late = django_filters.BooleanFilter(method="filter_late", label=_("Something is late"))
    holding = django_filters.BooleanFilter(method="filter_holding", label=_("Holds cards"))
    leaves_on = Days(label=_("Last day"))

    class Meta:
        model = Leaving
        fields: tuple[str, ...] = ()

    def filter_search(self, leavings: LeavingQuerySet, _name: str, value: str) -> QuerySet[Leaving]:
        """Return leavings of agents found by a text."""
        return leavings.filter(agent__in=Agent.objects.matching(value).values("pk"))

    def filter_state(self, leavings: LeavingQuerySet, _name: str, value: list[str]) -> QuerySet[Leaving]:
        """Return leavings in any of these states, which follow from their dates."""
        return leavings.in_states(value) if value else leavings

    def filter_late(self, leavings: LeavingQuerySet, _name: str, value: bool) -> QuerySet[Leaving]:  # noqa: FBT001
        """Return leavings of which something is late, or the others."""
        late = LeavingTask.objects.undone().filter(due_on__lt=business_day(timezone.now())).values("leaving")
        return leavings.filter(pk__in=late) if value else leavings.exclude(pk__in=late)

    def filter_holding(self, leavings: LeavingQuerySet, _name: str, value: bool) -> QuerySet[Leaving]:  # noqa: FBT001
        """Return leavings of agents who hold cards, or the others."""
        holders = Assignment.objects.open().values("agent")
        return leavings.filter(agent__in=holders) if value else leavings.exclude(agent__in=holders)
