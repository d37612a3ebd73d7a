"""Files: checked by content, kept outside the web root, seen by those who see their subject."""

import hashlib
import io
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image
from rest_framework.test import APIClient

from cardfleet.files import subjects
from cardfleet.files.errors import FileEmpty, FileTooLarge, FileTypeRefused, PhotoTooLarge, PictureUnreadable
from cardfleet.files.models import StoredFile
from cardfleet.files.rules import content_type
from cardfleet.files.services import store
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from tests.factories.accounts import PersonFactory
from tests.factories.cards import picture

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"%PDF-1.7", "x.exe", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "x", "image/png"),
        (b"\xff\xd8\xff\xe0", "x", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x", "application/vnd.ms-excel"),
        (b"PK\x03\x04", "x.XLSX", XLSX),
        (b"PK\x03\x04", "x.zip", "application/zip"),
        (b"PK\x03\x04", "合同.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "合同.doc", "application/msword"),
        ("卡号,手机号\n".encode("gb18030"), "卡.csv", "text/csv"),
        ("卡号\n".encode("utf-16"), "x.txt", "text/plain"),
        (b"MZ\x90\x00\x03", "x.csv", None),
        (b"\x7fELF\x02", "x.pdf", None),
        (b"MZ\x90\x00\x03", "photo.jpg", None),
        (b"<?xml version='1.0'?><!--x--><calls count='1'>", "calls.xml", "application/xml"),
        (b"<?xml version='1.0'?><svg><calls/></svg>", "calls.xml", None),
        (b"<svg onload=alert(1)>", "x.png", None),
        (b"\n <html>", "x.csv", None),
        (b"\xef\xbb\xbf<script>", "x.csv", None),
    ],
)
def test_the_content_decides_the_type(head: bytes, name: str, kind: str | None) -> None:
    assert content_type(head, name) == kind


@pytest.mark.django_db
def test_a_file_is_stored_under_its_id_with_its_hash(now, settings) -> None:
    """R82: the original of an import stays."""
    owner = PersonFactory()
    content = b"%PDF-1.7 evidence"
    upload = SimpleUploadedFile("x.pdf", content)
    stored = store(
        content=upload, name="C:\\scans\\证明.pdf", purpose="evidence", owner=owner, now=now, subject="cards.card:7"
    )
    stored.refresh_from_db()
    assert (stored.name, stored.size, stored.content_type) == ("证明.pdf", len(content), "application/pdf")
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert Path(stored.content.path) == Path(settings.MEDIA_ROOT) / stored.pk.hex[:2] / stored.pk.hex
    assert Path(stored.content.path).read_bytes() == content
    entry = Entry.objects.get()
    assert (entry.action, entry.related) == ("files.file_stored", ["cards.card:7"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "refusal"), [(b"", FileEmpty), (b"MZ\x90\x00", FileTypeRefused), (b"a" * 101, FileTooLarge)]
)
def test_what_is_not_accepted_leaves_nothing(content: bytes, refusal, now, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(refusal):
        store(content=content, name="x.csv", purpose="import", owner=None, now=now)
    assert not StoredFile.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_a_photo_of_sixty_megabytes_is_refused_whatever_its_name(head: bytes, now) -> None:
    """Bad input: by content and size, before a byte of it is kept; a table of that size is fine."""
    for name in ("photo.jpg", "cards.csv"):
        with pytest.raises(PhotoTooLarge):
            store(content=ContentFile(head + bytes(60 * 2**20)), name=name, purpose="x", owner=None, now=now)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_without_what_the_camera_wrote_beside_it(kind: str, now) -> None:
    """Drawn anew, upright; place and time of the camera, comments and what hides behind it are gone."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation] = "SECRETPHONE", 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, kind, exif=exif)
    sent = out.getvalue() + b"PK\x03\x04 a second file"
    stored = store(content=sent, name="photo", purpose="x", owner=None, now=now)
    with stored.content.open("rb") as file:
        kept = file.read()
    assert b"SECRETPHONE" in sent
    assert b"SECRETPHONE" not in kept
    assert b"a second file" not in kept
    assert (stored.size, stored.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.format, again.size, dict(again.getexif())) == (kind, (20, 30), {})


def png_of(width: int, height: int) -> bytes:
    """Return the head of a PNG that says it has so many dots, and holds none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff\xe0 torn", picture()[:80], png_of(60_000, 60_000), png_of(10_000, 9_500), png_of(8_000, 8_000)],
    ids=["no picture inside", "torn", "a bomb", "a small bomb", "more dots than needed"],
)
def test_a_picture_that_cannot_be_drawn_is_refused(content: bytes, now) -> None:
    """How many dots there are is read before any is drawn."""
    with pytest.raises(PictureUnreadable):
        store(content=content, name="photo.png", purpose="x", owner=None, now=now)
    assert not StoredFile.objects.exists()


@pytest.fixture
def evidence(db, now, monkeypatch: pytest.MonkeyPatch) -> StoredFile:
    monkeypatch.setitem(subjects._sees, "tests.thing", lambda person, pk: person.name == "insider" and pk == "7")
    return store(
        content=b"a,b\n", name="证据 1.csv", purpose="evidence", owner=PersonFactory(), now=now, subject="tests.thing:7"
    )


def test_owner_and_those_who_see_the_subject_download(client, evidence) -> None:
    for person in (evidence.owner, PersonFactory(name="insider")):
        client.force_login(person)
        answer = client.get(f"/files/{evidence.pk}/")
        assert b"".join(answer.streaming_content) == b"a,b\n"
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AF%81%E6%8D%AE%201.csv"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox"
        assert Entry.objects.first().action == "files.file_downloaded"
        assert Entry.objects.first().actor == person


def test_others_learn_nothing_not_even_that_it_exists(client, evidence) -> None:
    client.force_login(PersonFactory())
    for pk in (evidence.pk, uuid.uuid4()):
        assert client.get(f"/files/{pk}/").status_code == 404
    client.logout()
    assert client.get(f"/files/{evidence.pk}/")["Location"].startswith("/account/login/")
    assert not Entry.objects.filter(action="files.file_downloaded").exists()


def test_a_subject_that_nobody_registered_shows_its_file_to_the_owner_alone(evidence) -> None:
    StoredFile.objects.update(subject="tests.unknown:7")
    assert subjects.visible_file(evidence.owner, evidence.pk) == evidence
    with pytest.raises(NotVisible):
        subjects.visible_file(PersonFactory(is_superuser=True), evidence.pk)


@pytest.mark.usefixtures("reference")
def test_a_program_takes_the_file_that_its_person_takes_on_the_page(evidence) -> None:
    """As it is, whatever the answer is asked for in; journalled alike, and not there for others."""
    stored, told = evidence, []
    for person in (stored.owner, PersonFactory()):
        api = APIClient(headers={"accept": "application/json"})
        api.force_authenticate(person)
        told.append(api.get(f"/api/v1/files/{stored.pk}/content/"))
    mine, refused = told
    with stored.content.open("rb") as file:
        assert b"".join(mine.streaming_content) == file.read()
    assert (mine["Content-Type"], mine["Cache-Control"]) == (stored.content_type, "private, no-store")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert Entry.objects.filter(action="files.file_downloaded").count() == 1
