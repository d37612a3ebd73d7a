from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "cardfleet.notify"
    verbose_name = _("Messages to people")

    def ready(self) -> None:
        autodiscover_modules("messages")
