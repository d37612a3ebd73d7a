"""Tags and notes of the demo fleet."""

from cardfleet.accounts.models import User
from cards.models import Card
from cards.services.notes import write_note
from cards.services.tags import add_tags
from lifecycle.demo.calendar import Calendar

# A tag for one card in so many.
TAGS = {"重点客户线": 9, "待换套餐": 14, "新员工备用": 11}
NOTED = 12
NOTE = "10086 来电核实过用途，已说明为客户回访，对方记录在案。下次换套餐时一并确认归属地。"


def write_papers(calendar: Calendar, supervisor: User) -> None:
    """Tag some cards and write a note on others, as the supervisor did a week ago."""
    cards, at = list(Card.objects.order_by("pk").values_list("pk", flat=True)), calendar.at(7, 10)
    for name, every in TAGS.items():
        add_tags(card_ids=cards[every // 2 :: every], names=[name], actor=supervisor, now=at)
    for card in Card.objects.stopped().order_by("pk")[:NOTED]:
        write_note(card_id=card.pk, text=NOTE, actor=supervisor, now=at)
