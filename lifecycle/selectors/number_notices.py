"""A notice of a changed number as people see it: texts filled in, people masked, rows to send from (R110)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cardfleet.kernel.masking import mask_msisdn, mask_name
from lifecycle.choices import NoticeChannel
from lifecycle.models import Forwarding, NoticeRecipient, NoticeText, NumberNotice
from lifecycle.rules.number_notice import Words, filled

SHOWN = 200
JOINED = ("old_card__carrier", "new_card__carrier", "switch__agent__user", "case", "made_by")


@dataclass(frozen=True)
class Filled:
    """A text of the house, filled in for a notice."""

    text: NoticeText
    words: Words


@dataclass(frozen=True)
class Person:
    """Somebody to be told, as lists show them: never whole."""

    pk: int
    channel: str
    address: str
    called: str
    row: NoticeRecipient


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """A notice with its texts, the first of its people, how many wait, and its forwardings."""

    notice: NumberNotice
    texts: Sequence[Filled]
    people: Sequence[Person]
    count: int
    waiting: int
    forwardings: Sequence[Forwarding]


def notice_page(notice: NumberNotice, *, whole: bool) -> NoticePage:
    """Return what the page of a notice shows, in four queries; `whole` shows our own numbers unmasked."""
    rows = notice.recipients
    count, forwardings = rows.count(), notice.old_card.forwardings
    return NoticePage(
        notice=notice,
        texts=[Filled(text, words_of(text, notice, whole=whole)) for text in NoticeText.objects.filter(is_active=True)],
        people=[_person(row) for row in rows.select_related("result_by").order_by("pk")[:SHOWN]],
        count=count,
        waiting=count - notice.told - notice.failed - notice.refused,
        forwardings=list(forwardings.select_related("new_card", "set_up_by", "ended_by").order_by("-pk")[:5]),
    )


def waiting_of(notice: NumberNotice) -> int:
    """Return how many people of a notice are still to be told."""
    return notice.recipients.filter(result_at__isnull=True).count()


def words_of(text: NoticeText, notice: NumberNotice, *, called: str = "", whole: bool = True) -> Words:
    """Return a text filled in for a notice and somebody's form of address."""
    new = notice.new_card
    values = {
        "company": notice.company,
        "old_number": _number(notice.old_card.msisdn, whole=whole),
        "new_number": _number(new.msisdn, whole=whole) if new else gettext("(new number)"),
        "changes_on": notice.changes_on.isoformat(),
        "opt_out": notice.opt_out,
        "called": called,
    }
    return filled(Words(channel=text.channel, subject=text.subject, body=text.body), values)


def rows_to_send(notice: NumberNotice, text: NoticeText) -> Iterator[tuple[str, str, str, str]]:
    """Yield address, form of address, subject and body of everybody of a text's channel who is still to be told."""
    waiting = notice.recipients.filter(channel=text.channel, result_at__isnull=True)
    for row in waiting.order_by("pk"):
        words = words_of(text, notice, called=row.called)
        yield _plain(row), row.called, words.subject, words.body


def _plain(row: NoticeRecipient) -> str:
    address = str(row.address)
    return address.removeprefix("+86") if row.channel == NoticeChannel.SMS else address


def _number(msisdn: str, *, whole: bool) -> str:
    return msisdn.removeprefix("+86") if whole else mask_msisdn(msisdn)


def _person(row: NoticeRecipient) -> Person:
    if row.channel == NoticeChannel.SMS:
        shown = mask_msisdn(row.address)
    else:
        name, _at, domain = row.address.partition("@")
        shown = f"{name[:1]}***@{domain}"
    return Person(pk=row.pk, channel=row.channel, address=shown, called=mask_name(row.called), row=row)
