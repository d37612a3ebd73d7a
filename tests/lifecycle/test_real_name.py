"""The real-name desk: matrix, sanctions, yearly checks, dates of registered users (R23, R74, R85)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agents.rules.gates import HandoutFacts, judge
from agents.selectors.handout import handout_facts
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Conflict, NotVisible
from cards.choices import RealNameState, RegistrantKind
from cards.choices.real_name import RealNameFault, SanctionBasis
from cards.models import Card, IdCheck, RegisteredUse, Sanction
from cards.rules.sanctions import latest_end, usual_end
from cards.selectors.real_name import matrix
from cards.services.cards import edit_facts
from cards.services.id_checks import answer_id_check, settle_id_check
from cards.services.registrants import edit_registrant
from cards.services.sanctions import lift_sanction, record_sanction
from lifecycle.services.id_checks import ask_everybody
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory, RegistrantFactory, SanctionFactory

Fault = RealNameFault
TODAY = business_day(FRIDAY)


@pytest.mark.parametrize(
    ("basis", "start", "end"),
    [
        (SanctionBasis.CONVICTED, date(2026, 3, 1), date(2029, 3, 1)),
        (SanctionBasis.POLICE, date(2024, 2, 29), date(2026, 2, 28)),
        (SanctionBasis.CARRIER, date(2026, 3, 1), None),
    ],
)
def test_how_long_a_sanction_usually_lasts(basis, start, end):
    """联合惩戒办法 art. 3: three years after a conviction, two after a finding, five at most."""
    assert usual_end(basis, start) == end
    assert latest_end(date(2026, 3, 1)) == date(2031, 3, 1)


@pytest.fixture
def proof(db):
    """A registrant's proof as a file."""
    return store(content=b"%PDF-1.4 proof", name="p.pdf", purpose="proof", owner=None, now=FRIDAY)


@pytest.mark.django_db
def test_the_matrix_says_what_is_wrong_of_each_card(client, proof, now, time_machine, reference):
    """R23, R74, R85: proof, registered user, holder, numbers on one ID and a company's quota, in one statement."""
    time_machine.move_to(now, tick=False)
    agent = AgentFactory()
    gone, other, team = PersonFactory(is_active=False), PersonFactory(), agent.user.team
    kept = {"proof": proof, "proof_valid_until": TODAY}
    company = RegistrantFactory(kind=RegistrantKind.COMPANY, quota=3, **kept)
    person = RegistrantFactory(kind=RegistrantKind.PERSON, **kept)
    bare = RegistrantFactory(kind=RegistrantKind.COMPANY, proof_valid_until=TODAY - timedelta(days=1))
    carrier, valid = CarrierFactory(), {"real_name_state": RealNameState.VALID, "team": team}
    cards = {
        "fine": CardFactory(registrant=company, actual_user=agent.user, **valid),
        "bare": CardFactory(registrant=bare, team=team, real_name_state=RealNameState.UNKNOWN),
        "other": CardFactory(registrant=company, actual_user=other, **valid),
        "unnamed": CardFactory(registrant=company, **valid),
        "left": CardFactory(registrant=company, actual_user=gone, **valid),
        "lent": CardFactory(registrant=person, actual_user=other, carrier=carrier, **valid),
    }
    for _number in range(5):
        CardFactory(registrant=person, carrier=carrier, **valid)
    for name in ("other", "unnamed", "lent"):
        hand_over(cards[name], agent)
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)

    found = {card.pk: set(card.faults) for card in matrix(supervisor, today=TODAY)}

    quota = {Fault.OVER_ALL}
    assert found[cards["fine"].pk] == quota
    assert found[cards["bare"].pk] == {Fault.UNCHECKED, Fault.NO_PROOF, Fault.PROOF_OVER}
    assert found[cards["other"].pk] == {Fault.OTHER_USER} | quota
    assert found[cards["unnamed"].pk] == {Fault.NO_USER} | quota
    assert found[cards["left"].pk] == {Fault.USER_LEFT} | quota
    assert found[cards["lent"].pk] == {Fault.LENT, Fault.OVER_HERE}
    record_sanction(
        person=gone, basis=SanctionBasis.POLICE, source="x", starts_on=TODAY, ends_on=None, actor=None, now=now
    )
    assert Fault.SANCTIONED in matrix(supervisor, today=TODAY).get(pk=cards["left"].pk).faults
    client.force_login(supervisor)
    page = client.get(reverse("lifecycle:real-name"), {"fault": ["lent", "user_left"]})
    assert {card.pk for card in page.context["rows"]} == {cards["lent"].pk, cards["left"].pk}


@pytest.mark.django_db
def test_the_database_remembers_who_was_registered_when(now):
    """R23: each registered user with the dates, whoever wrote the card."""
    first, second = PersonFactory(), PersonFactory()
    card = CardFactory(actual_user=first)

    edit_facts(card_id=card.pk, changes={"actual_user": second}, actor=None, now=now)
    Card.objects.update(region="上海")

    rows = list(RegisteredUse.objects.order_by("pk").values_list("user", "since", "until"))
    assert rows == [(first.pk, card.updated_at, now), (second.pk, now, None)]


@pytest.mark.django_db
def test_nobody_under_sanction_gets_a_number(now):
    """联合惩戒办法 art. 3: no hand-out, no registration; refused dates; lifted once, with a reason."""
    agent, card = AgentFactory(), CardFactory(real_name_state=RealNameState.VALID)
    sanction = SanctionFactory(person=agent.user)
    facts = handout_facts(card=card, agent=agent, actor=None, today=TODAY)
    assert isinstance(facts, HandoutFacts)
    assert "sanctioned" in {reason.code for reason in judge(facts, {}).unmet}
    with pytest.raises(BadInput) as refused:
        edit_facts(card_id=card.pk, changes={"actual_user": agent.user}, actor=None, now=now)
    assert [reason.code for reason in refused.value.reasons] == ["sanctioned"]
    ahead = {"basis": "police", "source": "x", "starts_on": TODAY + timedelta(days=1), "ends_on": None}
    with pytest.raises(BadInput):
        record_sanction(person=agent.user, **ahead, actor=None, now=now)

    lift_sanction(sanction_id=sanction.pk, reason="appeal", actor=None, now=now)

    assert edit_facts(card_id=card.pk, changes={"actual_user": agent.user}, actor=None, now=now).actual_user_id
    with pytest.raises(Conflict):
        lift_sanction(sanction_id=sanction.pk, reason="again", actor=None, now=now)
    assert Sanction.objects.in_force(TODAY).count() == 0


@pytest.mark.django_db
def test_each_agent_is_asked_once_a_year_and_differences_are_settled(client, reference, now, time_machine):
    """反诈法 art. 10 (R85): asked once, answered by the person alone, a difference stays until somebody settles it."""
    time_machine.move_to(now, tick=False)
    agent, other = AgentFactory(user__role=Role.AGENT), AgentFactory()
    assert [ask_everybody(today=TODAY, now=now), ask_everybody(today=TODAY, now=now)] == [2, 0]
    check = IdCheck.objects.get(person=agent.user)
    with pytest.raises(NotVisible):
        answer_id_check(check_id=check.pk, checked_on=TODAY, found=1, foreign=0, actor=other.user, now=now)
    client.force_login(agent.user)
    late = {"checked_on": (TODAY + timedelta(days=1)).isoformat(), "found": 2, "foreign": 1}
    assert client.post(reverse("lifecycle:my-id-check"), late).status_code == 400
    assert client.post(reverse("lifecycle:my-id-check"), late | {"checked_on": TODAY.isoformat()}).status_code == 302

    assert list(IdCheck.objects.unsettled()) == [check]
    settle_id_check(check_id=check.pk, note="cancelled at the carrier", actor=None, now=now)
    assert not IdCheck.objects.unsettled().exists()


@pytest.mark.django_db
def test_a_proof_is_not_dated_ahead(now):
    """Bad input: a proof dated tomorrow, or over before it was made out."""
    registrant = RegistrantFactory()
    for dates in (
        {"proof_dated_on": TODAY + timedelta(days=1)},
        {"proof_dated_on": TODAY, "proof_valid_until": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(BadInput):
            edit_registrant(registrant_id=registrant.pk, changes=dates, actor=None, now=now)
