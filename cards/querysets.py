"""How cards are found, and who sees which."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.querysets import LockableQuerySet
from cards.choices import ENDED, STOPPED, ServiceState

if TYPE_CHECKING:
    from cards.models import Card, CarrierRule


class CardQuerySet(LockableQuerySet["Card"]):
    """Cards: filters for state and scope."""

    def visible_to(self, user: User) -> Self:
        """Return the cards of the teams in the person's scope, and those the person holds."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team__in=Team.objects.visible_to(user)) | Q(holder=user))

    def in_service(self) -> Self:
        """Return cards that can call."""
        return self.filter(service_state=ServiceState.ACTIVE)

    def stopped(self) -> Self:
        """Return cards stopped by carrier or owner that may come back."""
        return self.filter(service_state__in=STOPPED)

    def live(self) -> Self:
        """Return cards whose number is still ours."""
        return self.exclude(service_state__in=ENDED)

    def matching(self, text: str) -> Self:
        """Return cards by the start or end of number or ICCID, or by their holder."""
        text = text.strip().upper()
        if not text:
            return self
        digits = text.removeprefix("+86").replace(" ", "").replace("-", "")
        found = Q(iccid__startswith=digits) | Q(iccid__endswith=digits) | Q(holder__name__istartswith=text)
        if digits.isdigit():
            found |= Q(msisdn__endswith=digits) | Q(msisdn__startswith=f"+86{digits}")
        return self.filter(found | Q(holder__staff_no__iexact=text) | Q(holder__name_initials__startswith=text.lower()))


class CarrierRuleQuerySet(LockableQuerySet["CarrierRule"]):
    """Rule versions."""

    def in_force(self, day: date) -> Self:
        """Return the versions in force on a day (a date)."""
        return self.filter(effective_from__lte=day).filter(Q(effective_to__isnull=True) | Q(effective_to__gt=day))
