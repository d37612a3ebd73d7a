"""What CardFleet must never do (docs/refusals.md): it has no name, page, field, library or right for it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.core.management import get_commands
from django.db import InternalError, connection, transaction
from django.urls import get_resolver

from agents.errors import HandoutRefused
from billing.models import LedgerEntry, UsageRecord
from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.jobs import handlers, scheduling
from cardfleet.journal import registry
from cardfleet.journal.recording import record
from cards.choices import CustodyState, RegistrantKind
from cards.models import CardSecret
from cards.services.cards import edit_facts
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.priority import NEXT_ACTIONS
from lifecycle.services.allocation import issue_card
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, RegistrantFactory
from tests.router import routes, views

OURS = ("cards", "agents", "billing", "lifecycle", "accounts", "files", "jobs", "journal", "kernel", "notify")
REFUSED = {
    "X1": r"spoof|caller_?id|clir|hide_?number|hidden_?number|fake_?number|anonymi[sz]e_?call",
    "X2": r"goip|sim_?bank|sim_?pool|modem|remote_?sim|at_?command|gateway|insert_?sim",
    "X3": r"rotat(?!e_field_keys$)|anti_?ban|evade|evasion|stay_?below|next_?card|dial_?pace|pacing",
    "X4": r"keep_?alive|warm_?up|simulate|fake_?call|auto_?call|self_?call",
    "X5": r"(set|change|edit|write|clone)_?(imei|imsi|iccid)|fingerprint_?(set|change)|device_?finger",
    "X6": r"face(?!_value)|liveness|id_?photo|selfie|proxy_?verif|bulk_?verif",
    "X7": r"market|rent_?out|(?<!ca)lend|auction|resale|resell|for_?sale|(?<!opt_out_)offer(?!s_opt_out)",
    "X8": r"sms_?code|verification_?code|otp_?(share|relay|inbox)|received_?sms|sms_?inbox|inbound_?sms",
    "X10": r"hop|swap_?number|replace_?marked|fresh_?number",
    "X11": r"dialer|auto_?dial|predictive|click_?to_?call|originate|disable_?dnc|skip_?dnc|ignore_?consent",
    "X12": r"scrap|crawl|leads?\b|contact_?list|prospect|harvest",
    "X13": r"slow_?top|discount|face_?value_?buy|buy_?top|order_?top",
    "X15": r"record(ing)?_?(audio|call|sound)|audio|transcript|wiretap|sms_?(body|text)|message_?content",
    "X18": r"surviv|abuse_?(score|rank)|toughness|endurance|best_?cards",
}
LIBRARIES = r"gammu|serial|modem|panoramisk|starpy|pystrix|pjsua|\bsip|twilio|vonage|selenium|scrapy|beautifulsoup|smpp"


def vocabulary() -> Iterator[str]:
    """Yield every name under which the product offers or keeps something."""
    yield from (f"{name} {pattern}" for name, pattern in routes(get_resolver()))
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            yield from (f"{model._meta.label_lower}.{field.name}" for field in model._meta.get_fields())
    yield from KINDS
    yield from (name for name in dir(settings) if name.isupper())
    yield from (name for name, app in get_commands().items() if str(app).rpartition(".")[2] in OURS)
    yield from scheduling.names()
    yield from handlers.labels()
    yield from (action.code for action in registry.actions())
    yield from (action.code for action in NEXT_ACTIONS.values())


def test_the_vocabulary_is_the_products() -> None:
    names = set(vocabulary())
    assert {"daily_out_calls", "assess_suspension_risk", "cards.card.device_imei", "cards.import"} <= names
    assert any(name.startswith("lifecycle:issue ") for name in names)
    assert any(name.startswith("api:card-issue ") for name in names)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("X1", "cards.card.hide_number"),
        ("X3", "rotate_cards"),
        ("X4", "KEEP_ALIVE_CALLS"),
        ("X8", "sms_codes"),
    ],
)
def test_what_would_be_refused_is_recognised(key: str, name: str) -> None:
    assert re.search(REFUSED[key], name.lower()) or re.search(REFUSED[key], name.lower().replace("/", "_"))


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_nothing_is_named_after_what_is_refused(key: str) -> None:
    """R87; X1, X2, X3, X4, X5, X6, X7, X8, X10, X11, X12, X13, X15, X18: no page, field, rule, job, setting or deed."""
    assert [name for name in vocabulary() if re.search(REFUSED[key], name.lower())] == []


@pytest.mark.django_db
def test_no_right_is_named_after_what_is_refused(reference) -> None:
    names = Permission.objects.values_list("codename", flat=True)
    assert [name for name in names for words in REFUSED.values() if re.search(words, name)] == []


def test_no_library_dials_controls_sims_or_scrapes() -> None:
    """X2, X11, X12: CardFleet has no library that could dial, drive a modem or read other people's pages."""
    locked = (settings.BASE_DIR / "requirements" / "base.txt").read_text("utf-8")
    names = re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)
    assert "django" in names
    assert [name for name in names if re.search(LIBRARIES, name)] == []


@pytest.mark.django_db
def test_an_idle_card_is_only_told_to_a_person(reference, now) -> None:
    """X4: what an unused card gets is an alert whose next step a person decides; nothing is sent, paid or called."""
    seen = now - timedelta(days=85)
    card = CardFactory(activated_on=seen.date(), created_at=seen, custody_state=CustodyState.SPARE)
    before = LedgerEntry.objects.count(), UsageRecord.objects.count()
    assess_suspension_risk(now=now)
    assert Alert.objects.get(card=card).kind == AlertKind.IDLE
    assert NEXT_ACTIONS[AlertKind.IDLE].code == "decide_idle"
    assert (LedgerEntry.objects.count(), UsageRecord.objects.count()) == before


@pytest.mark.django_db
def test_an_iccid_is_never_edited(now) -> None:
    """X5: the serial number of a card is what it came with."""
    card = CardFactory()
    with pytest.raises(KeyError):
        edit_facts(card_id=card.pk, changes={"iccid": "89860000000000000099"}, actor=None, now=now)


@pytest.mark.django_db
def test_a_persons_card_is_not_lent(reference, now) -> None:
    """X7: a card registered to a person goes into no other hands, whoever asks."""
    agent = train(AgentFactory())
    lent = CardFactory(
        registrant=RegistrantFactory(kind=RegistrantKind.PERSON), actual_user=PersonFactory(role=Role.AGENT)
    )
    with pytest.raises(HandoutRefused):
        issue_card(card_id=lent.pk, agent_id=agent.pk, actor=PersonFactory(role=Role.ADMIN), now=now, gates={})
    lent.refresh_from_db()
    assert lent.holder is None


@pytest.mark.owner
@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_entry", "billing_ledgerentry", "cards_cardchange"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_keeps_evidence_as_it_was(table: str, deed: str, now) -> None:
    """X14: journal, ledger and history of cards are append-only, whatever program asks."""
    card = CardFactory()
    record(actor=None, action="cards.card_edited", subject=card, now=now)
    top_up(account=AccountFactory(), amount=Decimal(5), actor=None, now=now)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table))


@pytest.mark.django_db
def test_no_page_deletes_evidence(reference, rf) -> None:
    """X14: neither the administration nor the API deletes anything but a person's scope."""
    request = rf.get("/admin/")
    request.user = PersonFactory(role=Role.ADMIN)
    deletable = [model._meta.label for model, page in site._registry.items() if page.has_delete_permission(request)]
    assert deletable == ["accounts.ScopeGrant"]
    verbs = {verb for view in views(get_resolver()) for verb in getattr(view, "actions", {})}
    assert verbs - {"head"} == {"get", "patch", "post"}


@pytest.mark.django_db
def test_secrets_are_in_no_page_answer_or_export(reference, client, now) -> None:
    """X16: PIN, PUK and service password stay behind their one door."""
    card = CardFactory()
    CardSecret.objects.create(card=card, pin1="74839201", puk1="95817364", service_password="kept-for-no-eyes")
    for role in (Role.ADMIN, Role.COMPLIANCE):
        client.force_login(PersonFactory(role=role))
        for path in (
            "/cards/",
            f"/cards/{card.pk}/",
            "/lists/cards/export/",
            "/api/v1/cards/",
            f"/api/v1/cards/{card.pk}/",
            "/admin/cards/card/",
            f"/admin/cards/card/{card.pk}/change/",
        ):
            answer = client.get(path)
            assert answer.status_code == 200, path
            content = answer.getvalue().decode()
            assert not any(secret in content for secret in ("74839201", "95817364", "kept-for-no-eyes")), path
