"""The most calls a day of every card of a fleet: asked of the rules once for each scope that occurs (R2)."""

from typing import Any

from django.db import connection

from lifecycle.selectors.rules import CONTRACT_KIND, RuleBook

NAMES = ("card_id", "plan_id", "carrier_id", "region", "industry", "agreed")
OWN = f"SELECT {', '.join(NAMES)} FROM card_input WHERE card_id = ANY(%s)"  # noqa: S608 - our own words
SCOPES = f"SELECT DISTINCT NULL::bigint, {', '.join(NAMES[1:])} FROM card_input"  # noqa: S608 - our own words


def call_caps(book: RuleBook) -> list[dict[str, Any]]:
    """Return `calls` (None: no cap) by the scopes of `card_input`, and by card where a rule was made for the card."""
    with connection.cursor() as cursor:
        cursor.execute(f"{SCOPES} UNION ALL {OWN}", [sorted(book.own_cards)])
        scopes = cursor.fetchall()
    return [{**dict(zip(NAMES, scope, strict=True)), "calls": _calls(book, *scope)} for scope in scopes]


def _calls(
    book: RuleBook, card: int | None, plan: int | None, carrier: int, region: str, industry: str, agreed: int | None
) -> int | None:
    choices = book.for_scope(book.scope(card or 0, plan, carrier, region, industry), agreed=agreed, contract="")
    limit = choices[CONTRACT_KIND].terms.limit if CONTRACT_KIND in choices else None
    return None if limit is None else int(limit)
