"""Rights over agents, training and assignments."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("agents.view_agent", Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)
grant("agents.add_agent", Role.SUPERVISOR)
grant("agents.change_agent", Role.SUPERVISOR)
grant("agents.import_agent", Role.SUPERVISOR)
grant("agents.view_assignment", Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE, Role.AGENT)
grant("agents.issue_card", Role.SUPERVISOR)
grant("agents.view_handover", Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE, Role.AGENT)
grant("agents.view_reservation", Role.SUPERVISOR)
grant("agents.view_cardrequest", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.add_cardrequest", Role.AGENT)
grant("agents.approve_request", Role.SUPERVISOR)
grant("agents.approve_large_request", Role.COMPLIANCE)
grant("agents.view_course", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.add_course", Role.COMPLIANCE)
grant("agents.change_course", Role.COMPLIANCE)
grant("agents.view_trainingrecord", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.add_trainingrecord", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.change_trainingrecord", Role.COMPLIANCE)
grant("agents.view_calleelisting", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.check_callee", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.add_calleelisting", Role.SUPERVISOR, Role.COMPLIANCE)
grant("agents.withdraw_calleelisting", Role.COMPLIANCE)
