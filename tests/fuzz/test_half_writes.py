"""No half write: a damaged file is refused and leaves the database as it was, or each of its lines is accounted for."""

import os
from collections import Counter
from datetime import date
from decimal import Decimal
from shutil import rmtree

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.jobs.choices import ENDED
from cardfleet.jobs.models import Job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import Refusal
from cards.models import Carrier
from lifecycle.choices import NoticeChannel
from lifecycle.importers.recipients import RecipientLine
from lifecycle.services.number_notices import list_recipients
from tests.billing.conftest import OWN
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, PlanPriceFactory
from tests.factories.notices import NumberNoticeFactory
from tests.fuzz.mutations import bad_cells, damaged
from tests.fuzz.parsers import PARSERS
from tests.fuzz.traces import Before, files_without_rows
from tests.fuzz.writers import Failed, World
from tests.fuzz.written import WRITERS, Writer

# CI tries a few files of each; HALF_WRITES=1000 tries that many.
FEW = settings(
    max_examples=int(os.environ.get("HALF_WRITES", "12")),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

# What there may be of a file that nothing was taken of, beside what its service keeps of it: the job, why, the file.
ASKED = {"jobs_job", "jobs_jobrow", "files_storedfile", "journal_entry"}
MAY_CHANGE = {"refused": set[str](), "failed": ASKED, "emptied": {"billing_usagereject", *ASKED}}
TOLD = {
    "agents.agents_imported", "billing.readings_recorded", "billing.source_made", "billing.statement_received",
    "billing.usage_failed",
    "billing.usage_imported", "files.file_stored", "jobs.job_ended", "jobs.job_started",
    "lifecycle.notice_result_recorded", "lifecycle.recipients_listed",
}  # fmt: skip

# A guess for a person to correct, a pack that is only looked at, and answers that go the ways of readings and calls.
WITHOUT = {"calls, unknown", "packs", "answers of carriers"}


@pytest.fixture
def world(reference, time_machine, now) -> World:
    """A company with a person who may do everything, and what the files name."""
    time_machine.move_to(now, tick=False)
    team = TeamFactory(kind=TeamKind.COMPANY)
    actor = PersonFactory(role=Role.ADMIN, team=team, scope=team, is_superuser=True)
    price = PlanPriceFactory(
        plan__carrier=Carrier.objects.get(name="中国移动"),
        minute_price=Decimal("0.15"),
        monthly_fee=Decimal("30.00"),
    )
    card, other = (
        CardFactory(
            msisdn=msisdn, carrier=price.plan.carrier, plan=price.plan, team=team, activated_on=date(2026, 3, 1)
        )
        for msisdn in (OWN, "+8613900000001")
    )
    notice = NumberNoticeFactory(old_card=card, new_card=other)
    told = [RecipientLine(number=2, channel=NoticeChannel.SMS, address=OWN, called="李先生")]
    list_recipients(notice_id=notice.pk, lines=told, actor=actor, now=now)
    return World(actor, card, notice)


@pytest.mark.django_db
@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_a_damaged_file_is_taken_whole_or_not_at_all(writer: Writer, world: World, settings) -> None:
    """A valid one is taken first, so that the others fail for what was done to them."""
    before, counts = Before.now(), Counter[str]()

    def one(data: bytes) -> None:
        with transaction.atomic():
            try:
                tried(writer, world, data, before, counts)
            finally:
                transaction.set_rollback(True)
                rmtree(settings.MEDIA_ROOT, ignore_errors=True)

    one(writer.files[0])
    assert counts == {"taken": 1}
    for data in writer.late:
        one(data)
    FEW(given(damaged(writer.files) | bad_cells(writer.files[0]))(one))()
    assert counts["refused"] + counts["failed"] + counts["emptied"]


def tried(writer: Writer, world: World, data: bytes, before: Before, counts: Counter[str]) -> None:
    """Give a service a file, and see that what it says of it is what is there."""
    last = Entry.objects.latest("pk").pk
    came = given_to(writer, world, data)
    counts[came] += 1
    if came != "taken":
        assert before.changed() <= MAY_CHANGE[came] | writer.own
        assert set(Entry.objects.filter(pk__gt=last).values_list("action", flat=True)) <= TOLD
    assert not Job.objects.exclude(state__in=ENDED).exists()
    assert not files_without_rows()


def given_to(writer: Writer, world: World, data: bytes) -> str:
    """Return what became of a file: taken, whole or in part, all its rows refused, or itself refused."""
    try:
        accounts = writer.give(world, data)
    except Refusal as refusal:
        is_named = refusal.code and str(refusal) and all(reason.code and reason.message for reason in refusal.reasons)
        return "refused" if is_named else "unnamed"
    except Failed:
        return "failed"
    for account in accounts:
        assert account.taken + account.refused == account.lines
        assert account.said == account.found
    return "taken" if any(account.taken for account in accounts) else "emptied"


def test_no_parser_is_left_out() -> None:
    """Each parser is tried with a service that writes, or writes nothing by itself."""
    writing = {writer.parser for writer in WRITERS}
    assert writing | WITHOUT == {parser.name for parser in PARSERS}
    assert not writing & WITHOUT
