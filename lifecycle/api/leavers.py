"""`/api/v1/leavings/` with what winds a leaving up, which also settles the alerts about the leaver's cards (R76)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.leavings import LeavingSerializer, LeavingViewSet
from cardfleet.accounts.access import acting
from cardfleet.kernel.api import serializers
from cardfleet.kernel.errors import NotVisible
from lifecycle.services.leavers import complete_leaver_task, finish_leaving


class WoundUpSerializer(serializers.Serializer[Any]):
    """How something was wound up."""

    note = serializers.CharField(max_length=200, help_text="Kept with the task.")


class LeaverViewSet(LeavingViewSet):
    """The leavings of agents in the person's scope."""

    rights = {**LeavingViewSet.rights, **dict.fromkeys(("finish", "complete"), "agents.change_leaving")}

    @extend_schema(request=WoundUpSerializer, responses=LeavingSerializer)
    @action(detail=True, methods=["post"], url_path=r"tasks/(?P<task>\d{1,18})/complete", url_name="task-complete")
    def complete(self, request: Request, pk: str, task: str) -> Response:
        """Say that something is wound up, and how. 409 for what the books tell, and while claims wait."""
        leaving = self.get_object()
        if not leaving.tasks.filter(pk=task).exists():
            raise NotVisible
        given = self.given(WoundUpSerializer)
        complete_leaver_task(leaving_id=leaving.pk, task_id=int(task), **given, **acting(request))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=LeavingSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Close a leaving; 409 names each task that is left."""
        finish_leaving(leaving_id=self.get_object().pk, **acting(request))
        return Response(self.get_serializer(self.get_object()).data)
