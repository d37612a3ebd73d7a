"""Doing one thing to many cards: each row answered for, the others done, and undone where it is still as it was."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Assignment
from billing.models import LedgerEntry, TopUpRequest
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job, JobItem
from cardfleet.jobs.services import retry_refused, start_undo
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState, ServiceState
from cards.models import Card, Location
from cards.services.many_facts import set_plans
from cards.services.tags import add_tags, remove_tags
from lifecycle.bulk.registry import BulkForm, actions, actions_of
from lifecycle.bulk.selection import Selection, named
from lifecycle.bulk.starting import allowed_action
from lifecycle.errors import NothingSelected, SelectionChanged, UnknownAction
from lifecycle.models import Case
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory
from tests.lifecycle.bulk_jobs import done, run, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(team):
    """A supervisor of the team."""
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def carrier():
    return CarrierFactory()


@pytest.fixture
def cards(team, carrier):
    return CardFactory.create_batch(3, team=team, carrier=carrier)


def undone(job: Job, person) -> Job:
    """Undo a job and return the job that did."""
    return run(start_undo(job=job, actor=person, now=FRIDAY))


def codes(job: Job) -> list[str]:
    return [row.code for row in job.rows.filter(ok=False)]


def fresh(cards) -> list[Card]:
    return [Card.objects.get(pk=card.pk) for card in cards]


class TestRows:
    def test_what_is_refused_keeps_nobody_from_the_others(self, cards, desk, team):
        """R11: forty cards go out in one job; one that another holds is named with the code and the sentence."""
        agent = train(AgentFactory(user__team=team))
        hand_over(cards[1], AgentFactory(user__team=team))
        job = done("issue", cards, desk, agent=agent.user.staff_no)
        assert (job.state, job.succeeded, job.refused) == ("partial", 2, 1)
        row = job.rows.get()
        assert (row.line, row.code, row.label.startswith("138****")) == (2, "held_already", True)
        assert row.message
        assert [card.holder for card in fresh(cards)] == [agent.user, fresh(cards)[1].holder, agent.user]

    def test_the_file_names_every_row(self, cards, desk, team):
        other = CardFactory(team=TeamFactory())
        job = done("return", [cards[0], other], desk, to="in_stock", condition="good")
        with job.result_file.content.open("rb") as file:
            table = list(csv.reader(StringIO(file.read().decode("utf-8-sig"))))
        assert [row[4] for row in table[1:]] == ["not_assigned", "not_found"]
        assert table[1][1] == f"'{cards[0].msisdn}"
        assert table[2][1:3] == ["", ""], "a card outside the scope is not named"

    def test_a_worker_that_was_cut_off_goes_on_where_it_was(self, cards, desk, team):
        """The rows that were written are done; a second run does not do them again."""
        agent = train(AgentFactory(user__team=team))
        job = start("issue", cards, desk, agent=agent.user.staff_no)
        run(job)
        Job.objects.filter(pk=job.pk).update(state="queued")
        again = run(job)
        assert (again.succeeded, again.refused, Assignment.objects.count()) == (3, 0, 3)

    def test_the_refused_rows_alone_are_tried_again(self, cards, desk, team):
        agent = train(AgentFactory(user__team=team))
        held = hand_over(cards[1], AgentFactory(user__team=team))
        job = done("issue", cards, desk, agent=agent.user.staff_no)
        done("return", [held.card], desk, to="in_stock", condition="good")
        again = run(retry_refused(job=job, actor=desk, now=FRIDAY))
        assert (again.state, again.total, again.succeeded) == ("done", 1, 1)


class TestSelection:
    def test_all_that_match_are_found_when_the_job_starts(self, cards, desk, team):
        plan = RatePlanFactory(carrier=cards[0].carrier)
        CardFactory(team=TeamFactory(), carrier=cards[0].carrier)
        job = done("plan", Selection(filter="custody_state=in_stock&page=2", shown=3), desk, plan=str(plan.pk))
        assert (job.state, job.succeeded) == ("done", 3)
        assert job.params["ids"] == [card.pk for card in cards]

    def test_another_number_than_was_shown_does_nothing(self, cards, desk, team):
        """The number is compared when the job is asked for, and again when it starts."""
        plan = RatePlanFactory(carrier=cards[0].carrier)
        with pytest.raises(SelectionChanged):
            start("plan", Selection(filter="", shown=2), desk, plan=str(plan.pk))
        job = start("plan", Selection(filter="", shown=3), desk, plan=str(plan.pk))
        CardFactory(team=team)
        job = run(job)
        assert (job.state, job.error_code) == ("failed", "selection_changed")
        assert not Card.objects.filter(plan=plan).exists()

    @pytest.mark.parametrize("query", ["risk=purple", "stoped=true", "carrier=999999"])
    def test_a_filter_edited_by_hand_is_refused(self, desk, query):
        with pytest.raises(BadInput):
            start("plan", Selection(filter=query, shown=1), desk)

    def test_no_card_and_what_is_no_id_are_refused(self, desk):
        with pytest.raises(NothingSelected):
            start("export", Selection(ids=[]), desk, form="csv")
        with pytest.raises(BadInput):
            named(["12", "x"])
        assert named(["12,13", "12"]).ids == [12, 13]


class TestActions:
    def test_every_action_asks_a_right_of_the_single_page_and_takes_its_own_values_only(self, desk):
        rights = {action.name: action.right for action in actions()}
        assert rights["top_up"] == "billing.post_entry"
        assert "top_up" not in [action.name for action in actions_of(desk)]
        assert all(issubclass(action.form, BulkForm) for action in actions())
        with pytest.raises(UnknownAction):
            allowed_action("destroy", desk)

    def test_a_hand_out_is_undone_where_it_still_stands(self, cards, desk, team):
        agent = train(AgentFactory(user__team=team))
        job = done("issue", cards, desk, agent=agent.user.staff_no)
        done("return", [cards[0]], desk, to="in_stock", condition="good")
        undoing = undone(job, desk)
        assert (undoing.succeeded, codes(undoing)) == (2, ["handover_ended"])
        assert {card.custody_state for card in fresh(cards)} == {CustodyState.IN_STOCK}
        assert Assignment.objects.filter(undone_at__isnull=False).count() == 2

    def test_a_return_is_undone_by_handing_out_again(self, cards, desk, team):
        agent = train(AgentFactory(user__team=team))
        for card in cards[:2]:
            hand_over(card, agent)
        job = done("return", cards[:2], desk, to="spare", condition="good")
        done("issue", [cards[0]], desk, agent=train(AgentFactory(user__team=team)).user.staff_no)
        undoing = undone(job, desk)
        assert (undoing.succeeded, codes(undoing)) == (1, ["changed_since"])
        assert fresh(cards)[1].holder == agent.user

    def test_a_plan_is_set_and_put_back(self, cards, desk):
        plan, later = RatePlanFactory(carrier=cards[0].carrier), RatePlanFactory(carrier=cards[0].carrier)
        foreign = CardFactory(team=cards[0].team)
        job = done("plan", [*cards, foreign], desk, plan=str(plan.pk))
        assert (job.succeeded, codes(job)) == (3, ["plan_of_other_carrier"])
        set_plans(plans={cards[0].pk: later}, actor=desk, now=FRIDAY)
        undoing = undone(job, desk)
        assert (undoing.succeeded, codes(undoing)) == (2, ["changed_since"])
        assert [card.plan for card in fresh(cards)] == [later, None, None]

    def test_cards_move_to_a_team_and_back(self, cards, desk, team):
        other = TeamFactory(parent=team)
        hand_over(cards[2], AgentFactory(user__team=team))
        job = done("team", cards, desk, team=str(other.pk))
        assert (job.succeeded, codes(job)) == (2, ["in_hands"])
        assert [card.team for card in fresh(cards)] == [other, other, team]
        undone(job, desk)
        assert {card.team for card in fresh(cards)} == {team}

    def test_cards_move_to_a_place_and_back(self, cards, desk, team):
        """R7: a place that is full refuses all; cards in hands lie nowhere."""
        place = Location.objects.create(name="A-1", capacity=2)
        assert codes(done("place", cards, desk, location=str(place.pk))) == ["no_room"] * 3
        hand_over(cards[2], AgentFactory(user__team=team))
        job = done("place", cards, desk, location=str(place.pk))
        assert (job.succeeded, codes(job)) == (2, ["in_hands"])
        Card.objects.filter(pk=cards[0].pk).update(location="elsewhere")
        undoing = undone(job, desk)
        assert (undoing.succeeded, codes(undoing)) == (1, ["changed_since"])
        assert [card.location for card in fresh(cards)] == ["elsewhere", "", ""]

    def test_labels_are_offered_as_pages_to_print(self, cards, desk):
        job = done("labels", cards, desk, layout="a4-24")
        assert job.summary["links"] == [f"/stock/labels/print/?layout=a4-24&cards={','.join(str(c.pk) for c in cards)}"]

    def test_tags_that_the_job_put_on_are_taken_off(self, cards, desk):
        add_tags(card_ids=[cards[0].pk], names=["夜班"], actor=desk, now=FRIDAY)
        job = done("tag", cards[:2], desk, tags="夜班, 😀")
        remove_tags(card_ids=[cards[1].pk], names=["夜班", "😀"], actor=desk, now=FRIDAY)
        undoing = undone(job, desk)
        assert (undoing.succeeded, codes(undoing)) == (1, ["changed_since"])
        assert [tag.name for tag in cards[0].tags.all()] == ["夜班"]
        undone(done("untag", cards[:2], desk, tags="夜班"), desk)
        assert [tag.name for tag in cards[0].tags.all()] == ["夜班"]

    def test_cancellations_are_opened_and_withdrawn(self, cards, desk, team):
        """R16, R116: after a business change each number gets its case; those customers rely on are left out."""
        relied_on = CardFactory(team=team, is_customer_facing=True)
        Card.objects.filter(pk=cards[2].pk).update(service_state=ServiceState.CANCELLED)
        job = done("cancel", [*cards, relied_on], desk, reason="business_change")
        assert (job.succeeded, codes(job)) == (2, ["ended_already", "customer_facing"])
        assert [card.service_state for card in fresh(cards)[:2]] == ["active"] * 2
        cases = Case.objects.filter(kind="cancellation", reason="business_change", outcome="")
        assert sorted(cases.values_list("card", flat=True)) == [card.pk for card in cards[:2]]
        undoing = undone(job, desk)
        assert undoing.state == "done"
        assert set(Case.objects.values_list("outcome", flat=True)) == {"withdrawn"}

    def test_top_ups_are_recorded_once_and_reversed(self, cards):
        """R28: one entry a card; the ledger refuses nothing but cards that no account pays for."""
        finance = PersonFactory(role=Role.FINANCE)
        account = AccountFactory(carrier=cards[0].carrier, cards=cards[:2])
        job = done("top_up", cards, finance, amount="50", reference="r1")
        assert (job.succeeded, codes(job)) == (2, ["account"])
        undone(job, finance)
        account.refresh_from_db()
        assert account.balance == 0
        assert sorted(LedgerEntry.objects.values_list("amount", flat=True)) == [
            Decimal(-50), Decimal(-50), Decimal(50), Decimal(50),
        ]  # fmt: skip

    def test_top_ups_are_asked_for_and_taken_back(self, cards, desk):
        """R6: one request a card; without an amount only cards whose money does not last."""
        AccountFactory(carrier=cards[0].carrier, cards=cards[:2])
        assert codes(done("ask_top_up", cards[:2], desk)) == ["lasts", "lasts"]
        job = done("ask_top_up", cards[:2], desk, amount="50", reason="low")
        assert (job.succeeded, set(TopUpRequest.objects.values_list("asked_by", "rank"))) == (
            2,
            {(desk.pk, "supervisor")},
        )
        undone(job, desk)
        assert set(TopUpRequest.objects.values_list("state", flat=True)) == {"withdrawn"}

    def test_a_holder_is_reminded_once_of_all_cards(self, cards, desk, team):
        agent = AgentFactory(user__team=team)
        for card in cards[:2]:
            hand_over(card, agent)
        job = done("remind", cards, desk, text="Bring them on Monday")
        assert (job.succeeded, codes(job)) == (2, ["no_holder"])
        item = InboxItem.objects.get(user=agent.user)
        assert (item.code, item.params["count"]) == ("lifecycle.holder_reminded", 2)
        assert cards[0].msisdn not in item.params["lines"]

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_an_export_is_a_file_of_the_job_and_journalled(self, cards, desk, form):
        job = done("export", cards[:2], desk, form=form)
        assert (job.state, job.succeeded, job.result_file.name.rpartition(".")[2]) == ("done", 2, form)
        number = job.result_file.name.rpartition("-")[2].removesuffix(f".{form}")
        assert Entry.objects.get(action="lifecycle.fleet_exported").related == [f"lists.file:{number}"]
        assert not JobItem.objects.exists()


def test_setting_plans_costs_the_same_for_one_card_and_for_three(cards, desk):
    plan = RatePlanFactory(carrier=cards[0].carrier)

    def cost(chosen) -> int:
        job = start("plan", chosen, desk, plan=str(plan.pk))
        with CaptureQueriesContext(connection) as seen:
            run_job(job.pk)
        return len(seen)

    assert cost(cards[:1]) == cost(cards[1:])


def test_a_job_whose_owner_lost_the_right_does_nothing(cards, desk):
    job = start("cancel", cards, desk, reason="unused")
    desk.groups.clear()
    job = run(job)
    assert (job.state, job.error_code) == ("failed", "not_allowed")
    assert not Case.objects.exists()
