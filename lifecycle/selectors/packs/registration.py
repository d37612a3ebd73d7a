"""Who the cards are registered to, used by, and what holders said of them (R14, R23; 反诈法 art. 10)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import CardConfirmation
from cards.models import IdCheck, RegisteredUse
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said

CARD = columns(
    (_("card id"), COUNT),
    _("number"),
    "ICCID",
    _("carrier"),
    _("plan"),
    _("contract"),
    _("registrant"),
    _("registered as"),
    _("real-name state"),
    _("proof on record"),
    (_("proof valid until"), DAY),
    _("registered user"),
    _("holder"),
    _("team"),
    _("purpose"),
    _("industry"),
    _("home region"),
    _("service state"),
    _("reason"),
    (_("service state since"), WHEN),
    _("custody"),
    (_("custody since"), WHEN),
    (_("activated on"), DAY),
    (_("expires on"), DAY),
)


def registration(scope: PackScope) -> list[Part]:
    """Return the cards as they are registered, their registered users, yearly checks, and holders' confirmations."""
    return [_cards(scope), _registered_users(scope), _id_checks(scope), _confirmations(scope)]


def _cards(scope: PackScope) -> Part:
    shown = scope.shown

    def row(card: Any) -> list[Any]:
        proof, user, holder = card.registrant, card.actual_user, card.holder
        is_person = proof is not None and proof.kind == "person"
        return [
            card.pk,
            shown.number(card.msisdn),
            shown.iccid(card.iccid),
            card.carrier,
            card.plan,
            card.contract and card.contract.number,
            (shown.name(proof.name) if is_person else proof.name) if proof else "",
            proof and proof.get_kind_display(),
            card.get_real_name_state_display(),
            said(proof.proof_id) if proof else "",
            proof and proof.proof_valid_until,
            user and shown.person(user.staff_no, user.name),
            holder and shown.person(holder.staff_no, holder.name),
            card.team,
            card.get_purpose_display(),
            card.industry,
            card.region,
            card.get_service_state_display(),
            card.get_stop_reason_display(),
            card.service_since,
            card.get_custody_state_display(),
            card.custody_since,
            card.activated_on,
            card.expires_on,
        ]

    joined = ("carrier", "plan", "contract", "registrant", "actual_user", "holder", "team")
    cards = scope.cards.select_related(*joined).defer("registrant__id_number", "note").order_by("pk")
    return part("cards", _("Cards and their registration"), CARD, cards, row)


def _registered_users(scope: PackScope) -> Part:
    shown = scope.shown
    reaches = Q(until__isnull=True) | Q(until__gte=scope.start)
    uses = RegisteredUse.objects.filter(reaches, card__in=scope.card_ids, since__lt=scope.end)
    told = columns((_("card id"), COUNT), _("registered user"), (_("since"), WHEN), (_("until"), WHEN))
    return part(
        "registered_users",
        _("Registered users with their dates"),
        told,
        uses.select_related("user").order_by("card_id", "pk"),
        lambda use: [use.card_id, shown.person(use.user.staff_no, use.user.name), use.since, use.until],
    )


def _id_checks(scope: PackScope) -> Part:
    shown = scope.shown
    held_by = scope.held.filter(undone_at__isnull=True).order_by().values("agent__user")
    checks = IdCheck.objects.filter(scope.within("asked_at"), person__in=held_by).select_related("person")
    told = columns(
        _("person"),
        (_("year"), COUNT),
        (_("asked at"), WHEN),
        (_("answered at"), WHEN),
        (_("numbers found"), COUNT),
        (_("numbers known here"), COUNT),
        (_("numbers the person does not know"), COUNT),
        (_("settled at"), WHEN),
    )
    return part(
        "id_checks",
        _("Yearly checks of numbers under one’s ID"),
        told,
        checks.order_by("person_id", "year"),
        lambda check: [
            shown.person(check.person.staff_no, check.person.name),
            check.year,
            check.asked_at,
            check.answered_at,
            check.found,
            check.known,
            check.foreign,
            check.settled_at,
        ],
    )


def _confirmations(scope: PackScope) -> Part:
    shown = scope.shown
    said = CardConfirmation.objects.filter(scope.within("at"), card__in=scope.card_ids).select_related("agent__user")
    told = columns(
        (_("card id"), COUNT),
        _("agent"),
        (_("quarter from"), DAY),
        (_("confirmed at"), WHEN),
        _("wrong"),
        (_("settled at"), WHEN),
    )
    return part(
        "confirmations",
        _("Details confirmed by holders"),
        told,
        said.order_by("card_id", "pk"),
        lambda one: [
            one.card_id,
            shown.person(one.agent.user.staff_no, one.agent.user.name),
            one.period,
            one.at,
            ", ".join(one.faults),
            one.settled_at,
        ],
    )
