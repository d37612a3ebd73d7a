"""Who saves views, shares them, and has reports sent."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

OFFICE = (Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)

grant("lists.view_savedview")
grant("lists.view_scheduledreport")
grant("lists.add_savedview", *OFFICE)
grant("lists.share_savedview", *OFFICE)
grant("lists.share_with_role")
grant("lists.add_scheduledreport", *OFFICE)
grant("lists.end_any_report")
