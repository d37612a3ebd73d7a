"""Courses, policies and plans as the office looks after them (R56, R72, R73, R112)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.forms.learning import PlanForm, PolicyVersionForm, SessionForm, VersionForm
from agents.models import Course, Policy, TrainingPlan
from agents.rules.courses import Question, write_questions
from agents.selectors.courses import latest_version, latest_versions, results_of, versions_of
from agents.selectors.plans import plans, to_be_trained
from agents.selectors.policies import coverage, missing
from agents.services.courses import publish_course
from agents.services.plans import plan_training, record_session, withdraw_plan
from agents.services.policies import publish_policy
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal

MOST = 200


class CoursesView(AgentsView):
    """Which courses there are, and which version of each is taken."""

    permission_required = "agents.view_course"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        versions = {one.course_id: one for one in latest_versions()}
        rows = [(course, versions.get(course.pk)) for course in Course.objects.all()]
        return render(request, "agents/courses.html", {"rows": rows})


class CourseView(AgentsView):
    """A course: its versions, who passed, and publishing the next version."""

    permission_required = "agents.view_course"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(get_object_or_404(Course, pk=pk))

    def page(self, course: Course, *, form: VersionForm | None = None, status: int = 200) -> HttpResponse:
        """Return the page; the form begins with what the latest version says."""
        today = business_day(timezone.now())
        context = {
            "course": course,
            "versions": versions_of(course),
            "agents": results_of(course, self.agents().active(), today)[:MOST],
            "form": form or VersionForm(initial=_initial(course)),
            "today": today,
        }
        return render(self.request, "agents/course.html", context, status=status)


class PublishView(CourseView):
    """Publish the next version of a course."""

    permission_required = "agents.change_course"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it."""
        course = get_object_or_404(Course, pk=pk)
        form = VersionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(course, form=form, status=422)
        file = form.cleaned_data["material"]
        try:
            version = publish_course(
                course_id=pk,
                facts=form.facts(),
                material=file.read() if file else b"",
                material_name=file.name if file else "",
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(course, form=form, status=422)
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
        return redirect("agents:course", pk)


class PolicyListView(AgentsView):
    """Which policies there are, and how many agents signed what is in force."""

    permission_required = "agents.view_policy"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        versions = {one.policy_id: one for one in coverage(self.person, business_day(timezone.now()))}
        rows = [(policy, versions.get(policy.pk)) for policy in Policy.objects.all()]
        context = {"rows": rows, "count": self.agents().exclude(status="left").count()}
        return render(request, "agents/policy_list.html", context)


class PolicyView(AgentsView):
    """A policy: its texts, who has not signed, and publishing the next text."""

    permission_required = "agents.view_policy"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(get_object_or_404(Policy, pk=pk))

    def page(self, policy: Policy, *, form: PolicyVersionForm | None = None, status: int = 200) -> HttpResponse:
        """Return the page."""
        today = business_day(timezone.now())
        versions = list(policy.versions.select_related("published_by"))
        standing = next((one for one in versions if one.effective_from <= today), None)
        initial = {"text": versions[0].text} if versions else {}
        context = {
            "policy": policy,
            "versions": versions,
            "standing": standing,
            "missing": missing(standing, self.person)[:MOST] if standing else [],
            "form": form or PolicyVersionForm(initial=initial),
        }
        return render(self.request, "agents/policy.html", context, status=status)


class PolicyPublishView(PolicyView):
    """Publish the next text of a policy."""

    permission_required = "agents.change_policy"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it."""
        policy = get_object_or_404(Policy, pk=pk)
        form = PolicyVersionForm(request.POST)
        if not form.is_valid():
            return self.page(policy, form=form, status=422)
        try:
            version = publish_policy(policy_id=pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(policy, form=form, status=422)
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
        return redirect("agents:policy", pk)


class PlanView(AgentsView):
    """Who is to be trained in what, until when; sessions are recorded here."""

    permission_required = "agents.view_trainingplan"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the plans and who lacks a required course."""
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        today = business_day(timezone.now())
        context = {
            "plans": plans(self.person, today),
            "due": to_be_trained(self.agents(), today)[:MOST],
            "today": today,
            "plan_form": PlanForm(person=self.person, initial={"starts_on": today}),
            "session_form": SessionForm(initial={"passed_on": today}),
            **context,
        }
        return render(self.request, "agents/training_plan.html", context, status=status)


class PlanMakeView(PlanView):
    """Plan a training."""

    permission_required = "agents.add_trainingplan"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the plan."""
        form = PlanForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(status=422, plan_form=form)
        given = form.cleaned_data
        course = given.pop("course")
        try:
            plan_training(course_id=course.pk, **given, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(status=422, plan_form=form)
        messages.success(request, _("The training is planned."))
        return redirect("agents:training-plan")


class PlanWithdrawView(AgentsView):
    """Take a plan back."""

    permission_required = "agents.add_trainingplan"

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        get_object_or_404(TrainingPlan.objects.visible_to(self.person), pk=pk)
        withdraw_plan(plan_id=pk, actor=self.person, now=timezone.now())
        return redirect("agents:training-plan")


class SessionView(PlanView):
    """Record that many passed a course on a day."""

    permission_required = "agents.add_trainingrecord"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record them all, or say who cannot be."""
        form = SessionForm(request.POST, request.FILES)
        chosen = [int(pk) for pk in request.POST.getlist("agents") if pk.isascii() and pk.isdigit()]
        if not form.is_valid():
            return self.page(status=422, session_form=form, chosen=chosen)
        sheet = form.cleaned_data["sheet"]
        try:
            records = record_session(
                course_id=form.cleaned_data["course"].pk,
                agents=self.agents(),
                agent_ids=chosen,
                passed_on=form.cleaned_data["passed_on"],
                sheet=sheet.read() if sheet else b"",
                sheet_name=sheet.name if sheet else "",
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(status=422, session_form=form, chosen=chosen)
        messages.success(request, _("Recorded for %(count)s agents.") % {"count": len(records)})
        return redirect("agents:training-plan")


def _initial(course: Course) -> dict[str, Any]:
    latest = latest_version(course.pk)
    if latest is None:
        return {}
    names = ("text", "link", "commitment", "pass_mark", "attempts_a_day")
    questions = write_questions([Question.of(stored) for stored in latest.questions])
    return {name: getattr(latest, name) for name in names} | {"questions": questions}
