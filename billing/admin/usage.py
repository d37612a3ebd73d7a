"""Sources, names in them, voice lines and accounts in the administration; calls have a page of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import (
    Account,
    BalanceReading,
    ClaimPolicy,
    FeedMapping,
    LedgerEntry,
    RetentionRule,
    TopUpLevel,
    TransferRule,
    UsageAlias,
    UsageBatch,
    UsageSource,
    VoiceLine,
)
from billing.services.accounts import edit_account, open_shared_account
from billing.services.claim_policies import edit_claim_policy, record_claim_policy
from billing.services.mappings import edit_mapping, record_mapping
from billing.services.retention import set_retention
from billing.services.sources import edit_line, edit_source, end_alias, record_line, record_source, set_alias
from billing.services.top_ups.levels import edit_top_up_level
from billing.services.transfers import set_transfer_rule
from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin
from cardfleet.kernel.retention import NO_FLOOR, categories


@admin.register(UsageSource)
class UsageSourceAdmin(ServiceModelAdmin[UsageSource]):
    """Where usage comes from."""

    list_display = ("name", "slug", "role", "carrier", "expected_every")
    list_filter = ("role",)
    search_fields = ("name", "slug")
    list_select_related = ("carrier",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> UsageSource:
        """Record a source."""
        return record_source(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: UsageSource, given: dict[str, Any]) -> UsageSource:
        """Change a source."""
        return edit_source(source_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(VoiceLine)
class VoiceLineAdmin(ServiceModelAdmin[VoiceLine]):
    """Carriers' own voice lines."""

    list_display = ("name", "number", "carrier")
    search_fields = ("name", "number")
    list_select_related = ("carrier",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> VoiceLine:
        """Record a line."""
        return record_line(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: VoiceLine, given: dict[str, Any]) -> VoiceLine:
        """Change a line."""
        return edit_line(line_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(UsageAlias)
class UsageAliasAdmin(ServiceModelAdmin[UsageAlias]):
    """What names in a source mean. A meaning is ended and a new one set, never rewritten: calls were read by it."""

    list_display = ("alias", "source", "card", "agent", "line", "valid_from", "valid_to")
    list_filter = ("source",)
    search_fields = ("alias",)
    list_select_related = ("source", "card", "agent__user", "line")
    raw_id_fields = ("card", "agent")

    def get_readonly_fields(self, _request: HttpRequest, obj: UsageAlias | None = None) -> tuple[str, ...]:
        """Let only the end be changed."""
        return ("source", "alias", "card", "agent", "line", "valid_from") if obj else ()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> UsageAlias:
        """Set a meaning."""
        return set_alias(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: UsageAlias, given: dict[str, Any]) -> UsageAlias:
        """End a meaning."""
        return end_alias(alias_id=row.pk, valid_to=given["valid_to"], actor=person_of(request), now=timezone.now())


@admin.register(Account)
class AccountAdmin(ServiceModelAdmin[Account]):
    """Accounts at carriers: shared ones are opened here, terms are changed here, money is not."""

    list_display = ("code", "kind", "carrier", "payment", "credit_limit", "balance")
    list_filter = ("kind", "payment", "carrier")
    search_fields = ("code",)
    list_select_related = ("carrier",)
    fields = ("carrier", "code", "payment", "credit_limit")

    def get_readonly_fields(self, _request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        """Let only the terms of an account be changed."""
        return ("carrier", "code") if obj else ()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Account:
        """Open a shared account."""
        return open_shared_account(**given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Account, given: dict[str, Any]) -> Account:
        """Change the terms."""
        return edit_account(account=row, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(TransferRule)
class TransferRuleAdmin(ServiceModelAdmin[TransferRule]):
    """Which ways carriers let balance go."""

    list_display = ("carrier", "to_cards", "to_wallet", "between_cards", "source")
    list_select_related = ("carrier",)

    def get_readonly_fields(self, _request: HttpRequest, obj: TransferRule | None = None) -> tuple[str, ...]:
        """Keep the carrier."""
        return ("carrier",) if obj else ()

    def create(self, request: HttpRequest, given: dict[str, Any]) -> TransferRule:
        """Set a rule."""
        return set_transfer_rule(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: TransferRule, given: dict[str, Any]) -> TransferRule:
        """Set it anew."""
        facts = {"carrier": row.carrier, **given}
        return set_transfer_rule(facts=facts, actor=person_of(request), now=timezone.now())


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin[LedgerEntry]):
    """The ledger; posted on its own page."""

    list_display = ("at", "account", "card", "kind", "amount", "month", "reference", "actor")
    list_filter = ("kind",)
    search_fields = ("reference", "account__code")
    list_select_related = ("account", "card", "actor")


@admin.register(BalanceReading)
class BalanceReadingAdmin(ReadOnlyAdmin[BalanceReading]):
    """What carriers said; brought on its own page."""

    list_display = ("account", "read_at", "balance", "source", "actor")
    list_filter = ("source",)
    list_select_related = ("account", "actor")


@admin.register(UsageBatch)
class UsageBatchAdmin(ReadOnlyAdmin[UsageBatch]):
    """Imports of call records."""

    list_display = ("id", "source", "format", "state", "rows_read", "rows_stored", "rows_refused", "created_at")
    list_filter = ("state", "source")
    list_select_related = ("source",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(ServiceModelAdmin[RetentionRule]):
    """How long data is kept; never shorter than the law asks for."""

    list_display = ("label", "months", "floor", "basis", "at_once", "dropped_before", "dropped_at")
    fields = ("label", "months", "floor", "basis", "at_once", "dropped_before", "dropped_at")
    readonly_fields = ("label", "floor", "basis", "dropped_before", "dropped_at")

    def has_add_permission(self, _request: HttpRequest, _obj: RetentionRule | None = None) -> bool:
        """Answer no: the categories are what there is."""
        return False

    @admin.display(description=_("data"))
    def label(self, rule: RetentionRule) -> str:
        """Return what the category is called."""
        return str(rule.label)

    @admin.display(description=_("because"))
    def basis(self, rule: RetentionRule) -> str:
        """Return where the floor comes from."""
        category = categories().get(rule.category)
        return str((category.floor if category else NO_FLOOR).basis)

    def change(self, request: HttpRequest, row: RetentionRule, given: dict[str, Any]) -> RetentionRule:
        """Set the months, and how much a run takes without asking."""
        return set_retention(rule_id=row.pk, **given, actor=person_of(request), now=timezone.now())


@admin.register(FeedMapping)
class FeedMappingAdmin(ServiceModelAdmin[FeedMapping]):
    """Where values stand in a platform's own JSON."""

    list_display = ("label", "name", "utc", "changed_at")
    search_fields = ("label", "name")
    fields = ("name", "label", "rows", "columns", "words", "codes", "utc")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> FeedMapping:
        """Record a mapping."""
        return record_mapping(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: FeedMapping, given: dict[str, Any]) -> FeedMapping:
        """Change a mapping."""
        return edit_mapping(mapping_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(ClaimPolicy)
class ClaimPolicyAdmin(ServiceModelAdmin[ClaimPolicy]):
    """What is paid back of claims, and until when."""

    list_display = ("__str__", "cap", "deadline_day", "months_back")
    list_select_related = ("agent__user", "team")
    raw_id_fields = ("agent",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> ClaimPolicy:
        """Record rules."""
        return record_claim_policy(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: ClaimPolicy, given: dict[str, Any]) -> ClaimPolicy:
        """Change rules."""
        return edit_claim_policy(policy_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(TopUpLevel)
class TopUpLevelAdmin(ServiceModelAdmin[TopUpLevel]):
    """Above which amounts whose yes a top-up needs; the levels are what there is."""

    list_display = ("rank", "above")
    fields = ("rank", "above")
    readonly_fields = ("rank",)

    def has_add_permission(self, _request: HttpRequest, _obj: TopUpLevel | None = None) -> bool:
        """Answer no."""
        return False

    def change(self, request: HttpRequest, row: TopUpLevel, given: dict[str, Any]) -> TopUpLevel:
        """Set the amount."""
        return edit_top_up_level(level_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
