"""Every column of text is classified, so that an erased person stays nowhere: a new one without a line fails here."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.personal import kept

TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)


def has_words(field: models.Field) -> bool:
    """Tell whether a column may hold words: text, JSON or a list of texts, without choices."""
    inner = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(inner, TEXTS) and not inner.choices and not field.choices


def columns() -> dict[str, set[str]]:
    """Return the columns with words of each model."""
    found = {
        model._meta.label_lower: {field.name for field in model._meta.local_concrete_fields if has_words(field)}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {label: names for label, names in found.items() if names}


@pytest.mark.parametrize("label", sorted(columns()))
def test_each_column_with_words_is_classified_once(label: str) -> None:
    """R83: say in the app's personal.py what it holds and how a person goes from it, or that it is about nobody."""
    keeps = kept().get(label)
    assert keeps, f"{label} has no line in personal.py of its app"
    lines = [*keeps.blank, *keeps.says, *keeps.own, *keeps.plain]
    assert sorted(lines) == sorted(set(lines)), "a column is named twice"
    assert columns()[label] - set(lines) == set(), "columns without a line"
    assert set(lines) - {field.name for field in apps.get_model(label)._meta.local_concrete_fields} == set()


def test_what_is_classified_can_be_carried_out() -> None:
    """R83: a model exists, what is emptied says whose it is, ways lead to a person, files are files."""
    for keeps in kept().values():
        model = apps.get_model(keeps.model)
        assert keeps.person or not (keeps.blank or keeps.goes or keeps.files), keeps.model
        for path in keeps.person:
            model.objects.filter(**{path: 1}) if hasattr(model, "objects") else None
        for name in keeps.files:
            assert model._meta.get_field(name).related_model._meta.label == "files.StoredFile"
        secret = {name for name in keeps.says if isinstance(model._meta.get_field(name), EncryptedField)}
        assert not secret, f"{keeps.model}: nobody can be looked for in encrypted columns {secret}"
