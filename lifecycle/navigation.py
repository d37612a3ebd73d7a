"""What lifecycle puts into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Board"), "lifecycle:board", icon="layout-dashboard", permission="lifecycle.view_fleet", order=10)
register(_("Cards"), "lifecycle:fleet", icon="device-sim", permission="lifecycle.view_fleet", order=20)
register(_("Hand-over"), "lifecycle:issue", icon="arrows-exchange", permission="agents.issue_card", order=30)
register(
    _("Devices"),
    "lifecycle:devices",
    icon="device-mobile",
    permission="cards.view_device",
    order=22,
    under="lifecycle:fleet",
)
register(_("Alerts"), "lifecycle:alerts", icon="alert-triangle", permission="lifecycle.view_fleet", order=40)
register(_("My cards"), "lifecycle:my", icon="device-mobile", permission="lifecycle.view_my_cards", order=5)
register(
    _("Risk by team and carrier"),
    "lifecycle:risk-groups",
    icon="flame",
    permission="lifecycle.view_fleet",
    order=41,
    under="lifecycle:alerts",
)
register(
    _("Re-verification"),
    "lifecycle:reverification",
    icon="user-scan",
    permission="lifecycle.view_reverification",
    order=42,
    under="lifecycle:alerts",
)
register(
    _("Complaints and marks"),
    "lifecycle:conduct",
    icon="message-report",
    permission="lifecycle.view_complaint",
    order=43,
    under="lifecycle:alerts",
)
register(
    _("Carrier scorecard"),
    "lifecycle:carriers",
    icon="building-broadcast-tower",
    permission="billing.view_costs",
    order=62,
    under="billing:costs",
)
register(
    _("Real-name matrix"),
    "lifecycle:real-name",
    icon="id",
    permission="cards.view_real_name",
    order=24,
    under="lifecycle:fleet",
)
register(
    _("Numbers under my ID"),
    "lifecycle:my-id-check",
    icon="id",
    permission="cards.answer_id_check",
    order=6,
    under="lifecycle:my",
)
register(
    _("Leavers"),
    "lifecycle:leaving",
    icon="user-off",
    permission="agents.view_leaving",
    order=52,
    under="agents:list",
)
register(_("Cases"), "lifecycle:cases", icon="briefcase", permission="lifecycle.view_case", order=45)
for _label, _page, _icon, _order in (
    (_("By what they wait for"), "lifecycle:case-board", "layout-kanban", 46),
    (_("What falls due"), "lifecycle:case-month", "calendar-due", 47),
    (_("Figures of cases"), "lifecycle:case-figures", "chart-bar", 48),
):
    register(_label, _page, icon=_icon, permission="lifecycle.view_case", order=_order, under="lifecycle:cases")
register(
    _("Downtime"),
    "lifecycle:downtime",
    icon="clock-pause",
    permission="lifecycle.view_case",
    order=44,
    under="lifecycle:alerts",
)
register(
    _("Carrier notices"),
    "lifecycle:notices",
    icon="speakerphone",
    permission="lifecycle.view_carriernotice",
    order=41,
    under="lifecycle:alerts",
)
register(
    _("Data quality"),
    "lifecycle:data-quality",
    icon="clipboard-check",
    permission="lifecycle.view_fleet",
    order=24,
    under="lifecycle:fleet",
)
register(
    _("Spares"),
    "lifecycle:standby",
    icon="archive",
    permission="lifecycle.view_cardswitch",
    order=23,
    under="lifecycle:fleet",
)
for _label, _page, _icon, _order in (
    (_("By scanning"), "lifecycle:scan", "barcode", 30),
    (_("Take back"), "lifecycle:return", "arrow-back-up", 30),
    (_("Distribute"), "lifecycle:distribute", "users-group", 32),
    (_("Reservations"), "lifecycle:reservations", "bookmark", 33),
):
    register(_label, _page, icon=_icon, permission="agents.issue_card", order=_order, under="lifecycle:issue")
register(
    _("Who sees what"),
    "lifecycle:why",
    icon="eye-search",
    permission="accounts.view_user",
    order=84,
    under="accounts:people",
)
register(_("Compliance"), "lifecycle:compliance", icon="gavel", permission="lifecycle.view_desk", order=49)
for _label, _page, _icon, _order in (
    (_("Complaints and their clock"), "lifecycle:complaints", "message-report", 51),
    (_("Subject requests"), "lifecycle:subject-requests", "user-check", 52),
    (_("Breach record"), "lifecycle:breaches", "alert-triangle", 53),
    (_("Laws and contracts"), "lifecycle:laws", "gavel", 54),
    (_("Checklists and audits"), "lifecycle:audits", "checklist", 55),
    (_("Purposes and consents"), "lifecycle:purposes", "target", 56),
    (_("Retention"), "lifecycle:retention", "calendar-time", 57),
):
    register(_label, _page, icon=_icon, permission="lifecycle.view_desk", order=_order, under="lifecycle:compliance")
register(
    _("Evidence packs"),
    "lifecycle:pack",
    icon="file-zip",
    permission="lifecycle.make_pack",
    order=57,
    under="lifecycle:compliance",
)
register(
    _("Knowledge base"),
    "lifecycle:knowledge",
    icon="book",
    permission="lifecycle.view_article",
    order=49,
    under="lifecycle:cases",
)
register(
    _("Whom to ask"),
    "lifecycle:contacts",
    icon="address-book",
    permission="lifecycle.view_directoryentry",
    order=49,
    under="lifecycle:cases",
)
register(
    _("Performance"),
    "lifecycle:performance",
    icon="chart-bar",
    permission="lifecycle.view_performance",
    order=55,
    under="agents:list",
)
register(
    _("Customers' problems"),
    "lifecycle:problems",
    icon="message-report",
    permission="lifecycle.view_performance",
    order=56,
    under="agents:list",
)
register(
    _("My work"),
    "lifecycle:my-performance",
    icon="chart-bar",
    permission="lifecycle.view_my_cards",
    order=7,
    under="lifecycle:my",
)
