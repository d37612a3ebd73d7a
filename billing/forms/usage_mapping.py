"""What a person says of the columns of an unknown file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import CallDirection, DurationSpelling, FeeUnit, SourceRole, TimeSpelling, UsageValue
from billing.services.profiles import ProfileFacts
from cardfleet.kernel.tabular import Row

NEEDED = (UsageValue.STARTED, UsageValue.COUNTERPART, UsageValue.DURATION)
HEADERS_OFFERED = 12
EXAMPLES = 3
# Another header means other columns: then the whole form is fetched anew, otherwise only the rows below it.
ANOTHER_HEADER = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "#mapping-body",
    "hx-select": "unset",
    "hx-swap": "innerHTML",
}


class MappingForm(forms.Form):
    """A value for each column, and how values are written; `rows` are the first of the file."""

    name = forms.CharField(
        label=_("Name of the mapping"),
        max_length=40,
        help_text=_("Files with the same header are read by it from now on."),
    )
    role = forms.ChoiceField(label=_("The source is"), choices=SourceRole.choices)
    header = forms.TypedChoiceField(
        label=_("The column names stand in"), coerce=int, widget=forms.Select(attrs=ANOTHER_HEADER)
    )
    own_number = forms.CharField(
        label=_("Own number"),
        required=False,
        max_length=20,
        help_text=_("Where no column names it: given with each file, or in the file's name."),
    )
    times = forms.ChoiceField(label=_("Times are written"), choices=TimeSpelling.choices)
    durations = forms.ChoiceField(label=_("Durations count"), choices=DurationSpelling.choices)
    fees = forms.ChoiceField(label=_("Fees count"), choices=FeeUnit.choices)
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=[("", _("a column tells it")), *CallDirection.choices]
    )
    out_words = forms.CharField(
        label=_("Further words for outgoing"),
        required=False,
        max_length=200,
        help_text=_("Such as 0, 拨; separated by commas. Usual words need not be named."),
    )
    in_words = forms.CharField(label=_("Further words for incoming"), required=False, max_length=200)

    def __init__(self, *args: Any, rows: Sequence[Row], header: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles: Sequence[str] = next((cells for line, cells in rows if line == header), [])
        self.below = [cells for line, cells in rows if line > header]
        self.width = len(self.titles) or max((len(cells) for cells in self.below), default=0)
        self.fields["header"].choices = header_choices(rows)  # type: ignore[attr-defined]
        for index in range(self.width):
            self.fields[f"c{index}"] = forms.ChoiceField(
                label=self.title(index), required=False, choices=[("", _("leave out")), *UsageValue.choices]
            )

    def title(self, index: int) -> str:
        """Return a column's name in the file, else its number."""
        title = self.titles[index].strip() if index < len(self.titles) else ""
        return title or f"#{index + 1}"

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Return the field of each column, and what stands there in the first rows."""
        return [
            (self[f"c{index}"], [cells[index] for cells in self.below[:EXAMPLES] if index < len(cells)])
            for index in range(self.width)
        ]

    def settings(self) -> list[forms.BoundField]:
        """Return the fields that are of no single column."""
        return [field for field in self if not field.name.startswith("c")]

    def clean(self) -> dict[str, Any]:
        """Name the values that lack or stand twice."""
        given = super().clean() or {}
        places = [given[f"c{index}"] for index in range(self.width) if given.get(f"c{index}")]
        doubled = {value for value in places if places.count(value) > 1}
        lacking = [value for value in NEEDED if value not in places]
        if "direction" not in places and not given.get("direction"):
            lacking.append(UsageValue.DIRECTION)
        if lacking:
            named = ", ".join(str(value.label) for value in lacking)
            self.add_error(
                None, forms.ValidationError(_("Say which column holds: %(named)s."), "lacking", {"named": named})
            )
        if doubled:
            named = ", ".join(str(UsageValue(value).label) for value in sorted(doubled))
            self.add_error(
                None, forms.ValidationError(_("Two columns cannot both hold: %(named)s."), "doubled", {"named": named})
            )
        return given

    def facts(self) -> ProfileFacts:
        """Return the mapping."""
        given = self.cleaned_data
        columns = {given[f"c{index}"]: index for index in range(self.width) if given[f"c{index}"]}
        if given["direction"]:
            columns.pop(UsageValue.DIRECTION, None)
        return ProfileFacts(
            name=given["name"],
            role=SourceRole(given["role"]),
            header=self.titles,
            width=self.width,
            columns={str(value): index for value, index in columns.items()},
            times=TimeSpelling(given["times"]),
            durations=DurationSpelling(given["durations"]),
            fees=FeeUnit(given["fees"]),
            direction=given["direction"],
            words={"out": given["out_words"], "in": given["in_words"]},
        )


def header_choices(rows: Sequence[Row]) -> list[tuple[int, Any]]:
    """Return the lines that may hold the column names, and none of them."""
    lines = [(line, f"{line}: {'、'.join(filter(None, map(str.strip, cells)))[:60]}") for line, cells in rows]
    return [*lines[:HEADERS_OFFERED], (0, _("no line: the file begins with its calls"))]


def first_values(places: Mapping[str, int]) -> dict[str, str]:
    """Return the form's values for places by value."""
    return {f"c{index}": value for value, index in places.items()}
