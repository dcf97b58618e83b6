"""From errors of the domain to pages: status, sentence, reference id; never a stack trace."""

import secrets
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAllowed,
    NotFound,
    QuotaExceeded,
    Stale,
)
from app.web.i18n import render

log = structlog.get_logger()

_STATUS = (
    (NotFound, 404),
    (NotAllowed, 403),
    (QuotaExceeded, 429),
    (Conflict, 409),
    (InvalidInput, 422),
)


def register(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _lost_race)
    app.register_error_handler(StaleDataError, _lost_race)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(Exception, _fault)


def _page(
    status: int, message: str, reference: str | None = None, **values: Any
) -> tuple[str, int]:
    known = status if status in (400, 403, 404, 409, 413, 429, 500) else 400
    page = render_template(
        f"errors/{known}.html", status=status, message=message, reference=reference, **values
    )
    return page, status


def _domain_error(error: DomainError) -> Any:
    db.session.rollback()
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    kept: dict[str, Any] = {}
    if isinstance(error, Stale):
        kept = {"back": _back(), "typed": _typed()}
    body, status = _page(status, render(error.message), **kept)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, QuotaExceeded) else {}
    return body, status, headers


def _back() -> str | None:
    """Return the page of this site that the form was on."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _typed() -> list[str]:
    """Return the sentences that were written, so that a refused form loses none."""
    return [text for text in request.form.values() if " " in text.strip()]


def _stale_form(_error: CSRFError) -> Any:
    return _page(
        400, _("Formulir sudah kedaluwarsa. Kembali, muat ulang halaman, lalu kirim lagi.")
    )


def _http_error(error: HTTPException) -> Any:
    messages = {
        404: _("Halaman tidak ditemukan."),
        405: _("Tindakan ini tidak tersedia di alamat tersebut."),
        413: _("Berkas terlalu besar. Perkecil berkas lalu unggah lagi."),
        429: _("Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi."),
    }
    code = error.code or 500
    if 300 <= code < 400:
        return error
    return _page(code, messages.get(code, _("Permintaan tidak dapat diproses.")))


def _database_busy(error: OperationalError) -> Any:
    db.session.rollback()
    reference = _reference(error)
    body, _status = _page(500, _("Basis data sedang sibuk. Coba lagi sebentar."), reference)
    return body, 503, {"Retry-After": "5"}


def _lost_race(error: IntegrityError | StaleDataError) -> Any:
    """Two requests wrote the same thing at once; a constraint or a version kept the first."""
    db.session.rollback()
    log.warning("lost_race", path=request.path, error=str(getattr(error, "orig", error)))
    return _page(409, _("Data ini baru saja diubah orang lain. Muat ulang halaman lalu coba lagi."))


def _fault(error: Exception) -> Any:
    db.session.rollback()
    return _page(500, _("Terjadi gangguan di sistem. Data Anda tidak berubah."), _reference(error))


def _reference(error: Exception) -> str:
    reference = secrets.token_hex(4)
    log.error("fault", reference=reference, path=request.path, exc_info=error)
    return reference
