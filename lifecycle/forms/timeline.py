"""Which entries of a card's timeline are asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.filtersets import LARGEST_ID
from cardfleet.kernel.queries import Query
from lifecycle.selectors.timeline import KINDS


class TimelineQuery(Query):
    """A `kind`, and the entry `before` which others are wanted."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[(name, name) for name in KINDS])
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
