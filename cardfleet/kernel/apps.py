from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "cardfleet.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Let every app register its pages, reference data, checks, figures, and what it keeps of people how long."""
        autodiscover_modules("navigation", "reference", "doctor", "personal", "retention", "metrics", "sealed")
