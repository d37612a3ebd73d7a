"""The real-name desk: the matrix, people under sanction, the yearly checks of IDs (R23, R74, R85)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.accounts.access import person_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from cards.choices.real_name import RealNameFault
from cards.models import IdCheck, Sanction
from cards.selectors.real_name import COLUMN_OF, limits_on
from cards.services.id_checks import answer_id_check, settle_id_check
from cards.services.sanctions import lift_sanction, record_sanction
from lifecycle.forms.real_name import IdCheckForm, SanctionForm
from lifecycle.lists.real_name import REAL_NAME
from lifecycle.views.access import OfficeView

SHOWN = 100


class RealNameView(ListPage):
    """The matrix, each fault in the cell it belongs to."""

    listing = REAL_NAME
    template_name = "lifecycle/real_name.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of cards with what is wrong of each."""
        joined = ("carrier", "registrant", "actual_user", "holder", "team")
        cards = asked.ordered(reader.now).select_related(*joined).defer("registrant__id_number")
        listed = page_of(cards, number=asked.query.get("page"), size=asked.size)
        for card in listed.page.object_list:
            card.wrong = _by_column(card.faults)
        of_page = {"rows": listed.page.object_list, "page_obj": listed.page, "more": listed.more}
        return {**of_page, "limits": limits_on(business_day(reader.now))}


def _by_column(codes: list[str]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {column: [] for column in COLUMN_OF.values()}
    for code in codes:
        wrong[COLUMN_OF[code]].append(str(RealNameFault(code).label))
    return wrong


class SanctionsPage(OfficeView):
    """People and registrants that get no new number."""

    permission_required = "cards.view_sanction"

    def page(self, form: SanctionForm | None = None, *, status: int = 200) -> HttpResponse:
        """Show those in force, the others below, and the form."""
        today, person = business_day(timezone.now()), person_of(self.request)
        listed = Sanction.objects.select_related("person", "registrant", "recorded_by").defer("registrant__id_number")
        standing = listed.in_force(today)
        context = {
            "standing": standing[:SHOWN],
            "over": listed.exclude(pk__in=standing.order_by().values("pk"))[:SHOWN],
            "form": form or SanctionForm(person=person, initial={"starts_on": today}),
        }
        return render(self.request, "lifecycle/sanctions.html", context, status=status)


class SanctionsView(SanctionsPage):
    """See and record sanctions."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()


class SanctionRecordView(SanctionsPage):
    """Record a sanction."""

    permission_required = "cards.add_sanction"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it."""
        form = SanctionForm(request.POST, person=person_of(request))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            record_sanction(**form.cleaned_data, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("Recorded: no card is handed to them and no number registered."))
        return redirect("lifecycle:sanctions")


class SanctionLiftView(SanctionsPage):
    """Lift a sanction."""

    permission_required = "cards.change_sanction"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lift it, with the reason."""
        reason = request.POST.get("reason", "")
        lift_sanction(sanction_id=pk, reason=reason, actor=person_of(request), now=timezone.now())
        return redirect("lifecycle:sanctions")


class IdChecksView(OfficeView):
    """What everybody found under their own ID this year, differences first."""

    permission_required = "cards.view_idcheck"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        year = business_day(timezone.now()).year
        checks = IdCheck.objects.visible_to(person_of(request)).select_related("person__team", "settled_by")
        of_year = checks.filter(year=year)
        context = {
            "year": year,
            "today": business_day(timezone.now()),
            "unsettled": checks.unsettled().order_by("answered_at", "pk")[:SHOWN],
            "unanswered": of_year.unanswered().order_by("due_on", "pk")[:SHOWN],
            "asked": of_year.count(),
            "answered": of_year.exclude(answered_at=None).count(),
        }
        return render(request, "lifecycle/id_checks.html", context)


class IdCheckSettleView(OfficeView):
    """Note what was done about a difference."""

    permission_required = "cards.change_idcheck"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note it."""
        if not IdCheck.objects.visible_to(person_of(request)).filter(pk=pk).exists():
            raise Http404
        settle_id_check(check_id=pk, note=request.POST.get("note", ""), actor=person_of(request), now=timezone.now())
        return redirect("lifecycle:id-checks")


class MyIdCheckView(OfficeView):
    """An agent answers for their own ID."""

    permission_required = "cards.answer_id_check"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self.page(IdCheckForm(initial={"checked_on": business_day(timezone.now()), "foreign": 0}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the answer."""
        form, check = IdCheckForm(request.POST), self.mine()
        if check is None:
            raise Http404
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            answer_id_check(check_id=check.pk, **form.cleaned_data, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("Thank you. Your answer is kept; only the counts are."))
        return redirect("lifecycle:my-id-check")

    def mine(self) -> IdCheck | None:
        """Return the check still to be answered."""
        return IdCheck.objects.filter(person=person_of(self.request)).unanswered().order_by("due_on").first()

    def page(self, form: IdCheckForm, *, status: int = 200) -> HttpResponse:
        """Show what is asked, and the answers given before."""
        before = IdCheck.objects.filter(person=person_of(self.request)).exclude(answered_at=None)
        context = {"check": self.mine(), "before": before, "form": form}
        return render(self.request, "lifecycle/my_id_check.html", context, status=status)
