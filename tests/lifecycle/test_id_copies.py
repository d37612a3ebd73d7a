"""Copies of IDs: pictures only, seen with a watermark, the stored one never sent (R23; bad input)."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cardfleet.accounts.choices import Role
from cardfleet.files.errors import FileTooLarge, FileTypeRefused
from cardfleet.files.models import StoredFile
from cardfleet.journal.models import Entry
from cards.rules.watermarks import LONGEST_SIDE, marked
from cards.services.id_copies import attach_id_copy, look_at_id_copy
from tests.factories.accounts import PersonFactory
from tests.factories.cards import RegistrantFactory, id_copy_of, picture


class Huge(ContentFile):
    """A file that says it has 60 MB."""

    @property
    def size(self):
        return 60 * 1024 * 1024

    @size.setter
    def size(self, _value):
        pass


def test_a_watermark_is_burnt_in():
    """PIPL art. 28: another picture comes out than went in, of our own size."""
    wide = io.BytesIO()
    Image.new("RGB", (4000, 2000), "white").save(wide, "JPEG")

    shown = Image.open(io.BytesIO(marked(wide.getvalue(), words=["CardFleet", "A1001"])))

    assert (max(shown.size), shown.format) == (LONGEST_SIDE, "JPEG")
    assert any(red > green + 30 for _count, (red, green, _blue) in shown.getcolors(maxcolors=1 << 24))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (ContentFile(b"MZ\x90\x00 this program cannot be run", name="id.jpg"), FileTypeRefused),
        (ContentFile(picture()[:60], name="id.png"), FileTypeRefused),
        (ContentFile(b"%PDF-1.4", name="id.jpg"), FileTypeRefused),
        (Huge(picture(), name="id.jpg"), FileTooLarge),
    ],
)
def test_what_is_no_picture_of_an_id(content, refusal, now):
    """Bad input: a program named .jpg, a torn picture, a PDF, a photo of 60 MB; nothing is stored."""
    with pytest.raises(refusal):
        attach_id_copy(registrant=RegistrantFactory(), content=content, name="id.jpg", actor=None, now=now)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_copy_is_seen_by_compliance_only_and_never_as_it_is(client, reference, now):
    """R23: asked for a sign-in first; journalled; the original is no download for anybody, its sender included."""
    registrant, compliance = RegistrantFactory(), PersonFactory(role=Role.COMPLIANCE)
    client.force_login(compliance)
    file = SimpleUploadedFile("id.png", picture())
    assert client.post(reverse("lifecycle:id-copy-add", args=[registrant.pk]), {"file": file}).status_code == 302
    stored = StoredFile.objects.get()
    assert client.get(reverse("files:download", args=[stored.pk])).status_code == 404
    assert "reauthenticate" in client.get(reverse("lifecycle:id-copy", args=[registrant.pk, stored.pk])).url

    shown = look_at_id_copy(
        registrant=registrant, copy_id=str(stored.pk), purpose="audit", reason="police", actor=compliance, now=now
    )

    assert shown not in (picture(), b"")
    assert Entry.objects.get(action="cards.id_copy_seen").actor == compliance
    assert id_copy_of(registrant).owner is None
