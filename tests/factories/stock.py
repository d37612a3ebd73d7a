"""Places, suppliers, orders and counts: the least that is valid."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from agents.models import StockTake
from cards.choices import PurchaseChannel
from cards.models import Location, PurchaseLine, PurchaseOrder, Supplier
from tests.conftest import FRIDAY
from tests.factories.cards import CarrierFactory


class LocationFactory(DjangoModelFactory):
    """A place without limit."""

    class Meta:
        model = Location

    name = factory.Sequence(lambda number: f"Safe {number}")


class SupplierFactory(DjangoModelFactory):
    """A carrier's outlet, which has nothing to prove."""

    class Meta:
        model = Supplier

    name = factory.Sequence(lambda number: f"Outlet {number}")
    channel = PurchaseChannel.OUTLET


class PurchaseOrderFactory(DjangoModelFactory):
    """An order without lines."""

    class Meta:
        model = PurchaseOrder

    number = factory.Sequence(lambda number: f"PO-{number}")
    supplier = factory.SubFactory(SupplierFactory)
    ordered_on = date(2026, 11, 20)
    recorded_at = FRIDAY


class PurchaseLineFactory(DjangoModelFactory):
    """A line of ten cards of any plan."""

    class Meta:
        model = PurchaseLine

    order = factory.SubFactory(PurchaseOrderFactory)
    carrier = factory.SubFactory(CarrierFactory)
    quantity = 10
    unit_price = 20


class StockTakeFactory(DjangoModelFactory):
    """A count of a place that goes on."""

    class Meta:
        model = StockTake

    location = factory.SubFactory(LocationFactory)
    started_at = FRIDAY
