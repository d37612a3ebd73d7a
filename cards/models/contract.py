"""Contracts with carriers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import MoneyField
from cards.choices import NoticeUnit
from cards.models.carrier import Carrier
from cards.rules.contract_terms import ContractTerms


class Contract(models.Model):
    """A contract: its term, what leaving early costs, and the call-frequency limit it must state (2018 plan).

    `ends_on` is the last day of the term that runs; where it renews itself and nobody gave notice, a job moves it on
    (`cards.rules.contract_terms`).
    """

    number = models.CharField(_("contract number"), max_length=64)
    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="contracts")
    starts_on = models.DateField(_("starts on"))
    first_months = models.PositiveSmallIntegerField(
        _("months of the first term"),
        null=True,
        blank=True,
        help_text=_("With the last day left empty it is reckoned from these."),
    )
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    renewal_months = models.PositiveSmallIntegerField(
        _("renewed for months"), default=0, help_text=_("By itself, where nobody gives notice; 0: it ends.")
    )
    notice = models.PositiveSmallIntegerField(
        _("notice period"), default=0, help_text=_("Before the end of the term that runs.")
    )
    notice_unit = models.CharField(_("notice counted in"), max_length=6, choices=NoticeUnit, default=NoticeUnit.DAYS)
    notice_given_on = models.DateField(_("notice given on"), null=True, blank=True)
    penalty_fixed = MoneyField(_("fixed penalty"), default=0)
    penalty_share = models.DecimalField(
        _("share of the remaining monthly fees"),
        max_digits=4,
        decimal_places=3,
        default=0,
        help_text=_("0.3 means 30 percent of the monthly fees left until the end of the term."),
    )
    daily_call_limit = models.PositiveIntegerField(_("calls a day agreed"), null=True, blank=True)
    purposes = models.JSONField(
        _("purposes confirmed"),
        default=list,
        blank=True,
        help_text=_("By the confirmation of business; empty: none is stated."),
    )
    industries = models.JSONField(
        _("industries confirmed"), default=list, blank=True, help_text=_("One line an industry; empty: none is stated.")
    )
    number_change_banned = models.BooleanField(_("numbers may not be changed"), default=False)
    complaint_terms = models.TextField(_("complaint handling"), blank=True)
    document = models.ForeignKey(
        StoredFile,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["carrier", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "number"],
                violation_error_message=_("This carrier has a contract of this number already."),
                name="contract_once_per_carrier",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A contract ends after it starts."),
                name="contract_term_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(renewal_months=0) | Q(ends_on__isnull=False),
                violation_error_message=_("A contract that is renewed has a last day. Enter it, or its first months."),
                name="contract_renewed_has_end",
            ),
            models.CheckConstraint(
                condition=Q(penalty_fixed__gte=0, penalty_share__range=(0, 1)),
                violation_error_message=_("A penalty is not negative and a share lies between 0 and 1."),
                name="contract_penalty_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def terms(self) -> ContractTerms:
        """Its days as the rules know them."""
        return ContractTerms(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            renewal_months=self.renewal_months,
            notice=self.notice,
            notice_unit=self.notice_unit,
            notice_given_on=self.notice_given_on,
        )
