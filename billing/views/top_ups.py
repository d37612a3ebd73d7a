"""Top-ups: the list, asking for one, and each with its next step (R6, R28)."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.errors import TopUpUnusual
from billing.forms.top_ups import ArrivalForm, AskForm, PaymentForm, WhyForm
from billing.lists import TOP_UPS
from billing.models import TopUpRequest
from billing.selectors.top_ups import rank_of, steps_of, suggested_amounts
from billing.services.top_ups.asking import ask_top_up, withdraw_top_up
from billing.services.top_ups.deciding import decide_top_up, decide_top_ups
from billing.services.top_ups.paying import Payment, record_arrival, record_payment
from billing.views.access import MoneyView, person
from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from cards.models import Card

OWN_SHOWN = 10
FIGURES = re.compile("[0-9]{1,18}")


class TopUpsView(ListPage):
    """Top-ups in scope, newest first, each with the next step for who looks."""

    listing = TOP_UPS
    template_name = "billing/top_ups.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of them."""
        found = asked.ordered(reader.now).select_related("account__carrier", "card", "asked_by")
        listed = page_of(found, number=asked.query.get("page"), size=asked.size)
        rank = rank_of(reader.person)
        for one in listed.page.object_list:
            one.steps = steps_of(one, reader.person, rank)
        decides = reader.person.has_perm("billing.approve_top_up")
        return {"page_obj": listed.page, "more": listed.more, "decides": decides}


class AskView(MoneyView):
    """Ask for a top-up of a card; on an agent's phone, of one's own."""

    permission_required = "billing.ask_top_up"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; a card named in the address comes with the amount that is advised."""
        card = self.named(request.GET.get("card", ""))
        if card is None:
            return self.page(self.form())
        advised = suggested_amounts([card.pk], today=business_day(timezone.now())).get(card.pk)
        initial = {"card": card.iccid, "amount": advised or None}
        return self.page(self.form(initial=initial), card=card, advised=advised)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask; an amount that may be a slipped dot is asked about, with a tick to set."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        try:
            asked = ask_top_up(
                card=given["card"],
                amount=given["amount"],
                reason=given["reason"],
                is_sure=given["sure"],
                actor=person(request),
                now=timezone.now(),
            )
        except TopUpUnusual as refusal:
            again = self.form(request.POST, asks_again=True)
            add_refusal(again, refusal)
            return self.page(again, status=refusal.status, card=given["card"])
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status, card=given["card"])
        messages.success(request, _("Your top-up waits for approval."))
        return redirect("billing:top-up", asked.pk)

    def named(self, text: str) -> Card | None:
        """Return the card in scope that the address names by its id, if it does."""
        return self.card_or_404(int(text)) if text.isascii() and text.isdigit() else None

    def form(self, *args: Any, **kwargs: Any) -> AskForm:
        """Return the form over the person's scope."""
        return AskForm(*args, cards=Card.objects.visible_to(person(self.request)), **kwargs)

    def page(self, form: AskForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form and one's own last top-ups."""
        own = TopUpRequest.objects.filter(asked_by=person(self.request)).select_related("card", "account")
        context |= {"form": form, "own": own[:OWN_SHOWN]}
        return render(self.request, "billing/top_up_ask.html", context, status=status)


class TopUpView(MoneyView):
    """One top-up: what happened, and what the person may do next."""

    permission_required = "billing.view_topuprequest"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(pk)

    def page(self, pk: int, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page; forms that were sent are shown with what stands against them."""
        asked = self.asked_or_404(pk)
        now = timezone.localtime()
        face = asked.face_value or asked.amount
        context = {
            "asked": asked,
            "steps": steps_of(asked, person(self.request), rank_of(person(self.request))),
            "decisions": asked.decisions.select_related("by"),
            "payment": PaymentForm(initial={"paid": face, "face_value": face, "paid_at": now}),
            "arrival": ArrivalForm(initial={"arrived_at": now}),
            "why": WhyForm(),
            **context,
        }
        return render(self.request, "billing/top_up.html", context, status=status)

    def asked_or_404(self, pk: int) -> TopUpRequest:
        """Return a top-up in the person's scope."""
        known = TopUpRequest.objects.visible_to(person(self.request)).select_related(
            "account__carrier", "card", "asked_by", "approved_by", "paid_by", "entry", "file", "reading"
        )
        found = known.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def done(self, pk: int, said: str, deed: Callable[[], Any], **forms: Any) -> HttpResponse:
        """Do one step; what is refused is said beside the field it names, with all that was entered still there."""
        try:
            deed()
        except Refusal as refusal:
            if not forms:
                raise
            add_refusal(next(iter(forms.values())), refusal)
            return self.page(pk, status=refusal.status, **forms)
        messages.success(self.request, said)
        return redirect("billing:top-up", pk)


class StepView(TopUpView):
    """One step of a top-up, posted from its page."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Lead whoever comes back here after signing in to the page."""
        self.asked_or_404(pk)
        return redirect("billing:top-up", pk)


class DecideView(StepView):
    """Say yes or no; which right that needs depends on the amount, so the service asks for it, too."""

    permission_required = "billing.approve_top_up"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide; a refusal is a page of its own."""
        asked = self.asked_or_404(pk)
        return self.done(
            pk,
            _("Decided."),
            lambda: decide_top_up(
                request_id=asked.pk,
                rank=request.POST.get("rank", ""),
                is_approved=request.POST.get("answer") == "approve",
                reason=request.POST.get("reason", "")[:200],
                actor=person(request),
                now=timezone.now(),
            ),
        )


class DecideManyView(MoneyView):
    """Say one yes or no to those ticked on the list; why not to the others is said beside each."""

    permission_required = "billing.approve_top_up"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead whoever comes back here after signing in to the list."""
        return redirect("billing:top-ups")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Decide, and lead back to the list."""
        ticked = (one.partition(":") for one in request.POST.getlist("pick"))
        seen = {int(pk): rank for pk, _colon, rank in ticked if FIGURES.fullmatch(pk)}
        known = TopUpRequest.objects.visible_to(person(request)).filter(pk__in=seen)
        rows = known.select_related("card", "account", "asked_by").in_bulk()
        if not rows:
            raise NotVisible(message=_("Tick the top-ups first; none of yours was chosen."))
        decided = decide_top_ups(
            seen={pk: seen[pk] for pk in rows},
            is_approved=request.POST.get("answer") == "approve",
            reason=request.POST.get("reason", "")[:200],
            actor=person(request),
            now=timezone.now(),
        )
        if decided.refused:
            refused = [(rows[pk], why) for pk, why in decided.refused.items()]
            context = {"refused": refused, "done": len(decided.done)}
            return render(request, "billing/top_ups_refused.html", context, status=409)
        count = len(decided.done)
        said = ngettext("Decided on %(count)s top-up.", "Decided on %(count)s top-ups.", count)
        messages.success(request, said % {"count": count})
        return redirect("billing:top-ups")


class PayView(StepView):
    """Record what was paid."""

    permission_required = "billing.pay_top_up"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, with the proof."""
        asked, form, now = self.asked_or_404(pk), PaymentForm(request.POST, request.FILES), timezone.now()
        if not form.is_valid():
            return self.page(pk, status=422, payment=form)
        given = dict(form.cleaned_data)
        risk_reason, at, file = given.pop("risk_reason"), given.pop("paid_at"), given.pop("file")
        about: dict[str, Any] = {"purpose": "billing.top_up", "owner": person(request), "subject": asked, "now": now}

        def deed() -> None:
            proof = store(content=file, name=file.name, **about) if file else None
            payment = Payment(**given, at=at, file=proof)
            record_payment(request_id=pk, payment=payment, risk_reason=risk_reason, actor=person(request), now=now)

        return self.done(pk, _("The payment is recorded."), deed, payment=form)


class ArriveView(StepView):
    """Record that the money is on the account."""

    permission_required = "billing.pay_top_up"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, and post it."""
        self.asked_or_404(pk)
        form = ArrivalForm(request.POST)
        if not form.is_valid():
            return self.page(pk, status=422, arrival=form)
        given = form.cleaned_data
        return self.done(
            pk,
            _("The top-up is posted."),
            lambda: record_arrival(request_id=pk, **given, actor=person(request), now=timezone.now()),
            arrival=form,
        )


class WithdrawView(StepView):
    """Take a top-up back."""

    permission_required = "billing.ask_top_up"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back; a refusal is a page of its own."""
        self.asked_or_404(pk)
        return self.done(
            pk,
            _("The top-up is taken back."),
            lambda: withdraw_top_up(
                request_id=pk,
                reason=request.POST.get("reason", "")[:200],
                actor=person(request),
                now=timezone.now(),
            ),
        )
