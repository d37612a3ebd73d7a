"""`/api/v1/articles/`, `/api/v1/contacts/` and `/api/v1/laws/`: what colleagues know, whom to ask, what to obey."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, Ids, ListFilterSet
from lifecycle.choices import CaseKind, DirectoryKind, LawFinding, LawKind
from lifecycle.models import Article, Case, DirectoryEntry, Law, LawReview
from lifecycle.rules.desk.articles import LONGEST, MOST_TAGS
from lifecycle.selectors.desk.knowledge import articles
from lifecycle.services.desk.articles import write_article
from lifecycle.services.desk.laws import review_law


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """An article or a tip."""

    tags = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Article
        fields = ("id", "title", "text", "tags", "case_kind", "written_at", "written_by", "changed_at")
        read_only_fields = fields


class WrittenSerializer(serializers.Serializer[Any]):
    """What an article says: no number of a person. `case_kind`: shown beside cases of this kind."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=8000)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST), max_length=MOST_TAGS, required=False, default=list
    )
    case_kind = serializers.ChoiceField(choices=CaseKind.choices, required=False, allow_blank=True, default="")


class TipSerializer(WrittenSerializer):
    """A new article; a tip names the closed `case` it comes from."""

    case = serializers.InScope(
        queryset=Case.objects.filter(closed_at__isnull=False), required=False, allow_null=True, default=None
    )


class ArticleFilter(ListFilterSet):
    """Articles that hold every word somewhere, of a tag, for a kind of case."""

    words = django_filters.CharFilter(method="filter_words")
    tag = django_filters.CharFilter(method="filter_tag")
    case_kind = django_filters.MultipleChoiceFilter(choices=CaseKind)

    class Meta:
        model = Article
        fields: tuple[str, ...] = ()

    def filter_words(self, found: QuerySet[Article], _name: str, value: str) -> QuerySet[Article]:
        """Return those that hold every word."""
        return found.filter(pk__in=articles(words=value).order_by().values("pk"))

    def filter_tag(self, found: QuerySet[Article], _name: str, value: str) -> QuerySet[Article]:
        """Return those of a tag."""
        return found.filter(pk__in=articles(tag=value).order_by().values("pk"))


class ArticleViewSet(viewsets.ReadOnlyModelViewSet[Article]):
    """The knowledge base."""

    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_article"
    rights = dict.fromkeys(("create", "change"), "lifecycle.add_article")

    @extend_schema(request=TipSerializer, responses={201: ArticleSerializer})
    def create(self, request: Request) -> Response:
        """Write an article. 400 with a number of a person in it."""
        given = self.given(TipSerializer)
        case = given.pop("case")
        article = write_article(
            **given, case_id=case.pk if case else None, actor=person_of(request), now=timezone.now()
        )
        return Response(self.get_serializer(article).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WrittenSerializer, responses=ArticleSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Write an article anew."""
        one, given = self.get_object(), self.given(WrittenSerializer)
        article = write_article(**given, article_id=one.pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(article).data)


class DirectorySerializer(serializers.ModelSerializer[DirectoryEntry]):
    """Whom one turns to: an office, never a person's own number."""

    class Meta:
        model = DirectoryEntry
        fields = ("id", "kind", "name", "carrier", "serves", "phone", "email", "site", "note")
        read_only_fields = fields


class DirectoryFilter(ListFilterSet):
    """Filters over the directory."""

    kind = django_filters.MultipleChoiceFilter(choices=DirectoryKind)
    carrier = Ids("carrier_id")

    class Meta:
        model = DirectoryEntry
        fields: tuple[str, ...] = ()


class DirectoryViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[DirectoryEntry]):
    """The directory of those who can be reached."""

    queryset = DirectoryEntry.objects.filter(is_active=True)
    serializer_class = DirectorySerializer
    filterset_class = DirectoryFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_directoryentry"


class LawSerializer(serializers.ModelSerializer[Law]):
    """A law or a contract; `review_on` is the day on which it is read again, `is_active` false for one that ended."""

    class Meta:
        model = Law
        fields = (
            "id", "kind", "name", "articles", "asks", "source", "in_force_from", "contract", "owner", "review_on",
            "is_active",
        )  # fmt: skip
        read_only_fields = fields


class LawReviewSerializer(serializers.ModelSerializer[LawReview]):
    """What reading a text again showed; `told` counts the people who were told."""

    class Meta:
        model = LawReview
        fields = ("id", "law", "at", "by", "finding", "note", "next_on", "told")
        read_only_fields = fields


class WholeLawSerializer(LawSerializer):
    """A text with the log of its changes, the latest first."""

    reviews = LawReviewSerializer(many=True, read_only=True)

    class Meta(LawSerializer.Meta):
        fields: Any = (*LawSerializer.Meta.fields, "reviews")
        read_only_fields = fields


class ReviewedSerializer(serializers.Serializer[Any]):
    """What was found, when the text is read again, and whether the office is told."""

    finding = serializers.ChoiceField(choices=LawFinding.choices)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    next_on = serializers.DateField()
    tell = serializers.BooleanField(required=False, default=False)


class LawFilter(ListFilterSet):
    """Filters over the register."""

    kind = django_filters.MultipleChoiceFilter(choices=LawKind)
    active = django_filters.BooleanFilter(field_name="is_active")
    review_on = Days()

    class Meta:
        model = Law
        fields: tuple[str, ...] = ()


class LawViewSet(viewsets.ReadOnlyModelViewSet[Law]):
    """The register of laws and contracts."""

    queryset = Law.objects.all()
    serializer_class = LawSerializer
    filterset_class = LawFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_law"
    rights = {"review": "lifecycle.change_law"}

    @extend_schema(responses=WholeLawSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one with its reviews."""
        return Response(WholeLawSerializer(self.get_object()).data)

    @extend_schema(request=ReviewedSerializer, responses={201: LawReviewSerializer})
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Record a review: it stays, and sets the next one."""
        law, given = self.get_object(), self.given(ReviewedSerializer)
        review = review_law(law_id=law.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(LawReviewSerializer(review).data, status=status.HTTP_201_CREATED)
