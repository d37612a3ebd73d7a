"""In whose hands the cards were, by which receipt, and what became of their states (R8, R44, R75)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agents.models import Handover
from cardfleet.accounts.models import User
from cards.choices import Axis, CustodyState, ServiceState, StopReason
from cards.models import CardChange
from lifecycle.rules.packs.shown import Shown, cleaned
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said

HELD = columns(
    (_("card id"), COUNT),
    _("number"),
    _("agent"),
    _("team at hand-over"),
    (_("from"), WHEN),
    (_("until"), WHEN),
    (_("recorded at"), WHEN),
    _("origin"),
    _("handed over by"),
    (_("accepted at"), WHEN),
    (_("due back on"), DAY),
    _("returned to"),
    _("condition on hand-over"),
    _("condition on return"),
    (_("undone at"), WHEN),
    (_("receipt"), COUNT),
    _("reason"),
    _("note"),
)
RECEIPT = columns(
    (_("receipt"), COUNT),
    _("kind"),
    _("agent"),
    _("handed over by"),
    (_("handed over at"), WHEN),
    _("accessories"),
    (_("version of the terms"), COUNT),
    (_("accepted at"), WHEN),
    _("signed with the name"),
    _("signed by drawing"),
)
STATE = columns(
    (_("card id"), COUNT),
    _("axis"),
    _("from"),
    _("to"),
    _("reason"),
    (_("time"), WHEN),
    (_("recorded at"), WHEN),
    _("actor"),
    _("source"),
    _("note"),
    (_("takes back"), COUNT),
    (_("row"), COUNT),
)
WORDS: dict[str, dict[str, Any]] = {
    Axis.SERVICE: dict(ServiceState.choices),
    Axis.CUSTODY: dict(CustodyState.choices),
}
REASONS: dict[str, Any] = dict(StopReason.choices)


def custody(scope: PackScope) -> list[Part]:
    """Return who held the cards, the receipts, and the changes of their states."""
    return [_held(scope), _receipts(scope), _states(scope)]


def named(shown: Shown, person: User | None) -> str:
    """Return a person of ours as the pack shows them; CardFleet itself is nobody."""
    return shown.person(person.staff_no or person.username, person.name) if person else ""


def _held(scope: PackScope) -> Part:
    shown = scope.shown

    def row(held: Any) -> list[Any]:
        return [
            held.card_id,
            shown.number(held.card.msisdn),
            named(shown, held.agent.user),
            held.team,
            held.started_at,
            held.ended_at,
            held.recorded_at,
            held.get_origin_display(),
            named(shown, held.handed_by),
            held.accepted_at,
            held.due_back_on,
            named(shown, held.returned_to),
            held.get_condition_display(),
            held.get_return_condition_display(),
            held.undone_at,
            held.handover_id,
            cleaned(held.reason),
            cleaned(held.note),
        ]

    joined = ("card", "agent__user", "team", "handed_by", "returned_to")
    held = scope.held.select_related(*joined).order_by("card_id", "started_at", "pk")
    return part("custody", _("Who held the cards"), HELD, held, row)


def receipts_of(scope: PackScope) -> Any:
    """Return the receipts of the hand-overs, each once."""
    return Handover.objects.filter(pk__in=scope.held.order_by().values("handover"))


def _receipts(scope: PackScope) -> Part:
    shown = scope.shown

    def row(receipt: Any) -> list[Any]:
        return [
            receipt.pk,
            receipt.get_kind_display(),
            named(shown, receipt.agent.user),
            named(shown, receipt.handed_by),
            receipt.handed_at,
            cleaned(receipt.accessories),
            receipt.terms,
            receipt.accepted_at,
            shown.name(receipt.signed_name),
            said(receipt.signature_id),
        ]

    receipts = receipts_of(scope).select_related("agent__user", "handed_by").order_by("pk")
    return part("receipts", _("Hand-over receipts"), RECEIPT, receipts, row)


def _states(scope: PackScope) -> Part:
    shown = scope.shown

    def row(change: Any) -> list[Any]:
        words = WORDS.get(change.axis, {})
        return [
            change.card_id,
            change.get_axis_display(),
            words.get(change.from_state, change.from_state),
            words.get(change.to_state, change.to_state),
            REASONS.get(change.reason, change.reason),
            change.at,
            change.recorded_at,
            named(shown, change.actor),
            change.get_source_display(),
            cleaned(change.note),
            change.reverses_id,
            change.pk,
        ]

    changes = CardChange.objects.filter(scope.within("at"), card__in=scope.card_ids).select_related("actor")
    return part("states", _("Changes of state"), STATE, changes.order_by("card_id", "pk"), row)
