"""`/api/v1/devices/`: the register, and cards put into devices and taken out (R26, R33, R80)."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.models import Team, User
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.filters import read_filters
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.downloads import download
from cardfleet.kernel.spreadsheets import csv_chunks, write_xlsx
from cardfleet.lists.api.forms import InForms
from cards.choices import DeviceKind, DeviceState, Network
from cards.forms.devices import SLOT_FORMS
from cards.models import Card, Device
from cards.querysets import DeviceQuerySet
from cards.services.device_cards import take_card_out
from cards.services.devices import adopt_phones, change_device_state, edit_device, record_device, supersede_device
from lifecycle.api.card_forms import ReasonSerializer
from lifecycle.exporters.devices import COLUMNS, device_rows
from lifecycle.filters import DeviceFilter
from lifecycle.forms.devices import DeviceFileForm
from lifecycle.selectors.devices import with_cards
from lifecycle.services.device_files import ask_device_import
from lifecycle.services.exports import record_export
from lifecycle.services.rebinding import Bound, bind_card, swap_device


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A device. `owner` is a staff number, null for the company; `cards` counts the cards in it now."""

    owner = serializers.CharField(source="owner.staff_no", read_only=True, allow_null=True, default=None)
    cards = serializers.IntegerField(source="cards_in", read_only=True)
    sim_forms = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Device
        fields = (
            "id", "imei", "imei2", "kind", "model", "owner", "team", "network", "sim_slots", "sim_forms", "licence_no",
            "state", "superseded_by", "note", "cards", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class OwnerField(serializers.SlugRelatedField[User]):
    """A person in scope, by staff number."""

    def get_queryset(self) -> QuerySet[User]:
        """Return the people in scope; all where nobody asks (the schema)."""
        request = self.context.get("request")
        seen: QuerySet[User] = User.objects.visible_to(person_of(request)) if request else User.objects.all()
        return seen


class DeviceFactsSerializer(serializers.Serializer[Any]):
    """What may be changed of a device. `kind` and `model` that say gateway or SIM bank are refused.

    `imei2`, the second IMEI of a phone for two cards, is written once.
    """

    imei2 = serializers.CharField(max_length=40, required=False, allow_blank=True)
    kind = serializers.CharField(max_length=40, required=False, help_text=", ".join(DeviceKind.values))
    model = serializers.CharField(max_length=80, required=False, allow_blank=True)
    owner = OwnerField(slug_field="staff_no", required=False, allow_null=True, queryset=User.objects.all())
    team = serializers.InScope(required=False, queryset=Team.objects.all())
    network = serializers.ChoiceField(choices=Network.choices, required=False, allow_blank=True)
    sim_slots = serializers.IntegerField(min_value=1, max_value=2, required=False)
    sim_forms = serializers.ListField(child=serializers.ChoiceField(choices=SLOT_FORMS), required=False)
    licence_no = serializers.CharField(max_length=32, required=False, allow_blank=True)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class NewDeviceSerializer(DeviceFactsSerializer):
    """A device to be recorded; without a team it is that of who records it."""

    imei = serializers.CharField(max_length=40)


class BindSerializer(serializers.Serializer[Any]):
    """A card in scope."""

    card = serializers.InScope(queryset=Card.objects.all())
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DeviceStateSerializer(serializers.Serializer[Any]):
    """What became of a device."""

    to = serializers.ChoiceField(choices=DeviceState.choices)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SupersedeSerializer(serializers.Serializer[Any]):
    """The IMEI it really has, and what was wrong."""

    imei = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=200)


class BoundSerializer(DeviceSerializer):
    """A device into which a card was put, and what does not fit."""

    warnings = ReasonSerializer(many=True, read_only=True)

    class Meta(DeviceSerializer.Meta):
        fields = (*DeviceSerializer.Meta.fields, "warnings")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class SwapIntoSerializer(serializers.Serializer[Any]):
    """The device into which all cards go."""

    device = serializers.InScope(queryset=Device.objects.all())
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class MovedSerializer(serializers.Serializer[Bound]):
    """A card that is in the other device now, and what does not fit between them."""

    card = serializers.IntegerField(source="card.pk")
    warnings = ReasonSerializer(many=True)


class AdoptedSerializer(serializers.Serializer[Any]):
    """How many devices were recorded."""

    recorded = serializers.IntegerField()


class DeviceViewSet(InForms, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Device]):
    """The devices in the person's scope. An IMEI is never changed: a wrong one is recorded anew."""

    queryset = Device.objects.all()
    serializer_class = DeviceSerializer
    filterset_class = DeviceFilter
    permission_classes = (HasRight,)
    right = "cards.view_device"
    rights = {
        "create": "cards.add_device",
        "change": "cards.change_device",
        "state": "cards.change_device",
        "supersede": "cards.change_device",
        **dict.fromkeys(("imports", "adopt"), "cards.add_device"),
        **dict.fromkeys(("bind", "unbind", "swap"), "cards.bind_device"),
    }

    def get_queryset(self) -> QuerySet[Device]:
        """Return the devices in scope with the number of their cards."""
        return with_cards(Device.objects.visible_to(person_of(self.request))).select_related("owner")

    @property
    def gives_files(self) -> bool:
        """Whether the list is asked for."""
        return bool(self.action == "list")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """List them, or answer with the file, in the columns an import reads."""
        if self.file_form is None:
            return super().list(request, *args, **kwargs)
        read_filters(request, DeviceFilter, set())
        found, now = Device.objects.visible_to(person_of(request)), timezone.now()
        rows = device_rows(cast("DeviceQuerySet", self.filter_queryset(found)))
        given = sorted(request.query_params)
        action = "lifecycle.devices_exported"
        number = record_export(actor=person_of(request), filters=given, now=now, action=action)
        return download(
            f"devices-{business_day(now):%Y%m%d}-{number}.{self.file_form}",
            as_csv=lambda: csv_chunks(COLUMNS, rows),
            as_xlsx=lambda target: write_xlsx(target, COLUMNS, rows),
        )

    @extend_schema(request=NewDeviceSerializer, responses={201: DeviceSerializer})
    def create(self, request: Request) -> Response:
        """Record a device."""
        person, given = person_of(request), self.given(NewDeviceSerializer)
        device = record_device(facts={"team": person.team, **given}, actor=person, now=timezone.now())
        return Response(self._shown(device), status=status.HTTP_201_CREATED)

    @extend_schema(request=DeviceFactsSerializer, responses=DeviceSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change what is known of a device, but for its IMEI."""
        device, given = self.get_object(), self.given(DeviceFactsSerializer)
        edit_device(device_id=device.pk, changes=given, actor=person_of(request), now=timezone.now())
        return Response(self._shown(device))

    @extend_schema(request=BindSerializer, responses=BoundSerializer)
    @action(detail=True, methods=["post"])
    def bind(self, request: Request, pk: str) -> Response:
        """Put a card into the device, out of the one it was in; changes of phone are counted."""
        device, given = self.get_object(), self.given(BindSerializer)
        bound = bind_card(
            card_id=given["card"].pk,
            device_id=device.pk,
            note=given["note"],
            actor=person_of(request),
            now=timezone.now(),
        )
        warnings = [ReasonSerializer(reason).data for reason in bound.warnings]
        return Response({**self._shown(device), "warnings": warnings})

    @extend_schema(request=BindSerializer, responses=DeviceSerializer)
    @action(detail=True, methods=["post"])
    def unbind(self, request: Request, pk: str) -> Response:
        """Take a card out of the device."""
        device, given = self.get_object(), self.given(BindSerializer)
        take_card_out(
            card_id=given["card"].pk,
            device_id=device.pk,
            note=given["note"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(self._shown(device))

    @extend_schema(request=SwapIntoSerializer, responses=MovedSerializer(many=True), filters=False)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def swap(self, request: Request, pk: str) -> Response:
        """Put all of the device's cards into another one, all or none; answers the cards that were moved."""
        device, given = self.get_object(), self.given(SwapIntoSerializer)
        moved = swap_device(
            device_id=device.pk,
            by_id=given["device"].pk,
            note=given["note"],
            devices=Device.objects.visible_to(person_of(request)),
            **acting(request),
        )
        return Response(MovedSerializer(moved, many=True).data)  # type: ignore[arg-type]

    @extend_schema(request=asks(DeviceFileForm), responses={202: JobSerializer})
    @action(detail=False, methods=["post"], parser_classes=(parsers.MultiPartParser,))
    def imports(self, request: Request) -> Response:
        """Take a file of devices and the cards in them; its job does the rest. 400 for a file that is none."""
        file = filled(request, DeviceFileForm).cleaned_data["file"]
        job = ask_device_import(upload=file, **acting(request))
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=AdoptedSerializer, filters=False)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def adopt(self, request: Request) -> Response:
        """Record the phones that cards in scope are in and the register does not know."""
        cards = Card.objects.visible_to(person_of(request))
        return Response(AdoptedSerializer({"recorded": adopt_phones(cards=cards, **acting(request))}).data)

    @extend_schema(request=DeviceStateSerializer, responses=DeviceSerializer)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, pk: str) -> Response:
        """Record what became of the device."""
        device, given = self.get_object(), self.given(DeviceStateSerializer)
        change_device_state(device_id=device.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self._shown(device))

    @extend_schema(request=SupersedeSerializer, responses={201: DeviceSerializer})
    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, pk: str) -> Response:
        """Record the device anew under the IMEI it really has, and answer the new record."""
        device, given = self.get_object(), self.given(SupersedeSerializer)
        right = supersede_device(device_id=device.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self._shown(right), status=status.HTTP_201_CREATED)

    def _shown(self, device: Device) -> dict[str, Any]:
        row = with_cards(Device.objects.filter(pk=device.pk)).select_related("owner").get()
        return dict(DeviceSerializer(row, context=self.get_serializer_context()).data)
