"""The company's own sign-in (OpenID Connect) as the environment describes it; off without OIDC_ISSUER."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from cardfleet.accounts.choices import Role
from cardfleet.accounts.claims import CompanySignIn

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def read(env: Env) -> CompanySignIn | None:
    """Return the settings of the sign-in; ImproperlyConfigured where one of them makes no sense."""
    issuer = env.str("OIDC_ISSUER", default="")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured("OIDC_ISSUER is not https: whoever stands between could sign in as anybody.")
    return CompanySignIn(
        issuer=issuer,
        client_id=env.str("OIDC_CLIENT_ID"),
        secret=env.str("OIDC_CLIENT_SECRET"),
        name=env.str("OIDC_NAME", default=parts.hostname or issuer),
        scopes=tuple(env.list("OIDC_SCOPES", default=["openid", "profile", "email"])),
        staff_no_claim=env.str("OIDC_STAFF_NUMBER_CLAIM", default="employee_number"),
        roles_claim=env.str("OIDC_ROLES_CLAIM", default="groups"),
        roles={word: _role(role) for word, role in env.dict("OIDC_ROLES", default={}).items()},
        teams_claim=env.str("OIDC_TEAMS_CLAIM", default=""),
        second_factors=frozenset(env.list("OIDC_SECOND_FACTORS", default=[])),
        passwords=env.bool("OIDC_PASSWORDS", default=True),
    )


def _role(name: str) -> Role:
    if name not in Role.values:
        raise ImproperlyConfigured(f"OIDC_ROLES: {name} is no role. There are: {', '.join(Role.values)}.")
    return Role(name)
