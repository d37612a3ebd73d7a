"""Cards: their facts can be corrected, their states are shown; history is shown alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin
from cards.choices import CustodyState, ServiceState, StopReason
from cards.models import Card, CardChange
from cards.services.cards import edit_facts

WORDS = dict([*ServiceState.choices, *CustodyState.choices, *StopReason.choices])
STATES = ("service_state", "stop_reason", "service_since", "custody_state", "custody_since", "team", "holder")


@admin.register(Card)
class CardAdmin(ServiceModelAdmin[Card]):
    """Cards come by import; states, team and holder change on their own pages."""

    list_display = ("masked_msisdn", "masked_iccid", "carrier", "plan", "service_state", "custody_state", "team")
    list_filter = ("service_state", "custody_state", "carrier", "real_name_state")
    list_select_related = ("carrier", "plan", "team")
    search_fields = ("iccid", "msisdn")
    autocomplete_fields = ("plan", "contract", "registrant")
    readonly_fields = ("masked_iccid", "masked_msisdn", "device_imei", *STATES)
    fieldsets = (
        (None, {"fields": ("masked_msisdn", "masked_iccid", "imsi", "carrier", "plan", "contract")}),
        (_("States"), {"fields": STATES}),
        (_("Registration"), {"fields": ("registrant", "real_name_state", "reverify_due_at")}),
        (
            _("Use"),
            {
                "fields": (
                    "region",
                    "purpose",
                    "industry",
                    "direction",
                    "hours_from",
                    "hours_to",
                    "may_long_distance",
                    "may_roam",
                    "may_sms",
                    "may_data",
                    "is_customer_facing",
                    "is_marked",
                )
            },
        ),
        (
            _("Card"),
            {"fields": ("sim_form", "network", "device_imei", "condition", "location", "activated_on", "expires_on")},
        ),
        (_("Purchase"), {"fields": ("purchase_channel", "purchase_price", "batch", "received_on", "note")}),
    )

    def has_add_permission(self, _request: HttpRequest, _obj: Card | None = None) -> bool:
        """Answer no: cards come by import, with team and origin."""
        return False

    def change(self, request: HttpRequest, row: Card, given: dict[str, Any]) -> Card:
        """Correct the facts of a card."""
        return edit_facts(card_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(CardChange)
class CardChangeAdmin(ReadOnlyAdmin[CardChange]):
    """The history of states."""

    list_display = ("at", "card", "axis", "before", "after", "why", "source", "actor")
    list_filter = ("axis", "to_state", "source")
    list_select_related = ("card", "actor")
    search_fields = ("card__iccid", "card__msisdn")
    date_hierarchy = "at"

    @admin.display(description=_("from"), ordering="from_state")
    def before(self, change: CardChange) -> str:
        """Show the state it had, in words."""
        return str(WORDS.get(change.from_state, change.from_state))

    @admin.display(description=_("to"), ordering="to_state")
    def after(self, change: CardChange) -> str:
        """Show the state it has since, in words."""
        return str(WORDS.get(change.to_state, change.to_state))

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, change: CardChange) -> str:
        """Show the reason of a stop in words."""
        return str(WORDS.get(change.reason, change.reason))
