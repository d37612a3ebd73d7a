"""How a person wishes to be told: topics, quiet hours, digest, own channels with a test of each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.kernel.errors import BadInput
from cardfleet.notify.choices import ChannelKind
from cardfleet.notify.forms import OwnChannelForm, WishesForm
from cardfleet.notify.models import Channel
from cardfleet.notify.selectors import wishes_of, with_last_delivery
from cardfleet.notify.services.channels import Carries, create_channel, switch_own_channel, test_channel
from cardfleet.notify.services.wishes import choose


class WishesPage(LoginRequiredMixin, View):
    """The page of one's wishes, whatever is asked of it."""

    def own(self) -> Any:
        """Return the person's own channels."""
        return Channel.objects.filter(owner=person_of(self.request)).order_by("name")

    def page(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show the wishes beside the channels; one of the forms may hold what was typed."""
        person = person_of(self.request)
        context = {
            "wishes": WishesForm.of(wishes_of([person.pk])[person.pk]),
            "channel_form": OwnChannelForm(),
            "channels": with_last_delivery(self.own()),
            **shown,
        }
        return render(self.request, "notify/wishes.html", context, status=status)


class WishesView(WishesPage):
    """One's wishes."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep them."""
        form = WishesForm(request.POST)
        if not form.is_valid():
            return self.page(wishes=form, status=422)
        choose(person=person_of(request), chosen=form.chosen())
        messages.success(request, _("Kept. It holds from the next message on."))
        return redirect("notify:wishes")


class OwnChannelView(WishesPage):
    """Add a channel of one's own."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add it, or say what does not fit."""
        form = OwnChannelForm(request.POST)
        if not form.is_valid():
            return self.page(channel_form=form, status=422)
        given, person = form.cleaned_data, person_of(request)
        try:
            create_channel(
                name=given["name"],
                kind=ChannelKind(given["kind"]),
                address=given["address"],
                secret=given["secret"],
                owner=person,
                carries=Carries(least=given["least"]),
                actor=person,
                now=timezone.now(),
            )
        except BadInput as refusal:
            form.add_error(None, str(refusal))
            return self.page(channel_form=form, status=422)
        messages.success(request, _("The channel was added. Test it."))
        return redirect("notify:wishes")


class SwitchView(WishesPage):
    """Switch a channel of one's own on or off."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch it."""
        channel = self.own().filter(pk=pk).first()
        if channel is None:
            raise Http404
        switch_own_channel(
            channel=channel, is_active=not channel.is_active, actor=person_of(request), now=timezone.now()
        )
        return redirect("notify:wishes")


class TestView(LoginRequiredMixin, View):
    """Send a test by a channel: of one's own, or of any that one keeps."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue it, and lead back."""
        person = person_of(request)
        channels = Channel.objects.active().filter(owner=person)
        if person.has_perm("notify.change_channel"):
            channels = channels | Channel.objects.active().filter(owner=None)
        channel = channels.filter(pk=pk).first()
        if channel is None:
            raise Http404
        test_channel(channel=channel, actor=person, now=timezone.now())
        messages.success(request, _("A test is on its way; what came of it stands here within a minute."))
        return redirect("notify:wishes" if channel.owner_id else "notify:deliveries")
