"""Uploads, evidence and results, stored outside the web root."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def storage_path(stored: "StoredFile", _name: str) -> str:
    """Return where a file lies: a folder by the first two digits of its id, its name the id alone."""
    return f"{stored.pk.hex[:2]}/{stored.pk.hex}"


class StoredFile(models.Model):
    """A file with its hash. `subject` says whose it is: who sees the subject sees the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(_("content"), upload_to=storage_path, max_length=100)
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    purpose = models.CharField(_("purpose"), max_length=40)
    subject = models.CharField(_("subject"), max_length=100, blank=True, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("stored at"))
    delete_after = models.DateTimeField(_("deleted after"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
