"""Budgets against the ledger, warned of once, copied and shown (R5, R66)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from billing.choices import BudgetPeriod
from billing.errors import BudgetNotUsable, NothingToCopy
from billing.models import Budget, BudgetWarning
from billing.selectors.budgets import card_budgets, lines, of_month, split_of
from billing.services import ledger
from billing.services.budgets import copy_budgets, set_budget, watch_budgets
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.notify.models import InboxItem
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db
MONTH = BudgetPeriod.MONTH


@pytest.fixture
def finance(reference):
    return PersonFactory(role=Role.FINANCE)


@pytest.fixture
def spent(finance, now):
    """Two teams below one; a card of each, charged 60 and 20 this month, and the first one 10 in the month before."""
    upper = TeamFactory()
    found = {"upper": upper}
    for name, amount in (("one", 60), ("two", 20)):
        team = TeamFactory(parent=upper)
        card = CardFactory(team=team)
        account = AccountFactory(carrier=card.carrier, cards=[card])
        agent = AgentFactory(user__team=team)
        held(card, agent, now - timedelta(days=90))
        ledger.charge(account=account, card=card, amount=Decimal(amount), actor=None, now=now)
        found |= {name: team, f"{name}_card": card, f"{name}_agent": agent, f"{name}_account": account}
    ledger.charge(
        account=found["one_account"],
        card=found["one_card"],
        amount=Decimal(10),
        actor=None,
        now=now - timedelta(days=30),
    )
    return found


def put(of, amount, now, *, period=MONTH, actor=None, on=None):
    return set_budget(of=of, period=period, starts_on=on or now.date(), amount=Decimal(amount), actor=actor, now=now)


def test_used_is_what_the_cost_report_says_for_company_team_agent_and_card(spent, finance, now):
    """R66: a team's are the costs of the teams below it too; the year adds its months."""
    expected = [(None, 80), ("upper", 80), ("one", 60), ("two", 20), ("one_agent", 60), ("two_card", 20)]
    for of, used in expected:
        assert put(spent[of] if of else None, 100, now).used == Decimal(used), of
    year = put(None, 1000, now, period=BudgetPeriod.YEAR)
    assert (year.used, year.forecast, year.starts_on) == (Decimal(90), Decimal(170), date(2026, 1, 1))
    rows = lines(finance, period=MONTH, starts_on=month_start(now.date()))
    assert [(row.budget.scope, row.used) for row in rows] == [
        ("company", 80), ("team", 80), ("team", 60), ("team", 20), ("agent", 60), ("card", 20),
    ]  # fmt: skip
    assert split_of(rows) == (Decimal(100), Decimal(100)), "what is below another team is within its budget"
    assert card_budgets([spent["two_card"].pk], today=now.date()) == {spent["two_card"].pk: Decimal(100)}


def test_marks_are_told_once_to_finance_and_the_teams_supervisors(spent, finance, now):
    """R5, R66: warnings at 80 and 100 %; a raised budget is warned of anew."""
    boss = PersonFactory(role=Role.SUPERVISOR, scope=spent["one"])
    other = PersonFactory(role=Role.SUPERVISOR, scope=spent["two"])
    budget = put(spent["one"], 75, now)
    runs = [watch_budgets(on=now.date(), now=now)["told"] for _run in range(2)]
    assert runs == [1, 0]
    put(spent["one"], 60, now)
    assert watch_budgets(on=now.date(), now=now)["told"] == 1
    assert list(BudgetWarning.objects.values_list("mark", flat=True)) == [80, 100]
    put(spent["one"], 1000, now)
    assert not BudgetWarning.objects.exists()
    ledger.charge(account=spent["one_account"], card=spent["one_card"], amount=Decimal(800), actor=None, now=now)
    assert watch_budgets(on=now.date(), now=now)["told"] == 1
    for person, count in ((finance, 3), (boss, 3), (other, 0)):
        assert InboxItem.objects.filter(user=person, code="billing.budget_mark").count() == count
    deeds = Entry.objects.filter(action="billing.budget_set", subject=f"billing.budget:{budget.pk}").order_by("pk")
    assert [deed.data["after"] for deed in deeds] == ["75.00", "60.00", "1000.00"]


def test_the_month_before_is_copied_where_this_one_lacks(spent, now):
    with pytest.raises(NothingToCopy):
        copy_budgets(month=now.date(), actor=None, now=now)
    put(None, 500, now)
    put(spent["one"], 300, now)
    following = date(2026, 12, 1)
    put(None, 600, now, on=following)
    assert copy_budgets(month=following, actor=None, now=now) == 1
    amounts = Budget.objects.filter(starts_on=following).order_by("scope")
    assert list(amounts.values_list("scope", "amount")) == [("company", Decimal(600)), ("team", Decimal(300))]


@pytest.mark.parametrize(("amount", "on"), [("0", None), ("-1", None), ("5", date(2026, 10, 1))])
def test_a_budget_of_nothing_or_of_a_time_that_is_over_is_refused(reference, now, amount, on):
    with pytest.raises(BudgetNotUsable):
        put(None, amount, now, on=on)


def test_the_page_sets_shows_and_reckons_ahead_within_the_scope(spent, finance, client, django_assert_max_num_queries):
    """R66: finance sets, supervisors see their teams'; what-if stands beside it."""
    now = timezone.now()
    page = reverse("billing:budgets")
    client.force_login(finance)
    wrong = client.post(reverse("billing:budget-set"), {"scope": "team", "period": "month", "amount": "100"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["team"])
    for given in (
        {"scope": "company"},
        {"scope": "team", "team": spent["one"].pk},
        {"scope": "team", "team": spent["two"].pk},
    ):
        assert (
            client.post(reverse("billing:budget-set"), {**given, "period": "month", "amount": "100"}).status_code == 302
        )
    budget = Budget.objects.get(team=spent["two"])
    client.post(reverse("billing:budget-change", args=[budget.pk]), {"amount": "250"})
    client.post(reverse("billing:budget-change", args=[Budget.objects.get(team=spent["one"]).pk]), {"remove": "1"})
    shown = client.get(page, {"calls": "50"})
    assert [row.budget.amount for row in shown.context["rows"]] == [Decimal(100), Decimal(250)]
    assert shown.context["split"] == (Decimal(250), Decimal(100))
    assert shown.context["then"].fees == shown.context["base"].fees
    assert client.get(page, {"cards": "5"}).context["what_if"].errors["plan"]
    assert of_month(finance, today=business_day(now)).budget.amount == Decimal(100)
    assert client.get(reverse("billing:costs")).context["budget_used"] is not None
    assert client.get(reverse("lifecycle:board-cost")).context["cost"].budget == Decimal(100)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=spent["two"]))
    with django_assert_max_num_queries(40):
        shown = client.get(page)
    assert [row.budget for row in shown.context["rows"]] == [budget]
    assert not shown.context["may_set"]


def test_the_api_sets_changes_copies_removes_and_reckons(spent, finance, time_machine, now):
    """R5, R66: as on the page, with the same rights; a key counts once; what is not in scope is not known."""
    time_machine.move_to(now, tick=False)
    address, api = "/api/v1/budgets/", APIClient()
    api.force_authenticate(finance)
    new = {"team": spent["one"].pk, "period": "month", "starts_on": "2026-11-20", "amount": "100"}
    key = {"HTTP_IDEMPOTENCY_KEY": "b1"}
    made = [api.post(address, new, format="json", **key).json() for _run in range(2)]
    assert made[0] == made[1]
    assert (made[0]["scope"], made[0]["starts_on"], made[0]["used"]) == ("team", "2026-11-01", "60.00")
    one = f"{address}{made[0]['id']}/"
    assert api.patch(one, {"amount": "120.00"}, format="json").json()["amount"] == "120.00"
    assert api.post(f"{address}copy/", {"month": "2026-12-05"}, format="json").json() == {"copied": 1}
    assert api.post(f"{address}copy/", {"month": "2026-12-05"}, format="json").status_code == 409
    for wrong in ({"agent": spent["one_agent"].pk}, {"team": 999_999}, {"amount": "0"}, {"starts_on": "2026-10-01"}):
        assert api.post(address, {**new, **wrong}, format="json").status_code == 400, wrong
    price = PlanPriceFactory(monthly_fee=Decimal(39))
    asked = {"team": spent["one"].pk, "plan": price.plan_id, "cards": 2}
    ahead = api.post(f"{address}what-if/", asked, format="json").json()
    assert [ahead["base"]["total"], ahead["then"]["total"], ahead["more"]] == ["60.00", "138.00", "78.00"]
    assert api.post(f"{address}what-if/", {"cards": 3}, format="json").json()["details"][0]["field"] == "plan"
    assert api.post(f"{one}remove/").status_code == 204
    assert not Budget.objects.filter(pk=made[0]["id"]).exists()
    api.force_authenticate(PersonFactory(role=Role.SUPERVISOR, scope=spent["two"]))
    assert api.post(address, new, format="json").status_code == 403
    assert api.post(f"{address}what-if/", {"team": spent["one"].pk, "calls": 5}, format="json").status_code == 400
