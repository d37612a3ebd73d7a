"""Notices of changed numbers: their people, results, forwarding, retention, texts, and the case (R110, R111)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import open_table
from cardfleet.notify.models import InboxItem
from cards.choices import StopReason
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.errors import NewNumberMissing, NoticeForgotten, StepRefused, TextRefused
from lifecycle.importers.recipients import read_recipients
from lifecycle.models import Forwarding, NoticeRecipient, NoticeText, NumberNotice
from lifecycle.selectors.number_notices import rows_to_send
from lifecycle.services.cases import close_case
from lifecycle.services.forwarding import ask_forwarding, end_forwarding, remind_forwardings, set_up_forwarding
from lifecycle.services.number_notices import (
    change_notice,
    draft_notice,
    forget_recipients,
    list_recipients,
    note_download,
    record_results,
    write_text,
)
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, RegistrantFactory
from tests.factories.cases import CaseFactory, do, do_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW, TODAY = FRIDAY, business_day(FRIDAY)
LIST = "手机号,称呼\n13800001234,王女士\n13800005678,\n13800009999,李先生\n"


@pytest.fixture
def supervisor():
    team = TeamFactory()
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def notice(supervisor) -> NumberNotice:
    old = CardFactory(team=supervisor.team, registrant=RegistrantFactory(name="华信科技有限公司"))
    new = CardFactory(team=supervisor.team)
    return draft_notice(old_card_id=old.pk, new_card_id=new.pk, changes_on=TODAY, actor=supervisor, now=NOW)


def lines(text: str, *, with_results: bool = False):
    return read_recipients(open_table(BytesIO(text.encode()), "list.csv"), with_results=with_results)


def listed(notice, supervisor, text: str = LIST):
    return list_recipients(notice_id=notice.pk, lines=lines(text), actor=supervisor, now=NOW)


def test_people_are_kept_encrypted_each_once_and_without_those_who_refused(notice, supervisor) -> None:
    """R110: minimal data (PIPL art. 6, 51): stored sealed, not in the journal; a refusal holds."""
    refused = {"number_hash": hash_of("+8613800009999"), "given_at": NOW, "recorded_at": NOW, "source": "x"}
    CalleeListing.objects.create(kind=ListingKind.DO_NOT_CALL, **refused)
    outcome = listed(notice, supervisor)
    assert (outcome.new, outcome.known, [line.number for line in outcome.refused]) == (2, 0, [4])
    again = listed(notice, supervisor)
    assert (again.new, again.known) == (0, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address || called || address_hash FROM lifecycle_noticerecipient")
        stored = "".join(row[0] for row in cursor)
    assert "1380000" not in stored
    assert "王" not in stored
    told = "".join(f"{entry.reason}{entry.data}" for entry in Entry.objects.filter(action__startswith="lifecycle."))
    assert "1380000" not in told


def test_what_is_sent_names_us_both_numbers_and_the_way_to_refuse(notice, supervisor) -> None:
    """R110: one text for each person still to be told, filled in; CardFleet itself sends nothing."""
    listed(notice, supervisor)
    text = NoticeText.objects.filter(channel="sms").first()
    rows = list(rows_to_send(notice, text))
    assert [row[0] for row in rows] == ["13800001234", "13800005678", "13800009999"]
    body = rows[0][3]
    for part in ("王女士", "华信科技有限公司", notice.old_card.msisdn[3:], notice.new_card.msisdn[3:], notice.opt_out):
        assert part in body
    given = {"name": "x", "channel": "sms", "subject": "", "body": "{company}", "is_active": True}
    with pytest.raises(TextRefused) as wrong:
        write_text(given=given, actor=None, now=NOW)
    assert {reason.code for reason in wrong.value.reasons} == {"place_missing"}


def test_results_come_by_file_and_an_unknown_person_is_named(notice, supervisor) -> None:
    """R110: told, not reached, wants no more: as people recorded it."""
    listed(notice, supervisor)
    said = "手机号,结果,原因\n13800001234,成功,\n13800005678,失败,空号\n13700000000,成功,\n"
    outcome = record_results(notice_id=notice.pk, lines=lines(said, with_results=True), actor=supervisor, now=NOW)
    assert (outcome.new, [line.number for line in outcome.refused]) == (2, [4])
    notice.refresh_from_db()
    assert (notice.told, notice.failed, notice.refused) == (1, 1, 0)
    assert len(list(rows_to_send(notice, NoticeText.objects.get(channel="sms")))) == 1


def test_people_are_deleted_after_their_time_and_the_counts_stay(notice, supervisor) -> None:
    """X12, R110; PIPL art. 19: the job run twice; nobody is kept longer than half a year."""
    listed(notice, supervisor)
    NoticeRecipient.objects.filter(called="").update(result="sent", result_at=NOW)
    far = {"delete_after": TODAY + timedelta(days=181)}
    with pytest.raises(BadInput):
        change_notice(notice_id=notice.pk, changes=far, actor=supervisor, now=NOW)
    after = notice.delete_after
    assert forget_recipients(on=after, now=NOW) == {"notices": 0, "people": 0}
    assert forget_recipients(on=after + timedelta(days=1), now=NOW) == {"notices": 1, "people": 3}
    assert forget_recipients(on=after + timedelta(days=1), now=NOW) == {"notices": 0, "people": 0}
    notice.refresh_from_db()
    assert (notice.told, notice.recipients.count()) == (1, 0)
    with pytest.raises(NoticeForgotten):
        listed(notice, supervisor)


def test_a_forwarding_is_reminded_of_before_its_end(notice, supervisor) -> None:
    """R111: a week and a day before, once each however often the job runs; a moved end is told of anew."""
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    one = ask_forwarding(notice_id=notice.pk, **days, actor=supervisor, now=NOW)
    assert ask_forwarding(notice_id=notice.pk, **days, actor=supervisor, now=NOW) == one

    def told(on, times=2) -> int:
        for _ in range(times):
            remind_forwardings(on=on, now=NOW)
        return InboxItem.objects.filter(user=supervisor).count()

    assert told(TODAY) == 0
    assert told(TODAY + timedelta(days=1)) == 1  # nobody has set it up yet
    set_up_forwarding(forwarding_id=one.pk, ends_on=one.ends_on, actor=supervisor, now=NOW)
    assert told(TODAY + timedelta(days=22)) == 1
    assert told(TODAY + timedelta(days=23)) == 2
    assert told(TODAY + timedelta(days=28)) == 2
    assert told(TODAY + timedelta(days=29)) == 3
    set_up_forwarding(forwarding_id=one.pk, ends_on=one.ends_on + timedelta(days=30), actor=supervisor, now=NOW)
    assert told(TODAY + timedelta(days=53)) == 4
    end_forwarding(forwarding_id=one.pk, actor=supervisor, now=NOW)
    assert told(TODAY + timedelta(days=59)) == 4


def test_a_number_change_from_its_opening_to_its_end(supervisor) -> None:
    """R110, R111: each step finds what it asks for on the notice, else says what is missing."""
    old, new = CardFactory(team=supervisor.team), CardFactory(team=supervisor.team)
    case = CaseFactory(card=old, kind=CaseKind.NUMBER_CHANGE, reason=StopReason.BUSINESS_CHANGE, actor=supervisor)
    notice = NumberNotice.objects.get(case=case)
    with pytest.raises(NewNumberMissing):
        note_download(notice_id=notice.pk, actor=supervisor, now=NOW)
    do(case, "new_number", actor=supervisor, given={"new_card": new})
    for code, missing in (("people", "nobody_listed"), ("told", "results_missing")):
        with pytest.raises(StepRefused) as refused:
            do(case, code, actor=supervisor)
        assert [reason.code for reason in refused.value.reasons] == [missing]
        if code == "people":
            listed(notice, supervisor)
            do(case, "people", actor=supervisor)
    until = TODAY + timedelta(days=30)
    do(case, "forward", actor=supervisor, given={"until": until})
    said = "手机号,结果\n" + "".join(f"{number},成功\n" for number in (13800001234, 13800005678, 13800009999))
    record_results(notice_id=notice.pk, lines=lines(said, with_results=True), actor=supervisor, now=NOW)
    do_all(case, actor=supervisor)
    close_case(case_id=case.pk, outcome=CaseOutcome.REPLACED, note="", actor=supervisor, now=NOW)
    notice.refresh_from_db()
    assert (notice.new_card, notice.told) == (new, 3)
    assert Forwarding.objects.get().ends_on == until


def test_the_page_of_a_notice(client, notice, supervisor) -> None:
    """R110, R111: people masked, bad rows by line and column, the file for whoever sends; journalled when taken."""
    client.force_login(supervisor)
    at = {name: reverse(f"lifecycle:number-notice{name}", args=[notice.pk]) for name in ("", "-list", "-download")}
    file = SimpleUploadedFile("名单.csv", (LIST + "138****0000,\n").encode("gbk"))
    page = client.post(at["-list"], {"list-file": file}).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    assert NoticeRecipient.objects.count() == 3
    people = [str(pk) for pk in notice.recipients.values_list("pk", flat=True)[:2]]
    result = {"people": people, "result": "failed", "remark": "停机"}
    client.post(reverse("lifecycle:number-notice-result", args=[notice.pk]), result)
    taken = client.post(at["-download"], {"text": NoticeText.objects.get(channel="sms").pk})
    content = b"".join(taken.streaming_content).decode()
    assert "13800009999" in content
    assert "13800001234" not in content
    assert Entry.objects.filter(action="lifecycle.recipients_downloaded").count() == 1
    assert client.get(at[""]).status_code == 200
