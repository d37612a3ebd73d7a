from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FilesConfig(AppConfig):
    name = "cardfleet.files"

    def ready(self) -> None:
        autodiscover_modules("file_subjects")
