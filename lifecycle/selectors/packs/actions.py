"""What was done with the cards and about them, as the journal holds it (R14)."""

import json
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import Entry
from cardfleet.journal.registry import describe
from cards.selectors.documents import OF_CARDS
from lifecycle.rules.packs.shown import cleaned
from lifecycle.selectors.packs.custody import receipts_of
from lifecycle.selectors.packs.scope import COUNT, WHEN, PackScope, Part, columns, part

OF_RECEIPTS = "agents.handover:"
# Asking for a pack is nothing that was done with a card, and two packs of the same data are the same.
NOT_DEEDS = "lifecycle.pack_"
NAMED = """
SELECT entry.id FROM journal_entry entry CROSS JOIN jsonb_array_elements_text(entry.related) AS thing (subject)
WHERE entry.at >= %s AND entry.at < %s AND entry.related <> '[]' AND thing.subject IN ({subjects})
"""
DEED = columns(
    (_("entry"), COUNT),
    (_("time"), WHEN),
    _("actor"),
    _("action"),
    _("code"),
    _("about"),
    _("also about"),
    _("reason"),
    _("data"),
)


def actions(scope: PackScope) -> list[Part]:
    """Return the entries about the cards and their receipts, with the ids and codes that they hold."""
    shown = scope.shown

    def row(entry: Any) -> list[Any]:
        actor = entry.actor
        return [
            entry.pk,
            entry.at,
            shown.person(actor.staff_no or actor.username, actor.name) if actor else entry.actor_name,
            describe(entry.action).label,
            entry.action,
            entry.subject,
            " ".join(entry.related),
            cleaned(entry.reason),
            cleaned(json.dumps(entry.data, ensure_ascii=False, sort_keys=True)) if entry.data else "",
        ]

    return [part("actions", _("What was done"), DEED, _entries(scope).select_related("actor").order_by("pk"), row)]


def _entries(scope: PackScope) -> "QuerySet[Entry]":
    cards = _subjects(OF_CARDS, scope.card_ids)
    own = Entry.objects.filter(subject__in=cards).order_by().values("pk")
    signed = Entry.objects.filter(subject__in=_subjects(OF_RECEIPTS, receipts_of(scope).order_by())).order_by()
    named = _naming(scope, cards).order_by()
    found = Entry.objects.filter(scope.within("at"), pk__in=own.union(signed.values("pk"), named.values("pk")))
    return found.exclude(action__startswith=NOT_DEEDS)


def _naming(scope: PackScope, cards: "QuerySet[Any, Any]") -> "QuerySet[Entry]":
    """Return the entries that name a card beside their subject: by an index for one, else by reading all."""
    if scope.card_id is not None:
        return Entry.objects.exclude(related=[]).filter(related__contains=[f"{OF_CARDS}{scope.card_id}"])
    words, values = cards.query.sql_with_params()
    whole = NAMED.format(subjects=words)
    return Entry.objects.filter(pk__in=RawSQL(whole, (scope.start, scope.end, *values)))  # noqa: S611 - our own words


def _subjects(prefix: str, things: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    return things.values_list(Concat(Value(prefix), Cast("pk", TextField()), output_field=TextField()), flat=True)
