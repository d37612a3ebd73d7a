"""Evidence packs: asked for after a fresh sign-in, looked for, taken out (R40, R83)."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator

from cardfleet.accounts.access import freshly_signed_in
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import BadInput, Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.packs import PackForm, PackScopeForm
from lifecycle.models import EvidencePack
from lifecycle.selectors.packs.made import rows_of, with_people
from lifecycle.services.packs import RIGHT, ask_for_pack, preview
from lifecycle.views.access import OfficeView, person

SHOWN = 20


class PacksPage(OfficeView):
    """A page about packs."""

    permission_required = RIGHT

    def packs(self) -> "QuerySet[EvidencePack]":
        """Return those the person sees."""
        return with_people(EvidencePack.objects.visible_to(person(self.request)))


class PackView(PacksPage):
    """The packs made so far, and the form for another; the address may name its card."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        pk = request.GET.get("card", "")
        card = self.cards().filter(pk=int(pk)).first() if pk.isdecimal() else None
        return self.page(PackForm(person=person(request), initial={"card": card.iccid} if card else {}))

    def page(self, form: PackForm, *, status: int = 200) -> HttpResponse:
        """Show the page; the form may hold what was entered."""
        page = Paginator(self.packs(), SHOWN).get_page(self.request.GET.get("page", "1"))
        context = {"form": form, "page_obj": page, "rows": rows_of(list(page.object_list))}
        return render(self.request, "lifecycle/packs/packs.html", context, status=status)

    @method_decorator(freshly_signed_in)
    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for a pack and lead to its page; a refusal stands beside the field it names."""
        form = PackForm(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            pack = ask_for_pack(**form.asked(), actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        if pack.job:
            enqueue(pack.job)
        return redirect("lifecycle:pack-made", pk=pack.pk)


class PackPreviewView(PacksPage):
    """What a pack would hold: a part of the page of packs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Count it, once something is named. BadInput where nothing can be made of what was entered."""
        if not any(request.GET.get(name) for name in ("card", "team", "first", "last")):
            return render(request, "lifecycle/packs/preview.html")
        form = PackScopeForm(request.GET, person=person(request))
        if not form.is_valid():
            raise BadInput(message=" ".join(str(text) for errors in form.errors.values() for text in errors))
        found = preview(**form.scope(), actor=person(request), now=timezone.now())
        return render(request, "lifecycle/packs/preview.html", {"preview": found})


class PackMadeView(PacksPage):
    """One pack: how far it is, what it is of, who took it out."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        pack = self.packs().filter(pk=pk).first()
        if pack is None:
            raise Http404
        return render(request, "lifecycle/packs/pack.html", {"row": rows_of([pack])[0], "pack": pack})
