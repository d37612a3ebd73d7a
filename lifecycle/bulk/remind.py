"""Reminding the holders of cards: one message a person, whatever the number of their cards."""

from collections import defaultdict
from collections.abc import Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cardfleet.notify.services import Telling, tell_many
from cards.models import Card
from lifecycle.bulk.registry import ALL, Asked, BulkAction, BulkForm, Outcomes, register
from lifecycle.messages import REMINDED

LINES = 20


class RemindForm(BulkForm):
    """What the holders are told."""

    text = forms.CharField(
        label=_("What the holders are told"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def remind_holders(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Tell each holder once, naming the cards."""
    outcomes, held = Outcomes(), defaultdict[User, list[Card]](list)
    for card in Card.objects.filter(pk__in=card_ids).select_related("holder").order_by("pk"):
        if card.holder:
            held[card.holder].append(card)
            outcomes.done[card.pk] = {}
        else:
            message = _("Nobody holds this card, so nobody is reminded.")
            outcomes.refused[card.pk] = Reason(code="no_holder", message=message)
    tell_many(tellings=[_telling(holder, cards, asked) for holder, cards in held.items()], now=asked.now)
    return outcomes


def _telling(holder: User, cards: Sequence[Card], asked: Asked) -> Telling:
    lines = [card.masked_msisdn for card in cards[:LINES]] + (["…"] if len(cards) > LINES else [])
    return Telling(
        user=holder,
        code=REMINDED,
        params={
            "by": asked.actor.name,
            "count": len(cards),
            "text": asked.given["text"],
            "lines": "\n".join(lines),
        },
        key=f"bulk:{asked.job.pk}:{holder.pk}",
        url=reverse("lifecycle:my"),
        email=True,
    )


register(
    BulkAction(
        name="remind",
        label=_("Remind the holders"),
        icon="bell",
        right="agents.issue_card",
        form=RemindForm,
        perform=remind_holders,
        at_once=ALL,
        order=70,
        note=_("Each holder gets one message that names the cards."),
    )
)
