"""What is on the compliance desk: the least that is valid."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from cardfleet.kernel.clock import business_day
from lifecycle.choices import ChecklistKind, ImpactLevel, MatterKind
from lifecycle.models import Article, Audit, EvidencePack, ImpactAssessment, Matter
from lifecycle.services.desk.audits import open_audit
from lifecycle.services.desk.matters import do_step, open_matter
from lifecycle.services.packs import ask_for_pack
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory


class MatterFactory(DjangoModelFactory):
    """A request for access of somebody of ours, received on Friday."""

    class Meta:
        model = Matter

    kind = MatterKind.ACCESS
    title = "T"
    received_at = now = FRIDAY
    actor = None
    about = factory.SubFactory(PersonFactory)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return open_matter(**kwargs)


class AuditFactory(DjangoModelFactory):
    """A campaign's checklist begun on Friday; needs the `reference` fixture."""

    class Meta:
        model = Audit

    kind = ChecklistKind.CAMPAIGN
    title = "T"
    due_on = business_day(FRIDAY)
    actor = None
    now = FRIDAY

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return open_audit(**kwargs)


class ImpactAssessmentFactory(DjangoModelFactory):
    """An assessment of Friday, kept for four years."""

    class Meta:
        model = ImpactAssessment

    title = purpose = risks = measures = "T"
    level = ImpactLevel.LOW
    assessed_on = review_on = business_day(FRIDAY)
    assessed_by = factory.SubFactory(PersonFactory)
    keep_until = business_day(FRIDAY) + timedelta(days=4 * 366)


class ArticleFactory(DjangoModelFactory):
    """An article of nobody."""

    class Meta:
        model = Article

    title = text = "T"
    written_at = changed_at = FRIDAY


class EvidencePackFactory(DjangoModelFactory):
    """A pack asked for a minute later, of the whole life of `card`; needs `asked_by`. Its job waits."""

    class Meta:
        model = EvidencePack

    first = last = team = None
    reason = "letter 12"
    now = FRIDAY + timedelta(minutes=1)

    @classmethod
    def _create(cls, model_class, *args, card=None, team=None, asked_by, **kwargs):
        named = {"card_id": card and card.pk, "team_id": team and team.pk}
        return ask_for_pack(**named, actor=asked_by, **kwargs)


def do_steps(matter: Matter, *codes: str, now=FRIDAY, actor=None):
    """Record steps of a matter, or all of them."""
    for code in codes or matter.steps.values_list("code", flat=True):
        do_step(matter_id=matter.pk, code=code, note="done", actor=actor, now=now)
