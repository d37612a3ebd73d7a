"""Card files: the whole file is checked first, then the good lines are stored together, set by set.

What a file says of holders and balances is not stored here: the outcome hands it on to the app that sees them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Conflict, Reason
from cardfleet.kernel.masking import mask_iccid
from cards.choices import Axis, ChangeSource
from cards.importers.cards import CardSheet
from cards.importers.rows import Line
from cards.models import Card, CardChange
from cards.selectors.voided import void_among
from cards.services.import_devices import settle_devices
from cards.services.import_names import load_names, make_missing, make_registrants
from cards.services.import_plain import PlainOutcome, store_plain
from cards.services.import_rows import Meeting, StoredCard, blank_card, meet, merge
from cards.services.import_store import store

TOLD_BY_FILES = (ChangeSource.IMPORT, ChangeSource.TAKEOVER)


@dataclass(frozen=True, kw_only=True)
class ImportOutcome:
    """The lines stored and refused, what was odd, and the carriers, plans, contracts and registrants made."""

    stored: Sequence[StoredCard]
    refused: Sequence[Line]
    warnings: Sequence[Reason]
    made: Sequence[models.Model]

    def counts(self) -> dict[str, int]:
        """Return how many cards are new, changed or as they were, and how many lines were refused."""
        created = sum(stored.is_new for stored in self.stored)
        updated = sum(bool(stored.changed) and not stored.is_new for stored in self.stored)
        return {
            "created": created,
            "updated": updated,
            "unchanged": len(self.stored) - created - updated,
            "refused": len(self.refused),
        }


@transaction.atomic
def import_cards(
    *,
    sheet: CardSheet,
    create_missing: bool,
    team: Team | None,
    reason: str,
    actor: User | None,
    now: datetime,
) -> ImportOutcome:
    """Store the good lines of a card file, matched by ICCID, and return the others with their reasons.

    New cards belong to `team`. With `create_missing` unknown carriers, plans and contracts are recorded, else their
    lines are refused. `reason` attests what the file says of the cards' lives so far, and is asked for only then. A
    line without news writes nothing, so the same file twice changes nothing. The number of statements does not
    depend on the number of lines, except for what is made. Conflict when somebody recorded one of the cards or
    numbers at the same moment.
    """
    if sheet.takes_over and not reason.strip():
        raise BadInput(reasons=[_reason_missing()])
    try:
        with transaction.atomic():
            plain = store_plain(sheet=sheet, team=team, reason=reason, actor=actor, now=now)
            sheet = sheet.reading(plain.left)
            meetings = _meetings(sheet.lines, team=team, actor=actor, now=now)
            _refuse_doubles(meetings, "iccid", lambda meeting: meeting.row.iccid)
            _refuse_doubles(meetings, "msisdn", lambda meeting: meeting.row.msisdn if meeting.will_live else None)
            _refuse_taken_numbers(meetings)
            settle_devices(_good(meetings))
            made = _name(meetings, create_missing=create_missing, actor=actor, now=now)
            store(_good(meetings), reason=reason, actor=actor, now=now)
    except IntegrityError as error:
        raise Conflict from error
    return _outcome(sheet, plain, meetings, made)


def _reason_missing() -> Reason:
    return Reason(
        code="reason_missing",
        message=_("The file tells states, holders or balances. Say who attests them and from which record."),
        field="reason",
    )


def _meetings(lines: Sequence[Line], *, team: Team | None, actor: User | None, now: datetime) -> dict[int, Meeting]:
    """Put every readable line beside its card, by line number, in five statements; the cards are locked."""
    rows = [line.row for line in lines if line.row]
    known = Card.objects.filter(iccid__in={row.iccid for row in rows})
    cards = {card.iccid: card for card in known.select_related("plan", "contract").locked()}
    in_scope = set(known.visible_to(actor).values_list("iccid", flat=True)) if actor else set(cards)
    told = CardChange.objects.filter(card__in=[card.pk for card in cards.values()], axis=Axis.SERVICE)
    closed = set(told.exclude(source__in=TOLD_BY_FILES).values_list("card__iccid", flat=True))
    void = void_among(row.iccid for row in rows) if rows else frozenset()
    meetings = {}
    blank = blank_card(team, now)
    for row in rows:
        meeting = meet(row, cards.get(row.iccid), states_open=row.iccid not in closed, blank=blank, now=now)
        if row.iccid in void:
            message = _("This SIM was replaced: its number goes on under another ICCID.")
            clears = _("Give the ICCID of the new SIM, or leave the line out.")
            meeting.refuse("iccid_void", message, clears=clears, name="iccid", value=mask_iccid(row.iccid))
        if row.iccid in cards and row.iccid not in in_scope:
            message = _("This ICCID belongs to a card outside your scope.")
            clears = _("Ask a supervisor of its team, or leave the line out.")
            meeting.refuse("outside_scope", message, clears=clears, name="iccid", value=mask_iccid(row.iccid))
        meetings[row.line] = meeting
    return meetings


def _good(meetings: dict[int, Meeting]) -> list[Meeting]:
    return [meeting for meeting in meetings.values() if not meeting.reasons]


def _refuse_doubles(meetings: dict[int, Meeting], name: str, value_of: Callable[[Meeting], str | None]) -> None:
    """Refuse what an earlier line of the file says already; the first line stays."""
    first: dict[str, int] = {}
    for meeting in _good(meetings):
        value = value_of(meeting)
        line = first.setdefault(value, meeting.row.line) if value else meeting.row.line
        if line != meeting.row.line:
            message = format_lazy(_("Line {line} has it already. Keep the one that is right."), line=line)
            meeting.refuse(f"{name}_doubled", message, name=name, value=value or "")


def _refuse_taken_numbers(meetings: dict[int, Meeting]) -> None:
    """Refuse a number that another live card has: one number lives on one card (invariant 2)."""
    living = [meeting for meeting in _good(meetings) if meeting.will_live]
    recorded = Card.objects.live().filter(msisdn__in={meeting.row.msisdn for meeting in living})
    owners = dict(recorded.values_list("msisdn", "iccid"))
    for meeting in living:
        owner = owners.get(meeting.row.msisdn, meeting.row.iccid)
        if owner != meeting.row.iccid:
            message = format_lazy(_("The live card {iccid} has this number."), iccid=mask_iccid(owner))
            clears = _("Correct the number. A re-issued SIM is recorded on the old card first.")
            meeting.refuse("number_taken", message, clears=clears, name="msisdn", value=meeting.row.msisdn)


def _name(
    meetings: dict[int, Meeting], *, create_missing: bool, actor: User | None, now: datetime
) -> list[models.Model]:
    """Find what the names mean, record what may be recorded, put the rows on their cards; return what was made."""
    if not _good(meetings):
        return []
    named = {meeting.row.registrant for meeting in _good(meetings) if meeting.row.registrant}
    names = load_names(named, today=business_day(now))
    for meeting in _good(meetings):
        meeting.reasons += names.ambiguous(meeting.row)
        meeting.reasons += [] if create_missing else names.unknown(meeting.row)
    rows = [meeting.row for meeting in _good(meetings)]
    if create_missing:
        make_missing(names, rows, actor=actor, now=now)
    make_registrants(names, rows, actor=actor, now=now)
    for meeting in _good(meetings):
        merge(meeting, names.meant(meeting.row))
        meeting.reasons += names.barred(meeting.row) if "registrant" in meeting.changed else []
    return names.made


def _outcome(
    sheet: CardSheet, plain: PlainOutcome, meetings: dict[int, Meeting], made: Sequence[models.Model]
) -> ImportOutcome:
    stored = [_stored(meeting) for meeting in _good(meetings)]
    refused = []
    warnings = [*sheet.warnings, *plain.warnings]
    for line in sheet.lines:
        meeting = meetings.get(line.number)
        reasons = [*line.reasons, *(meeting.reasons if meeting else ())]
        if reasons:
            refused.append(replace(line, row=None, reasons=[sheet.placed(reason) for reason in reasons]))
        else:
            warnings += [*line.warnings, *(meeting.warnings if meeting else ())]
    return ImportOutcome(
        stored=sorted([*plain.stored, *stored], key=lambda card: card.line),
        refused=refused,
        warnings=sorted(map(sheet.placed, warnings), key=lambda warning: warning.line or 0),
        made=made,
    )


def _stored(meeting: Meeting) -> StoredCard:
    row = meeting.row
    return StoredCard(
        card_id=meeting.card.pk, line=row.line, is_new=meeting.is_new, changed=tuple(meeting.changed), row=row
    )
