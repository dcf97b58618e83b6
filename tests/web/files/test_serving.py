"""One address for files: who gets them, with which headers, and what is written down."""

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM, Actor
from app.core.audit import AuditEvent, AuditPerson
from app.core.db import db, transaction
from app.core.files.models import StoredFile
from app.core.files.services import path_of, remove_file, store_bytes
from tests.core.files.conftest import make_image, make_pdf
from tests.factories.offices import make_opd, make_person


@pytest.fixture
def keep(app):
    """Store a file as an account's own and return its id."""

    def store(client, content=None, name="ijazah.pdf", media_type="application/pdf", owner=None):
        actor = Actor(account_id=client.account.id) if client else SYSTEM
        with app.app_context(), transaction(actor) as session:
            return store_bytes(
                session,
                content=content or make_pdf(),
                filename=name,
                media_type=media_type,
                purpose="evidence",
                owner_employee_id=owner,
                actor=actor,
            ).id

    return store


def test_a_file_is_a_download_that_nothing_caches_or_guesses(client_as, keep):
    client = client_as("employee")
    answer = client.get(f"/berkas/{keep(client)}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=ijazah.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_stranger_cannot_tell_a_file_from_none(client_as, keep):
    file_id = keep(client_as("employee"))
    stranger = client_as("employee")

    theirs, nobodys = stranger.get(f"/berkas/{file_id}"), stranger.get("/berkas/999999")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.text.replace(f"/{file_id}", "/?") == nobodys.text.replace("/999999", "/?")


@pytest.mark.parametrize("role", ["officer", "admin", "auditor", "executive"])
def test_no_role_reads_every_file(client_as, keep, role):
    file_id = keep(client_as("employee"))

    assert client_as(role).get(f"/berkas/{file_id}").status_code == 404


def test_an_image_is_shown_in_a_sandbox(client_as, keep):
    client = client_as("employee")
    file_id = keep(client, make_image(), "foto.png", "image/png")

    answer = client.get(f"/berkas/{file_id}?lihat=1")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_pdf_is_shown_with_nothing_allowed_but_its_viewer(client_as, keep):
    client = client_as("employee")
    policy = client.get(f"/berkas/{keep(client)}?lihat=1").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "text/csv"])
def test_other_types_are_never_shown_inline(client_as, keep, media_type):
    client = client_as("employee")
    file_id = keep(client, b"<script>alert(1)</script>", "x.html", media_type)

    answer = client.get(f"/berkas/{file_id}?lihat=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_hostile_name_does_not_split_the_header(client_as, keep):
    client = client_as("employee")
    file_id = keep(client, name='a";\r\nSet-Cookie: x=y; ñ.pdf')

    answer = client.get(f"/berkas/{file_id}")
    assert "Set-Cookie" not in answer.headers
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_a_removed_file_is_gone(app, client_as, keep):
    client = client_as("employee")
    file_id = keep(client)
    with app.app_context(), transaction(SYSTEM) as session:
        remove_file(session, stored=session.get_one(StoredFile, file_id), actor=SYSTEM)

    assert client.get(f"/berkas/{file_id}").status_code == 404


def test_a_file_whose_bytes_are_lost_is_not_found(app, client_as, keep):
    client = client_as("employee")
    file_id = keep(client)
    with app.app_context():
        path_of(db.session.get_one(StoredFile, file_id)).unlink()

    assert client.get(f"/berkas/{file_id}").status_code == 404


def test_reading_a_file_about_somebody_else_is_written_down(app, client_as, keep, session):
    client = client_as("officer")
    person = make_person(session, make_opd(session))
    session.commit()
    file_id = keep(client, owner=person.id)
    client.get(f"/berkas/{file_id}")

    with app.app_context():
        read = db.session.scalars(
            select(AuditEvent).where(AuditEvent.tag == "files:file:read")
        ).one()
        people = db.session.scalars(
            select(AuditPerson.employee_id).where(AuditPerson.event_id == read.id)
        ).all()
    assert (read.subject_id, people) == (file_id, [person.id])


def test_the_signed_out_are_sent_to_sign_in(client, keep):
    assert "/masuk" in client.get(f"/berkas/{keep(None)}").location
