"""What an agent learns and signs: courses, tests, policies (R61, R72, R73, R112)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent, Course, CourseVersion, PolicyVersion
from agents.rules.courses import Question
from agents.selectors.courses import attempts_left, courses_of, latest_version
from agents.selectors.policies import policies_of
from agents.services.examinations import Taken, take_test
from agents.services.policies import acknowledge
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal

NAME = 80


class MyTrainingView(AgentsView):
    """One's own courses and policies, what wants doing first."""

    permission_required = "agents.take_course"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        today = business_day(timezone.now())
        agent = Agent.objects.filter(user=self.person).select_related("user__team").first()
        context = {
            "courses": courses_of(agent, today) if agent else [],
            "policies": policies_of(self.person, today),
            "records": agent.training.select_related("course", "version")[:20] if agent else [],
        }
        return render(request, "agents/my_training.html", context)


class TakeView(AgentsView):
    """Learn from a course's latest version and take its test."""

    permission_required = "agents.take_course"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show the material and the questions."""
        return self.page(self.agent(), self.version(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand the test in; what is refused or not passed comes back with what was chosen."""
        agent, version = self.agent(), self.version(pk)
        answers = _answers(request, version)
        number = request.POST.get("version", "")
        try:
            taken = take_test(
                course_id=pk,
                version=int(number) if number.isdigit() else 0,
                answers=answers,
                signed_name=request.POST.get("signed_name", "")[:NAME],
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            return self.page(agent, version, status=refusal.status, refusal=refusal, answers=answers)
        if taken.record is None:
            return self.page(agent, version, taken=taken, answers=answers)
        messages.success(
            request,
            _("You passed %(course)s with %(score)s %%.") % {"course": version.course, "score": taken.mark.score},
        )
        return redirect("agents:my-training")

    def agent(self) -> Agent:
        """Return the person as an agent; whoever is none has nothing to take."""
        return get_object_or_404(Agent.objects.select_related("user"), user=self.person)

    def version(self, pk: int) -> CourseVersion:
        """Return what is taken now."""
        get_object_or_404(Course, pk=pk)
        version = latest_version(pk)
        if version is None:
            raise Http404
        return version

    def page(
        self,
        agent: Agent,
        version: CourseVersion,
        *,
        status: int = 200,
        answers: list[list[int]] | None = None,
        taken: Taken | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Return the page, with what was chosen and which answers were wrong."""
        given, wrong = answers or [], set(taken.mark.wrong) if taken else set()
        questions = [
            {
                "question": Question.of(stored),
                "name": f"q{at}",
                "chosen": given[at] if at < len(given) else [],
                "is_wrong": at in wrong,
            }
            for at, stored in enumerate(version.questions)
        ]
        left = attempts_left(agent, version, business_day(timezone.now()))
        context |= {"version": version, "questions": questions, "left": left, "taken": taken}
        return render(self.request, "agents/exam.html", context, status=status)


class PoliciesView(AgentsView):
    """The texts in force that concern the person."""

    permission_required = "agents.acknowledge_policy"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them, those to sign first."""
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        context["policies"] = policies_of(self.person, business_day(timezone.now()))
        return render(self.request, "agents/policies.html", context, status=status)


class AcknowledgeView(PoliciesView):
    """Sign a text."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign it with one's name."""
        get_object_or_404(PolicyVersion, pk=pk)
        name = request.POST.get("signed_name", "")[:NAME]
        try:
            said = acknowledge(version_id=pk, signed_name=name, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.page(status=refusal.status, refusal=refusal, tried=pk)
        messages.success(request, _("You acknowledged: %(policy)s") % {"policy": said.version.policy})
        return redirect("agents:policies")


def _answers(request: HttpRequest, version: CourseVersion) -> list[list[int]]:
    return [
        [int(place) for place in request.POST.getlist(f"q{at}") if place.isascii() and place.isdigit()]
        for at in range(len(version.questions))
    ]
