"""Notices of a changed number: drafted, people listed, results recorded, people forgotten (R110; PIPL art. 19).

CardFleet sends nothing to customers. The journal holds counts, never an address or its hash.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.crypto import fingerprint
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.choices import Purpose, RegistrantKind
from cards.models import Card
from lifecycle.choices import NoticeChannel, NoticeResult
from lifecycle.errors import NewNumberMissing, NoticeForgotten, TextRefused
from lifecycle.importers.recipients import RecipientLine
from lifecycle.models import CardSwitch, NoticeRecipient, NoticeText, NumberNotice
from lifecycle.rules.number_notice import OPT_OUT, TEXTS, Words, faults

KEPT_FOR, KEPT_AT_MOST = timedelta(days=60), timedelta(days=180)
CHANGEABLE = ("company", "opt_out", "changes_on", "crm_link", "crm_told", "crm_failed", "delete_after")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What became of a list: how many are new or were changed, how many were known, the rows refused."""

    new: int
    known: int
    refused: Sequence[RecipientLine]


@transaction.atomic
def draft_notice(
    *,
    old_card_id: int,
    new_card_id: int | None,
    changes_on: date,
    actor: User | None,
    now: datetime,
    switch: CardSwitch | None = None,
    case_id: int | None = None,
) -> NumberNotice:
    """Draft what the customers of a number are told; its people are listed afterwards. NotVisible."""
    old = Card.objects.filter(pk=old_card_id).select_related("registrant", "team").first()
    if old is None:
        raise NotVisible
    notice = NumberNotice.objects.create(
        old_card=old,
        new_card_id=new_card_id,
        switch=switch,
        case_id=case_id,
        company=_company(old),
        opt_out=OPT_OUT,
        changes_on=changes_on,
        delete_after=max(changes_on, business_day(now)) + KEPT_FOR,
        made_by=actor,
        made_at=now,
    )
    record(actor=actor, action="lifecycle.notice_drafted", subject=notice, related=(old,), now=now)
    return notice


def _company(card: Card) -> str:
    """Return the legal holder where it is a company: who tells customers must name itself."""
    if card.registrant and card.registrant.kind == RegistrantKind.COMPANY:
        return str(card.registrant.name)
    return card.team.name if card.team else ""


@transaction.atomic
def change_notice(*, notice_id: int, changes: Mapping[str, Any], actor: User, now: datetime) -> NumberNotice:
    """Change the draft: `changes` by the names of CHANGEABLE. BadInput for people kept longer than half a year."""
    notice = _locked(notice_id)
    for name in CHANGEABLE:
        setattr(notice, name, changes.get(name, getattr(notice, name)))
    if notice.delete_after > business_day(notice.made_at) + KEPT_AT_MOST:
        message = _("The people are kept for at most 180 days. Choose an earlier day.")
        raise BadInput(reasons=[Reason(code="kept_too_long", field="delete_after", message=message)])
    notice.save(update_fields=CHANGEABLE)
    data = {"fields": sorted(changes)}
    record(actor=actor, action="lifecycle.notice_changed", subject=notice, now=now, data=data)
    return notice


@transaction.atomic
def name_new_number(*, notice_id: int, card_id: int, actor: User | None, now: datetime) -> NumberNotice:
    """Say which card carries the new number. NotVisible, NoticeForgotten."""
    notice = _locked(notice_id)
    notice.new_card = Card.objects.filter(pk=card_id).first()
    if notice.new_card is None:
        raise NotVisible
    notice.save(update_fields=["new_card"])
    record(actor=actor, action="lifecycle.notice_changed", subject=notice, related=(notice.new_card,), now=now)
    return notice


@transaction.atomic
def list_recipients(*, notice_id: int, lines: Sequence[RecipientLine], actor: User, now: datetime) -> Listed:
    """Add the people of a file, each once, in a fixed number of statements; a second time finds them known.

    Rows of people who refused such messages come back refused. NoticeForgotten once the people were deleted.
    """
    notice = _locked(notice_id)
    good = [(_hash(line), line) for line in lines if not line.reasons]
    hashes = {hashed for hashed, _line in good}
    against = _refused(hashes)
    known = set(notice.recipients.filter(address_hash__in=hashes).values_list("address_hash", flat=True))
    fresh = {hashed: line for hashed, line in good if hashed not in known | against}
    NoticeRecipient.objects.bulk_create(
        [
            NoticeRecipient(
                notice=notice, channel=line.channel, address=line.address, address_hash=hashed, called=line.called
            )
            for hashed, line in fresh.items()
        ],
        batch_size=1000,
    )
    refused = [line for line in lines if line.reasons]
    refused += [_against(line) for hashed, line in good if hashed in against]
    listed = _listed(lines, new=len(fresh), refused=refused)
    data = {"new": listed.new, "unchanged": listed.known, "refused": len(refused)}
    record(actor=actor, action="lifecycle.recipients_listed", subject=notice, now=now, data=data)
    return listed


@transaction.atomic
def record_result(
    *, notice_id: int, recipient_ids: Collection[int], result: str, remark: str = "", actor: User, now: datetime
) -> int:
    """Record by hand what came of telling some people, and return how many; a later word goes before an earlier."""
    notice = _locked(notice_id)
    found = notice.recipients.filter(pk__in=recipient_ids)
    count = found.update(result=result, remark=remark[:80], result_at=now, result_by=actor)
    _count(notice)
    data = {"result": result, "count": count}
    record(actor=actor, action="lifecycle.notice_result_recorded", subject=notice, now=now, data=data)
    return count


@transaction.atomic
def record_results(*, notice_id: int, lines: Sequence[RecipientLine], actor: User, now: datetime) -> Listed:
    """Record what came of telling people by a file of whoever told them; who is not on the list comes back refused."""
    notice = _locked(notice_id)
    good = [(_hash(line), line) for line in lines if not line.reasons]
    said = dict(good)
    people = {person.address_hash: person for person in notice.recipients.filter(address_hash__in=said)}
    changed = []
    for hashed, person in people.items():
        line = said[hashed]
        if (person.result, person.remark) != (line.result, line.remark):
            person.result, person.remark, person.result_at, person.result_by = line.result, line.remark, now, actor
            changed.append(person)
    NoticeRecipient.objects.bulk_update(changed, ["result", "remark", "result_at", "result_by"], batch_size=1000)
    _count(notice)
    refused = [line for line in lines if line.reasons]
    refused += [_unknown(line) for hashed, line in good if hashed not in people]
    data = {"updated": len(changed), "refused": len(refused)}
    record(actor=actor, action="lifecycle.notice_result_recorded", subject=notice, now=now, data=data)
    return _listed(lines, new=len(changed), refused=refused)


@transaction.atomic
def note_download(*, notice_id: int, actor: User, now: datetime) -> None:
    """Journal that somebody takes the addresses out, to send the texts. NewNumberMissing."""
    notice = _locked(notice_id)
    if notice.new_card_id is None:
        raise NewNumberMissing
    data = {"count": notice.recipients.count()}
    record(actor=actor, action="lifecycle.recipients_downloaded", subject=notice, now=now, data=data)


@transaction.atomic
def forget_recipients(*, on: date, now: datetime) -> dict[str, int]:
    """Delete the people of notices whose day has passed; the counts stay. A second run finds nothing."""
    over = list(NumberNotice.objects.filter(forgotten_at__isnull=True, delete_after__lt=on).locked())
    for notice in over:
        _count(notice)
    gone = NoticeRecipient.objects.filter(notice__in=over).delete()[0]
    NumberNotice.objects.filter(pk__in=[notice.pk for notice in over]).update(forgotten_at=now)
    for notice in over:
        data = {"told": notice.told, "failed": notice.failed}
        record(actor=None, action="lifecycle.recipients_forgotten", subject=notice, now=now, data=data)
    return {"notices": len(over), "people": gone}


@transaction.atomic
def write_text(
    *, given: Mapping[str, Any], actor: User | None, now: datetime, text: NoticeText | None = None
) -> NoticeText:
    """Make or change a text. TextRefused names the places that are missing or unknown."""
    row = NoticeText.objects.select_for_update().get(pk=text.pk) if text else NoticeText()
    for name in ("name", "channel", "subject", "body", "is_active"):
        setattr(row, name, given[name])
    if wrong := list(faults(Words(channel=row.channel, subject=row.subject, body=row.body))):
        raise TextRefused(reasons=wrong)
    row.save()
    record(actor=actor, action="lifecycle.notice_text_written", subject=row, now=now)
    return row


@transaction.atomic
def load_texts(*, now: datetime) -> None:
    """Write the texts a new installation begins with, where there is none of that name."""
    NoticeText.objects.bulk_create(
        [
            NoticeText(name=name, channel=words.channel, subject=words.subject, body=words.body)
            for name, words in TEXTS.items()
        ],
        ignore_conflicts=True,
    )


def _locked(notice_id: int) -> NumberNotice:
    notice = NumberNotice.objects.filter(pk=notice_id).locked().first()
    if notice is None:
        raise NotVisible
    if notice.forgotten_at:
        raise NoticeForgotten
    return notice


def _listed(lines: Sequence[RecipientLine], *, new: int, refused: Sequence[RecipientLine]) -> Listed:
    """Account for each line: what is neither new nor refused says what is known, or what another line says."""
    known = len(lines) - new - len(refused)
    return Listed(new=new, known=known, refused=sorted(refused, key=lambda line: line.number))


def _hash(line: RecipientLine) -> str:
    if line.channel == NoticeChannel.SMS:
        return hash_of(line.address)
    return fingerprint(f"mail:{line.address}")


def _refused(hashes: Collection[str]) -> set[str]:
    """Return who asked not to be called or written to for notices, or for anything."""
    held = CalleeListing.objects.open().filter(kind=ListingKind.DO_NOT_CALL, number_hash__in=hashes)
    return set(held.filter(purpose__in=["", Purpose.NOTICE]).values_list("number_hash", flat=True))


def _against(line: RecipientLine) -> RecipientLine:
    message = _("This person refused messages of ours (do-not-call list).")
    return RecipientLine(number=line.number, reasons=[Reason(code="refused", line=line.number, message=message)])


def _unknown(line: RecipientLine) -> RecipientLine:
    message = _("This person is not on the list of this notice.")
    return RecipientLine(number=line.number, reasons=[Reason(code="unknown", line=line.number, message=message)])


def _count(notice: NumberNotice) -> None:
    found = Counter(notice.recipients.values_list("result", flat=True))
    notice.told = found[NoticeResult.SENT]
    notice.failed, notice.refused = found[NoticeResult.FAILED], found[NoticeResult.REFUSED]
    notice.save(update_fields=["told", "failed", "refused"])
