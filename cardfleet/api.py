"""The composition root of `/api/v1/`: every resource is registered here."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import DefaultRouter

from agents.api.agents import AgentViewSet
from agents.api.assignments import AssignmentViewSet
from cardfleet.accounts.api.teams import TeamViewSet
from cardfleet.accounts.api.tokens import TokenView
from cardfleet.jobs.api.jobs import JobRowsView, JobViewSet

router = DefaultRouter()
router.register("agents", AgentViewSet)
router.register("assignments", AssignmentViewSet)
router.register("jobs", JobViewSet)
router.register("teams", TeamViewSet)

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", TokenView.as_view(), name="auth-token"),
    path("jobs/<int:pk>/rows/", JobRowsView.as_view(), name="job-rows"),
    path("", include(router.urls)),
]
