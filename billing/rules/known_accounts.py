"""Accounts commonly used for card fees, where finance has not recorded its own: illustrative."""

from collections.abc import Mapping

from billing.choices import COST_KINDS, EntryKind

# Sales expenses, communication; deductible input VAT; prepayments; bank (企业会计准则, codes without sub-accounts of
# any company).
COST, INPUT_VAT, PREPAID, BANK, FINES = "6601.05", "2221.01.01", "1123", "1002", "6711"
TEXT = "{month} {kind} {team}"
UNDEDUCTED = frozenset({EntryKind.LATE_FEE, EntryKind.PENALTY, EntryKind.ADJUSTMENT})
KNOWN_ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    **{
        kind.value: {
            "debit": FINES if kind in {EntryKind.LATE_FEE, EntryKind.PENALTY} else COST,
            "tax": "" if kind in UNDEDUCTED else INPUT_VAT,
            "credit": PREPAID,
            "text": TEXT,
        }
        for kind in sorted(COST_KINDS)
    },
    EntryKind.TOP_UP.value: {"debit": PREPAID, "tax": "", "credit": BANK, "text": TEXT},
    EntryKind.REFUND.value: {"debit": PREPAID, "tax": "", "credit": BANK, "text": TEXT},
}
