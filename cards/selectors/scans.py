"""Which cards were scanned."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.rules.scans import Scan


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """The cards found, each once in the order of the scans, and a reason for each scan that found none."""

    cards: Sequence[Card]
    unknown: Sequence[Reason]


def find_scanned(cards: CardQuerySet, scans: Sequence[Scan]) -> Scanned:
    """Return the cards of scans among those given, in one query; a number finds the card on which it lives."""
    wanted = [scan for scan in scans if scan.field]
    found = Card.objects.none() if not wanted else cards.filter(_any_of(wanted)).order_by("pk")
    by_name: dict[tuple[str, str], Card] = {}
    for card in found:
        names = (("pk", str(card.pk)), ("iccid", card.iccid), ("msisdn", card.msisdn))
        by_name |= dict.fromkeys(names, card)
    hits = {scan: by_name.get((scan.field, scan.value)) for scan in scans}
    return Scanned(
        cards=list({card.pk: card for card in hits.values() if card}.values()),
        unknown=[unknown_scan(scan.text) for scan, card in hits.items() if not card],
    )


def unknown_scan(text: str) -> Reason:
    """Return the reason of a scan that names no card in scope."""
    return Reason(
        code="scan_unknown",
        message=_("This barcode is of no card in your scope."),
        clears=_("Scan the label or the ICCID on the card; a card that is new is imported first."),
        value=text[:40],
    )


def _any_of(scans: Sequence[Scan]) -> Q:
    """Return the condition: the live card of a number, whichever card of an id or ICCID."""
    values: dict[str, list[str]] = {"pk": [], "iccid": [], "msisdn": []}
    for scan in scans:
        values[scan.field].append(scan.value)
    return Q(pk__in=values["pk"]) | Q(iccid__in=values["iccid"]) | Q(msisdn__in=values["msisdn"])
