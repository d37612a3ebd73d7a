from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "cardfleet.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Let every app register its pages in the top bar, its reference data and its checks."""
        autodiscover_modules("navigation", "reference", "doctor")
