from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "cardfleet.files"
