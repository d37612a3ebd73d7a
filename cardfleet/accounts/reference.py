"""The five roles as groups, kept equal to the rights that the apps grant."""

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import rights
from cardfleet.kernel.reference import register


@transaction.atomic
def load_roles(*, now: datetime) -> None:
    """Make the groups and set their permissions; ImproperlyConfigured names a right that no model has."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in Role:
        unknown = rights(role) - known.keys()
        if unknown:
            raise ImproperlyConfigured(f"no model has the permission {', '.join(sorted(unknown))}")
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.set(known[right] for right in rights(role))


register("accounts.roles", load_roles)
