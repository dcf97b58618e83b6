"""What is stored, under which name, and what a rollback or a crash leaves."""

import hashlib
import io
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.files.models import StoredFile
from app.core.files.names import MAX_NAME, clean_name
from app.core.files.services import (
    path_of,
    read_bytes,
    remove_file,
    remove_orphans,
    store_bytes,
)
from app.core.files.store import resolve
from tests.core.files.conftest import make_image, make_pdf


def test_a_pdf_is_stored_unchanged_under_a_random_name(app, upload, folder):
    content = make_pdf()
    stored = upload(content, "Ijazah S1.pdf")

    with app.app_context():
        assert read_bytes(stored) == content
        assert path_of(stored).is_relative_to(folder)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.name, stored.media_type) == ("Ijazah S1.pdf", "application/pdf")
    assert "Ijazah" not in stored.path


@pytest.mark.parametrize(("form", "name"), [("PNG", "foto.png"), ("JPEG", "foto.JPEG")])
def test_an_image_is_drawn_anew_without_its_hidden_data(app, upload, form, name):
    exif = Image.Exif()
    exif[0x010E] = "alamat rumah"
    stored = upload(make_image(form, exif=exif), name)

    with app.app_context(), Image.open(io.BytesIO(read_bytes(stored))) as image:
        assert (image.format, image.size, dict(image.getexif())) == (form, (40, 30), {})


def test_bytes_appended_to_an_image_are_gone(app, upload):
    stored = upload(make_image() + b"PK\x03\x04 hidden archive", "foto.png")

    with app.app_context():
        assert b"hidden" not in read_bytes(stored)


def test_a_pdf_with_a_credential_inside_is_accepted(upload):
    def attach(document):
        document.attachments["credential.json"] = b"{}"

    assert upload(make_pdf(edit=attach), "sertifikat.pdf").id


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\ijazah.pdf", "ijazah.pdf"),
        ("/etc/ijazah.pdf", "ijazah.pdf"),
        ("\\\\server\\share\\x.pdf", "x.pdf"),
        ("ija\x00zah\r\nSet-Cookie: a=b.pdf", "ijazahSet-Cookie: a=b.pdf"),
        ("ijazah\u202efdp.pdf", "ijazahfdp.pdf"),
        ('  D\'Angelo & "Siti" <S.Kom>.pdf', 'D\'Angelo & "Siti" <S.Kom>.pdf'),
        ("...", "berkas"),
        ("", "berkas"),
    ],
)
def test_the_name_is_data_only(sent, kept):
    assert clean_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_short_and_without_a_path(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= MAX_NAME
    assert not set(cleaned) & set("/\\\0\r\n")


def test_a_long_name_keeps_its_extension():
    assert clean_name("a" * 500 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "ab/../../x", ""])
def test_a_path_never_leads_out_of_the_folder(tmp_path, path):
    with pytest.raises(ValueError, match="leads out"):
        resolve(tmp_path, path)


def keep(session, content=b"isi"):
    return store_bytes(
        session,
        content=content,
        filename="laporan.txt",
        media_type="text/plain",
        purpose="report",
        owner_employee_id=None,
        actor=SYSTEM,
    )


def test_a_rollback_takes_the_file_away(app, left_behind):
    with app.app_context(), pytest.raises(RuntimeError), transaction(SYSTEM) as session:
        keep(session)
        assert len(left_behind()) == 1
        raise RuntimeError
    assert left_behind() == []


def test_a_savepoint_and_a_later_rollback_leave_committed_files_alone(app, left_behind):
    with app.app_context():
        with transaction(SYSTEM) as session:
            keep(session)
            with session.begin_nested():
                session.flush()
        with pytest.raises(RuntimeError), transaction(SYSTEM):
            raise RuntimeError
    assert len(left_behind()) == 1


def test_removing_a_file_keeps_its_row_and_deletes_its_bytes_after_the_commit(app, left_behind):
    with app.app_context():
        with transaction(SYSTEM) as session:
            stored = keep(session)
        with transaction(SYSTEM) as session:
            remove_file(session, stored=session.get_one(StoredFile, stored.id), actor=SYSTEM)
            assert len(left_behind()) == 1
        assert db.session.get_one(StoredFile, stored.id).deleted_at is not None
    assert left_behind() == []


def test_old_files_without_a_row_are_swept_and_others_stay(app, folder, left_behind):
    with app.app_context():
        with transaction(SYSTEM) as session:
            known = path_of(keep(session))
        orphan, fresh = folder / "ab" / "orphan", folder / "ab" / "fresh"
        orphan.parent.mkdir(parents=True, exist_ok=True)
        for path in (orphan, fresh):
            path.write_bytes(b"x")
        for path in (orphan, known):
            os.utime(path, (time.time() - 90_000,) * 2)

        assert remove_orphans(db.session()) == 1
    assert sorted(left_behind()) == sorted([fresh, known])
