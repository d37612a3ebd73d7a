from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "cardfleet.jobs"
