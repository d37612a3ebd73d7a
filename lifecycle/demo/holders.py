"""What holders of the demo company keep and say: PINs of some cards, details confirmed, one of them wrong."""

from datetime import datetime

from agents.choices import Detail
from agents.models import Assignment
from agents.services.confirmations import confirm_card
from cards.services.secrets import record_try, reveal, set_secrets
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff

KEPT = 6
"""Cards with stored secrets."""
SPOKEN = "demo2580"


def write_holders(calendar: Calendar, staff: Staff) -> None:
    """Write all of it: half of the holders of these cards have confirmed their details this quarter."""
    held = list(
        Assignment.objects.open()
        .filter(accepted_at__isnull=False, card__holder__isnull=False)
        .select_related("card", "agent__user")
        .order_by("pk")[:KEPT]
    )
    for place, one in enumerate(held):
        secrets = {"pin1": f"{2580 + 37 * place}", "puk1": f"{48151623 + 42 * place}", "service_password": SPOKEN}
        set_secrets(card_id=one.card_id, secrets=secrets, actor=staff.supervisor, now=calendar.at(2, 10))
        if place % 2:
            _confirm(one, wrong=place == 1, now=calendar.at(1, 9, 30 + place))
    if held:
        first, now = held[0], calendar.at(1, 10)
        record_try(card_id=first.card_id, field="pin1", is_right=False, actor=first.agent.user, now=now)
        reveal(card=first.card, field="pin1", actor=staff.supervisor, reason="坐席忘记 PIN，换手机", now=now)


def _confirm(held: Assignment, *, wrong: bool, now: datetime) -> None:
    confirm_card(
        card_id=held.card_id,
        wrong=[Detail.DEVICE] if wrong else [],
        note="上周换了手机，IMEI 不同" if wrong else "",
        actor=held.agent.user,
        now=now,
    )
