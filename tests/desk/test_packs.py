"""Evidence packs: of a card, of a period; who may, what is never in one, what is done twice (R40, R83)."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient
from time_machine import travel

from agents.models import Acknowledgement, PolicyVersion
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed, NotVisible
from cards.choices import Axis, ChangeSource, RegistrantKind
from cards.models import Card, CardChange, CardSecret
from lifecycle.choices import ContactChannel
from lifecycle.errors import NothingToPack, PackUnfit
from lifecycle.models import CaseComment, CaseContact, CaseFile, EvidencePack, Finding
from lifecycle.services.complaints import record_complaint
from lifecycle.services.packs import ask_for_pack, make_pack
from tests.conftest import FRIDAY
from tests.factories.accounts import PASSWORD as SIGN_IN
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory, HandoverFactory, TrainingRecordFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory, RegistrantFactory, id_copy_of, picture
from tests.factories.cases import CaseFactory
from tests.factories.desk import EvidencePackFactory
from tests.factories.lifecycle import AlertFactory, NumberMarkFactory, ReverificationFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY, ASKED = business_day(FRIDAY), FRIDAY + timedelta(minutes=1)
ID_NUMBER, PIN, PASSWORD = "11010519491231002X", "40982213", "77013355"
SAID = f"身份证 {ID_NUMBER}, PIN {PIN}, 服务密码 {PASSWORD}, 回电 13912345678"


@pytest.fixture
def officer():
    """Somebody of compliance."""
    return PersonFactory(role=Role.COMPLIANCE)


def lived(rule=None):
    """Return a card that was held, called, warned of, complained about and stopped, with secrets and IDs in reach."""
    name = "王建国" * (1 + Card.objects.count())
    proof = RegistrantFactory(kind=RegistrantKind.PERSON, name=name, id_number=ID_NUMBER)
    id_copy_of(proof)
    card, agent = CardFactory(registrant=proof, note=SAID), AgentFactory(user__name="李晓明")
    CardSecret.objects.create(card=card, pin1=PIN, puk1=PIN, service_password=PASSWORD)
    signature = store(content=picture(), name=f"{ID_NUMBER}.png", purpose="signature", owner=None, now=FRIDAY)
    receipt = HandoverFactory(agent=agent, accepted_at=FRIDAY, signed_name="李晓明", signature=signature)
    hand_over(card, agent, at=FRIDAY - timedelta(days=3), handover=receipt, note=SAID, reason=SAID)
    TrainingRecordFactory(agent=agent, signed_name="李晓明")
    Acknowledgement.objects.create(
        version=PolicyVersion.objects.first(), user=agent.user, at=FRIDAY - timedelta(1), signed_name="李晓明"
    )
    day = TODAY - timedelta(days=1)
    UsageDailyFactory(card=card, day=day, calls=100)
    rule = rule or CarrierRuleFactory()
    Finding.objects.create(
        card=card, rule=rule, kind=rule.kind, day=day, severity="high", value=100, limit=90, code="x", seen_at=FRIDAY
    )  # fmt: skip
    AlertFactory(card=card, first_seen_at=FRIDAY - timedelta(hours=2))
    ReverificationFactory(card=card, note=SAID)
    NumberMarkFactory(card=card)
    CalleeListingFactory(given_at=FRIDAY - timedelta(hours=1))
    earlier = FRIDAY - timedelta(hours=1)
    record_complaint(card_id=card.pk, received_at=earlier, channel="c", summary=SAID, actor=None, now=earlier)
    noted = {"at": earlier, "recorded_at": FRIDAY, "source": ChangeSource.IMPORT, "note": SAID}
    CardChange.objects.create(card=card, axis=Axis.SERVICE, to_state="active", **noted)
    record(actor=None, action="lifecycle.alert_commented", subject=card, now=earlier, reason=SAID)
    worked_on(CaseFactory(card=card, note=SAID, now=earlier), {"proof.png": picture(), "said.txt": SAID.encode()})
    return card


def worked_on(case, files):
    """Let a case have been talked about, with documents."""
    at = FRIDAY - timedelta(minutes=30)
    talked = {"channel": ContactChannel.HOTLINE, "person": "赵经理", "said": SAID}
    CaseContact.objects.create(case=case, at=at, recorded_at=at, **talked)
    CaseComment.objects.create(case=case, at=at, text=SAID)
    for name, content in files.items():
        file = store(content=ContentFile(content), name=name, purpose="case", owner=None, now=at, subject=case)
        CaseFile.objects.create(case=case, file=file, sha256=file.sha256)
    return case


def made(pack) -> EvidencePack:
    """Run the job of a pack."""
    run_job(pack.job_id)
    pack.refresh_from_db()
    assert pack.made_at, pack.job and Job.objects.get(pk=pack.job_id).error
    return pack


def opened(pack) -> zipfile.ZipFile:
    with pack.file.content.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def table(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    """Return the rows of a table without its head."""
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))[1:]


def test_a_pack_of_a_card_holds_its_life_and_proves_itself(officer, settings, tmp_path):
    """R40, R83: every part has what is on record; the seal is ours; no ID number or secret in any byte."""
    settings.MEDIA_ROOT = tmp_path
    card = lived()
    pack = made(EvidencePackFactory(card=card, asked_by=officer, reason=f"函 12 号 {ID_NUMBER}"))
    call_command("verify_pack", pack.file.content.path)
    with opened(pack) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        listed = {file["path"]: file for file in manifest["files"]}
        assert {*listed, "manifest.json"} == set(archive.namelist())
        full = {path for path, file in listed.items() if path.endswith(".csv") and file["rows"]}
        empty = {"registered_users.csv", "id_checks.csv", "confirmations.csv", "calls_by_consent.csv", "audits.csv"}
        tables = {path for path in listed if path.endswith(".csv")}
        assert tables - full <= empty | {"law_reviews.csv", "courses.csv"}
        assert [row[-2:] for row in table(archive, "calls_by_day.csv")] == [["200", "50.0"]]
        assert table(archive, "cards.csv")[0][1] == card.masked_msisdn
        assert [(bool(row[-2]), bool(row[-1])) for row in table(archive, "documents.csv")] == [
            (True, False), (True, False), (False, True)
        ]  # fmt: skip
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert manifest["scope"]["card"] == {"id": card.pk, "number": card.masked_msisdn}
    for planted in (ID_NUMBER, PIN, PASSWORD, "13912345678", "王建国", "李晓明", "赵经理", card.msisdn[3:], card.iccid):
        assert planted.encode() not in everything
        assert planted.encode("utf-16-le") not in everything


def test_names_and_numbers_whole_where_asked_for(officer):
    """PIPL art. 51: with the rights to see them so, and on record."""
    card = lived()
    pack = made(EvidencePackFactory(card=card, asked_by=officer, with_names=True, with_numbers=True))
    with opened(pack) as archive:
        row = table(archive, "cards.csv")[0]
    assert {card.msisdn, card.iccid, "王建国"} <= {cell.lstrip("'") for cell in row}
    assert Entry.objects.get(action="lifecycle.pack_asked").data == {"whole": ["names", "numbers"]}
    group = Group.objects.create(name="packs only")
    group.permissions.add(Permission.objects.get(codename="make_pack"))
    person = PersonFactory()
    person.groups.add(group)
    with pytest.raises(NotAllowed):
        EvidencePackFactory(first=TODAY, last=TODAY, asked_by=person, with_names=True)


def supervising(team):
    """Return a supervisor of a team who may make packs."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    group = Group.objects.create(name=f"packs {person.pk}")
    group.permissions.add(Permission.objects.get(codename="make_pack"))
    person.groups.add(group)
    return person


def test_a_pack_of_a_period_is_of_the_team_that_had_the_cards(officer):
    """R83: the cards a team has or had in hand; the same data make the same tables, the same job one file."""
    ours, other = TeamFactory(), TeamFactory()
    agent = AgentFactory(user__team=ours)
    held, gone, theirs = CardFactory(team=ours), CardFactory(), CardFactory(team=other)
    hand_over(gone, agent, at=FRIDAY - timedelta(days=9))
    gone.assignments.update(ended_at=FRIDAY - timedelta(days=2))
    type(gone).objects.filter(pk=gone.pk).update(team=other, holder=None, custody_state="in_stock")
    UsageDailyFactory(card=held, day=TODAY - timedelta(days=2))
    UsageDailyFactory(card=held, day=TODAY - timedelta(days=40))
    asked = {"team": ours, "first": TODAY - timedelta(days=5), "last": TODAY, "asked_by": officer}
    pack, again = made(EvidencePackFactory(**asked)), made(EvidencePackFactory(**asked))
    with opened(pack) as one, opened(again) as two:
        assert [int(row[0]) for row in table(one, "cards.csv")] == [held.pk, gone.pk]
        assert len(table(one, "calls_by_day.csv")) == 1
        tables = [name for name in one.namelist() if name.endswith(".csv")]
        assert [one.read(name) for name in tables] == [two.read(name) for name in tables]
    assert theirs.pk not in {held.pk, gone.pk}
    job = Job.objects.get(pk=pack.job_id)
    same = make_pack(job=job, now=FRIDAY, expect=lambda _rows: None, tell=lambda _rows: None)
    assert same.file_id == pack.file_id
    with pytest.raises(NothingToPack):
        EvidencePackFactory(team=TeamFactory(), first=TODAY, last=TODAY, asked_by=officer)


def test_what_cannot_be_asked_for(officer):
    """R83: days that run backwards or lie ahead, no reason; a card or team of others is as if it were not."""
    card, team = CardFactory(team=TeamFactory()), TeamFactory()
    ask = {"team_id": None, "first": None, "last": None, "reason": "letter", "actor": officer, "now": FRIDAY}
    for wrong in ({"first": TODAY, "last": TODAY - timedelta(1)}, {"first": TODAY, "last": TODAY + timedelta(1)}):
        with pytest.raises(PackUnfit) as told:
            ask_for_pack(card_id=card.pk, **{**ask, **wrong})
        assert told.value.reasons[0].field == "last"
    with pytest.raises(PackUnfit):
        ask_for_pack(card_id=card.pk, **{**ask, "reason": " "})
    away = supervising(team)
    with pytest.raises(NotVisible):
        ask_for_pack(card_id=card.pk, **{**ask, "actor": away})
    with pytest.raises(NotVisible):
        ask_for_pack(card_id=None, **{**ask, "actor": away, "team_id": card.team_id, "first": TODAY, "last": TODAY})
    assert not EvidencePack.objects.exists()


def test_who_is_of_another_team_sees_nothing(client, officer):
    """Invariant 10: packs of others, their files and the preview of a card outside the scope are 404."""
    card = lived()
    pack = made(EvidencePackFactory(card=card, asked_by=officer))
    away = supervising(TeamFactory())
    client.force_login(away)
    assert client.get(reverse("lifecycle:pack-made", args=[pack.pk])).status_code == 404
    assert client.get(reverse("files:download", args=[pack.file_id])).status_code == 404
    assert client.get(reverse("api:evidencepack-detail", args=[pack.pk])).status_code == 404
    found = client.get(reverse("lifecycle:pack-preview"), {"card": card.iccid})
    assert found.status_code == 400
    assert card.iccid not in client.get(reverse("lifecycle:pack"), {"card": card.pk}).content.decode()


def test_the_statements_do_not_grow_with_the_cards(officer):
    """Rule 6: as many for three cards as for one."""
    rule = CarrierRuleFactory()
    counts = []
    for cards in (1, 2):
        for _card in range(cards):
            lived(rule)
        pack = EvidencePackFactory(first=TODAY - timedelta(days=30), last=TODAY, asked_by=officer)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            make_pack(job=pack.job, now=FRIDAY, expect=lambda _rows: None, tell=lambda _rows: None)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@travel(ASKED, tick=False)
def test_pages_ask_for_a_sign_in_and_tell_who_took_it(client, officer):
    """R40: a fresh sign-in, a reason, a job; each download is journalled and shown."""
    card = lived()
    client.force_login(officer)
    assert client.get(reverse("lifecycle:pack"), {"card": card.pk}).context["form"].initial == {"card": card.iccid}
    preview = client.get(reverse("lifecycle:pack-preview"), {"card": card.iccid}).context["preview"]
    assert (preview.cards, {part.path: part.rows for part in preview.parts}["custody.csv"]) == (1, 1)
    form = {"card": card.iccid, "reason": "letter 12"}
    assert "reauthenticate" in client.post(reverse("lifecycle:pack"), form)["Location"]
    client.post(reverse("account_reauthenticate"), {"password": SIGN_IN})
    assert client.post(reverse("lifecycle:pack"), {**form, "first": "2030-01-01"}).status_code == 400
    answer = client.post(reverse("lifecycle:pack"), form)
    pack = made(EvidencePack.objects.get())
    assert answer["Location"] == reverse("lifecycle:pack-made", args=[pack.pk])
    taken = client.get(reverse("files:download", args=[pack.file_id]))
    assert b"".join(taken.streaming_content).startswith(b"PK")
    row = client.get(answer["Location"]).context["row"]
    assert [entry.actor for entry in row.taken] == [officer]
    assert client.get(reverse("lifecycle:pack")).context["rows"][0].taken


@travel(ASKED, tick=False)
def test_a_script_asks_for_a_pack(client, officer):
    """R40: as other jobs: 202, then its state and file; a browser's stale session is refused."""
    card, api = lived(), APIClient()
    api.force_authenticate(officer)
    answer = api.post(reverse("api:evidencepack-list"), {"card": card.pk, "reason": "letter 12"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    pack = made(EvidencePack.objects.get())
    told = api.get(reverse("api:evidencepack-detail", args=[pack.pk])).json()
    assert (told["state"], told["sha256"]) == ("done", pack.file.sha256)
    wrong = api.post(
        reverse("api:evidencepack-list"), {"first": "2026-11-20", "last": "2026-11-19", "reason": "letter"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "pack_unfit")
    client.force_login(officer)
    stale = client.post(reverse("api:evidencepack-list"), {"card": card.pk, "reason": "r"}, "application/json")
    assert (stale.status_code, stale.json()["code"]) == (403, "fresh_sign_in_needed")
