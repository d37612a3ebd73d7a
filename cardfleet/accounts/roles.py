"""Which role may do what. Each app lists its own rights in a module named `permissions`."""

from collections import defaultdict

from cardfleet.accounts.choices import Role

# Those who may enter the administration; what they see there is again a matter of rights.
STAFF = frozenset({Role.ADMIN, Role.FINANCE, Role.COMPLIANCE})

_rights: dict[Role, set[str]] = defaultdict(set)


def grant(permission: str, *roles: Role) -> None:
    """Give a permission (`app_label.codename`) to roles; the administrator has every one that is granted at all."""
    for role in (*roles, Role.ADMIN):
        _rights[role].add(permission)


def roles_with(permission: str) -> list[Role]:
    """Return the roles that have a permission."""
    return [role for role in Role if permission in _rights[role]]


def areas() -> list[str]:
    """Return the apps that have rights, by label: the areas a token may be for."""
    return sorted({right.partition(".")[0] for right in _rights[Role.ADMIN]})


def rights(role: Role) -> frozenset[str]:
    """Return the permissions of a role."""
    return frozenset(_rights[role])
