"""What each role may do with people and teams."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("accounts.view_all_teams", Role.FINANCE, Role.COMPLIANCE)
grant("accounts.view_team", Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)
grant("accounts.add_team")
grant("accounts.change_team")
grant("accounts.view_user", Role.SUPERVISOR, Role.COMPLIANCE)
grant("accounts.add_user")
grant("accounts.change_user")
grant("accounts.reset_password", Role.SUPERVISOR)
grant("accounts.deactivate_user", Role.SUPERVISOR)
grant("accounts.view_scopegrant", Role.COMPLIANCE)
grant("accounts.add_scopegrant")
grant("accounts.delete_scopegrant")
grant("accounts.view_delegation", Role.SUPERVISOR, Role.COMPLIANCE)
grant("accounts.delegate_scope", Role.SUPERVISOR)
grant("accounts.view_tokenterms", Role.COMPLIANCE)
grant("accounts.delete_tokenterms")
grant("journal.view_journal", Role.COMPLIANCE)
