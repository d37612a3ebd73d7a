"""Kinds of ledger entries as SQL has them; what costs is said once, in `COST_KINDS`."""

from collections.abc import Collection

from billing.choices import COST_KINDS, EntryKind


def listed(kinds: Collection[EntryKind]) -> str:
    """Return kinds as the right side of IN."""
    return "(" + ", ".join(f"'{kind.value}'" for kind in sorted(kinds)) + ")"


# What an entry `e` is for, a reversal being for what it takes back: only the few reversals are looked up.
KIND = """CASE WHEN e.reverses_id IS NULL THEN e.kind
    ELSE (SELECT kind FROM billing_ledgerentry WHERE id = e.reverses_id) END"""
# Calls are entries too, one a card and import, and are told by their days: the index leaves those out.
COSTS_BESIDE_CALLS = listed(COST_KINDS - {EntryKind.USAGE})
OF_COST = f"(e.kind IN {COSTS_BESIDE_CALLS} OR e.kind = 'reversal')"
# Whether an entry `e` is a charge or takes one back; an adjustment is neither.
CHARGES = listed(COST_KINDS - {EntryKind.ADJUSTMENT})
IS_CHARGE = f"""(e.kind IN {CHARGES} OR e.kind = 'reversal'
    AND (SELECT r.kind FROM billing_ledgerentry r WHERE r.id = e.reverses_id) IN {CHARGES})"""
