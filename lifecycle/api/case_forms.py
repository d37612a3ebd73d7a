"""What `/api/v1/cases/` is given and answers."""

from typing import Any

from cardfleet.accounts.models import User
from cardfleet.kernel.api import serializers
from cards.models import Card
from lifecycle.choices import CaseKind, CaseOutcome, ContactChannel, EscalationLevel
from lifecycle.models import Case, CaseComment, CaseContact, CaseFile, CaseStep
from lifecycle.playbooks.registry import step_label


class ProofSerializer(serializers.ModelSerializer[CaseFile]):
    """A document of a case; `GET /files/{file}/` is the file itself."""

    name = serializers.CharField(source="file.name", read_only=True)

    class Meta:
        model = CaseFile
        fields = ("file", "name", "sha256", "step")
        read_only_fields = fields


class StepSerializer(serializers.ModelSerializer[CaseStep]):
    """A step of a case; `who` is the right of who does it, `given` what its own form asked, `proofs` its files."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    proofs = ProofSerializer(source="documents", many=True, read_only=True)
    given = serializers.DictField(source="data", read_only=True)

    class Meta:
        model = CaseStep
        fields = (
            "id", "position", "code", "label", "state", "who", "evidence", "people", "is_gate", "holds", "awaits",
            "due_at", "done_at", "done_by", "second_at", "second_by", "note", "given", "proofs",
        )  # fmt: skip
        read_only_fields = fields

    def get_label(self, step: CaseStep) -> str:
        """What it is called, in the language asked for."""
        return str(step_label(step))


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case with its standing steps in their order; it is open while `outcome` is empty."""

    steps = serializers.SerializerMethodField()
    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Case
        fields = (
            "id", "card", "kind", "reason", "source", "note", "opened_at", "opened_by", "assignee", "level",
            "escalated_at", "due_at", "playbook", "cause", "facts", "parent", "closed_at", "closed_by", "outcome",
            "closing_note", "steps",
        )  # fmt: skip
        read_only_fields = fields

    def get_steps(self, case: Case) -> list[dict[str, Any]]:
        """The steps, without those that were put right."""
        steps: list[CaseStep] = case.standing  # type: ignore[attr-defined]
        for step in steps:
            step.case = case
        return [StepSerializer(step).data for step in steps]


class ContactSerializer(serializers.ModelSerializer[CaseContact]):
    """Who said what, when, under which ticket; `at` is now where it is left out."""

    at = serializers.DateTimeField(required=False)
    said = serializers.CharField(max_length=4000)
    level = serializers.ChoiceField(choices=EscalationLevel.choices, default=EscalationLevel.SUPPORT)
    channel = serializers.ChoiceField(choices=ContactChannel.choices)

    class Meta:
        model = CaseContact
        fields = ("id", "at", "channel", "level", "person", "said", "ticket", "recorded_at", "recorded_by")
        read_only_fields = ("id", "recorded_at", "recorded_by")


class CommentSerializer(serializers.ModelSerializer[CaseComment]):
    """A comment of at most 2,000 characters."""

    class Meta:
        model = CaseComment
        fields = ("id", "at", "by", "text")
        read_only_fields = ("id", "at", "by")


class NewCaseSerializer(serializers.Serializer[Any]):
    """Which case on which card, and why; `at` is since when, where the matter is reported late."""

    card = serializers.InScope(queryset=Card.objects.all())
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    reason = serializers.CharField(max_length=16, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class AttachSerializer(serializers.Serializer[Any]):
    """Files, and the step (its code or id) they prove; of the whole case where none is named."""

    files = serializers.ListField(child=serializers.FileField(max_length=255), allow_empty=False, max_length=20)
    step = serializers.CharField(required=False, allow_blank=True, default="")


class DoneSerializer(serializers.Serializer[Any]):
    """How a step was done, beside what its own form asks; files come as multipart under `files`."""

    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    done_at = serializers.DateTimeField(required=False, allow_null=True)


class WhySerializer(serializers.Serializer[Any]):
    """Why a step is left out or put right."""

    reason = serializers.CharField(max_length=200)


class AssignSerializer(serializers.Serializer[Any]):
    """Who sees to the case; null for nobody."""

    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), allow_null=True)


class EscalateSerializer(serializers.Serializer[Any]):
    """The next instance, and why."""

    level = serializers.ChoiceField(choices=EscalationLevel.choices)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CloseSerializer(serializers.Serializer[Any]):
    """How the case ends."""

    outcome = serializers.ChoiceField(choices=CaseOutcome.choices)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
