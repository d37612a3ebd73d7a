"""What every resource of the API can do without a line of its own: tags of its state, and edits that mind them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from rest_framework import viewsets
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_200_OK, HTTP_304_NOT_MODIFIED
from rest_framework.viewsets import ViewSet

from cardfleet.kernel.api.serializers import Serializer, in_sight
from cardfleet.kernel.api.shaping import PARAMETERS, SHAPED, shaped
from cardfleet.kernel.api.tags import is_known, is_still, tag_of
from cardfleet.kernel.errors import NotVisible, Stale
from cardfleet.kernel.keys import ids_by_key, is_natural
from cardfleet.kernel.owning import may_change

__all__ = ["GenericViewSet", "ReadOnlyModelViewSet", "ViewSet"]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

M = TypeVar("M", bound=Model)
Method = Callable[..., Response]


class GenericViewSet(viewsets.GenericViewSet[M]):
    """A resource. One of its things has a strong ETag; whatever is done with a thing heeds If-Match."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find what is named by a natural key; hold a deed with one thing to the state its caller saw."""
        super().initial(request, *args, **kwargs)
        self._find_by_key()
        if self.action in SHAPED and request.query_params.keys() & set(PARAMETERS):
            self.get = shaped(self.get, self)  # type: ignore[has-type]
        seen = request.headers.get("If-Match")
        if seen and request.method not in SAFE and "pk" in kwargs:
            name = str(request.method).lower()
            setattr(self, name, self._if_still(getattr(self, name), seen))

    @property
    def own_parameters(self) -> Sequence[str]:
        """The parameters known beside the filters."""
        return PARAMETERS if self.action in SHAPED else ()

    def given(self, form: type[Serializer[Any]]) -> dict[str, Any]:
        """Return what the body says, read by a serializer; ValidationError names each field that does not hold."""
        read = form(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Tag the answer of one thing; one that is known already is not sent again."""
        answered = super().finalize_response(request, response, *args, **kwargs)
        if self.action == "retrieve" and answered.status_code == HTTP_200_OK:
            answered["ETag"] = tag = tag_of(answered.data)
            if is_known(request.headers.get("If-None-Match", ""), tag):
                answered.data, answered.status_code = None, HTTP_304_NOT_MODIFIED
        return answered

    def _find_by_key(self) -> None:
        """Put the id into the place of a natural key in the address."""
        key, rows = self.kwargs.get("pk", ""), getattr(self, "queryset", None)
        if rows is not None and is_natural(rows, key):
            found = ids_by_key(in_sight(rows, self.request), [key])
            if not found:
                raise NotVisible
            self.kwargs["pk"] = str(found[key])

    def _if_still(self, method: Method, seen: str) -> Method:
        def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
            with transaction.atomic():
                if not is_still(seen, self._locked_tag()):
                    raise Stale
                return method(request, *args, **kwargs)

        return answer

    def _locked_tag(self) -> str:
        """Return the tag that a reader would get now, of a thing that nobody else changes before this request ends.

        A thing that is in lists alone has none, so that If-Match holds for it as `*` only.
        """
        deed, self.action = self.action, "retrieve"
        try:
            thing = self.get_object()
            # What nobody may change needs no lock, and gives none: a lock asks for the right to change.
            if may_change(type(thing)):
                type(thing)._base_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()  # noqa: SLF001 - documented
            read = getattr(self, "retrieve", None)
            return tag_of(read(self.request, pk=self.kwargs["pk"]).data) if read else ""
        finally:
            self.action = deed


class ReadOnlyModelViewSet(RetrieveModelMixin, ListModelMixin, GenericViewSet[M]):
    """A resource that lists its things and shows each; deeds are actions."""
