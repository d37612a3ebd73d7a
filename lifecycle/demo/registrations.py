"""In whose name the demo's cards are and who looked: yearly checks of IDs, a wrong user, somebody under sanction."""

from agents.models import Agent
from cards.choices import RegistrantKind
from cards.choices.real_name import SanctionBasis
from cards.models import Card, IdCheck
from cards.services.cards import edit_facts
from cards.services.id_checks import answer_id_check, numbers_known_of, settle_id_check
from cards.services.sanctions import record_sanction
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff
from lifecycle.services.id_checks import ask_everybody

# How many numbers the person does not know, and what was done about them.
ANSWERS = ((0, ""), (1, ""), (2, "已陪同本人到营业厅核实并注销，回执已存档。"))


def write_registrations(calendar: Calendar, staff: Staff) -> None:
    """Write them as of the days before; the demo agent has yet to answer."""
    working = list(Agent.objects.active().select_related("user").order_by("pk"))
    ask_everybody(today=calendar.day(12), now=calendar.at(12, 9))
    for agent, (foreign, done) in zip(working[1:], ANSWERS, strict=False):
        check = IdCheck.objects.get(person=agent.user)
        answer_id_check(
            check_id=check.pk,
            checked_on=calendar.day(10),
            found=numbers_known_of(agent.user) + foreign,
            foreign=foreign,
            actor=agent.user,
            now=calendar.at(10, 15),
        )
        if done:
            settle_id_check(check_id=check.pk, note=done, actor=staff.compliance, now=calendar.at(8, 11))
    held = Card.objects.in_service().filter(registrant__kind=RegistrantKind.COMPANY, holder__in=_users(working[1:-1]))
    for card in held.order_by("-pk")[:1]:
        other = next(agent.user for agent in working if agent.user_id != card.holder_id)
        edit_facts(card_id=card.pk, changes={"actual_user": other}, actor=staff.supervisor, now=calendar.at(4, 10))
    for agent in working[1:][-1:]:
        record_sanction(
            person=agent.user,
            basis=SanctionBasis.POLICE,
            source="公安机关函告(示例)",
            starts_on=calendar.day(3),
            ends_on=None,
            actor=staff.compliance,
            now=calendar.at(3, 10),
        )


def _users(agents: list[Agent]) -> list[int]:
    return [agent.user_id for agent in agents]
