from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "cardfleet.accounts"

    def ready(self) -> None:
        autodiscover_modules("permissions")
