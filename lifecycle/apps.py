from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lifecycle import playbooks


class LifecycleConfig(AppConfig):
    name = "lifecycle"
    verbose_name = _("Alerts and risk")

    def ready(self) -> None:
        """Let every kind of case register itself."""
        for module in iter_modules(playbooks.__path__):
            import_module(f"{playbooks.__name__}.{module.name}")
