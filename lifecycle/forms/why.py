"""Who does not see what."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import person_called
from lifecycle.selectors.why import Thing, thing_at, thing_called


class WhyForm(forms.Form):
    """A person and a thing, both of what the asker sees."""

    person = forms.CharField(label=_("Who"), max_length=80, help_text=_("Staff number, user name or name."))
    thing = forms.CharField(
        label=_("Sees what"),
        max_length=300,
        help_text=_("A card by its number or ICCID, an agent by staff number, or the address of a page."),
    )

    def __init__(self, *args: Any, asker: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker = asker

    def clean_person(self) -> User:
        """Return the person; those outside the asker's scope are as if they were not."""
        text = self.cleaned_data["person"].strip()
        known = User.objects.visible_to(self.asker)
        found: User | None = known.filter(staff_no__iexact=text).first() or person_called(text)
        if found is None or not known.filter(pk=found.pk).exists():
            raise forms.ValidationError(_("Nobody in your scope is called so. A staff number is always clear."))
        return found

    def clean_thing(self) -> Thing:
        """Return what is meant."""
        text = self.cleaned_data["thing"].strip()
        found = self._page(text) if "/" in text else thing_called(text, asker=self.asker)
        if found is None:
            raise forms.ValidationError(_("You see nothing so called, or several. Give a whole number or an address."))
        return found

    def _page(self, address: str) -> Thing | None:
        path = urlsplit(address).path
        try:
            page = resolve(path)
        except Resolver404:
            return None
        asked = getattr(getattr(page.func, "view_class", None), "permission_required", "") or ""
        right = asked if isinstance(asked, str) else asked[0]
        pk = page.kwargs.get("pk", 0)
        return thing_at(page.view_name, pk=pk, right=right, address=path, asker=self.asker)
