"""Which role may do what with the board, alerts and rules."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

OFFICE = (Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)

grant("lifecycle.view_fleet", *OFFICE)
grant("lifecycle.view_my_cards", Role.AGENT)
grant("lifecycle.view_alert", *OFFICE, Role.AGENT)
grant("lifecycle.change_alert", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.view_carriernotice", *OFFICE)
grant("lifecycle.add_carriernotice", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.change_carriernotice", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.view_escalationstep", Role.COMPLIANCE)
grant("lifecycle.change_escalationstep")
grant("lifecycle.view_finding", *OFFICE)
grant("lifecycle.view_riskassessment", *OFFICE)
grant("lifecycle.add_complaint", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.view_complaint", *OFFICE)
grant("lifecycle.view_numbermark", *OFFICE)
grant("lifecycle.add_numbermark", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.change_numbermark", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.view_reverification", *OFFICE)
grant("lifecycle.add_reverification", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.change_reverification", Role.SUPERVISOR, Role.COMPLIANCE)
grant("lifecycle.view_approval", *OFFICE)
grant("lifecycle.add_approval", Role.COMPLIANCE)
grant("lifecycle.view_reminder", Role.COMPLIANCE)
grant("lifecycle.view_calendarday", *OFFICE)
grant("lifecycle.add_calendarday", Role.COMPLIANCE)
grant("lifecycle.change_calendarday", Role.COMPLIANCE)
