"""The question before a bulk job, on the page and over the API."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory
from tests.lifecycle.bulk_jobs import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(team):
    """A supervisor of the team."""
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def cards(team):
    return CardFactory.create_batch(3, team=team, carrier=CarrierFactory())


class TestPage:
    def test_the_list_offers_actions_and_the_question_says_the_number(self, client, cards, desk):
        client.force_login(desk)
        page = client.get(reverse("lifecycle:fleet")).content.decode()
        assert page.count('name="ids"') == 3
        assert reverse("lifecycle:bulk", args=["issue"]) in page
        assert reverse("lifecycle:bulk", args=["top_up"]) not in page, "finance records top-ups"
        asked = client.get(reverse("lifecycle:bulk", args=["plan"]), {"all": "1", "filter": "custody_state=in_stock"})
        assert asked.context["number"] == 3

    @pytest.mark.parametrize(("name", "may_be_undone"), [("team", True), ("remind", False)])
    def test_the_question_says_whether_it_can_be_undone(self, client, cards, desk, name, may_be_undone):
        User.objects.filter(pk=desk.pk).update(language="en")
        client.force_login(desk)
        page = client.get(reverse("lifecycle:bulk", args=[name]), {"ids": cards[0].pk})
        assert ("can be undone afterwards" in page.content.decode()) == may_be_undone

    def test_a_form_with_errors_keeps_what_was_chosen(self, client, cards, desk):
        client.force_login(desk)
        answer = client.post(reverse("lifecycle:bulk", args=["issue"]), {"ids": f"{cards[0].pk}", "agent": "nobody"})
        assert (answer.status_code, answer.context["ids"]) == (422, f"{cards[0].pk}")

    def test_a_number_that_changed_is_asked_again(self, client, cards, desk):
        client.force_login(desk)
        answer = client.post(reverse("lifecycle:bulk", args=["export"]), {"filter": "", "shown": "2", "form": "csv"})
        assert (answer.status_code, answer.context["number"]) == (409, 3)
        assert not Job.objects.exists()

    def test_an_export_has_the_columns_of_the_list_as_it_was_looked_at(self, client, cards, desk):
        client.force_login(desk)
        shown = client.get(reverse("lifecycle:fleet"), {"columns": ["region", "custody"], "custody_state": "in_stock"})
        assert 'name="list" value="columns=region&amp;columns=custody"' in shown.content.decode()
        ask = reverse("lifecycle:bulk", args=["export"])
        given = {"ids": cards[0].pk, "list": "columns=region&columns=custody"}
        columns = client.get(ask, given).context["form"]["columns"].value()
        client.post(ask, {"ids": cards[0].pk, "form": "csv", "columns": columns})
        with run(Job.objects.get()).result_file.content.open("rb") as file:
            head = file.read().decode("utf-8-sig").splitlines()[0].split(",")
        assert len(head) == 5, "ICCID and number stay; then region, custody and place"
        assert client.post(ask, {"ids": cards[0].pk, "form": "csv", "columns": "nothing"}).status_code == 422

    def test_the_job_is_started_and_its_page_offers_to_undo_it(self, client, cards, desk):
        client.force_login(desk)
        plan = RatePlanFactory(carrier=cards[0].carrier)
        answer = client.post(
            reverse("lifecycle:bulk", args=["plan"]), {"ids": ",".join(str(card.pk) for card in cards), "plan": plan.pk}
        )
        job = run(Job.objects.get())
        assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
        page = client.get(answer["Location"])
        assert page.context["may_undo"]
        client.post(reverse("jobs:undo", args=[job.pk]))
        undoing = run(Job.objects.exclude(pk=job.pk).get())
        assert (undoing.kind, undoing.succeeded) == ("lifecycle.bulk_plan_undo", 3)
        assert client.post(reverse("jobs:undo", args=[job.pk])).status_code == 409


class TestApi:
    def post(self, person, **body):
        client = APIClient()
        client.force_authenticate(person)
        return client.post("/api/v1/cards/bulk/", body, format="json", headers={"Idempotency-Key": "one"})

    def test_a_job_is_answered_once_for_a_key(self, cards, desk, team):
        agent = train(AgentFactory(user__team=team))
        body = {"action": "issue", "ids": [card.pk for card in cards], "params": {"agent": agent.pk}}
        first, second = self.post(desk, **body), self.post(desk, **body)
        assert (first.status_code, second.json()["id"]) == (202, first.json()["id"])
        assert run(Job.objects.get()).succeeded == 3

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"action": "export", "params": {"form": "csv"}}, 400),
            ({"action": "export", "ids": [1], "filter": "", "params": {"form": "csv"}}, 400),
            ({"action": "export", "filter": "", "params": {"form": "doc"}}, 400),
            ({"action": "export", "filter": "", "params": {"form": "csv", "size": 1}}, 400),
            ({"action": "export", "filter": "", "expected": 7, "params": {"form": "csv"}}, 409),
            ({"action": "top_up", "filter": "", "params": {"amount": "1"}}, 403),
            ({"action": "export", "filter": "", "params": {"form": "csv"}}, 202),
        ],
    )
    def test_what_cannot_be_is_refused_in_the_one_shape(self, cards, desk, body, status):
        answer = self.post(desk, **body)
        assert answer.status_code == status
        assert status == 202 or answer.json()["code"]
