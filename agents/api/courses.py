"""`/api/v1/courses/`, `policies/`: what agents learn and sign, as the office looks after it (R56, R61, R72, R112)."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import Audience, CourseKind
from agents.forms.learning import PolicyVersionForm, VersionForm
from agents.models import Agent, Course, CourseVersion, Policy, PolicyVersion
from agents.rules.courses import Question, write_questions
from agents.selectors.courses import courses_of
from agents.selectors.policies import policies_of
from agents.services.courses import publish_course
from agents.services.policies import publish_policy
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.parsers import WITH_FILES
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import ListFilterSet


class CourseVersionSerializer(serializers.ModelSerializer[CourseVersion]):
    """What a course teaches and asks since it was published; `questions` as they are written, `material` a file."""

    questions = serializers.SerializerMethodField()

    class Meta:
        model = CourseVersion
        fields = (
            *("id", "number", "text", "link", "material", "commitment", "questions", "pass_mark", "attempts_a_day"),
            *("earlier_until", "published_at", "published_by"),
        )
        read_only_fields = fields

    def get_questions(self, version: CourseVersion) -> str:
        """A question a paragraph, + before right options, - before the others."""
        return write_questions([Question.of(stored) for stored in version.questions])


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course with its versions, the latest first."""

    versions = CourseVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Course
        fields = ("id", "code", "title", "kind", "valid_months", "is_required", "versions")
        read_only_fields = fields


class MyCourseSerializer(serializers.Serializer[Any]):
    """Where a person stands with a course: `valid`, `expiring` or `lacking`; `due_on` where a plan wants it passed."""

    course = serializers.IntegerField(source="course.pk")
    code = serializers.CharField(source="course.code")
    title = serializers.CharField(source="course.title")
    is_required = serializers.BooleanField(source="course.is_required")
    state = serializers.CharField()
    ends_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class CourseFilter(ListFilterSet):
    """Filters over courses."""

    code = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=CourseKind)
    is_required = django_filters.BooleanFilter()

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()


class CourseViewSet(viewsets.ReadOnlyModelViewSet[Course]):
    """The courses. A test is taken by a person on the page, not here."""

    queryset = Course.objects.prefetch_related("versions")
    serializer_class = CourseSerializer
    filterset_class = CourseFilter
    permission_classes = (HasRight,)
    right = "agents.view_course"
    rights = {"mine": "agents.take_course", "versions": "agents.change_course"}

    @extend_schema(responses=MyCourseSerializer(many=True), filters=False)
    @action(detail=False, pagination_class=None)
    def mine(self, request: Request) -> Response:
        """List the courses with where one stands, what wants doing first; nothing for who is no agent."""
        agent = Agent.objects.filter(user=person_of(request)).first()
        found = courses_of(agent, business_day(timezone.now())) if agent else []
        return Response(MyCourseSerializer(found, many=True).data)

    @extend_schema(request=asks(VersionForm), responses={201: CourseVersionSerializer})
    @action(detail=True, methods=["post"], parser_classes=WITH_FILES)
    def versions(self, request: Request, pk: str) -> Response:
        """Publish the next version, with its material as multipart."""
        course, form = self.get_object(), filled(request, VersionForm)
        file = form.cleaned_data["material"]
        version = publish_course(
            course_id=course.pk,
            facts=form.facts(),
            material=file.read() if file else b"",
            material_name=file.name if file else "",
            **acting(request),
        )
        return Response(CourseVersionSerializer(version).data, status=status.HTTP_201_CREATED)


class PolicyVersionSerializer(serializers.ModelSerializer[PolicyVersion]):
    """A text in force from `effective_from` on, until a later one is."""

    class Meta:
        model = PolicyVersion
        fields = ("id", "number", "text", "effective_from", "published_at", "published_by")
        read_only_fields = fields


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """A policy with its texts, the latest first; `acknowledgements/` has who signed which."""

    versions = PolicyVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Policy
        fields = ("id", "code", "title", "audience", "is_required", "versions")
        read_only_fields = fields


class MyPolicySerializer(serializers.Serializer[Any]):
    """A text that binds a person; `signed_at` is null while they have not signed it."""

    policy = serializers.CharField(source="version.policy.code")
    title = serializers.CharField(source="version.policy.title")
    is_required = serializers.BooleanField(source="version.policy.is_required")
    number = serializers.IntegerField(source="version.number")
    text = serializers.CharField(source="version.text")
    signed_at = serializers.DateTimeField(source="signed.at", allow_null=True, default=None)


class PolicyFilter(ListFilterSet):
    """Filters over policies."""

    code = django_filters.CharFilter()
    audience = django_filters.ChoiceFilter(choices=Audience)
    is_required = django_filters.BooleanFilter()

    class Meta:
        model = Policy
        fields: tuple[str, ...] = ()


class PolicyViewSet(viewsets.ReadOnlyModelViewSet[Policy]):
    """The policies. They are signed by people on the page, not here."""

    queryset = Policy.objects.prefetch_related("versions")
    serializer_class = PolicySerializer
    filterset_class = PolicyFilter
    permission_classes = (HasRight,)
    right = "agents.view_policy"
    rights = {"mine": "agents.acknowledge_policy", "versions": "agents.change_policy"}

    @extend_schema(responses=MyPolicySerializer(many=True), filters=False)
    @action(detail=False, pagination_class=None)
    def mine(self, request: Request) -> Response:
        """List the texts in force that concern oneself, those to be signed first."""
        found = policies_of(person_of(request), business_day(timezone.now()))
        return Response(MyPolicySerializer(found, many=True).data)

    @extend_schema(request=asks(PolicyVersionForm), responses={201: PolicyVersionSerializer})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: str) -> Response:
        """Publish the next text."""
        policy = self.get_object()
        given: dict[str, Any] = filled(request, PolicyVersionForm).cleaned_data
        version = publish_policy(policy_id=policy.pk, **given, **acting(request))
        return Response(PolicyVersionSerializer(version).data, status=status.HTTP_201_CREATED)
