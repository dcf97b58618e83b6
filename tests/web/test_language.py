"""The interface speaks the language chosen; names of the reference data follow it."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.i18n import Message
from app.web.filters import tanggal
from app.web.i18n import named, render
from courses.models import Course
from matching.models import Role
from skills.models import Competency
from tests.support.application import Client, ClientAs


def page_in(client: Client, language: str) -> str:
    """Choose a language by the button of the page and return the sign-in page."""
    client.post("/bahasa", data={"lang": language, "next": "/masuk"})
    return client.get("/masuk").text


def test_a_visitor_chooses_the_language(client: Client) -> None:
    assert 'lang="en"' in page_in(client, "en")
    assert 'lang="id"' in page_in(client, "id")


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert 'lang="id"' in page_in(client, "xx")


@pytest.mark.parametrize(
    ("language", "heading"), [("id", "Katalog pelatihan"), ("en", "Training catalogue")]
)
def test_a_page_speaks_the_language_of_the_account(
    client_as: ClientAs, language: str, heading: str
) -> None:
    client = client_as("employee")
    client.post("/bahasa", data={"lang": language, "next": "/"})

    assert heading in client.get("/pelatihan").text


@pytest.mark.parametrize("kind", [Competency, Role, Course])
def test_reference_data_has_an_english_name(app: Flask, session: Session, kind: type) -> None:
    row = session.scalars(select(kind)).first()
    with app.test_request_context(), force_locale("en"):
        assert named(row) in (getattr(row, "name_en", None), getattr(row, "title_en", None))


def test_a_message_is_shown_in_the_language_of_the_reader(app: Flask) -> None:
    message = Message(
        "Sertifikat nomor %(number)s dicabut: %(reason)s", {"number": "7", "reason": "uji"}
    )
    with app.test_request_context(), force_locale("en"):
        assert render(message) == "Certificate number 7 was revoked: uji"


def test_a_date_is_written_in_the_language_of_the_reader(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert "August" in tanggal(date(2026, 8, 17), "long")
