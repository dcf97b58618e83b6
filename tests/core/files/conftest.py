"""Uploads in a transaction of their own, and small valid documents."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.files.models import StoredFile
from app.core.files.services import store_upload

EVIDENCE = frozenset({"pdf", "jpg", "png"})


@pytest.fixture
def folder(app: Flask):
    """The folder of files of this test's instance."""
    return app.config["SETTINGS"].files_folder


@pytest.fixture
def upload(app: Flask) -> Callable[..., StoredFile]:
    """`upload(content, name, allowed=…, max_mb=…)` as evidence; returns the stored row."""

    def send(content: bytes, name: str, *, allowed=EVIDENCE, max_mb: float = 10) -> StoredFile:
        with app.app_context():
            with transaction(SYSTEM) as session:
                stored = store_upload(
                    session,
                    stream=io.BytesIO(content),
                    filename=name,
                    purpose="evidence",
                    allowed=allowed,
                    owner_employee_id=None,
                    actor=SYSTEM,
                    max_mb=max_mb,
                )
                file_id = stored.id
            row = db.session.get_one(StoredFile, file_id)
            db.session.expunge(row)
            return row

    return send


@pytest.fixture
def left_behind(folder):
    """Return the files lying in the folder, drafts too."""
    return lambda: [path for path in folder.rglob("*") if path.is_file()]


def make_pdf(pages: int = 1, edit: Callable[[pikepdf.Pdf], None] | None = None, **save) -> bytes:
    """Return a PDF of empty pages; `edit` changes it before it is saved."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    if edit:
        edit(document)
    sink = io.BytesIO()
    document.save(sink, **save)
    return sink.getvalue()


def make_image(form: str = "PNG", size: tuple[int, int] = (40, 30), **save) -> bytes:
    """Return an image of one colour."""
    sink = io.BytesIO()
    Image.new("RGB", size, (10, 80, 120)).save(sink, form, **save)
    return sink.getvalue()
