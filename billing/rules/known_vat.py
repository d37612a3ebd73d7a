"""VAT rates as commonly told, where finance has not recorded others: illustrative, to be checked by law."""

from datetime import date
from decimal import Decimal

from billing.choices import COST_KINDS, EntryKind

# domain.md, section 6: basic telecom 9 per cent, value-added 6, from memory and before the VAT law of 2026.
BASIC, VALUE_ADDED = Decimal(9), Decimal(6)
SINCE = date(2019, 4, 1)
KNOWN_RATES = {kind: VALUE_ADDED if kind is EntryKind.VALUE_ADDED else BASIC for kind in sorted(COST_KINDS)}
