from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "cardfleet.kernel"
    label = "kernel"
