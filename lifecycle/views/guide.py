"""The first-run guide: what to do first, ticked off by what exists."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from lifecycle.selectors.guide import SetUp, set_up
from lifecycle.views.access import OfficeView, person


@dataclass(frozen=True, kw_only=True)
class GuideStep:
    """One thing to do, and where; the administration is for those who may enter it."""

    name: str
    title: Text
    text: Text
    icon: str
    url_name: str
    permission: str
    action: Text
    done: Text


STEPS = (
    GuideStep(
        name="carriers",
        title=_("Create the carriers"),
        text=_("Who runs your cards: China Mobile, China Unicom, China Telecom, China Broadnet or a virtual operator."),
        icon="building-broadcast-tower",
        url_name="admin:cards_carrier_add",
        permission="cards.add_carrier",
        action=_("Create a carrier"),
        done=_("At least one carrier is known."),
    ),
    GuideStep(
        name="cards",
        title=_("Import the cards"),
        text=_(
            "The spreadsheet you have today will do: ICCID, number and carrier are enough, holders may stand in it."
        ),
        icon="device-sim",
        url_name="lifecycle:import-cards",
        permission="cards.import_card",
        action=_("Import cards"),
        done=_("Cards are there."),
    ),
    GuideStep(
        name="calls",
        title=_("Import the calls"),
        text=_(
            "A carrier's detail, an exchange's records or a phone's log; caps, risk and cost are reckoned from them."
        ),
        icon="phone-call",
        url_name="billing:usage-import",
        permission="billing.import_usage",
        action=_("Import call records"),
        done=_("Call records are stored."),
    ),
    GuideStep(
        name="people",
        title=_("Invite the people"),
        text=_("Supervisors, finance and compliance one by one, agents from a list. Nobody needs an e-mail address."),
        icon="users-plus",
        url_name="accounts:invite",
        permission="accounts.add_user",
        action=_("Invite somebody"),
        done=_("People besides administrators can sign in."),
    ),
)


def guide_steps(user: User, found: SetUp) -> list[dict[str, object]]:
    """Return the steps with whether each is done, whether it is the next, and its address where it is the person's."""
    waiting = [step.name for step in STEPS if not getattr(found, step.name)]
    return [
        {
            "step": step,
            "done": step.name not in waiting,
            "next": waiting[:1] == [step.name],
            "url": reverse(step.url_name) if user.has_perm(step.permission) else "",
        }
        for step in STEPS
    ]


class GuideView(OfficeView):
    """The guide as a page of its own, for later."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the steps."""
        found = set_up()
        context = {"set_up": found, "steps": guide_steps(person(request), found)}
        return render(request, "lifecycle/guide.html", context)
