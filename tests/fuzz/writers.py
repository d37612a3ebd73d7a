"""The services that pages and the API give files to, and how the answer of each accounts for the lines of a file."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agents.importers import agents, callees
from agents.models import Agent, CalleeListing
from agents.services.agent_files import ask_agent_import
from agents.services.callee_import import ask_callee_import
from billing.choices import BatchState, StatementState
from billing.importers import bundle_uses, readings, top_ups
from billing.models import BalanceReading, BillLine, BundleUse, UsageBatch, UsageRecord
from billing.services.bill_files import Sent, read_again, receive_statement, start_statement
from billing.services.bundle_use import start_bundle_use
from billing.services.feed import take_calls
from billing.services.reading_files import import_messages, import_readings
from billing.services.top_ups.sheets import carry_out, look_at
from billing.services.usage_bundles import receive_all
from billing.services.usage_repairs import opened
from billing.services.usage_requests import Delivery, start_import
from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.api.parsers import meaning
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.tabular import find_header, open_table
from cards.importers import cards
from cards.models import Card, CarrierRule, Device
from lifecycle.importers import devices, recipients
from lifecycle.importers.rule_sets import read_rule_set
from lifecycle.models import NoticeRecipient, NumberNotice
from lifecycle.services.card_files import ask_card_import
from lifecycle.services.device_files import ask_device_import
from lifecycle.services.number_notices import list_recipients, record_results
from lifecycle.services.rule_sets import import_rule_set
from tests.conftest import FRIDAY
from tests.fuzz.parsers import text_of


@dataclass(frozen=True)
class World:
    """Who sends files, and what they may name: a card of 13812345678, and a notice to people."""

    actor: User
    card: Card
    notice: NumberNotice


@dataclass(frozen=True, kw_only=True)
class Account:
    """What came of a file that was read: each of its lines taken or refused, and what is said beside what is there."""

    lines: int
    taken: int
    refused: int
    said: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)


Given = Callable[[World, bytes], Sequence[Account]]


class Failed(Exception):
    """A job that refused its whole file, by its code."""


def upload(data: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile("账单-2026年10月.csv", data)


def ran(job: Job) -> Job:
    """Return a job that was done. Failed where it refused its file as a whole."""
    run_job(job.pk)
    job.refresh_from_db()
    assert job.ended, job.state
    if job.error_code and job.error_code != "all_rows_refused":
        assert job.error
        assert job.error_code != "unexpected"
        raise Failed(job.error_code)
    return job


def below(data: bytes, aliases: Mapping[str, Sequence[str]], required: Sequence[str]) -> int:
    """Return how many rows a table has below its header."""
    rows = open_table(io.BytesIO(data), "表.csv").rows()
    find_header(rows, aliases, required)
    return sum(1 for _row in rows)


def journalled(action: str) -> dict[str, Any]:
    """Return what the last entry of an action says."""
    return Entry.objects.filter(action=action).latest("pk").data


def counted(model: Any, before: int) -> int:
    """Return how many rows came."""
    return model.objects.count() - before


def job_account(job: Job, lines: int, **what: Any) -> list[Account]:
    """Return the account that a job gives of the lines of its file."""
    return [Account(lines=lines, taken=job.succeeded, refused=job.refused, **what)]


def give_cards(world: World, data: bytes) -> Sequence[Account]:
    """By the page of card imports."""
    before = Card.objects.count()
    job = ask_card_import(
        upload=upload(data),
        team=world.card.team,
        reason="the register",
        create_missing=True,
        dry_run=False,
        actor=world.actor,
        now=FRIDAY,
    )
    done = ran(job)
    said = {name: done.summary[name] for name in ("created", "refused")}
    found = {"created": counted(Card, before), "refused": done.refused}
    return job_account(done, below(data, cards.ALIASES, cards.REQUIRED), said=said, found=found)


def give_agents(world: World, data: bytes) -> Sequence[Account]:
    """By the page of agent imports."""
    before = Agent.objects.count()
    asked = ask_agent_import(upload=upload(data), create_missing=True, dry_run=False, actor=world.actor, now=FRIDAY)
    done = ran(asked)
    told = journalled("agents.agents_imported")
    said = {name: told[name] for name in ("created", "refused")}
    found = {"created": counted(Agent, before), "refused": done.refused}
    return job_account(done, below(data, agents.ALIASES, agents.REQUIRED), said=said, found=found)


def give_callees(world: World, data: bytes) -> Sequence[Account]:
    """By the page of what callees said."""
    before = CalleeListing.objects.count()
    done = ran(ask_callee_import(upload=upload(data), proof=None, actor=world.actor, now=FRIDAY))
    stored = counted(CalleeListing, before)
    said = {"stored": journalled("agents.callees_listed")["stored"]} if stored else {}
    found = {"stored": stored} if stored else {}
    return job_account(done, below(data, callees.ALIASES, callees.REQUIRED), said=said, found=found)


def give_devices(world: World, data: bytes) -> Sequence[Account]:
    """By the page of device imports."""
    before, recorded = Device.objects.count(), Entry.objects.filter(action="cards.device_recorded").count()
    done = ran(ask_device_import(upload=upload(data), actor=world.actor, now=FRIDAY))
    said = {"recorded": Entry.objects.filter(action="cards.device_recorded").count() - recorded}
    found = {"recorded": counted(Device, before)}
    return job_account(done, below(data, devices.ALIASES, devices.REQUIRED), said=said, found=found)


def give_recipients(world: World, data: bytes) -> Sequence[Account]:
    """By the page of a notice."""
    before = NoticeRecipient.objects.count()
    lines = recipients.read_recipients(open_table(io.BytesIO(data), "表.csv"))
    listed = list_recipients(notice_id=world.notice.pk, lines=lines, actor=world.actor, now=FRIDAY)
    told, refused = journalled("lifecycle.recipients_listed"), len(listed.refused)
    found = {"new": counted(NoticeRecipient, before), "unchanged": listed.known, "refused": refused}
    return [Account(lines=len(lines), taken=listed.new + listed.known, refused=refused, said=told, found=found)]


def give_results(world: World, data: bytes) -> Sequence[Account]:
    """By the page of a notice, after the people were listed."""
    lines = recipients.read_recipients(open_table(io.BytesIO(data), "表.csv"), with_results=True)
    listed = record_results(notice_id=world.notice.pk, lines=lines, actor=world.actor, now=FRIDAY)
    told, refused = journalled("lifecycle.notice_result_recorded"), len(listed.refused)
    found = {"updated": listed.new, "refused": refused}
    return [Account(lines=len(lines), taken=listed.new + listed.known, refused=refused, said=told, found=found)]


def give_top_ups(what: str, model: Any) -> Given:
    """By the page of top-ups from a file, where every row is meant."""

    def give(world: World, data: bytes) -> Sequence[Account]:
        before = model.objects.count()
        rows = look_at(top_ups.read_top_ups(io.BytesIO(data), "表.csv"), actor=world.actor, now=FRIDAY)
        sure = {row.line for row in rows}
        done = carry_out(rows, what=what, sure=sure, key="key", actor=world.actor, now=FRIDAY)
        taken, lines = sum(row.fault is None for row in done), below(data, top_ups.ALIASES, ["number", "amount"])
        found = {"rows": counted(model, before)}
        return [Account(lines=lines, taken=taken, refused=len(done) - taken, said={"rows": taken}, found=found)]

    return give


def give_readings(world: World, data: bytes) -> Sequence[Account]:
    """By the page of readings; files that tell balances alone."""
    before = BalanceReading.objects.count()
    done = import_readings(file=io.BytesIO(data), name="表.csv", actor=world.actor, now=FRIDAY)
    told = journalled("billing.readings_recorded")
    said, found = {"stored": told["stored"]}, {"stored": counted(BalanceReading, before)}
    taken, refused = done.stored + done.known, len(done.refused)
    try:
        lines = below(data, readings.ALIASES, ["msisdn", "balance"])
    except Refusal:
        lines = taken + refused  # a text of messages, which has no rows
    return [Account(lines=lines, taken=taken, refused=refused, said=said, found=found)]


def give_messages(world: World, data: bytes) -> Sequence[Account]:
    """By the page of readings, pasted."""
    before = BalanceReading.objects.count()
    done = import_messages(text=text_of(data), actor=world.actor, now=FRIDAY)
    told = journalled("billing.readings_recorded")
    said, found = {"stored": told["stored"]}, {"stored": counted(BalanceReading, before)}
    taken = done.stored + done.known + done.states
    return [Account(lines=taken, taken=taken, refused=0, said=said, found=found)]


def give_bundle_use(world: World, data: bytes) -> Sequence[Account]:
    """By the page of messages and data."""
    before = BundleUse.objects.count()
    asked = start_bundle_use(content=upload(data), name="表.csv", month=None, actor=world.actor, now=FRIDAY)
    done = ran(asked)
    found = {"stored": counted(BundleUse, before)}
    lines = below(data, bundle_uses.ALIASES, ["msisdn"])
    return job_account(done, lines, said={"stored": done.summary["stored"]}, found=found)


def give_bills(world: World, data: bytes) -> Sequence[Account]:
    """By the page of bills: received, started, stored."""
    sent = Sent(content=upload(data), name="账单-2026年10月.csv", carrier=world.card.carrier)
    statement = receive_statement(sent=sent, actor=world.actor, now=FRIDAY)
    start_statement(statement=statement, actor=world.actor, now=FRIDAY)
    try:
        done = ran(Job.objects.latest("pk"))
    finally:
        statement.refresh_from_db()
        assert statement.state != StatementState.PENDING
    read, stored = read_again(statement), BillLine.objects.filter(bill__statement=statement)
    told = journalled("billing.bills_imported")
    said = {"bills": told["bills"], "refused": told["rows_refused"], "rows": statement.rows_read}
    found = {"bills": done.succeeded, "refused": done.refused, "rows": len(read.rows) + len(read.refused)}
    taken = len(set(stored.values_list("line", flat=True)))
    return [Account(lines=statement.rows_read, taken=taken, refused=done.refused, said=said, found=found)]


def give_calls(world: World, data: bytes) -> Sequence[Account]:
    """By the page of imports: received, in an archive each file for itself, then started. Raises the last refusal."""
    delivery = Delivery(content=upload(data), name="表.csv", source="carrier", own_number="13812345678")
    received = receive_all(deliveries=[delivery], actor=world.actor, now=FRIDAY)
    refusal: Exception | None = received.refused[-1].refusal if received.refused else None
    accounts = []
    for batch in received.batches:
        try:
            accounts += started(batch, world)
        except (Refusal, Failed) as error:
            refusal = error
    if refusal and not accounts:
        raise refusal
    return accounts


def started(batch: UsageBatch, world: World) -> list[Account]:
    """Start a batch and return what its counts say of the rows of its file."""
    batch = start_import(batch=batch, actor=world.actor, now=FRIDAY)
    try:
        done = ran(batch.job)
    finally:
        batch = UsageBatch.objects.select_related("source", "file", "corrects").get(pk=batch.pk)
        assert batch.state in (BatchState.STORED, BatchState.FAILED)
    with opened(batch) as file:
        first = file.recognised(FRIDAY).first_line
        lines = sum(line >= first for line, _cells in file.table().rows())
    told = journalled("billing.usage_imported")
    said = {"stored": batch.rows_stored, "refused": batch.rows_refused, "told": told["stored"], "by job": done.refused}
    stored, refused = UsageRecord.objects.filter(batch=batch).count(), batch.rejects.count()
    found = {"stored": stored, "refused": refused, "told": stored, "by job": refused}
    taken = batch.rows_stored + batch.rows_duplicate + batch.rows_skipped
    return [Account(lines=lines, taken=taken, refused=batch.rows_refused, said=said, found=found)]


def give_posted(world: World, data: bytes) -> Sequence[Account]:
    """By the API, as a switch posts."""
    before = UsageRecord.objects.count()
    taken = take_calls(slug="switch", body=meaning(text_of(data)), actor=world.actor, now=FRIDAY)
    refused = taken.count("refused")
    said, found = {"stored": taken.count("stored")}, {"stored": counted(UsageRecord, before)}
    done = sum(taken.count(status) for status in ("stored", "known", "skipped"))
    return [Account(lines=len(taken.rows), taken=done, refused=refused, said=said, found=found)]


def give_rules(world: World, data: bytes) -> Sequence[Account]:
    """By the page of rule sets: all or nothing."""
    before = CarrierRule.objects.count()
    day = date(2026, 12, 1)
    done = import_rule_set(content=data, effective_from=day, reason="set", actor=world.actor, now=FRIDAY)
    said, found = {"rules": done["new"] + done["changed"]}, {"rules": counted(CarrierRule, before)}
    return [Account(lines=len(read_rule_set(data)), taken=sum(done.values()), refused=0, said=said, found=found)]
