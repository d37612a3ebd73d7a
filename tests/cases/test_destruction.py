"""Destruction: dead plastic, the right card, two people, a method that works, and a certificate that verifies."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import Refusal
from cards.choices import CustodyState
from cards.models import Card, CardSecret
from cards.services.reissue import reissue_sim
from cards.services.secrets import set_secrets
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.errors import CaseRefused
from lifecycle.models import Case
from lifecycle.selectors.cases.page import printable
from lifecycle.selectors.destruction import certificate_of, verify
from lifecycle.services.cases import close_case, complete_step, confirm_step, open_case
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

PNG = picture()


@pytest.fixture
def people():
    return PersonFactory.create_batch(2, role=Role.ADMIN)


def begun(card, person, now) -> Case:
    return open_case(card_id=card.pk, kind=CaseKind.DESTRUCTION, reason="unused", actor=person, now=now)


def take(case, code, person, now, **given):
    step = case.steps.standing().get(code=code)
    photo = [ContentFile(PNG, name="photo.png")] if code == "destroy" else []
    return complete_step(step_id=step.pk, note="cut", given=given, evidence=photo, actor=person, now=now)


def codes(call, *args, **given) -> list[str]:
    with pytest.raises(Refusal) as refused:
        call(*args, **given)
    return [reason.code for reason in refused.value.reasons]


def test_two_people_destroy_the_right_card_and_the_certificate_verifies(client, people, now):
    """R17, R92: digits keyed twice, photo, two people; custody, codes and certificate follow."""
    first, second = people
    card = CardFactory(service_state="cancelled")
    end = card.iccid[-6:]
    set_secrets(card_id=card.pk, secrets={"pin1": "1234", "puk1": "12345678"}, actor=first, now=now)
    case = begun(card, first, now)
    assert codes(take, case, "destroy", first, now, method="cut", iccid_end=end) == ["gate_open"]
    assert codes(take, case, "identify", first, now, iccid_end="999999") == ["wrong_card"]
    take(case, "identify", first, now, iccid_end=end)
    assert codes(take, case, "destroy", first, now, method="degauss", iccid_end=end) == ["degauss_useless"]
    step = take(case, "destroy", first, now, method="cut", iccid_end=end)
    assert certificate_of(case).token == ""
    assert printable(case, case.steps.all()) == []
    assert codes(confirm_step, step_id=step.pk, actor=first, now=now) == ["same_person"]
    confirm_step(step_id=step.pk, actor=second, now=now)
    close_case(case_id=case.pk, outcome=CaseOutcome.DESTROYED, actor=first, now=now)

    assert Card.objects.get(pk=card.pk).custody_state == CustodyState.DESTROYED
    assert not CardSecret.objects.filter(card=card).exclude(pin1="", puk1="").exists()
    assert Entry.objects.filter(action="cards.secrets_voided").exists()
    case.refresh_from_db()
    token = certificate_of(case).token
    assert verify(token).iccid_end == card.iccid[-4:]
    assert verify(token + "x") is None

    client.force_login(PersonFactory(role=Role.AGENT))
    said = client.get(reverse("lifecycle:certificate", args=[token]))
    assert said.context["found"].case_id == case.pk
    page = said.content.decode()
    assert not any(word in page for word in (card.msisdn, card.iccid, first.name, second.name))
    assert client.get(reverse("lifecycle:certificate", args=["invented"])).context["found"] is None
    told = client.get(reverse("api:certificate", args=[token])).json()
    assert (told["valid"], told["case"], told["iccid_end"]) == (True, case.pk, card.iccid[-4:])
    assert client.get(reverse("api:certificate", args=["invented"])).json()["valid"] is False
    client.force_login(first)
    paper = client.get(reverse("lifecycle:case-paper", args=[case.pk, "certificate"])).content.decode()
    assert all(part in paper for part in ('class="qr"', card.iccid, first.name, second.name))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"service_state": "active"}, "destroy_live_card"),
        ({"service_state": "cancel_pending"}, "destroy_live_card"),
        ({"service_state": "cancelled", "custody_state": "missing"}, "illegal_transition"),
    ],
)
def test_only_dead_plastic_in_our_hands(people, now, facts, code):
    """R17, R92: a card the carrier serves, or that is not here, is not destroyed."""
    with pytest.raises(CaseRefused) as refused:
        begun(CardFactory(**facts), people[0], now)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_the_old_sim_of_a_number_that_lives_on(people, now):
    """R17, R52: after a re-issue the old plastic is destroyed; the card and the new SIM stay as they are."""
    first, second = people
    card = CardFactory()
    old = reissue_sim(
        card_id=card.pk, iccid="89860099999999000017", why="fault", in_hand=True, at=now, actor=first, now=now
    )
    set_secrets(card_id=card.pk, secrets={"pin1": "1234"}, actor=first, now=now)
    case = begun(card, first, now)
    assert codes(take, case, "identify", first, now, iccid_end="000017") == ["wrong_card"]
    take(case, "identify", first, now, iccid_end=old.iccid[-6:])
    step = take(case, "destroy", first, now, method="shred", iccid_end=old.iccid[-6:])
    confirm_step(step_id=step.pk, actor=second, now=now)
    close_case(case_id=case.pk, outcome=CaseOutcome.DESTROYED, actor=first, now=now)
    card.refresh_from_db()
    assert (card.custody_state, card.secret.pin1) == ("in_stock", "1234")
    case.refresh_from_db()
    assert certificate_of(case).iccid == old.iccid
    with pytest.raises(CaseRefused):
        begun(card, first, now)
