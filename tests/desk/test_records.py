"""Laws, audits, purposes, consents and the knowledge base at the compliance desk."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.reference import load
from cardfleet.notify.models import InboxItem
from cards.models import Carrier
from lifecycle.choices import CaseOutcome, ChecklistKind, PurposeStanding
from lifecycle.errors import ArticleRefused, AuditRefused
from lifecycle.models import Article, Audit, CardConduct, Checklist, DirectoryEntry, ImpactAssessment, Law, LawReview
from lifecycle.rules.desk.audits import Answer
from lifecycle.selectors.desk.purposes import coverage, purposes, sources
from lifecycle.services.cases import close_case
from lifecycle.services.desk.articles import write_article
from lifecycle.services.desk.audits import answer_audit, close_audit, open_audit, write_checklist
from lifecycle.services.desk.laws import review_law
from lifecycle.services.desk.records import enter
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import CalleeListingFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory
from tests.factories.desk import ArticleFactory, AuditFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)


@pytest.mark.owner
def test_a_text_is_read_again_and_a_change_is_told() -> None:
    """R21: what is shipped is due at once; a review stays, sets the next day, and tells the office of a change."""
    officer, agent = PersonFactory(role=Role.COMPLIANCE), PersonFactory(role=Role.AGENT)
    law = Law.objects.get(name="网络安全法")
    count = Law.objects.count()
    load(now=FRIDAY)
    assert Law.objects.count() == count
    given = {"law_id": law.pk, "actor": officer, "now": FRIDAY, "tell": True}
    with pytest.raises(BadInput) as refused:
        review_law(finding="changed", note="", next_on=TODAY, **given)
    assert [reason.field for reason in refused.value.reasons] == ["next_on", "note"]
    review_law(finding="changed", note="2026 年修订", next_on=TODAY + timedelta(days=90), **given)
    law.refresh_from_db()
    assert law.review_on == TODAY + timedelta(days=90)
    assert list(InboxItem.objects.filter(code="lifecycle.law_changed").values_list("user", flat=True)) == [officer.pk]
    assert not InboxItem.objects.filter(user=agent).exists()
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        LawReview.objects.all().delete()


@pytest.mark.owner
def test_an_assessment_is_kept_three_years() -> None:
    """R83: the database holds it; nobody deletes one."""
    facts = {"title": "T", "purpose": "p", "risks": "r", "measures": "m", "level": "low", "assessed_on": TODAY}
    given = {"record_of": ImpactAssessment, "actor": None, "now": FRIDAY}
    facts |= {"assessed_by": PersonFactory(), "review_on": TODAY + timedelta(days=365)}
    with pytest.raises(BadInput):
        enter(facts=facts | {"keep_until": TODAY + timedelta(days=1000)}, **given)
    enter(facts=facts | {"keep_until": TODAY + timedelta(days=1100)}, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactAssessment.objects.update(keep_until=TODAY)
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        ImpactAssessment.objects.all().delete()


def test_an_audit_goes_by_its_version_and_closes_when_all_is_answered() -> None:
    """R57: a no names its measure and day, a yes its proof; the list may change meanwhile; what is closed stays."""
    write_checklist(kind="campaign", questions=["A | law", "B", "C"], reason="r", actor=None, now=FRIDAY)
    audit = AuditFactory()
    write_checklist(kind="campaign", questions=["D"], reason="r", actor=None, now=FRIDAY)
    given = {"audit_id": audit.pk, "actor": None, "now": FRIDAY}
    wrong = {1: Answer(verdict="yes"), 2: Answer(verdict="no", note="train"), 9: Answer(verdict="yes", note="n")}
    with pytest.raises(BadInput) as refused:
        answer_audit(answers=wrong, files={}, **given)
    assert [reason.field for reason in refused.value.reasons] == ["note_1", "measure_2"]
    right = {1: Answer(verdict="yes", note="p"), 2: Answer(verdict="no", note="train", measure_by=TODAY)}
    assert answer_audit(answers=right, files={}, **given) == [1, 2]
    assert answer_audit(answers=right, files={}, **given) == []
    with pytest.raises(AuditRefused) as refused:
        close_audit(conclusion="ok", **given)
    assert [reason.clears for reason in refused.value.reasons] == ["C"]
    answer_audit(answers={3: Answer(verdict="na", note="none")}, files={}, **given)
    close_audit(conclusion="ok", **given)
    with pytest.raises(AuditRefused):
        answer_audit(answers=right, files={}, **given)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Audit.objects.update(conclusion="else")
    assert Checklist.objects.filter(kind="campaign").count() == 3


def test_a_forbidden_industry_has_no_campaign_and_stands_out() -> None:
    """R3: the forbidden list is the rules in force; cards of it, and those without a confirmed purpose, are shown."""
    with pytest.raises(AuditRefused) as refused:
        open_audit(kind=ChecklistKind.CAMPAIGN, title="T", industry="赌博", due_on=TODAY, actor=None, now=FRIDAY)
    assert refused.value.reasons[0].code == "industry_forbidden"
    for industry in ("赌博", "贷款", "保险", ""):
        CardFactory(industry=industry)
    found = {row.industry: row.standing for row in purposes(TODAY)}
    assert found == {
        "赌博": PurposeStanding.FORBIDDEN,
        "贷款": PurposeStanding.APPROVAL,
        "保险": PurposeStanding.ALLOWED,
        "": PurposeStanding.UNSTATED,
    }


def test_coverage_is_counted_by_campaign_source_and_month() -> None:
    """R57, R65: from what is recorded only; a campaign without any consent says so, and what ran out is named."""
    card, unknown = CardFactory(industry="保险"), CardFactory(industry="教育")
    for one, without in ((card, 3), (unknown, None)):
        UsageDailyFactory(card=one, calls=12)
        CardConduct.objects.create(card=one, day=TODAY, without_consent=without)
    CalleeListingFactory(kind="consent", source="官网表单", given_at=FRIDAY)
    CalleeListingFactory(kind="consent", source="展会", given_at=FRIDAY, expires_at=FRIDAY + timedelta(days=1))
    month = TODAY.replace(day=1)
    rows = {row.industry: (row.calls, row.without, row.share) for row in coverage(month)}
    assert rows == {"保险": (12, 3, 75), "教育": (12, None, None)}
    found = [(row.source, row.given, row.stale) for row in sources(month, now=FRIDAY + timedelta(days=2))]
    assert found == [("官网表单", 1, 0), ("展会", 1, 1)]
    assert not coverage(month - timedelta(days=1))


def test_a_tip_from_a_closed_case_stands_beside_the_next_one(client) -> None:
    """R18, R20: written from the closing note, found by word and tag; whom to ask stands on cases of stops."""
    supervisor = PersonFactory(role=Role.COMPLIANCE)
    carrier = Carrier.objects.get(name="中国移动")
    case = CaseFactory(card__carrier=carrier)
    with pytest.raises(ArticleRefused):
        write_article(
            title="T", text="拨 13912345678", tags=[], case_kind="", case_id=None, actor=supervisor, now=FRIDAY
        )
    close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, note="次日再打 10086", actor=supervisor, now=FRIDAY)
    client.force_login(supervisor)
    new = reverse("lifecycle:article-new") + f"?case={case.pk}"
    assert client.get(new).context["form"]["text"].value() == "次日再打 10086"
    given = {"title": "复机", "text": "次日再打 10086", "tags": "复机，移动", "case_kind": "suspension"}
    assert client.post(new, given).status_code == 302
    article = Article.objects.get()
    assert (article.case, article.tags) == (case, ["复机", "移动"])
    ArticleFactory()
    found = [client.get(reverse("lifecycle:knowledge"), asked) for asked in ({"words": "移动"}, {"tag": "复机"})]
    assert [[one.pk for one in page.context["articles"]] for page in found] == [[article.pk]] * 2
    stopped = CaseFactory(kind="suspension", reason="arrears", card__carrier=carrier)
    page = client.get(reverse("lifecycle:case", args=[stopped.pk])).context["page"]
    assert [one.pk for one in page.articles] == [article.pk]
    assert "10086" in {one.phone for one in page.ask}
    assert "10010" not in {one.phone for one in page.ask}
    assert DirectoryEntry.objects.filter(phone="12321").exists()


def test_the_pages_do_it(client) -> None:
    """R21, R57: a review, an audit from begin to close, refused where something lacks."""
    officer = PersonFactory(role=Role.COMPLIANCE)
    client.force_login(officer)
    law = Law.objects.first()
    url = reverse("lifecycle:law-review", args=[law.pk])
    assert client.post(url, {"finding": "ended", "next_on": "2030-01-01"}).status_code == 400
    assert client.post(url, {"finding": "ended", "note": "n", "next_on": "2030-01-01"}).status_code == 302
    assert client.get(reverse("lifecycle:law", args=[law.pk])).status_code == 200
    begun = client.post(
        reverse("lifecycle:audit-open"), {"kind": "self_audit", "title": "2026", "due_on": "2026-12-31"}
    )
    audit = Audit.objects.get()
    assert begun["Location"] == reverse("lifecycle:audit", args=[audit.pk])
    answer = reverse("lifecycle:audit-answer", args=[audit.pk])
    assert client.post(answer, {"verdict_1": "no", "note_1": "n"}).status_code == 400
    assert client.post(answer, {"deed": "close", "conclusion": "c"}).status_code == 409
    questions = range(1, len(audit.checklist.questions) + 1)
    given = {f"verdict_{number}": "yes" for number in questions} | {f"note_{number}": "p" for number in questions}
    assert client.post(answer, {**given, "deed": "close", "conclusion": "c"}).status_code == 302
    audit.refresh_from_db()
    assert audit.conclusion == "c"
    assert client.get(reverse("lifecycle:audit", args=[audit.pk])).status_code == 200
