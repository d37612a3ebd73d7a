"""Who sees the documents of cards, and those that state the values of rules."""

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register
from cards.models import Card
from lifecycle.models import Case, EvidencePack, Matter


def sees_rules(person: User, _pk: str) -> bool:
    """Whoever sees the rules sees where they come from."""
    return person.has_perm("cards.view_carrierrule")


def sees_card(person: User, pk: str) -> bool:
    """Whoever may open a card's page sees its documents."""
    cards = Card.objects.visible_to(person)
    return person.has_perm("lifecycle.view_fleet") and pk.isdecimal() and cards.filter(pk=pk).exists()


def sees_case(person: User, pk: str) -> bool:
    """Whoever sees a case sees its documents."""
    return pk.isdecimal() and Case.objects.visible_to(person).filter(pk=pk).exists()


def sees_desk(person: User, _pk: str) -> bool:
    """The desk alone sees what proves the steps of a matter, the answers of an audit."""
    return person.has_perm("lifecycle.view_desk")


def sees_answer(person: User, pk: str) -> bool:
    """The desk sees the answer to a request, and whom it is about."""
    return pk.isdecimal() and Matter.objects.visible_to(person).filter(pk=pk).exists()


def sees_pack(person: User, pk: str) -> bool:
    """Whoever may make packs and sees this one takes it out."""
    return pk.isdecimal() and EvidencePack.objects.visible_to(person).filter(pk=pk).exists()


def sees_runs(person: User, _pk: str) -> bool:
    """Whoever sees what connections fetched sees the raw answers."""
    return person.has_perm("lifecycle.view_connectionrun")


def sees_newcomers(person: User, _pk: str) -> bool:
    """Whoever may make sign-ins hands out their one-time passwords."""
    return person.has_perm("accounts.add_user")


register("lifecycle.newcomers", sees_newcomers)
register("lifecycle.connectionrun", sees_runs)
register("lifecycle.evidencepack", sees_pack)
register("lifecycle.matter", sees_desk)
register("lifecycle.audit", sees_desk)
register("lifecycle.answer", sees_answer)
register("cards.card", sees_card)
register("lifecycle.case", sees_case)
register("cards.carrierrule", sees_rules)
