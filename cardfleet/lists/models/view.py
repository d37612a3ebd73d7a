"""Saved views."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.lists.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """A way to look at a list: filters as in its address, columns (none: the usual ones), sort and page size.

    It shows everybody their own scope; what is shared is the question, never the answer.
    """

    listing = models.CharField(_("list"), max_length=32)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("filters"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    sort = models.CharField(_("sort"), max_length=40, blank=True)
    size = models.PositiveSmallIntegerField(_("rows a page"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="saved_views"
    )
    shared_role = models.CharField(_("shared with the role"), max_length=16, choices=Role, blank=True)
    shared_team = models.ForeignKey(
        Team, verbose_name=_("shared with the team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["listing", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "listing", "name"], name="saved_view_name_once"),
        ]
        permissions = [
            ("share_savedview", _("Can share views with teams")),
            ("share_with_role", _("Can share views with roles and choose what opens for them")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> QueryDict:
        """What it asks of its list: filters, columns, sort and page size."""
        query = QueryDict(self.query, mutable=True)
        query.setlist("columns", [str(code) for code in self.columns])
        query["sort"], query["size"] = self.sort, str(self.size or "")
        for name in [name for name in query if not query[name]]:
            del query[name]
        return query

    @property
    def address(self) -> str:
        """The query of its address, which names it and says all that it asks."""
        query = self.asked
        query["view"] = str(self.pk)
        return f"?{query.urlencode()}"


class DefaultView(models.Model):
    """The view a list opens with: a person's own choice, else that of their role."""

    listing = models.CharField(_("list"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, blank=True)
    view = models.ForeignKey(SavedView, verbose_name=_("view"), on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, role="") | Q(user__isnull=True) & ~Q(role=""),
                name="default_view_of_a_person_or_a_role",
            ),
            models.UniqueConstraint(
                fields=["listing", "user"], condition=Q(user__isnull=False), name="default_view_once_a_person"
            ),
            models.UniqueConstraint(fields=["listing", "role"], condition=~Q(role=""), name="default_view_once_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.listing}: {self.view_id}"
