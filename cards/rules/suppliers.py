"""What is to be said before cards are bought of somebody (R22; domain.md section 7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import PurchaseChannel

# Where the carrier itself sells, nobody else has to prove anything.
CARRIERS_OWN = frozenset({PurchaseChannel.OUTLET, PurchaseChannel.WEBSITE, PurchaseChannel.ACCOUNT_MANAGER})
ENDS_SOON = timedelta(days=30)
# What only dealers promise: no carrier has a class of cards that is never stopped, unlimited or without a name.
PROMISES = (
    *("白名单", "防封", "不封", "免封", "抗封", "高频卡", "不限呼", "无限呼", "不限频", "呼出不受限", "数量不受限"),
    *("免实名", "不实名", "非实名", "无需实名", "隐藏号码", "不显示号码", "防标记", "养卡", "租卡", "实名卡出售"),
    *("never blocked", "anti-block", "whitelist", "unlimited calls", "no real name"),
)


@dataclass(frozen=True, kw_only=True)
class SupplierFacts:
    """A supplier as it stands: kind, whether a proof is on file and until when, the carriers it is for, its words."""

    channel: str
    has_proof: bool
    proof_until: date | None
    carriers: frozenset[int]
    words: Sequence[str] = ()


def purchase_warnings(facts: SupplierFacts, *, carriers: frozenset[int], on: date) -> list[Reason]:
    """Return what speaks against ordering cards of these carriers (ids) on a day; nothing where all is in order."""
    own = facts.channel in CARRIERS_OWN
    found = [*_promises(facts.words)]
    if not own:
        found += _proof(facts, on)
        if carriers - facts.carriers:
            message = _("Nothing says that the carrier of these cards has authorised this supplier.")
            clears = _("Ask the carrier's hotline, and record whom it authorised.")
            found.append(Reason(code="carrier_not_proven", message=message, clears=clears))
    return found


def _proof(facts: SupplierFacts, on: date) -> Iterator[Reason]:
    if not facts.has_proof:
        message = _("There is no proof that this supplier may sell cards.")
        clears = _("Store its authorisation by the carrier, or buy at an outlet or from your account manager.")
        yield Reason(code="proof_missing", message=message, clears=clears)
    elif facts.proof_until is None:
        message = _("Nobody recorded how long the proof of authorisation holds.")
        yield Reason(code="proof_undated", message=message, clears=_("Record its last day."))
    elif facts.proof_until < on:
        message = format_lazy(_("The proof of authorisation ended on {day}."), day=facts.proof_until.isoformat())
        yield Reason(code="proof_expired", message=message, clears=_("Ask for a new one and store it."))
    elif facts.proof_until < on + ENDS_SOON:
        message = format_lazy(_("The proof of authorisation ends on {day}."), day=facts.proof_until.isoformat())
        yield Reason(code="proof_ends_soon", message=message, clears=_("Ask for the next one now."))


def _promises(words: Sequence[str]) -> Iterator[Reason]:
    said = " ".join(words).lower()
    if found := [promise for promise in PROMISES if promise in said]:
        message = _("The seller promises what no carrier gives: {promises}.")
        yield Reason(
            code="promise",
            message=format_lazy(message, promises="、".join(found)),
            clears=_("No class of cards is known that is never stopped. Buy only on a contract with the carrier."),
        )
