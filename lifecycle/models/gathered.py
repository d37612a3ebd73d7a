"""What a job gathers beside the imports, so that rules read a row of a card or a group, never calls."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models import Card
from lifecycle.choices import GroupKind


class CardConduct(models.Model):
    """How a card called on a Shanghai day, beyond what rollups hold; kept for as long as findings may ask.

    `short_gap_s`: a tenth of the pauses were no longer; `most_to_one_24h` and `most_to_one_30d`: calls of all cards
    to the one callee of this card's day who was called most; `without_consent` is null while no consent of anybody
    is recorded.
    """

    pk = models.CompositePrimaryKey("card_id", "day")
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    day = models.DateField(_("day"), db_index=True)
    short_gap_s = models.PositiveIntegerField(null=True)
    to_do_not_call = models.PositiveIntegerField(default=0)
    without_consent = models.PositiveIntegerField(null=True)
    abroad = models.PositiveIntegerField(default=0)
    most_to_one_24h = models.PositiveIntegerField(default=0)
    most_to_one_30d = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("conduct of a day")
        verbose_name_plural = _("conduct by day")

    def __str__(self) -> str:
        return f"{self.card_id} {self.day}"


class GroupDay(models.Model):
    """What all cards of an agent, team, campaign or legal entity called on a Shanghai day together.

    `key` is the person's, team's or entity's id; of a campaign the entity's id, purpose and industry. `hours` are
    outgoing calls by hour. `in_service` and `idle` count the cards of a legal entity.
    """

    pk = models.CompositePrimaryKey("day", "per", "key")
    day = models.DateField(_("day"))
    per = models.CharField(_("of"), max_length=8, choices=GroupKind)
    key = models.CharField(max_length=80)
    cards = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    hours = ArrayField(models.PositiveIntegerField(), size=24)
    in_service = models.PositiveIntegerField(default=0)
    idle = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("calls of a group")
        verbose_name_plural = _("calls by group")

    def __str__(self) -> str:
        return f"{self.day} {self.per} {self.key}"
