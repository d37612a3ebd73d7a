"""People, teams and what each may see."""

from functools import cache
from typing import Any, ClassVar

import pgtrigger
from django.contrib.admin import display
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.querysets import (
    DelegationQuerySet,
    PersonManager,
    TeamQuerySet,
    TokenQuerySet,
    rights_of,
)
from cardfleet.accounts.rules import Terms
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.compiled import rows_of, words_of
from cardfleet.kernel.personal import PersonNameField

SOMEBODY = -1_000_001
SEES_ALL = "accounts.view_all_teams"


class Team(models.Model):
    """A node of the tree company, legal entity, site, team. `path` is `/1/4/9/`, kept by its service."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=TeamKind, default=TeamKind.TEAM)
    name = models.CharField(_("name"), max_length=80)
    path = models.CharField(_("path"), max_length=200, unique=True, editable=False, null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="team_name_unique_under_parent"),
            models.CheckConstraint(
                condition=models.Q(path__isnull=True) | models.Q(path__startswith="/", path__endswith="/"),
                name="team_path_has_slashes",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in, by staff number or user name. Agents have no company mail, so e-mail is optional.

    One with an `owner` is a service account: a program's, which has tokens and no password, with roles and scope of its
    own; the owner answers for it.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = PersonNameField(_("name"), max_length=80)
    name_pinyin = models.CharField(_("name in pinyin"), max_length=200, blank=True, editable=False)
    name_initials = models.CharField(_("pinyin initials"), max_length=40, blank=True, editable=False, db_index=True)
    staff_no = models.CharField(_("staff number"), max_length=32, unique=True, null=True, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        "self",
        verbose_name=_("answers for it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="service_accounts",
    )

    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    # What the token that a request brings is limited to (`TokenTerms.areas`): never stored.
    areas: frozenset[str] = frozenset()
    # The teams in sight of whom a request is for, read with them (`querysets.of_a_request`): never stored.
    sight: list[int] | None = None

    objects = PersonManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        # People are found by the start of a name and by a staff number in any letter case.
        indexes = [
            models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="user_name_start"),
            models.Index(Upper("staff_no"), name="user_staff_no_upper"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False), name="erased_person_is_gone"
            ),
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
                name="service_account_has_no_password",
            ),
        ]
        permissions = [
            ("reset_password", _("Can give a person a one-time password")),
            ("deactivate_user", _("Can end a leaver's access")),
            ("view_all_teams", _("Can see every team without a scope grant")),
        ]

    def __str__(self) -> str:
        name = self.name or self.username
        return _("{name} (service account)").format(name=name) if self.is_service else name

    @property
    def is_service(self) -> bool:
        """Whether it is a program's account."""
        return self.owner_id is not None

    def get_full_name(self) -> str:
        """Return the name, which is one here: Chinese names have no first and last to put in order."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the same."""
        return str(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Tell whether the person has a right; by a token that is for some areas, only theirs."""
        return self.reaches(perm) and super().has_perm(perm, obj)

    def reaches(self, right: str) -> bool:
        """Tell whether a right is of an area the token is for; without a token, and by most tokens, each is."""
        return not self.areas or right.partition(".")[0] in self.areas or right == SEES_ALL

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The values of the person's roles; read once, from what was prefetched where a list did so."""
        return frozenset(group.name for group in self.groups.all())

    @cached_property
    def rights(self) -> frozenset[str]:
        """The rights of the person's roles as `app.codename`; one statement a request, already in words."""
        return frozenset(right for (right,) in rows_of(_rights(), {"person": self.pk}))

    @property
    @display(description=_("roles"))
    def role_label(self) -> str:
        """The person's roles in words, in the order of their vocabulary."""
        return " / ".join(str(role.label) for role in Role if role in self.role_names)


@cache
def _rights() -> str:
    return words_of(rights_of(SOMEBODY), {SOMEBODY: "person"})


class TokenUse(models.Model):
    """When an API token was last used, to the minute: written at most once in one."""

    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, primary_key=True, related_name="use")
    last_used_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("use of a token")
        verbose_name_plural = _("uses of tokens")

    def __str__(self) -> str:
        return f"{self.token_id} {to_the_minute(self.last_used_at)}"


class TokenTerms(models.Model):
    """What an API token is for: it never opens more than its person may, and less where its terms say so.

    `areas` are labels of apps, whose rights it keeps; `networks` in CIDR, from where it is taken. Empty: all of them.
    Terms never change: another token is made, or this one renewed, whose `successor` lives on beside it for a while.
    """

    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(_("name"), max_length=80, blank=True)
    writes = models.BooleanField(_("may change things"), default=True)
    areas = ArrayField(models.CharField(max_length=40), verbose_name=_("areas"), default=list, blank=True)
    networks = ArrayField(models.CharField(max_length=49), verbose_name=_("addresses"), default=list, blank=True)
    successor = models.OneToOneField(
        "self", verbose_name=_("replaced by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(
                name="terms_stay",
                operation=pgtrigger.UpdateOf("token_id", "name", "writes", "areas", "networks"),  # type: ignore[no-untyped-call]
            )
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def as_terms(self) -> Terms:
        """What it is for, as rules take it."""
        return Terms(writes=self.writes, areas=frozenset(self.areas), networks=tuple(self.networks))


class ScopeGrant(models.Model):
    """A person sees a team and everything below it."""

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="scope_grants")
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="scope_once_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.user} > {self.team}"


class Delegation(models.Model):
    """A supervisor lends what they see of a team to another for a time (R12); both keep their own roles.

    It lasts only while the giver works here and sees the team (`DelegationQuerySet.running`). It is ended early by
    `revoked_at`, never edited.
    """

    giver = models.ForeignKey(User, verbose_name=_("lent by"), on_delete=models.PROTECT, related_name="deputies")
    receiver = models.ForeignKey(User, verbose_name=_("stands in"), on_delete=models.PROTECT, related_name="deputised")
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    given_at = models.DateTimeField(_("recorded at"))
    revoked_at = models.DateTimeField(_("ended early at"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_after_its_start"
            ),
            models.CheckConstraint(condition=~models.Q(giver=models.F("receiver")), name="delegation_to_another"),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "ends_at"], condition=models.Q(revoked_at=None), name="delegation_receiver"
            )
        ]
        permissions = [("delegate_scope", _("Can lend what they see to somebody who stands in"))]

    def __str__(self) -> str:
        return f"{self.giver} > {self.receiver}: {self.team}"
