from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "cardfleet.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Let every app put its pages into the top bar."""
        autodiscover_modules("navigation")
