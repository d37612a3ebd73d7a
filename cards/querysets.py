"""How cards are found, and who sees which."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Reverse

from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.keys import NaturalKey
from cardfleet.kernel.querysets import LockableQuerySet
from cards.choices import ENDED, STOPPED, CustodyState, ServiceState
from cards.rules.identifiers import normalise_iccid, normalise_msisdn
from cards.rules.scans import labelled

if TYPE_CHECKING:
    from cards.models import Card, CardChange, CardNote, CarrierRule, Device, IdCheck, Sanction, Tag


class CardQuerySet(LockableQuerySet["Card"]):
    """Cards: filters for state and scope. A number means the card that has it now."""

    natural_keys = {
        "iccid": NaturalKey(column="iccid", read=lambda text: normalise_iccid(text).value),
        "msisdn": NaturalKey(column="msisdn", read=normalise_msisdn, means=~Q(service_state__in=sorted(ENDED))),
    }

    def visible_to(self, user: User) -> Self:
        """Return the cards of the teams in the person's scope, and those the person holds."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team__in=teams_seen(user)) | Q(holder=user))

    def in_service(self) -> Self:
        """Return cards that can call."""
        return self.filter(service_state=ServiceState.ACTIVE)

    def stopped(self) -> Self:
        """Return cards stopped by carrier or owner that may come back."""
        return self.filter(service_state__in=STOPPED)

    def live(self) -> Self:
        """Return cards whose number is still ours."""
        return self.exclude(service_state__in=ENDED)

    def return_due(self) -> Self:
        """Return the cards that are to be given back by their custody."""
        return self.filter(custody_state=CustodyState.RETURN_DUE)

    def tagged(self, tags: "Iterable[Tag]") -> Self:
        """Return the cards that have any of the tags."""
        return self.filter(pk__in=self.model.tags.through.objects.filter(tag__in=tags).values("card"))

    def with_tag_names(self) -> Self:
        """Let each card tell the names of its tags as `tag_names`, a list in their order."""
        links = self.model.tags.through.objects.filter(card=OuterRef("pk")).order_by("tag__key")
        return self.annotate(tag_names=ArraySubquery(links.values("tag__name")))

    def matching(self, *texts: str) -> Self:
        """Return cards by start or end of number or ICCID, by holder, tag or label, as any of the texts says.

        Each way of finding a card is a query of its own on an index of its own: one that has none would have the
        whole table read. An empty text finds every card.
        """
        wanted = [text.strip().upper() for text in texts]
        if not all(wanted):
            return self
        cards = type(self)(self.model).order_by()
        parts = [part.values("pk") for text in wanted for part in _found_by(cards, text)]
        return self.filter(pk__in=parts[0].union(*parts[1:]))


def _found_by(cards: "QuerySet[Card]", text: str) -> "Iterator[QuerySet[Card]]":
    """Yield the cards found by each way of reading a text."""
    if pk := labelled(text):
        yield cards.filter(pk=pk)
        return
    digits = text.removeprefix("+86").replace(" ", "").replace("-", "")
    yield cards.filter(iccid__startswith=digits)
    yield cards.alias(backwards=Reverse("iccid")).filter(backwards__startswith=digits[::-1])
    if digits.isdigit():
        yield cards.filter(msisdn__startswith=f"+86{digits}")
        yield cards.alias(backwards=Reverse("msisdn")).filter(backwards__startswith=digits[::-1])
    called = Q(name__istartswith=text) | Q(staff_no__iexact=text) | Q(name_initials__startswith=text.lower())
    yield cards.filter(holder__in=User.objects.filter(called))
    yield cards.filter(tags__key__startswith=text.casefold())


class DeviceQuerySet(LockableQuerySet["Device"]):
    """Devices."""

    def visible_to(self, user: User) -> Self:
        """Return the devices of the teams in the person's scope, and those the person owns."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team__in=teams_seen(user)) | Q(owner=user))

    def of_imei(self, imei: str) -> Self:
        """Return the device that has an IMEI as its first or second."""
        return self.filter(Q(imei=imei) | Q(imei2=imei)) if imei else self.none()

    def matching(self, text: str) -> Self:
        """Return devices by the start or end of an IMEI, by model, licence or owner."""
        said = Q(model__icontains=text) | Q(licence_no__iexact=text) | Q(owner__name__istartswith=text)
        first = Q(imei__startswith=text) | Q(imei__endswith=text)
        second = Q(imei2__startswith=text) | Q(imei2__endswith=text)
        return self.filter(said | Q(owner__staff_no__iexact=text) | first | (second & ~Q(imei2="")))


class CardChangeQuerySet(LockableQuerySet["CardChange"]):
    """History rows."""

    def standing(self) -> Self:
        """Return rows that were not taken back, without those that take back."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class CardNoteQuerySet(LockableQuerySet["CardNote"]):
    """Notes on cards."""

    def visible_to(self, user: User) -> Self:
        """Return the notes on cards in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(card__team__in=teams_seen(user)) | Q(card__holder=user))


class CarrierRuleQuerySet(LockableQuerySet["CarrierRule"]):
    """Rule versions."""

    def in_force(self, day: date) -> Self:
        """Return the versions in force on a day (a date)."""
        return self.filter(effective_from__lte=day).filter(Q(effective_to__isnull=True) | Q(effective_to__gt=day))


class SanctionQuerySet(LockableQuerySet["Sanction"]):
    """Sanctions. No scope: they hold for the person wherever they are."""

    def in_force(self, day: date) -> Self:
        """Return those that hold on a day."""
        return self.filter(lifted_at__isnull=True, starts_on__lte=day, ends_on__gte=day)


class IdCheckQuerySet(LockableQuerySet["IdCheck"]):
    """Yearly checks of the numbers under one's ID."""

    def visible_to(self, user: User) -> Self:
        """Return the checks of people in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(person__team__in=teams_seen(user)) | Q(person=user))

    def unanswered(self) -> Self:
        """Return those nobody answered yet."""
        return self.filter(answered_at__isnull=True)

    def unsettled(self) -> Self:
        """Return those whose answer differs from what is known here, and nobody has settled it."""
        differs = Q(foreign__gt=0) | Q(found__lt=F("known"))
        return self.filter(differs, answered_at__isnull=False, settled_at__isnull=True)
