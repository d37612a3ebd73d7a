"""API tokens: what each is for, from where, for how long; replaced without a gap, ended at once, never told."""

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone
from knox.models import AuthToken

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import TokenOver, TokenRefused
from cardfleet.accounts.models import TokenTerms
from cardfleet.accounts.rules import Terms, faults_of_terms, is_among, read_networks
from cardfleet.accounts.services.access import deactivate, end_token, renew_token
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotAllowed, NotVisible
from tests.accounts.tokens import CARDS, TEAMS, TOKENS, by, code_of, issue
from tests.factories.accounts import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
READS = Terms(writes=False)


def test_a_token_that_only_reads_changes_nothing(person) -> None:
    token, _terms = issue(person, terms=READS)
    assert by(token).get(TEAMS).status_code == 200
    assert code_of(by(token).post(TOKENS, {"name": "more"})) == (403, "token_reads_only")
    assert code_of(by(token).post("/api/v1/absences/", {})) == (403, "token_reads_only")
    assert TokenTerms.objects.count() == 1


@pytest.mark.parametrize("owner", [False, True])
def test_a_token_for_some_areas_opens_no_other(owner: bool) -> None:
    """The installation's owner has every right: by a token, only those of its areas."""
    boss = PersonFactory(is_superuser=True) if owner else PersonFactory(role=Role.ADMIN)
    token, _terms = issue(boss, terms=Terms(areas=frozenset({"cards"})))
    assert by(token).get(CARDS).status_code == 200
    assert code_of(by(token).get(TEAMS)) == (403, "token_too_narrow")
    assert code_of(by(token).get("/api/v1/bills/")) == (403, "token_too_narrow")


def test_a_token_never_opens_more_than_its_person() -> None:
    agent = PersonFactory(role=Role.AGENT)
    token, _terms = issue(agent, terms=Terms(areas=frozenset({"accounts"})))
    assert code_of(by(token).get(TEAMS)) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("address", "heads", "status"),
    [
        ("10.0.0.7", {}, 200),
        ("::ffff:10.0.0.7", {}, 200),
        ("2001:db8:1::9", {}, 200),
        ("10.0.1.7", {}, 403),
        ("2001:db9::1", {}, 403),
        ("10.0.1.7", {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 403),
    ],
)
def test_a_token_is_taken_from_its_addresses_only(person, address: str, heads, status: int) -> None:
    token, _terms = issue(person, terms=Terms(networks=("10.0.0.0/24", "2001:db8:1::/48")))
    answer = by(token, address, **heads).get(TEAMS)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "token_elsewhere"


def test_a_proxy_of_ours_tells_the_address(person, settings) -> None:
    """What a visitor writes into X-Forwarded-For stands left of what the proxy adds, and is not believed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    token, _terms = issue(person, terms=Terms(networks=("10.0.0.7",)))
    for told, status in (("10.0.0.7", 200), ("10.0.0.7, 10.9.9.9", 403), ("10.9.9.9, 10.0.0.7", 200)):
        assert by(token, "172.16.0.1", HTTP_X_FORWARDED_FOR=told).get(TEAMS).status_code == status


def test_a_refused_address_leaves_no_sign_of_use(person) -> None:
    token, terms = issue(person, terms=Terms(networks=("10.0.0.7",)))
    by(token).get(TEAMS)
    assert not AuthToken.objects.filter(pk=terms.token_id, use__isnull=False).exists()
    by(token, "10.0.0.7").get(TEAMS)
    assert AuthToken.objects.filter(pk=terms.token_id, use__isnull=False).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"terms": Terms(areas=frozenset({"kitchen"}))}, "no_area"),
        ({"terms": Terms(networks=("10.0.0.300",))}, "no_network"),
        ({"life": timedelta(days=91)}, "life"),
        ({"life": timedelta(0)}, "life"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(person, given, code: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        issue(person, **given)
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not AuthToken.objects.exists()


def test_renewing_leaves_no_gap_and_then_ends_the_old(person, time_machine) -> None:
    begin = timezone.now()
    time_machine.move_to(begin, tick=False)
    old, terms = issue(person, name="dialler", terms=READS, life=timedelta(days=30))
    later = begin + timedelta(days=29)
    time_machine.move_to(later, tick=False)
    new, expiry = renew_token(terms_id=terms.pk, overlap=timedelta(hours=2), actor=person, now=later)
    assert expiry == later + timedelta(days=30)
    assert [by(token).get(TEAMS).status_code for token in (old, new)] == [200, 200]
    time_machine.move_to(later + timedelta(hours=2, seconds=1), tick=False)
    assert [by(token).get(TEAMS).status_code for token in (old, new)] == [401, 200]
    made = TokenTerms.objects.get(replaces=terms.pk)
    assert (made.name, made.writes) == ("dialler", False)
    with pytest.raises(TokenOver):
        renew_token(terms_id=terms.pk, overlap=timedelta(0), actor=person, now=later)


def test_renewing_never_prolongs_the_old(person) -> None:
    now = timezone.now()
    _token, terms = issue(person, life=timedelta(hours=1))
    expiry = terms.token.expiry
    renew_token(terms_id=terms.pk, overlap=timedelta(hours=24), actor=person, now=now)
    terms.token.refresh_from_db()
    assert terms.token.expiry == expiry


def test_an_ended_token_and_a_leavers_open_nothing(person) -> None:
    """R76: at once."""
    now = timezone.now()
    first, terms = issue(person)
    second, _terms = issue(person)
    end_token(terms_id=terms.pk, actor=person, now=now)
    assert [by(token).get(TEAMS).status_code for token in (first, second)] == [401, 200]
    deactivate(person=person, actor=None, now=now)
    assert by(second).get(TEAMS).status_code == 401


def test_whose_tokens_one_may_change(person) -> None:
    """R12: one's own; an administrator everybody's; compliance sees them."""
    now = timezone.now()
    _token, terms = issue(person)
    with pytest.raises(NotVisible):
        end_token(terms_id=terms.pk, actor=PersonFactory(role=Role.SUPERVISOR), now=now)
    with pytest.raises(NotAllowed):
        end_token(terms_id=terms.pk, actor=PersonFactory(role=Role.COMPLIANCE), now=now)
    end_token(terms_id=terms.pk, actor=PersonFactory(role=Role.ADMIN), now=now)
    assert not TokenTerms.objects.exists()


def test_the_journal_tells_every_deed_and_no_token(person) -> None:
    """R14"""
    now = timezone.now()
    token, terms = issue(person, name="dialler")
    other, _expiry = renew_token(terms_id=terms.pk, overlap=timedelta(0), actor=person, now=now)
    end_token(terms_id=TokenTerms.objects.latest("pk").pk, actor=person, now=now)
    told = Entry.objects.filter(action__startswith="accounts.token_").order_by("pk")
    assert [entry.action for entry in told] == [
        "accounts.token_issued",
        "accounts.token_renewed",
        "accounts.token_ended",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(entry::text, '') FROM journal_entry entry")
        written = cursor.fetchone()[0]
    for secret in (token, other):
        assert secret not in written
        assert secret[:15] not in written


def test_terms_never_change(person) -> None:
    """So that what a process remembers of a token holds as long as the token."""
    _token, terms = issue(person, terms=READS)
    for changed in ({"writes": True}, {"areas": ["cards"]}, {"networks": ["10.0.0.1"]}):
        with pytest.raises(InternalError), transaction.atomic():
            TokenTerms.objects.filter(pk=terms.pk).update(**changed)


def test_a_token_without_terms_opens_nothing(person) -> None:
    _stored, token = AuthToken.objects.create(user=person)
    assert by(token).get(TEAMS).status_code == 401


WIDER = {
    "writes": ({"writes": True}, Terms(writes=False)),
    "areas": ({"areas": ["cards", "agents"]}, Terms(areas=frozenset({"cards"}))),
    "all areas": ({}, Terms(areas=frozenset({"cards"}))),
    "networks": ({"networks": ["10.0.0.0/8"]}, Terms(networks=("10.0.0.0/24",))),
    "anywhere": ({}, Terms(networks=("10.0.0.0/24",))),
    "other kind": ({"networks": ["2001:db8::/48"]}, Terms(networks=("10.0.0.0/24",))),
}


@pytest.mark.parametrize("name", WIDER)
def test_nothing_wider_comes_from_a_token(name: str) -> None:
    given, own = WIDER[name]
    asked = Terms(
        writes=given.get("writes", False),
        areas=frozenset(given.get("areas", ())),
        networks=tuple(given.get("networks", ())),
    )
    assert [fault.code for fault in faults_of_terms(asked, own=own, known=["cards", "agents"])] == ["wider"]
    assert list(faults_of_terms(own, own=own, known=["cards", "agents"])) == []
    assert list(faults_of_terms(asked, own=None, known=["cards", "agents"])) == []


def test_networks_are_read_as_cidr() -> None:
    assert read_networks(["10.0.0.7", " 10.0.0.9/24", "2001:DB8::1", "10.0.0.7"]) == (
        ["10.0.0.7/32", "10.0.0.0/24", "2001:db8::1/128"],
        [],
    )
    assert read_networks(["host.example"])[1][0].field == "networks"
    assert is_among("10.0.0.200", ["10.0.0.0/24"])


def test_tokens_through_the_api(person, django_assert_num_queries) -> None:
    token, _terms = issue(person, life=timedelta(days=2), terms=Terms(areas=frozenset({"accounts", "cards"})))
    api = by(token)
    refused = api.post(TOKENS, {"name": "script", "areas": ["billing"]})
    assert (code_of(refused), refused.json()["details"][0]["field"]) == ((400, "token_refused"), "areas")
    made = api.post(TOKENS, {"name": "script", "areas": ["cards"], "networks": ["127.0.0.1"], "days": 30})
    assert (made.status_code, set(made.json()), made["Cache-Control"]) == (201, {"token", "expiry"}, "no-store")
    narrow = TokenTerms.objects.latest("pk")
    assert narrow.token.expiry <= AuthToken.objects.order_by("created").first().expiry
    assert by(made.json()["token"]).get(CARDS).status_code == 200
    listed = api.get(TOKENS).json()["results"]
    assert [row["name"] for row in listed] == ["script", ""]
    assert listed[0] | {"expiry": "", "last_used_at": ""} == {
        "id": narrow.pk,
        "person": person.pk,
        "name": "script",
        "writes": False,
        "areas": ["cards"],
        "networks": ["127.0.0.1/32"],
        "expiry": "",
        "last_used_at": "",
        "successor": None,
    }
    turned = api.post(f"{TOKENS}{narrow.pk}/renew/", {"hours": 0})
    assert turned.status_code == 201
    assert by(made.json()["token"]).get(CARDS).status_code == 401
    assert api.post(f"{TOKENS}{TokenTerms.objects.latest('pk').pk}/end/").status_code == 204
    assert by(turned.json()["token"]).get(CARDS).status_code == 401
    assert api.get(f"{TOKENS}{issue(PersonFactory())[1].pk}/").status_code == 404


def test_a_narrow_token_neither_replaces_nor_ends_a_wider(person) -> None:
    _wide, terms = issue(person)
    token, _terms = issue(person, terms=Terms(areas=frozenset({"cards"})))
    for answer in (by(token).post(f"{TOKENS}{terms.pk}/renew/"), by(token).post(f"{TOKENS}{terms.pk}/end/")):
        assert code_of(answer) == (400, "token_refused")
    assert TokenTerms.objects.filter(pk=terms.pk, successor=None).exists()
