"""Saying what the columns of an unknown file are, with its first rows read at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from billing.forms.usage_mapping import MappingForm, first_values
from billing.importers import guessing, profiles
from billing.importers.layout import Sample
from billing.models import UsageBatch, UsageProfile
from billing.services.profiles import map_file, unsaved
from billing.services.usage_preview import ReadRow, preview
from billing.services.usage_requests import read_own_number, sample_of
from billing.views.access import person
from billing.views.usage_batch import BatchView
from cardfleet.kernel.errors import Refusal


class UsageMappingView(BatchView):
    """Map the columns of a file; while it is being done, the first rows are shown as they would be read."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer the mapping there is for the header, else a guess."""
        batch = self.batch(pk)
        sample = sample_of(batch, now=timezone.now())
        known = self.known(batch, sample)
        header = _line_of(known, sample) if known else guessing.header_line(sample.rows)
        return self.page(batch, _form(batch, sample, header, known))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the rows as they would be read now; without htmx, keep the mapping and go back to the file."""
        batch = self.batch(pk)
        sample = sample_of(batch, now=timezone.now())
        header = _number(request.POST.get("header", ""))
        if header != _number(request.POST.get("header_was", "")):
            return self.page(batch, _form(batch, sample, header, None), part=True)
        form = MappingForm(request.POST, rows=sample.rows, header=header)
        if request.headers.get("HX-Request") or not form.is_valid():
            return self.page(batch, form, part=bool(request.headers.get("HX-Request")), status=200)
        try:
            return self.save(batch, form)
        except Refusal as refusal:
            return self.page(batch, form, status=refusal.status, refusal=refusal)

    def save(self, batch: UsageBatch, form: MappingForm) -> HttpResponse:
        """Keep the mapping and let the file be read by it."""
        number = form.cleaned_data["own_number"]
        map_file(batch=batch, facts=form.facts(), own_number=number, actor=person(self.request), now=timezone.now())
        return redirect("billing:usage-batch", batch.pk)

    def page(
        self,
        batch: UsageBatch,
        form: MappingForm,
        *,
        part: bool = False,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        """Show the form and the first rows by it."""
        rows, fault = _rows(batch, form)
        context = {"batch": batch, "form": form, "rows": rows, "refusal": refusal or fault}
        name = "billing/usage_mapping_body.html" if part else "billing/usage_mapping.html"
        return render(self.request, name, context, status=status)

    def known(self, batch: UsageBatch, sample: Sample) -> UsageProfile | None:
        """Return the mapping the file is read by already."""
        signatures = [profiles.signature(cells) for _line, cells in sample.rows]
        fitting = UsageProfile.objects.filter(signature__in=[one for one in signatures if one])
        return fitting.filter(source=batch.source).first()


def _line_of(known: UsageProfile, sample: Sample) -> int:
    return next(line for line, cells in sample.rows if profiles.signature(cells) == known.signature)


def _form(batch: UsageBatch, sample: Sample, header: int, known: UsageProfile | None) -> MappingForm:
    """Return the form with what is known or guessed."""
    plain = MappingForm(rows=sample.rows, header=header)
    guess = guessing.columns(plain.titles, plain.below, sample.period)
    given: dict[str, Any] = {
        "name": known.name if known else _free_name(batch),
        "role": known.role if known else batch.source.role,
        "header": header,
        "own_number": batch.own_number.removeprefix("+86"),
        **first_values(known.columns if known else guess),
    }
    for name in ("times", "durations", "fees", "direction", "out_words", "in_words"):
        given[name] = getattr(known or UsageProfile(), name)
    if not known and "started" in guess:
        place = guess["started"]
        given["times"] = guessing.times([cells[place] for cells in plain.below if len(cells) > place])
    return MappingForm(given, rows=sample.rows, header=header)


def _free_name(batch: UsageBatch) -> str:
    """Return a name no mapping has."""
    taken = set(UsageProfile.objects.filter(name__startswith=batch.source.slug[:30]).values_list("name", flat=True))
    return next(name for number in range(1, 10_000) if (name := f"{batch.source.slug[:30]}-{number}") not in taken)


def _rows(batch: UsageBatch, form: MappingForm) -> tuple[Sequence[ReadRow], Refusal | None]:
    """Return the first rows as they would be read, or why they cannot be."""
    if not form.is_valid():
        return [], None
    now = timezone.now()
    try:
        sample = replace(sample_of(batch, now=now), own_number=read_own_number(form.cleaned_data["own_number"]))
        profile = unsaved(batch.source, form.facts(), now=now)
        layout = profiles.layout_of(profile, sample, header_line=form.cleaned_data["header"])
        return preview(sample=sample, layout=layout, source=batch.source, now=now), None
    except Refusal as refusal:
        return [], refusal


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
