"""Numbers of the demo fleet that colleagues once bought in their own names: some come to the company, some leave."""

from datetime import timedelta

from cards.choices import CarrierKind, CustodyState, RegistrantKind, ServiceState
from cards.models import Card
from cards.services.cards import edit_facts
from cards.services.registrants import record_registrant
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff

# Who gives theirs to the company, and who takes theirs along to another carrier.
GIVES, TAKES = "陈静（示例）", "周凯（示例）"
EACH = 2
BOUGHT = timedelta(days=400)


def write_personal(calendar: Calendar, staff: Staff) -> None:
    """Record two persons with numbers of base carriers, from the end of the stock: no contract, long on the network."""
    now = calendar.opening
    people = [
        record_registrant(facts={"kind": RegistrantKind.PERSON, "name": name}, actor=staff.compliance, now=now)
        for name in (GIVES, TAKES)
    ]
    lying = Card.objects.filter(
        service_state=ServiceState.ACTIVE, custody_state=CustodyState.IN_STOCK, carrier__kind=CarrierKind.MNO
    )
    for place, card in enumerate(lying.order_by("-pk")[: EACH * len(people)]):
        whose = {
            "registrant": people[place % len(people)],
            "contract": None,
            "activated_on": calendar.on - BOUGHT,
        }
        edit_facts(card_id=card.pk, changes=whose, actor=staff.compliance, now=now)
