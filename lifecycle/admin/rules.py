"""Carrier rules: a change is a new version from a day on, a version in force is never edited (R2, R21; invariant 9)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect
from unfold.decorators import action, display

from cardfleet.accounts.access import person_of
from cardfleet.kernel.clock import business_day
from cards.models import CarrierRule
from cards.services.rules import confirm_rule
from lifecycle.admin.rule_replay import ReplayingAdmin
from lifecycle.admin.rule_sets import RuleSetAdmin
from lifecycle.admin.rule_versions import VersionsAdmin
from lifecycle.forms.rules import ConfirmForm, RuleForm
from lifecycle.rules.findings import plain
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.texts import UNITS
from lifecycle.services.rules import write_rule, write_version

NOT_VALUES = ("kind", "effective_from", "reason")


class InForceFilter(admin.SimpleListFilter):
    """Which versions are listed: those in force today unless all are asked for."""

    title = gettext_lazy("versions")
    parameter_name = "versions"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the choices beside the versions in force."""
        return (("ahead", gettext_lazy("Not in force yet")), ("every", gettext_lazy("Every version")))

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Call what is listed without a choice what it is."""
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext_lazy("In force today")}
        yield from others

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Return the versions asked for."""
        today = business_day(timezone.now())
        if self.value() == "every":
            return queryset
        if self.value() == "ahead":
            return queryset.filter(effective_from__gt=today)
        return queryset.in_force(today)


@admin.register(CarrierRule)
class CarrierRuleAdmin(ReplayingAdmin, VersionsAdmin, RuleSetAdmin):
    """Rules as data. The latest version of a rule can be superseded; older ones are only shown."""

    class Media:
        css = {"all": ["css/rules.css"]}

    form = RuleForm
    list_display = (
        "named",
        "scope",
        "warns_at",
        "ends_at",
        "counted",
        "severity",
        "action",
        "badge",
        "effective_from",
        "effective_to",
        "version",
    )
    list_display_links = ("named",)
    list_filter = (InForceFilter, "severity", "action", "is_illustrative", "carrier")
    list_select_related = ("carrier", "plan", "card", "document")
    search_fields = ("kind", "source", "industry", "region")
    autocomplete_fields = ("carrier", "plan")
    ordering = ("kind", "-effective_from")
    actions_detail = ("confirm", *VersionsAdmin.actions_detail)
    change_form_outer_before_template = "lifecycle/rules/about.html"
    fieldsets = (
        (None, {"fields": ("kind", "carrier", "plan", "region", "industry")}),
        (gettext_lazy("Limit"), {"fields": ("warn", "limit", "unit", "window", "params")}),
        (gettext_lazy("When it is reached"), {"fields": ("severity", "action", "consequence")}),
        (gettext_lazy("Where it comes from"), {"fields": ("source", "confidence", "is_illustrative")}),
        (
            gettext_lazy("From when"),
            {
                "fields": ("effective_from", "reason"),
                "description": gettext_lazy(
                    "A change is a new version from this day on. What was found before stays explained by the present "
                    "one."
                ),
            },
        ),
    )

    @display(description=gettext_lazy("kind"), ordering="kind")  # type: ignore[untyped-decorator]
    def named(self, rule: CarrierRule) -> str:
        """The kind in words."""
        return str(KINDS[rule.kind].label) if rule.kind in KINDS else rule.kind

    @display(description=gettext_lazy("holds for"))  # type: ignore[untyped-decorator]
    def scope(self, rule: CarrierRule) -> str:
        """For which cards the rule holds."""
        named = (rule.card, rule.plan, rule.carrier, rule.region, rule.industry)
        return " · ".join(str(part) for part in named if part) or _("all cards")

    @display(description=gettext_lazy("warn at"), ordering="warn")  # type: ignore[untyped-decorator]
    def warns_at(self, rule: CarrierRule) -> str:
        """The value it warns at, without needless noughts."""
        return plain(rule.warn)

    @display(description=gettext_lazy("limit"), ordering="limit")  # type: ignore[untyped-decorator]
    def ends_at(self, rule: CarrierRule) -> str:
        """The limit, without needless noughts."""
        return plain(rule.limit)

    @display(description=gettext_lazy("unit"))  # type: ignore[untyped-decorator]
    def counted(self, rule: CarrierRule) -> str:
        """The unit in words."""
        return str(UNITS.get(rule.unit, rule.unit))

    @display(description=gettext_lazy("values"), label={"illustrative": "warning", "established": "success"})  # type: ignore[untyped-decorator]
    def badge(self, rule: CarrierRule) -> tuple[str, str]:
        """Whether its values are established."""
        return ("illustrative", _("Illustrative")) if rule.is_illustrative else ("established", _("Established"))

    def has_change_permission(self, request: HttpRequest, obj: CarrierRule | None = None) -> bool:
        """Allow changing the latest version only."""
        allowed: bool = super().has_change_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return not CarrierRule.objects.filter(lineage=obj.lineage, version__gt=obj.version).exists()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> CarrierRule:
        """Write a rule."""
        facts = {name: value for name, value in given.items() if name not in NOT_VALUES}
        return write_rule(
            kind=given["kind"],
            facts=facts,
            effective_from=given["effective_from"],
            reason=given["reason"],
            actor=person_of(request),
            now=timezone.now(),
        )

    def change(self, request: HttpRequest, row: CarrierRule, given: dict[str, Any]) -> CarrierRule:
        """Write its next version."""
        begins: date = given["effective_from"]
        return write_version(
            rule_id=row.pk,
            changes={name: value for name, value in given.items() if name not in NOT_VALUES},
            effective_from=begins,
            reason=given["reason"],
            actor=person_of(request),
            now=timezone.now(),
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Confirm its values"),
        url_path="confirm",
        icon="check",
        permissions=["change_of_rules"],
        dialog={
            "title": gettext_lazy("Where are these values established?"),
            "description": gettext_lazy("The badge goes; no value changes."),
            "form_class": ConfirmForm,
        },
    )
    def confirm(self, request: HttpRequest, form: ConfirmForm, object_id: str) -> HttpResponse:
        """Take the badge "illustrative" off a version."""
        given = form.cleaned_data
        confirm_rule(
            rule_id=int(object_id),
            source=given["source"],
            confidence=given["confidence"],
            actor=person_of(request),
            now=timezone.now(),
        )
        messages.success(request, _("The values of this version are confirmed."))
        page = reverse("admin:cards_carrierrule_change", args=[object_id])
        return HttpResponseClientRedirect(page) if "HX-Request" in request.headers else redirect(page)
