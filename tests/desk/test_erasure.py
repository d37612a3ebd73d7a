"""Erasing a person: their words go from every table and file, sums and the journal stay (PIPL art. 47; R83)."""

import io
import logging
import zipfile
from random import Random

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import EmailField, JSONField, QuerySet, Sum
from django.urls import reverse
from django.utils import translation
from knox.models import AuthToken
from psycopg2 import sql

from agents.models import Assignment
from billing.models import LedgerEntry, UsageCharge
from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import PersonErased
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import reactivate
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.journal.models import Entry, Redaction
from cardfleet.journal.recording import record
from cardfleet.journal.redacting import mark_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.errors import BadInput, NotAllowed
from cardfleet.kernel.personal import kept
from cards.models import Registrant
from lifecycle.choices import MatterKind
from lifecycle.errors import ErasureRefused, MatterClosingRefused
from lifecycle.models import Matter
from lifecycle.selectors.erasure import erasure_page
from lifecycle.services.desk.matters import close_matter
from lifecycle.services.erasure import erase_person
from tests.conftest import FRIDAY
from tests.desk.erasure_world import LEFT, world
from tests.factories.accounts import PASSWORD, PersonFactory, session_of
from tests.factories.agents import (
    AgentFactory,
    LeavingFactory,
    hand_over,
)
from tests.factories.cards import (
    CardFactory,
    id_copy_of,
)
from tests.factories.cases import CaseFactory
from tests.factories.desk import MatterFactory, do_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
GONE = {"user__is_active": False, "user__left_on": LEFT, "status": "left", "left_on": LEFT, "joined_on": LEFT}
TABLES = """
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


def leaver(**facts):
    return AgentFactory(**{**GONE, **facts})


def erase(agent, **given):
    return erase_person(**{"person_id": agent.user_id, "reason": "asked for", "actor": None, "now": FRIDAY, **given})


def plant(person: User, words: str, name: str) -> int:
    """Write the words into every column that may hold them, of the latest rows of each table; return into how many."""
    planted = 0
    for keeps in kept().values():
        model = apps.get_model(keeps.model)
        named = {field: model._meta.get_field(field) for field in (*keeps.blank, *keeps.says)}
        for row in QuerySet(model).order_by("-pk")[:3]:
            told = {
                column: [{f"{words} {row.pk}": f"?q={name}"}]
                if isinstance(field, JSONField)
                else f"{name} {row.pk} {words}"[: field.max_length]
                for column, field in named.items()
                if (not field.max_length or field.max_length > len(name) + 6)
                and (getattr(row, column) or not isinstance(field, EmailField))
            }
            if told:
                with pgtrigger.ignore():
                    QuerySet(model).filter(pk=row.pk).update(**told)
                planted += 1
    return planted


def everything() -> dict[str, str]:
    """Return all rows of all tables as text, encrypted columns opened."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            rows = sql.SQL("SELECT coalesce(string_agg(one::text, chr(10)), '') FROM {} one")
            cursor.execute(rows.format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                opened = QuerySet(model).values_list(field.name, flat=True)
                found[f"{model._meta.label}.{field.name}"] = " ".join(str(value) for value in opened)
    return found


def files() -> dict[str, bytes]:
    """Return the content of all stored files, archives opened."""
    found = {}
    for stored in StoredFile.objects.exclude(content=""):
        with stored.content.open("rb") as file:
            content = file.read()
        if zipfile.is_zipfile(io.BytesIO(content)):
            archive = zipfile.ZipFile(io.BytesIO(content))
            content = b"".join(archive.read(name) for name in archive.namelist())
        found[stored.name] = content
    return found


def sums() -> list:
    """Return what money and time stand on."""
    return [
        list(LedgerEntry.objects.order_by("card").values_list("card").annotate(Sum("amount"))),
        list(UsageCharge.objects.order_by("agent", "team").values_list("agent", "team").annotate(Sum("amount"))),
        list(Assignment.objects.order_by("pk").values_list("pk", "card", "agent", "team", "started_at", "ended_at")),
    ]


def journal() -> dict:
    return {
        entry.pk: (entry.at, entry.actor_id, entry.action, entry.subject, entry.related, entry.request_id)
        for entry in Entry.objects.all()
    }


@pytest.mark.owner
@pytest.mark.parametrize("seed", [3, 11])
def test_no_word_of_an_erased_person_remains(seed, client, caplog, django_capture_on_commit_callbacks) -> None:
    """R83: planted in every column of every table, in files, exports and the journal, then looked for everywhere."""
    draw = Random(seed)
    name = draw.choice(["欧阳鹤鸣", "端木赐香", "Wilhelmina Quokka"])
    number, mobile = f"QX{draw.randrange(10**6):06}", f"139{draw.randrange(10**8):08}"
    id_number, email = f"1101011990{draw.randrange(10**8):08}", f"q{draw.randrange(10**6)}@example.com"
    agent = leaver(user__name=name, user__staff_no=number, user__username=f"u{number}", user__mobile=mobile)
    person = agent.user
    card, registrant, other = world(agent)
    User.objects.filter(pk=person.pk).update(email=email, name_pinyin=f"py{number}", name_initials=f"in{number}")
    Registrant.objects.filter(pk=registrant.pk).update(name=name, id_number=id_number, id_fingerprint="f" * 64)
    registrant.refresh_from_db()
    id_copy_of(registrant)
    listed = f"工号,姓名\n{number},{name}\n"
    store(content=listed.encode("gb18030"), name=f"{name}.csv", purpose="agents.import", owner=other, now=FRIDAY)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cards.csv", listed)
    export = store(content=book.getvalue(), name="pack.zip", purpose="lists.export", owner=other, now=FRIDAY)
    free = store(content=b"a,b\n1,2\n", name="other.csv", purpose="lists.export", owner=other, now=FRIDAY)
    session = session_of(person, user_agent=name)
    AuthToken.objects.create(user=person)
    assert plant(person, f"{name} {mobile} {number} {email} {id_number}", name) > 50
    told = record(
        actor=other,
        action="cards.registrant_edited",
        subject=card,
        now=FRIDAY,
        reason=f"{name} 要求",
        data={"note": number},
    )
    words = [name, number, mobile, id_number, email]
    before, entries = sums(), journal()
    assert sum(word in text for text in everything().values() for word in words) > 50
    caplog.set_level(logging.INFO)
    officer = PersonFactory(role=Role.COMPLIANCE)
    with django_capture_on_commit_callbacks(execute=True):
        erased = erase(agent, actor=officer, reason=f"{name} 本人申请")
    assert erased.rows > 50
    left = {place: word for place, text in everything().items() for word in words if word in text}
    assert not left
    spelled = [word.encode(encoding) for word in words for encoding in ("utf-8", "gb18030")]
    assert not [place for place, content in files().items() if any(word in content for word in spelled)]
    assert not [word for word in words if word in caplog.text]
    export.refresh_from_db()
    free.refresh_from_db()
    assert (export.content.name, bool(free.content.name)) == ("", True)
    assert sums() == before
    after = journal()
    assert {pk: after[pk] for pk in entries} == entries
    told.refresh_from_db()
    marks = {mark.field: mark.mark for mark in Redaction.objects.filter(entry=told)}
    assert marks == {"reason": mark_of(f"{name} 要求"), "data": mark_of({"note": number})}
    assert erased.entries == Redaction.objects.values("entry").distinct().count()
    assert not Session.objects.filter(pk=session.session_key).exists()
    assert not AuthToken.objects.exists()
    with translation.override("en"):
        assert str(User.objects.get(pk=person.pk)) == f"Erased person {person.pk}"
        assert User.objects.values_list("name", flat=True).get(pk=person.pk) == f"Erased person {person.pk}"
        assert str(Registrant.objects.get(pk=registrant.pk)) == f"Erased person {person.pk}.{registrant.pk}"
    client.force_login(officer)
    assert client.get(reverse("agents:detail", args=[agent.pk])).status_code in {200, 403}
    assert client.get(reverse("journal:list")).status_code == 200


def refused(agent, **given) -> list[str]:
    with pytest.raises(ErasureRefused) as told:
        erase(agent, **given)
    return [reason.code for reason in told.value.reasons]


def test_each_refusal_says_what_to_do_and_changes_nothing() -> None:
    """R83: cards, tasks, cases, a law; no reason, no right, twice."""
    working = AgentFactory()
    assert refused(working) == ["has_access"]
    fresh = leaver(user__left_on=business_day(FRIDAY), left_on=business_day(FRIDAY))
    assert refused(fresh) == ["kept_by_law"]
    busy = leaver()
    hand_over(CardFactory(), busy)
    CardFactory(actual_user=busy.user)
    LeavingFactory(agent=busy, left_at=FRIDAY, noticed_at=FRIDAY)
    CaseFactory(card=CardFactory(), actor=busy.user)
    assert refused(busy) == ["holds_cards", "cards_registered", "tasks_open", "named_in_case"]
    assert User.objects.filter(erased_at=None, pk=busy.user_id, name=busy.user.name).exists()
    agent = leaver()
    with pytest.raises(BadInput):
        erase(agent, reason=" ")
    with pytest.raises(NotAllowed):
        erase(agent, actor=PersonFactory(role=Role.SUPERVISOR))
    erase(agent)
    assert refused(agent) == ["erased_already"]
    with pytest.raises(PersonErased):
        reactivate(person=agent.user, actor=None, now=FRIDAY)


def test_a_name_that_another_bears_stays_in_notes() -> None:
    """R83: it is the other's name too; staff numbers and mobiles go, and the page says so."""
    agent, namesake = leaver(user__name="王伟强"), PersonFactory(name="王伟强")
    card = CardFactory(note=f"王伟强 {agent.user.staff_no}", team=None)
    assert erasure_page(agent.user, actor=namesake, now=FRIDAY).shared_name == 1
    erase(agent)
    card.refresh_from_db()
    assert card.note.startswith("王伟强 ")
    assert agent.user.staff_no not in card.note
    assert User.objects.get(pk=namesake.pk).name == "王伟强"


def test_a_request_for_deletion_that_is_granted_erases() -> None:
    """R83: or says from when it can; the matter itself names nobody afterwards."""
    officer, agent, fresh = PersonFactory(role=Role.COMPLIANCE), leaver(), leaver(user__left_on=business_day(FRIDAY))
    for one in (agent, fresh):
        do_steps(MatterFactory(kind=MatterKind.DELETE, about=one.user, title=f"{one.user.staff_no} asks", asker="A"))
    given = {"outcome": "granted", "because": f"by {agent.user.staff_no}", "actor": officer, "now": FRIDAY}
    with pytest.raises(MatterClosingRefused) as told:
        close_matter(matter_id=Matter.objects.get(about=fresh.user).pk, **given)
    assert [(reason.code, reason.value) for reason in told.value.reasons] == [("kept_by_law", "2027-05-20")]
    matter = close_matter(matter_id=Matter.objects.get(about=agent.user).pk, **given)
    matter.refresh_from_db()
    assert User.objects.get(pk=agent.user_id).erased_at == FRIDAY
    assert agent.user.staff_no not in matter.title + matter.because + matter.asker


def test_the_page_asks_for_a_fresh_sign_in_and_a_reason(client) -> None:
    """R83: preview with counts and what stays; closing a granted deletion asks for the sign-in too."""
    officer, agent = PersonFactory(role=Role.COMPLIANCE), leaver()
    url = reverse("lifecycle:erase", args=[agent.user_id])
    client.force_login(officer)
    assert client.get(url).status_code == 302
    assert client.post(url, {"reason": "asked"}).status_code == 302
    assert User.objects.get(pk=agent.user_id).erased_at is None
    matter = MatterFactory(kind=MatterKind.DELETE, about=agent.user)
    do_steps(matter)
    closing = client.post(reverse("lifecycle:matter-deed", args=[matter.pk, "close"]), {"outcome": "granted"})
    assert "/reauthenticate" in closing["Location"]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["page"].touched
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"reason": "asked"}).status_code == 302
    assert client.get(url).context["page"].person.erased_at
    assert client.post(url, {"reason": "asked"}).status_code == 409
