"""The knowledge base and the directory."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.desk import ArticleForm
from lifecycle.models import Article, Case, DirectoryEntry
from lifecycle.selectors.desk.knowledge import articles
from lifecycle.services.desk.articles import write_article
from lifecycle.views.access import OfficeView, person

SHOWN = 20


class KnowledgeView(OfficeView):
    """Articles and tips, found by words, tag and kind of case."""

    permission_required = "lifecycle.view_article"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        asked = {name: request.GET.get(name, "").strip()[:80] for name in ("words", "tag", "kind")}
        page = Paginator(articles(**asked), SHOWN).get_page(request.GET.get("page", "1"))
        context = {"articles": page.object_list, "page_obj": page, "asked": asked, "is_narrowed": any(asked.values())}
        return render(request, "lifecycle/desk/knowledge.html", context)


class ArticleView(OfficeView):
    """One article."""

    permission_required = "lifecycle.view_article"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it; the case it came from only to those who see that."""
        article = get_object_or_404(Article.objects.select_related("written_by"), pk=pk)
        seen = article.case_id and Case.objects.visible_to(person(request)).filter(pk=article.case_id).exists()
        return render(request, "lifecycle/desk/article.html", {"article": article, "sees_case": seen})


class ArticleWriteView(OfficeView):
    """Write an article, one anew (`pk`), or a tip from a closed case (`?case=`)."""

    permission_required = "lifecycle.add_article"

    def get(self, _request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        return self.page(ArticleForm(initial=self.begun(pk)))

    def page(self, form: ArticleForm, *, status: int = 200) -> HttpResponse:
        """Show a form."""
        return render(self.request, "lifecycle/desk/article_form.html", {"form": form}, status=status)

    def begun(self, pk: int | None) -> dict[str, Any]:
        """Return what a form begins with: the article as it is, or what the case's closing note says."""
        if pk:
            one = get_object_or_404(Article, pk=pk)
            return {"title": one.title, "text": one.text, "tags": "、".join(one.tags), "case_kind": one.case_kind}
        case = self.case()
        return {"text": case.closing_note, "case_kind": case.kind} if case else {}

    def case(self) -> Case | None:
        """Return the closed case a tip comes from."""
        given = self.request.GET.get("case", "")
        mine = Case.objects.visible_to(person(self.request)).filter(closed_at__isnull=False)
        return get_object_or_404(mine, pk=int(given)) if given.isdecimal() else None

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Write it; numbers of people are refused."""
        form = ArticleForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        case = self.case()
        if pk:
            get_object_or_404(Article, pk=pk)
        try:
            article = write_article(
                **form.cleaned_data,
                article_id=pk,
                case_id=case.pk if case else None,
                actor=person(request),
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("Written. Colleagues find it from now on."))
        return redirect("lifecycle:article", pk=article.pk)


class ContactsView(OfficeView):
    """Whom one turns to."""

    permission_required = "lifecycle.view_directoryentry"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        entries = DirectoryEntry.objects.filter(is_active=True).select_related("carrier")
        return render(request, "lifecycle/desk/contacts.html", {"entries": entries})
