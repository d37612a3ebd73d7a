"""What a right allows, in words."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

DEEDS: Mapping[str, Text] = {
    "view": _("Can see: %(things)s"),
    "add": _("Can enter: %(things)s"),
    "change": _("Can change: %(things)s"),
    "delete": _("Can remove: %(things)s"),
}


def words_of(model: type[Model], codename: str) -> str:
    """Return a right over a model in words: those every model has by its name, others by their own; empty for none."""
    deed, _under, name = codename.partition("_")
    if deed in DEEDS and name == model._meta.model_name:
        return str(DEEDS[deed]) % {"things": model._meta.verbose_name_plural}
    return next((str(label) for own, label in model._meta.permissions if own == codename), "")
