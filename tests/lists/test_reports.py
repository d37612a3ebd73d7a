"""Reports by e-mail: once, as their owner may see, until something stops them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import deactivate
from cardfleet.jobs.tasks import deliver_notifications
from cardfleet.journal.models import Entry
from cardfleet.lists.choices import WhyStopped
from cardfleet.lists.models import ReportRun, ScheduledReport
from cardfleet.lists.services.views import delete_view
from cardfleet.lists.tasks import send_reports
from cardfleet.notify.models import InboxItem, Message
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.lists import SavedViewFactory, ScheduledReportFactory
from tests.notify.servers import mail_server

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def owner(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team, email="owner@example.com")


@pytest.fixture
def view(owner):
    return SavedViewFactory(owner=owner, query="", name="My cards")


def run(now=FRIDAY) -> dict[str, int]:
    return send_reports(on=now.date(), now=now)


def content(run: ReportRun) -> str:
    with run.file.content.open() as file:
        return file.read().decode("utf-8-sig")


def test_a_report_is_sent_once_however_often_and_late_the_job_runs(settings, team, owner, view) -> None:
    """R64: the owner's scope and masks at that moment, by e-mail with the file and in the inbox, journalled."""
    mine, other = CardFactory(team=team), CardFactory()
    without_mail = PersonFactory(role=Role.SUPERVISOR)
    agent = PersonFactory(role=Role.AGENT, email="agent@example.com")
    report = ScheduledReportFactory(view=view, recipients=[without_mail, agent], next_at=FRIDAY - timedelta(days=9))
    assert run() == {"sent": 1, "not_sent": 0}
    assert run() == {"sent": 0, "not_sent": 0}
    sent = ReportRun.objects.get()
    assert (sent.rows, sent.sent_to, sent.left_out) == (1, 2, 1)
    assert mine.msisdn in content(sent)
    assert other.iccid not in content(sent)
    report.refresh_from_db()
    assert report.next_at == FRIDAY.replace(day=21, hour=8, minute=30)
    assert set(InboxItem.objects.values_list("user", flat=True)) == {owner.pk, without_mail.pk}
    with mail_server() as served:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", served.port, False
        for _again in range(2):
            deliver_notifications(on=FRIDAY.date(), now=FRIDAY)
    (mail,) = served.accepted
    (attached,) = mail.iter_attachments()
    assert mail["To"] == "owner@example.com"
    assert mine.iccid in str(attached.get_content())
    assert Entry.objects.get(action="lists.report_sent").data["rows"] == 1


def test_the_file_is_for_its_recipients_alone(client, team, owner, view) -> None:
    """R12: whoever has the link and is no recipient finds nothing."""
    CardFactory(team=team)
    recipient, stranger = PersonFactory(role=Role.SUPERVISOR), PersonFactory(role=Role.FINANCE)
    ScheduledReportFactory(view=view, recipients=[recipient], form="xlsx")
    run()
    url = InboxItem.objects.get(user=recipient).url
    for person, status in ((recipient, 200), (stranger, 404)):
        client.force_login(person)
        answer = client.get(url)
        answer.getvalue()  # which closes the file
        assert answer.status_code == status


def test_what_is_too_large_for_mail_waits_in_cardfleet(settings, view) -> None:
    settings.MAIL_MAX_BYTES = 1
    ScheduledReportFactory(view=view)
    run()
    message = Message.objects.get()
    assert message.attachment is None
    assert "xlsx" in message.body or "csv" in message.body


def left(owner, view, report) -> None:
    deactivate(person=owner, actor=None, reason="left", now=FRIDAY)


def lost_the_right(owner, view, report) -> None:
    owner.groups.clear()


def deleted(owner, view, report) -> None:
    delete_view(view_id=view.pk, actor=owner, now=FRIDAY)


def unusable(owner, view, report) -> None:
    view.query = "colour=red"
    view.save()


def nobody_left(owner, view, report) -> None:
    report.recipients.clear()


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (left, WhyStopped.OWNER_LEFT),
        (lost_the_right, WhyStopped.RIGHT_LOST),
        (deleted, WhyStopped.VIEW_DELETED),
        (unusable, WhyStopped.VIEW_UNUSABLE),
        (nobody_left, WhyStopped.NO_RECIPIENT),
    ],
)
def test_a_report_that_may_not_go_on_stops_and_says_so(client, owner, view, happens, why) -> None:
    """R64: nothing leaves; owner and recipients are told, the page says why."""
    colleague = PersonFactory(role=Role.SUPERVISOR)
    report = ScheduledReportFactory(view=view, recipients=[colleague])
    happens(owner, view, report)
    run()
    run()
    report.refresh_from_db()
    assert (report.stopped_why, report.stopped_at) == (why, FRIDAY)
    assert not ReportRun.objects.exists()
    told = InboxItem.objects.filter(code="lists.report_stopped")
    assert told.count() == {WhyStopped.RIGHT_LOST: 2, WhyStopped.VIEW_UNUSABLE: 2}.get(why, 1)
    assert Entry.objects.filter(action="lists.report_stopped").count() == 1


def test_a_report_is_made_changed_stopped_and_goes_on(client, owner, view) -> None:
    client.force_login(owner)
    given = {"view": view.pk, "form": "xlsx", "every": "week", "weekday": "1", "day": "1", "at": "09:00"}
    assert client.post(reverse("lists:new-report"), given).status_code == 422
    assert client.post(reverse("lists:new-report"), {**given, "recipients": [owner.pk]}).status_code == 302
    report = ScheduledReport.objects.get()
    assert report.next_at == FRIDAY.replace(day=23, hour=9, minute=0)
    page, switch = reverse("lists:report", args=[report.pk]), reverse("lists:switch", args=[report.pk])
    client.post(page, {**given, "every": "day", "recipients": [owner.pk]})
    report.refresh_from_db()
    assert report.next_at == FRIDAY.replace(day=21, hour=9, minute=0)
    client.post(switch)
    assert run(FRIDAY + timedelta(days=3)) == {"sent": 0, "not_sent": 0}
    client.post(switch, {"on": "1"})
    report.refresh_from_db()
    assert report.stopped_at is None
    assert client.get(reverse("lists:index")).status_code == 200
    client.force_login(PersonFactory(role=Role.SUPERVISOR))
    assert client.post(switch).status_code == 404
