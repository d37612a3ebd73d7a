"""What the journal may say about people and teams."""

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.journal.registry import one_of, register, words_of
from cardfleet.journal.subjects import register_subject

register(
    "accounts.person_created",
    _("Person created"),
    icon="user-plus",
    values={"team": "accounts.team", "roles": one_of(Role)},
)
register(
    "accounts.service_account_created",
    _("Service account made"),
    icon="api",
    values={"owner": "accounts.user", "roles": one_of(Role)},
)
register(
    "accounts.service_account_passed",
    _("Somebody else answers for the service account"),
    icon="user-share",
    values={"from": "accounts.user", "to": "accounts.user"},
)
register("accounts.person_changed", _("Personal data changed"), icon="user-edit")
register(
    "accounts.person_moved",
    _("Moved to another team"),
    icon="arrows-exchange",
    values={"from": "accounts.team", "to": "accounts.team"},
)
register("accounts.roles_set", _("Roles set"), icon="shield", values={"from": one_of(Role), "to": one_of(Role)})
register("accounts.scope_granted", _("Scope granted"), icon="eye", values={"team": "accounts.team"})
register("accounts.scope_withdrawn", _("Scope withdrawn"), icon="eye-off", values={"team": "accounts.team"})
for _code, _label, _icon in (
    ("accounts.scope_delegated", _("Sight lent"), "user-share"),
    ("accounts.delegation_ended", _("Lending ended early"), "user-minus"),
):
    register(_code, _label, icon=_icon, values={"team": "accounts.team"})
register("accounts.signed_in", _("Signed in"), icon="login")
_AREAS = {app.label: app.verbose_name for app in apps.get_app_configs()}
for _code, _label, _icon in (
    ("accounts.token_issued", _("API token issued"), "api"),
    ("accounts.token_renewed", _("API token replaced"), "refresh"),
    ("accounts.token_ended", _("API token ended"), "trash"),
):
    register(_code, _label, icon=_icon, values={"areas": words_of(_AREAS)})
register("accounts.company_bound", _("Bound to the company's sign-in"), icon="link")
register("accounts.sessions_ended", _("Sessions ended"), icon="logout")
register("accounts.signed_out_everywhere", _("Signed out everywhere"), icon="logout")
register("accounts.password_changed", _("Password changed"), icon="key")
register("accounts.password_reset", _("One-time password given"), icon="key")
register("accounts.person_deactivated", _("Access ended"), icon="user-off")
register("accounts.person_erased", _("Person erased"), icon="eraser")
register("accounts.person_reactivated", _("Access restored"), icon="user-check")
register(
    "accounts.language_chosen",
    _("Language chosen"),
    icon="language",
    values={"to": words_of(dict(settings.LANGUAGES))},
)
register(
    "accounts.team_created",
    _("Team created"),
    icon="users-plus",
    values={"kind": one_of(TeamKind), "parent": "accounts.team"},
)
register("accounts.team_renamed", _("Team renamed"), icon="edit")
register(
    "accounts.team_moved", _("Team moved"), icon="sitemap", values={"from": "accounts.team", "to": "accounts.team"}
)

register_subject("accounts.user", url_name="accounts:person")
register_subject("accounts.team", url_name="admin:accounts_team_change")
