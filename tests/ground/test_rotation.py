"""FIELD_KEYS are changed without losing a secret, whenever the command is killed and whoever writes beside it."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.kernel import crypto, rotation
from cards.models import Registrant
from tests.conftest import database_url
from tests.factories.accounts import PersonFactory

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
COLUMN = "cards.Registrant.id_number"


def registrants(number: int) -> list[Registrant]:
    """Store as many, each with an ID number of its own."""
    some = [Registrant(name=f"甲{one}", kind="person", id_number=f"{one:018}") for one in range(number)]
    return Registrant.objects.bulk_create(some)


def place(name: str) -> rotation.Place:
    """Return a place by its name."""
    return next(one for one in rotation.places() if one.name == name)


def rotate(*given: str) -> str:
    """Run the command here and return what it says."""
    said = StringIO()
    call_command("rotate_field_keys", *given, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_every_kind_of_secret_is_sealed_anew_and_the_old_key_may_go(settings, now):
    """Encrypted fields, second factors and sealed files; nothing is lost, and the old key opens nothing."""
    settings.FIELD_KEYS = [OLD]
    registrants(3)
    person = PersonFactory()
    for kind, key in (("totp", "secret"), ("recovery_codes", "seed")):
        Authenticator.objects.create(user=person, type=kind, data={key: crypto.encrypt("JBSWY3DP"), "used_mask": 0})
    file = store(
        content=crypto.seal(b"pin1\n1234\n"), name="w.txt", purpose="writes", owner=person, now=now, delete_after=now
    )
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match=r"still needed|仍然需要"):
        rotate("--check")
    said = rotate("--batch", "2")
    assert f"{COLUMN}: 3" in said
    assert OLD not in said
    assert NEW not in said
    settings.FIELD_KEYS = [NEW]
    assert sorted(Registrant.objects.values_list("id_number", flat=True)) == [f"{one:018}" for one in range(3)]
    for one in Authenticator.objects.all():
        assert crypto.decrypt(one.data.get("secret") or one.data["seed"]) == "JBSWY3DP"
        assert one.data["used_mask"] == 0
    again = StoredFile.objects.get(pk=file.pk)
    with again.content.open("rb") as content:
        assert crypto.unseal(content.read()) == b"pin1\n1234\n"
    assert again.sha256 != file.sha256
    assert "1" in rotate("--check")


@pytest.mark.django_db
def test_what_somebody_wrote_meanwhile_stays(settings):
    settings.FIELD_KEYS = [OLD]
    (one,) = registrants(1)
    ((batch),) = place(COLUMN).batches(10)
    ((pk, stale),) = batch
    Registrant.objects.filter(pk=one.pk).update(id_number="1" * 18)
    assert place(COLUMN).replace([(pk, stale, crypto.encrypt("stale").encode())]) == 0
    assert Registrant.objects.get().id_number == "1" * 18


@pytest.mark.django_db
def test_a_key_is_not_called_unused_while_a_row_has_it(settings):
    """A process that was not started anew goes on writing with the old key; a lost key is named, too."""
    settings.FIELD_KEYS = [OLD]
    _first, last = registrants(2)
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    settings.FIELD_KEYS = [OLD]
    Registrant.objects.filter(pk=last.pk).update(id_number="2" * 18)
    settings.FIELD_KEYS = [NEW, OLD]
    assert rotation.opened_by(place(COLUMN)) == {1: 1, 2: 1}
    with pytest.raises(CommandError):
        rotate("--check")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match=COLUMN):
        rotate()
    assert rotation.opened_by(place(COLUMN)) == {1: 1, None: 1}


def test_killed_in_the_middle_it_goes_on_where_it_was(transactional_db, settings):
    """kill -9 between two batches: each value is whole under one key or the other, and a second run ends it."""
    settings.FIELD_KEYS = [OLD]
    registrants(3000)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_field_keys", "--batch", "2"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "FIELD_KEYS": f"{NEW},{OLD}"},
        stdout=subprocess.DEVNULL,
    )
    settings.FIELD_KEYS = [NEW, OLD]
    until = time.monotonic() + 60
    while not (done := rotation.opened_by(place(COLUMN), size=3000)[1]) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 0 < done < 3000
    assert sorted(Registrant.objects.values_list("id_number", flat=True)) == [f"{one:018}" for one in range(3000)]
    rotate()
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(InvalidToken):
        Registrant.objects.first()
    settings.FIELD_KEYS = [NEW]
    assert sorted(Registrant.objects.values_list("id_number", flat=True)) == [f"{one:018}" for one in range(3000)]
