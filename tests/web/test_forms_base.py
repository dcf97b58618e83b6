"""Messages that WTForms makes by itself speak the language of the page."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, StringField
from wtforms.i18n import messages_path
from wtforms.validators import InputRequired, Length

from app.web.forms_base import WORDS, BaseForm
from scripts.translations import ROOT

# Told to a programmer who built a form wrongly, never to a reader.
NOT_SHOWN = {"Invalid field name '%s'.", "Choices cannot be None."}
PLACE = re.compile(r"%\(\w+\)[sd]")


class Sample(BaseForm):
    """Rules without messages of their own."""

    name = StringField(validators=[InputRequired()])
    code = StringField(validators=[Length(max=3)])
    day = DateField()
    count = IntegerField()


def messages_of_wtforms() -> set[str]:
    """Return every message of the installed WTForms."""
    with (Path(messages_path()) / "wtforms.pot").open("rb") as handle:
        ids = [message.id for message in read_po(handle) if message.id]
    return {text if isinstance(text, str) else text[0] for text in ids} - NOT_SHOWN


def test_every_message_of_wtforms_has_words() -> None:
    assert messages_of_wtforms() <= WORDS.keys()


@pytest.mark.parametrize("english", WORDS)
def test_words_keep_the_places_of_a_message(english: str) -> None:
    assert set(PLACE.findall(WORDS[english])) == set(PLACE.findall(english))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["Wajib diisi.", "Paling banyak 3 karakter.", "Tanggal tidak sah."]),
        ("en", ["This field is required.", "At most 3 characters.", "This date is not valid."]),
    ],
)
def test_messages_speak_the_language_of_the_page(
    app: Flask, language: str, expected: list[str]
) -> None:
    with app.test_request_context(method="POST"), force_locale(language):
        form = Sample(MultiDict({"code": "abcd", "day": "kemarin", "count": "1"}))
        form.validate()

        assert [str(form[name].errors[0]) for name in ("name", "code", "day")] == expected


def test_every_form_has_the_base() -> None:
    direct = [
        path.relative_to(ROOT)
        for path in (ROOT / "app").rglob("*.py")
        if "import FlaskForm" in path.read_text() and path.name != "forms_base.py"
    ]

    assert not direct, f"derive from app.web.forms_base.BaseForm: {direct}"
