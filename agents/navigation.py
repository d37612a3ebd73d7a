"""What agents puts into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Agents"), "agents:list", icon="users", permission="agents.view_agent", order=50)
register(
    _("Stock-takes"),
    "agents:takes",
    icon="clipboard-list",
    permission="agents.view_stocktake",
    order=46,
    under="cards:stock",
)
register(
    _("Hand-outs and returns"),
    "agents:assignments",
    icon="arrows-exchange",
    permission="agents.view_agent",
    order=51,
    under="agents:list",
)
register(
    _("Callee lists"),
    "agents:callees",
    icon="address-book",
    permission="agents.view_calleelisting",
    order=75,
    under="billing:usage",
)
register(
    _("Requests"),
    "agents:requests",
    icon="message-plus",
    permission="agents.view_cardrequest",
    order=31,
    under="lifecycle:issue",
)
register(
    _("Training plan"),
    "agents:training-plan",
    icon="school",
    permission="agents.view_trainingplan",
    order=52,
    under="agents:list",
)
register(_("Courses"), "agents:courses", icon="book", permission="agents.view_course", order=53, under="agents:list")
register(
    _("Policies in force"),
    "agents:policy-list",
    icon="file-text",
    permission="agents.view_policy",
    order=54,
    under="agents:list",
)
register(_("Targets"), "agents:targets", icon="target", permission="agents.view_target", order=56, under="agents:list")
register(
    _("Scripts"), "agents:scripts", icon="message-2", permission="agents.add_script", order=57, under="agents:list"
)
register(
    _("My training"),
    "agents:my-training",
    icon="school",
    permission="agents.take_course",
    order=6,
    under="lifecycle:my",
)
