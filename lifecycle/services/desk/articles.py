"""Articles and tips: written, and put right (R20)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible, Reason
from lifecycle.errors import ArticleRefused
from lifecycle.models import Article, Case
from lifecycle.rules.desk.articles import holds_personal


@transaction.atomic
def write_article(
    *,
    title: str,
    text: str,
    tags: Sequence[str],
    case_kind: str,
    actor: User,
    now: datetime,
    article_id: int | None = None,
    case_id: int | None = None,
) -> Article:
    """Write an article, a tip from a closed case, or one anew. ArticleRefused with a number of a person in it."""
    personal = [name for name, said in (("title", title), ("text", text)) if holds_personal(said)]
    if personal:
        message = _("There is a telephone or ID number in it.")
        raise ArticleRefused(reasons=[Reason(code="personal", field=name, message=message) for name in personal])
    if case_id and not Case.objects.visible_to(actor).filter(pk=case_id, closed_at__isnull=False).exists():
        raise NotVisible
    article = Article.objects.select_for_update().get(pk=article_id) if article_id else Article(case_id=case_id)
    if article_id is None:
        article.written_at, article.written_by = now, actor
    article.title, article.text, article.tags, article.case_kind = title, text, list(tags), case_kind
    article.changed_at = now
    article.save()
    record(actor=actor, action="lifecycle.article_written", subject=article, now=now)
    return article
