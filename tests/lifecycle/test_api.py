"""Cards and alerts over the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.models import Assignment
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import CustodyState, ServiceState, StopReason
from cards.models import CardSecret
from lifecycle.choices import AlertState
from lifecycle.models import Alert
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


def api(role: Role, *, scope=None) -> APIClient:
    """Return a client signed in as somebody of a role."""
    client = APIClient()
    client.force_authenticate(PersonFactory(role=role, scope=scope or TeamFactory()))
    return client


@pytest.fixture
def desk(team) -> APIClient:
    """A supervisor of the team."""
    return api(Role.SUPERVISOR, scope=team)


@pytest.fixture
def agent(team):
    return train(AgentFactory(user__team=team, user__role=Role.AGENT))


def ids(answer) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


class TestCards:
    def test_a_supervisor_lists_the_cards_of_the_scope_with_whole_numbers(self, desk, team, agent):
        """R4, R11: scope and masks are the same in the API."""
        card = CardFactory(team=team)
        hand_over(card, agent)
        CardFactory(team=TeamFactory())
        (row,) = desk.get("/api/v1/cards/").json()["results"]
        assert row["id"] == card.pk
        assert (row["msisdn"], row["iccid"]) == (card.msisdn, card.iccid)
        assert (row["service_state"], row["custody_state"]) == ("active", "issued")
        assert (row["holder"], row["team"], row["carrier"]) == (agent.pk, team.pk, card.carrier_id)

    def test_an_agent_sees_own_cards_masked_and_nothing_secret(self, agent):
        """R24, R83: no secret ever, numbers masked without the right."""
        card = CardFactory()
        CardSecret.objects.create(card=card, pin1="1234")
        hand_over(card, agent)
        CardFactory()
        client = APIClient()
        client.force_authenticate(agent.user)
        answer = client.get("/api/v1/cards/")
        (row,) = answer.json()["results"]
        assert (row["msisdn"], row["iccid"]) == (card.masked_msisdn, card.masked_iccid)
        assert "1234" not in str(sorted(row))
        assert not {"pin1", "imsi", "secret"} & row.keys()

    @pytest.mark.parametrize(
        ("parameters", "found"),
        [
            ({"service_state": "full_stop"}, "stopped"),
            ({"custody_state": "issued"}, "held"),
            ({"search": "4321"}, "held"),
            ({"msisdn": "13900004321"}, "held"),
            ({"iccid": "89860000000000000077"}, "stopped"),
        ],
    )
    def test_filters(self, desk, team, agent, parameters, found):
        cards = {
            "stopped": CardFactory(
                team=team,
                service_state=ServiceState.FULL_STOP,
                stop_reason=StopReason.ARREARS,
                iccid="89860000000000000077",
            ),
            "held": CardFactory(team=team, msisdn="+8613900004321"),
        }
        hand_over(cards["held"], agent)
        assert ids(desk.get("/api/v1/cards/", parameters)) == [cards[found].pk]

    def test_filters_by_things(self, desk, team, agent):
        held, other = CardFactory(team=team), CardFactory(team=team)
        hand_over(held, agent)
        assert ids(desk.get("/api/v1/cards/", {"holder": agent.pk})) == [held.pk]
        assert ids(desk.get("/api/v1/cards/", {"carrier": other.carrier_id})) == [other.pk]
        assert ids(desk.get("/api/v1/cards/", {"team": team.pk})) == [other.pk, held.pk]

    @pytest.mark.parametrize(
        "parameters",
        [
            {"colour": "red"},
            {"service_state": "asleep"},
            {"carrier": "0"},
            {"holder": "0"},
            {"page_size": "501"},
            {"team": "x"},
        ],
    )
    def test_an_unknown_filter_or_value_is_bad_input(self, desk, parameters):
        answer = desk.get("/api/v1/cards/", parameters)
        assert answer.status_code == 400
        assert answer.json()["details"][0]["field"] == next(iter(parameters))

    def test_a_list_takes_a_fixed_number_of_statements(self, desk, team, agent):
        def statements(cards: int) -> int:
            for _number in range(cards):
                hand_over(UsageDailyFactory(card=CardFactory(team=team)).card, agent)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get("/api/v1/cards/").status_code == 200
            return len(captured)

        statements(1)
        assert statements(1) == statements(2)

    def test_a_card_outside_the_scope_is_not_there(self, desk):
        card = CardFactory(team=TeamFactory())
        for path in ("", "can-call/"):
            answer = desk.get(f"/api/v1/cards/{card.pk}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class TestHandout:
    def test_issue_and_return(self, desk, team, agent):
        """R11, R75: handed out, accepted later, taken back."""
        card = CardFactory(team=team)
        issued = desk.post(f"/api/v1/cards/{card.pk}/issue/", {"agent": agent.pk})
        assert issued.status_code == 200
        assert (issued.json()["holder"], issued.json()["custody_state"]) == (agent.pk, "issued")
        assert issued.json()["assignment"] == Assignment.objects.open().get(card=card).pk
        back = desk.post(f"/api/v1/cards/{card.pk}/return/", {})
        assert (back.status_code, back.json()["holder"]) == (200, None)
        assert back.json()["custody_state"] == CustodyState.IN_STOCK

    def test_a_refusal_names_every_reason_and_changes_nothing(self, desk, team):
        """R73: no valid training, no card; invariant 3."""
        card = CardFactory(team=team, service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS)
        untrained = AgentFactory(user__team=team)
        answer = desk.post(f"/api/v1/cards/{card.pk}/issue/", {"agent": untrained.pk})
        assert (answer.status_code, answer.json()["code"]) == (409, "handout_refused")
        reasons = answer.json()["details"]
        assert {reason["code"] for reason in reasons} == {"not_in_service", "training_missing"}
        assert all(reason["clears"] for reason in reasons)
        assert not Assignment.objects.exists()

    def test_an_agent_outside_the_scope_is_bad_input(self, desk, team):
        answer = desk.post(f"/api/v1/cards/{CardFactory(team=team).pk}/issue/", {"agent": AgentFactory().pk})
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "agent")

    def test_transfer(self, desk, team, agent):
        """R74: only through the books."""
        card, next_agent = CardFactory(team=team), train(AgentFactory(user__team=team))
        hand_over(card, agent, at=FRIDAY - timedelta(days=3))
        answer = desk.post(f"/api/v1/cards/{card.pk}/transfer/", {"agent": next_agent.pk})
        assert (answer.status_code, answer.json()["holder"]) == (200, next_agent.pk)

    def test_the_same_key_hands_out_once(self, desk, team, agent):
        card = CardFactory(team=team)
        answers = [
            desk.post(f"/api/v1/cards/{card.pk}/issue/", {"agent": agent.pk}, headers={"Idempotency-Key": "one"})
            for _time in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert Assignment.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.COMPLIANCE])
    @pytest.mark.parametrize("deed", ["issue", "return", "transfer"])
    def test_only_the_desk_hands_out(self, role, deed, team, agent):
        """R12: rights by duty; nothing changes for who lacks them."""
        card = CardFactory(team=team)
        before = Entry.objects.count()
        answer = api(role, scope=team).post(f"/api/v1/cards/{card.pk}/{deed}/", {"agent": agent.pk})
        assert answer.status_code == 403
        assert Entry.objects.count() == before


class TestTransitions:
    def test_a_stop_is_recorded_and_alerted(self, desk, team, agent):
        """R34, R44: state, reason, when, and the agent who stands still."""
        card = CardFactory(team=team)
        hand_over(card, agent, at=FRIDAY - timedelta(days=3))
        given = {"to": "half_stop", "reason": "arrears", "note": "10010 短信"}
        answer = desk.post(f"/api/v1/cards/{card.pk}/transitions/", given)
        assert (answer.status_code, answer.json()["service_state"]) == (200, "half_stop")
        assert answer.json()["stop_reason"] == "arrears"
        assert Alert.objects.open().get(card=card).kind == "stopped"

    def test_an_illegal_step_names_the_legal_ones(self, desk, team):
        card = CardFactory(team=team)
        answer = desk.post(f"/api/v1/cards/{card.pk}/transitions/", {"to": "released"})
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert answer.json()["details"][0]["clears"]

    @pytest.mark.parametrize("given", [{}, {"to": "asleep"}, {"to": "half_stop", "source": "takeover"}])
    def test_what_cannot_be_read_is_bad_input(self, desk, team, given):
        answer = desk.post(f"/api/v1/cards/{CardFactory(team=team).pk}/transitions/", given)
        assert answer.status_code == 400

    @pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE])
    def test_only_who_may_records(self, role, team):
        card = CardFactory(team=team)
        answer = api(role, scope=team).post(f"/api/v1/cards/{card.pk}/transitions/", {"to": "half_stop"})
        assert answer.status_code == 403


class TestCanCall:
    def test_yes_with_what_is_left(self, desk, team, agent):
        """R31: calls left this hour and today."""
        card = UsageDailyFactory(card=CardFactory(team=team), calls=40).card
        hand_over(card, agent, at=FRIDAY - timedelta(days=3), accepted_at=FRIDAY)
        answer = desk.get(f"/api/v1/cards/{card.pk}/can-call/").json()
        assert (answer["allowed"], answer["reasons"]) == (True, [])
        assert answer["today"] == {"used": 40, "limit": 200, "left": 160, "illustrative": True}
        # Half past ten: half of the calls between nine and ten are within the last 60 minutes.
        assert answer["hour"]["used"] == 20

    def test_no_with_reasons_is_an_answer_too(self, desk, team):
        """R86, X3: caps refuse, and no other card is suggested."""
        card = UsageDailyFactory(card=CardFactory(team=team), calls=210).card
        answer = desk.get(f"/api/v1/cards/{card.pk}/can-call/")
        assert answer.status_code == 200
        assert answer.json()["allowed"] is False
        assert [reason["code"] for reason in answer.json()["reasons"]] == ["not_issued", "daily_cap", "hourly_cap"]

    def test_a_misspelt_parameter_is_refused(self, desk, team):
        """X11: an answer without the callee must not pass for one with."""
        card = CardFactory(team=team)
        assert desk.get(f"/api/v1/cards/{card.pk}/can-call/", {"calle": "13800001234"}).status_code == 400


class TestAlerts:
    def test_alerts_are_listed_in_scope_and_filtered(self, desk, team):
        mine = AlertFactory(card=CardFactory(team=team))
        closed = AlertFactory(card=CardFactory(team=team), state=AlertState.CLOSED, closed_at=FRIDAY, kind="idle")
        AlertFactory()
        assert ids(desk.get("/api/v1/alerts/")) == [closed.pk, mine.pk]
        assert ids(desk.get("/api/v1/alerts/", {"state": "open"})) == [mine.pk]
        assert ids(desk.get("/api/v1/alerts/", {"kind": "idle"})) == [closed.pk]
        assert ids(desk.get("/api/v1/alerts/", {"card": mine.card_id})) == [mine.pk]
        assert desk.get("/api/v1/alerts/", {"kind": "weather"}).status_code == 400

    def test_a_message_is_in_the_readers_language(self, desk, team):
        alert = AlertFactory(card=CardFactory(team=team))
        answer = desk.get(f"/api/v1/alerts/{alert.pk}/", headers={"Accept-Language": "en"}).json()
        assert answer["message"] == "The card is valid until 2026-12-20."
        assert (answer["kind"], answer["params"]) == ("card_expiry", {"due_on": "2026-12-20"})

    def test_acknowledging(self, desk, team):
        alert = AlertFactory(card=CardFactory(team=team))
        answer = desk.post(f"/api/v1/alerts/{alert.pk}/acknowledge/")
        assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")

    def test_who_may_not_acknowledge(self, team):
        alert = AlertFactory(card=CardFactory(team=team))
        assert api(Role.FINANCE).post(f"/api/v1/alerts/{alert.pk}/acknowledge/").status_code == 403
        assert api(Role.SUPERVISOR).post(f"/api/v1/alerts/{alert.pk}/acknowledge/").status_code == 404
        alert.refresh_from_db()
        assert alert.state == AlertState.OPEN

    def test_a_list_takes_a_fixed_number_of_statements(self, desk, team):
        def statements(alerts: int) -> int:
            for _number in range(alerts):
                AlertFactory(card=CardFactory(team=team))
            with CaptureQueriesContext(connection) as captured:
                assert desk.get("/api/v1/alerts/").status_code == 200
            return len(captured)

        statements(1)
        assert statements(1) == statements(2)
