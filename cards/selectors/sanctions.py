"""Who may get no new number on a day, and until when (联合惩戒办法 art. 3)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from cards.models import Registrant, Sanction


def sanctioned_people(people: Collection[int], *, today: date) -> dict[int, Sanction]:
    """Return those of some people who are under sanction, each with the one that lasts longest."""
    standing = Sanction.objects.in_force(today).filter(person__in=people).order_by("ends_on")
    return {sanction.person_id: sanction for sanction in standing if sanction.person_id}


def sanctioned_registrants(registrants: Collection[Registrant], *, today: date) -> dict[int, date]:
    """Return those of some registrants who are under sanction, or whose ID is such a person's, with the last day."""
    ids, people = {one.pk for one in registrants}, {one.staff_id for one in registrants if one.staff_id}
    standing = Sanction.objects.in_force(today).filter(Q(registrant__in=ids) | Q(person__in=people))
    until: dict[tuple[int | None, int | None], date] = {}
    for sanction in standing.order_by("ends_on"):
        until[sanction.registrant_id, sanction.person_id] = sanction.ends_on
    found = {}
    for one in registrants:
        own = [until.get((one.pk, None)), until.get((None, one.staff_id)) if one.staff_id else None]
        days = [day for day in own if day]
        if days:
            found[one.pk] = max(days)
    return found
