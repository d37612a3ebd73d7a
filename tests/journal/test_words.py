"""The journal in words: what an entry is about by name, with its page, and what was recorded beside it."""

import pytest
from django.utils import translation

from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.people import set_team
from cardfleet.jobs.services import start_job
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record
from cardfleet.journal.selectors import told
from cardfleet.journal.subjects import name_subjects, register_subject
from cards.services.cards import edit_facts
from cards.services.states import change_service_state
from lifecycle.services.complaints import record_complaint
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def line(action: str):
    """Return the latest entry of an action, in words."""
    (only,) = told(Entry.objects.filter(action=action).order_by("-id")[:1])
    return only, {str(name): value for name, value in only.details}


def test_a_card_is_called_by_its_masked_number_and_linked(now):
    """R14: who reads it sees which card, from which state into which."""
    card = CardFactory()
    change_service_state(
        card_id=card.pk, to="half_stop", reason="arrears", source="carrier_sms", at=now, actor=None, now=now
    )
    said, facts = line("cards.service_state_changed")
    assert (said.subject.name, said.subject.url) == (card.masked_msisdn, f"/cards/{card.pk}/")
    assert str(said.subject.kind) == "card"
    assert facts == {"before": "In service", "after": "One-way stop", "reason": "Arrears", "source": "Carrier message"}


def test_fields_people_and_teams_are_called_by_name(now):
    card = CardFactory()
    edit_facts(card_id=card.pk, changes={"location": "A1"}, actor=None, now=now)
    assert line("cards.card_edited")[1] == {"fields": "storage location"}
    agent = AgentFactory()
    held = hand_over(CardFactory(), agent)
    return_card(card_id=held.card_id, actor=None, now=now)
    moved = told(Entry.objects.filter(action="cards.custody_changed").order_by("id"))
    facts = [{str(name): value for name, value in said.details} for said in moved]
    assert facts[0] == {
        "before": "In stock",
        "after": "Issued",
        "holder": f"— → {agent.user}",
        "team": f"— → {agent.user.team}",
    }
    assert facts[-1] == {"before": "Returned", "after": "In stock"}
    old, new = agent.user.team, TeamFactory()
    set_team(person=agent.user, team=new, actor=None, now=now)
    said, facts = line("accounts.person_moved")
    assert (said.subject.name, facts) == (agent.user.name, {"before": old.name, "after": new.name})


def test_jobs_rules_and_what_is_many_or_gone(now):
    start_job(kind="cards.import", owner=PersonFactory(), params={}, now=now)
    said, facts = line("jobs.job_started")
    assert (said.subject.name, facts) == ("Card import", {"kind": "Card import"})
    rule = CarrierRuleFactory()
    subjects = [f"cards.carrierrule:{rule.pk}", "billing.account:many", "billing.costs:report", "cards.card:0", "x.y:1"]
    named = name_subjects(subjects)
    assert [named[subject].name for subject in subjects] == ["Outgoing calls a day v1", "", "", "0", "1"]
    assert [bool(named[subject].url) for subject in subjects] == [True, False, False, False, False]
    assert [str(named[subject].kind) for subject in subjects[1:]] == ["account", "Cost report", "card", "x.y"]


def test_moments_are_told_in_local_time_and_rules_by_their_name(reference, now):
    """What the name of the subject says is not said twice."""
    record(
        actor=None, action="billing.usage_attributed", subject="cards.card:0", now=now, data={"from": now.isoformat()}
    )
    assert line("billing.usage_attributed")[1] == {"from": "2026-11-20 10:30"}
    assert line("cards.rule_written")[1] == {}


def test_a_complaint_says_whether_it_was_valid(now):
    record_complaint(card_id=CardFactory().pk, received_at=now, channel="12321", actor=None, now=now)
    assert line("lifecycle.complaint_recorded")[1] == {"kind": "Complaint", "found valid": "yes"}


def test_what_a_model_is_called_is_said_once():
    with pytest.raises(ValueError, match="twice"):
        register_subject("cards.card")


def test_the_page_costs_the_same_for_one_card_and_for_three(reference, client, now, django_assert_max_num_queries):
    client.force_login(PersonFactory(role=Role.COMPLIANCE, language="en"))
    only = {"action": "cards.card_edited"}
    client.get("/journal/", only)  # which reads the rights once
    counts = []
    for _round in range(3):
        card, agent = CardFactory(), AgentFactory()
        for subject in (card, agent):
            record(actor=agent.user, action="cards.card_edited", subject=subject, now=now, data={"fields": ["batch"]})
        with django_assert_max_num_queries(12) as seen:
            page = client.get("/journal/", only).content.decode()
        counts.append(len(seen))
        assert f"/cards/{card.pk}/" in page
    assert counts[0] == counts[1] == counts[2]
