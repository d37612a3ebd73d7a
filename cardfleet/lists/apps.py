from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "cardfleet.lists"
    verbose_name = _("Views and reports")

    def ready(self) -> None:
        autodiscover_modules("lists")
