"""What is asked before a card file is imported."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User

TABLES = ".csv,.tsv,.txt,.xls,.xlsx"


class CardImportForm(forms.Form):
    """A card file and how to take it."""

    file = forms.FileField(
        label=_("Card file"),
        widget=forms.FileInput(attrs={"accept": TABLES}),
        help_text=_("CSV, XLS or XLSX. Only ICCID, number and carrier are required; columns may stand in any order."),
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Team of new cards"),
        required=False,
        help_text=_("Cards with a holder go to the holder's team."),
    )
    reason = forms.CharField(
        label=_("Who attests it, from which record"),
        required=False,
        max_length=500,
        help_text=_("Asked for when the file tells states, real names, holders or balances."),
    )
    create_missing = forms.BooleanField(label=_("Create missing carriers, plans and contracts"), required=False)
    dry_run = forms.BooleanField(label=_("Try only: check everything, store nothing"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(person)
        own = teams.filter(pk=person.team_id).first() if person.team_id else None
        choice = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        choice.queryset = teams
        # A card of no team is seen by those alone who see all teams.
        choice.required = not person.has_perm("accounts.view_all_teams")
        choice.initial = own or teams.order_by("path").first()
