from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cardfleet.accounts"
    verbose_name = _("People and teams")

    def ready(self) -> None:
        autodiscover_modules("permissions")
