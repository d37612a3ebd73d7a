"""Nothing chosen is said in words, in forms, filters and the administration alike."""

import re

import django_filters
from django import forms
from django.utils import translation
from django.utils.safestring import SafeString

from cards.choices import Payment
from cards.models import RatePlan


class Asks(forms.ModelForm):
    one = forms.ModelChoiceField(RatePlan.objects.none())
    other = forms.ModelChoiceField(RatePlan.objects.none(), required=False)
    dash = forms.ChoiceField(choices=[("", "—"), *Payment.choices], required=False)
    named = forms.ChoiceField(choices=[("", "nobody"), *Payment.choices], required=False)

    class Meta:
        model = RatePlan
        fields = ("payment",)


class Narrows(django_filters.FilterSet):
    payment = django_filters.ChoiceFilter(choices=Payment.choices)


def empty_options(html: SafeString) -> list[str]:
    return re.findall(r'<option value=""[^>]*>([^<]*)</option>', html)


def test_the_empty_choice_says_what_it_means():
    with translation.override("en"):
        form, filters = Asks(), Narrows(queryset=RatePlan.objects.none()).form
        found = {name: empty_options(str(form[name])) for name in ("payment", "one", "other", "dash", "named")}
        assert found == {
            "payment": [],
            "one": ["Please choose"],
            "other": ["none chosen"],
            "dash": ["none chosen"],
            "named": ["nobody"],
        }
        assert empty_options(str(filters["payment"])) == ["any"]
        assert empty_options(str(Asks(instance=RatePlan(payment=""))["payment"])) == []
