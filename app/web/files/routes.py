"""One address for stored files: checked, never cached, never run by the browser."""

from typing import Any

import structlog
from flask import Blueprint, request, send_file

from app.core import audit
from app.core.db import db
from app.core.errors import NotFound
from app.core.files.models import StoredFile
from app.core.files.services import find_file, path_of
from app.core.permissions import Permission
from app.core.policy import may
from app.web.access import current_actor, requires

bp = Blueprint("files", __name__)
log = structlog.get_logger()

# Shown inside the page by `?lihat=1`; all else is a download.
_VIEWABLE = ("application/pdf", "image/png", "image/jpeg")
# A sandboxed document may not start the browser's PDF viewer, and needs no sandbox: with nothing
# allowed to load or run, the type fixed and our own pages as the only frame, a PDF stays a PDF.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_PDF_POLICY = f"{_POLICY}; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
_OTHER_POLICY = f"{_POLICY}; sandbox; frame-ancestors 'self'"


@bp.get("/berkas/<int:file_id>")
@requires(Permission.FILE_READ)
def show(file_id: int) -> Any:
    """Give a stored file to who may read it; others cannot tell whether it exists."""
    stored = _readable(file_id)
    path = path_of(stored)
    if not path.is_file():
        log.error("file_bytes_missing", file=file_id)
        raise NotFound
    _note_reading(stored)
    inline = stored.media_type in _VIEWABLE and request.args.get("lihat") == "1"
    answer = send_file(
        path,
        mimetype=stored.media_type,
        as_attachment=not inline,
        download_name=stored.name,
        etag=False,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    is_pdf = stored.media_type == "application/pdf"
    answer.headers["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _OTHER_POLICY
    answer.headers.pop("Last-Modified", None)
    return answer


def _readable(file_id: int) -> StoredFile:
    actor = current_actor()
    stored = find_file(db.session(), file_id)
    if stored is None or not may(actor, Permission.FILE_READ, stored):
        log.warning("file_denied", file=file_id, account=actor.account_id)
        raise NotFound
    return stored


def _note_reading(stored: StoredFile) -> None:
    people = [stored.owner_employee_id] if stored.owner_employee_id is not None else []
    # A viewer asks for a document in pieces; the first piece is the reading.
    if request.range is None or request.range.ranges[0][0] == 0:
        audit.record_read(
            None, "files:file:read", stored, people=people, actor=current_actor(), name=stored.name
        )
