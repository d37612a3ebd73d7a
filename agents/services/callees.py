"""The only writers of what callees have said (R40, R57, R60). The journal never holds a number or its hash."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingEnd
from agents.errors import CalleeRowsRefused, ListingEnded, ReasonMissing
from agents.models import CalleeListing
from agents.rules.callees import Entry, Verdict, judge, refusal_over
from agents.selectors.callees import hash_of
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.journal.recording import record
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.errors import Reason

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('agents.callees'))"
REFUSED = _("This person refused. Withdraw the do-not-call entry first, with the proof that they asked for it.")


@transaction.atomic
def list_number(
    *, entry: Entry, actor: User | None, now: datetime, proof: StoredFile | None = None
) -> CalleeListing | None:
    """Store one refusal or consent and return it, None where it is known. A refusal ends consents at once.

    CalleeRowsRefused for a consent where the person refused.
    """
    book = _Book([entry], actor=actor, now=now, proof=proof)
    if book.take(entry) == "refused":
        raise CalleeRowsRefused(reasons=[Reason(code="callee_refused", field="number", message=REFUSED)])
    stored = book.write()
    for listing in stored:
        data = {"kind": listing.kind, "purpose": listing.purpose, "ended": len(book.ended)}
        record(actor=actor, action="agents.callee_listed", subject=listing, now=now, data=data)
    return stored[0] if stored else None


@transaction.atomic
def list_numbers(
    *,
    entries: Sequence[Entry],
    actor: User | None,
    now: datetime,
    proof: StoredFile | None = None,
    job: Job | None = None,
) -> list[Verdict]:
    """Store many in a fixed number of statements, in their order, and return what became of each."""
    book = _Book(entries, actor=actor, now=now, proof=proof)
    verdicts = [book.take(entry) for entry in entries]
    stored = book.write()
    if stored:
        data = {"stored": len(stored), "ended": len(book.ended)}
        subject = job or "agents.calleelisting:"
        record(actor=actor, action="agents.callees_listed", subject=subject, now=now, data=data)
    return verdicts


@transaction.atomic
def withdraw(*, listing_id: int, reason: str, actor: User | None, now: datetime) -> CalleeListing:
    """End an entry. ReasonMissing without a reason, ListingEnded where it is over."""
    if not reason.strip():
        raise ReasonMissing
    listing = CalleeListing.objects.locked().get(pk=listing_id)
    if listing.ended_at:
        raise ListingEnded
    listing.ended_at, listing.end, listing.reason = now, ListingEnd.WITHDRAWN, reason.strip()[:200]
    listing.save(update_fields=["ended_at", "end", "reason"])
    data = {"kind": listing.kind, "purpose": listing.purpose}
    record(actor=actor, action="agents.listing_withdrawn", subject=listing, now=now, reason=listing.reason, data=data)
    return listing


class _Book:
    """The open entries of some numbers, read once, and what is added to them and ended."""

    def __init__(
        self, entries: Sequence[Entry], *, actor: User | None, now: datetime, proof: StoredFile | None
    ) -> None:
        self.actor, self.now, self.proof = actor, now, proof
        self.new: list[CalleeListing] = []
        self.ended: list[CalleeListing] = []
        self.hashes = {entry.number: hash_of(entry.number) for entry in entries}
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
        self.open: dict[str, list[CalleeListing]] = defaultdict(list)
        for listing in CalleeListing.objects.open().filter(number_hash__in=self.hashes.values()).locked():
            self._keep(listing)

    def take(self, entry: Entry) -> Verdict:
        """Add an entry unless it is known or refused, and end what it ends."""
        held = self.open[self.hashes[entry.number]]
        verdict = judge(entry, held)
        if verdict in ("known", "refused"):
            return verdict
        listing = self._listing(entry)
        for other in list(held):
            if refusal_over(listing, other):
                self._end(other, ListingEnd.REFUSED)
            elif (other.kind, other.purpose) == (listing.kind, listing.purpose):
                self._end(other, ListingEnd.RENEWED)
        self.new.append(listing)
        held.append(listing)
        return verdict

    def write(self) -> list[CalleeListing]:
        """Write what ended, then what is new, and return the new ones."""
        standing = [listing for listing in self.ended if listing.pk]
        CalleeListing.objects.bulk_update(standing, ["ended_at", "end"], batch_size=1000)
        insert_many(self.new)
        return self.new

    def _keep(self, listing: CalleeListing) -> None:
        if listing.expires_at and listing.expires_at <= self.now:
            self._end(listing, ListingEnd.EXPIRED, at=listing.expires_at)
        else:
            self.open[listing.number_hash].append(listing)

    def _end(self, listing: CalleeListing, cause: ListingEnd, *, at: datetime | None = None) -> None:
        listing.ended_at, listing.end = at or self.now, cause
        self.ended.append(listing)
        held = self.open[listing.number_hash]
        if listing in held:
            held.remove(listing)

    def _listing(self, entry: Entry) -> CalleeListing:
        return CalleeListing(
            kind=entry.kind,
            number_hash=self.hashes[entry.number],
            purpose=entry.purpose,
            source=entry.source,
            proof=self.proof,
            given_at=entry.given_at,
            expires_at=entry.expires_at,
            recorded_at=self.now,
            recorded_by=self.actor,
        )
