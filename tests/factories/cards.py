"""Carriers, plans and cards: the least that is valid. Give `custody_state` and `holder` together."""

import io
from datetime import date, datetime

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image
from stdnum import luhn

from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import SHANGHAI
from cards.choices import Axis, ChangeSource, RealNameState, RegistrantKind, ServiceState, Severity
from cards.models import (
    Card,
    CardChange,
    Carrier,
    CarrierRule,
    Contract,
    Device,
    IdCheck,
    PlanPrice,
    RatePlan,
    Registrant,
    Sanction,
    Tag,
)
from cards.services.id_copies import attach_id_copy

RECORDED = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)


class CarrierFactory(DjangoModelFactory):
    """A base carrier."""

    class Meta:
        model = Carrier

    code = factory.Sequence(lambda number: f"carrier-{number}")
    name = factory.Sequence(lambda number: f"Carrier {number}")


class RatePlanFactory(DjangoModelFactory):
    """A prepaid plan without a price."""

    class Meta:
        model = RatePlan

    carrier = factory.SubFactory(CarrierFactory)
    name = factory.Sequence(lambda number: f"Plan {number}")


class PlanPriceFactory(DjangoModelFactory):
    """A price in force since the beginning of the year."""

    class Meta:
        model = PlanPrice

    plan = factory.SubFactory(RatePlanFactory)
    effective_from = date(2026, 1, 1)


class ContractFactory(DjangoModelFactory):
    """A contract without an end."""

    class Meta:
        model = Contract

    carrier = factory.SubFactory(CarrierFactory)
    number = factory.Sequence(lambda number: f"HT-{number:04}")
    starts_on = date(2026, 1, 1)


class RegistrantFactory(DjangoModelFactory):
    """A company whose ID number is not recorded."""

    class Meta:
        model = Registrant

    kind = RegistrantKind.COMPANY
    name = factory.Sequence(lambda number: f"Company {number}")


class SanctionFactory(DjangoModelFactory):
    """A sanction over the Friday of the tests; give `person` or `registrant`."""

    class Meta:
        model = Sanction

    basis = "police"
    source = "notice"
    starts_on = date(2026, 1, 1)
    ends_on = date(2027, 12, 31)
    recorded_at = RECORDED


class IdCheckFactory(DjangoModelFactory):
    """A check of this year nobody has answered; give `person`."""

    class Meta:
        model = IdCheck

    year = 2026
    asked_at = RECORDED
    due_on = date(2026, 10, 31)


class TagFactory(DjangoModelFactory):
    """A tag that no card has."""

    class Meta:
        model = Tag

    name = factory.Sequence(lambda number: f"Tag {number}")
    key = factory.LazyAttribute(lambda tag: tag.name.casefold())
    created_at = RECORDED


class CardFactory(DjangoModelFactory):
    """A card in service, in stock, in order, with the history row by which it entered."""

    class Meta:
        model = Card
        skip_postgeneration_save = True

    iccid = factory.Sequence(lambda number: f"898600{number:014}")
    msisdn = factory.Sequence(lambda number: f"+86138{number:08}")
    carrier = factory.SubFactory(CarrierFactory)
    real_name_state = RealNameState.VALID
    service_state = ServiceState.ACTIVE
    service_since = RECORDED
    custody_since = RECORDED
    created_at = RECORDED
    updated_at = RECORDED

    @factory.post_generation
    def history(self, create, extracted, **kwargs):
        for axis, state in ((Axis.SERVICE, self.service_state), (Axis.CUSTODY, self.custody_state)):
            CardChange.objects.create(
                card=self,
                axis=axis,
                to_state=state,
                reason=self.stop_reason if axis == Axis.SERVICE else "",
                at=RECORDED,
                recorded_at=RECORDED,
                source=ChangeSource.IMPORT,
            )


class CarrierRuleFactory(DjangoModelFactory):
    """A rule for every card, in force since the beginning of the year."""

    class Meta:
        model = CarrierRule

    kind = "daily_out_calls"
    warn = 160
    limit = 200
    unit = "calls"
    window = "day"
    severity = Severity.HIGH
    source = "test"
    effective_from = date(2026, 1, 1)
    created_at = RECORDED


def imei_of(number: int) -> str:
    """Return the IMEI, with its check digit, of the so-manieth device of one invented type."""
    body = f"35693803{number:06}"
    return body + luhn.calc_check_digit(body)


class DeviceFactory(DjangoModelFactory):
    """A phone of the company, in order."""

    class Meta:
        model = Device

    imei = factory.Sequence(imei_of)
    created_at = RECORDED
    updated_at = RECORDED


def picture(kind: str = "PNG", colour: str = "white") -> bytes:
    """Return a small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, kind)
    return out.getvalue()


def id_copy_of(registrant: Registrant) -> StoredFile:
    """Return a copy kept of a registrant's ID."""
    content = ContentFile(picture(), name="id.png")
    return attach_id_copy(registrant=registrant, content=content, name="id.png", actor=None, now=RECORDED)
