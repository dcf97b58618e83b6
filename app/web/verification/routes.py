"""The public check of certificates: no account, no NIP, no e-mail; by code, QR code or file."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.runtime import settings
from app.web.access import public
from app.web.verification import limits, presenters
from courses.certificates.codes import normalise_code
from courses.certificates.credential import did_document
from courses.certificates.verify_pdf import MAX_BYTES
from courses.services.certificate_log import tree_head
from courses.services.public_check import (
    CheckState,
    as_json,
    check_code,
    check_file,
    keyring,
)
from courses.services.revocation_list import revocation_token

bp = Blueprint("verification", __name__)


@bp.before_request
def _public_page() -> None:
    # People from anywhere: the browser's language counts where none was chosen.
    g.public_page = True


@bp.get("/sertifikat/cek")
@public
def index() -> Any:
    """Offer the three ways to check; a code in the address leads to its answer."""
    text = request.args.get("kode", "").strip()
    if not text:
        return render_template("verification/index.html", max_mb=MAX_BYTES / 1_000_000)
    try:
        code = normalise_code(text.rstrip("/").rpartition("/")[2].partition("#")[0])
    except InvalidInput:
        return _answer(text)
    return redirect(url_for(".show", code=code), 303)


@bp.get("/s/<code>")
@public
def show(code: str) -> Any:
    """Answer a code, typed or from a QR code."""
    return _answer(code)


def _answer(code: str) -> Any:
    limits.CODES.take(request.remote_addr or "")
    found = check_code(db.session(), code)
    status = {CheckState.UNKNOWN: 404, CheckState.MALFORMED: 400}.get(found.state, 200)
    page = render_template(
        "verification/result.html",
        found=found,
        typed=code[:60],
        now=clock.now(),
        rows=presenters.printed_fields(found.facts),
        head=presenters.headline(found),
        max_mb=MAX_BYTES / 1_000_000,
    )
    return page, status


@bp.post("/sertifikat/cek")
@public
def check_upload() -> Any:
    """Check a dropped file; it is read once and not kept."""
    limits.FILES.take(request.remote_addr or "")
    upload = request.files.get("file")
    data = upload.read(MAX_BYTES + 1) if upload is not None else b""
    if not data:
        error = _("Pilih berkas PDF yang hendak diperiksa.")
        page = render_template(
            "verification/index.html", max_mb=MAX_BYTES / 1_000_000, file_error=error
        )
        return page, 400
    found = check_file(db.session(), data)
    facts = found.register.facts or found.pdf.facts
    return render_template(
        "verification/file.html",
        found=found,
        facts=facts,
        rows=presenters.printed_fields(facts),
        head=presenters.file_headline(found),
        differences=presenters.differences(found.pdf),
        signature=presenters.signature_words(found.pdf.signature),
        max_mb=MAX_BYTES / 1_000_000,
    )


@bp.get("/api/v1/certificates/<code>")
@public
def answer_json(code: str) -> Any:
    """Answer a code as JSON (see `/api/v1/certificates`)."""
    limits.CODES.take(request.remote_addr or "")
    found = check_code(db.session(), code)
    answer = jsonify(as_json(found))
    answer.status_code = {CheckState.UNKNOWN: 404, CheckState.MALFORMED: 400}.get(found.state, 200)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.get("/api/v1/certificates")
@public
def api() -> str:
    """Describe the JSON answer."""
    return render_template(
        "verification/api.html",
        fields=presenters.api_fields(),
        base_url=settings().base_url,
        states=[state.value for state in CheckState],
    )


@bp.get("/.well-known/did.json")
@public
def did() -> Any:
    """Publish the issuer's keys as a DID document (did:web)."""
    return _published(did_document(settings().base_url, keyring()))


@bp.get("/.well-known/jwks.json")
@public
def jwks() -> Any:
    """Publish the issuer's keys, present and past, as a JSON Web Key Set."""
    return _published(keyring().jwks())


@bp.get("/sertifikat/daftar-pencabutan.jwt")
@public
def revocations() -> Any:
    """Publish the signed list of withdrawn certificates for the offline check."""
    token = revocation_token(db.session())
    answer = Response(token, mimetype="application/jwt")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@bp.get("/sertifikat/log.json")
@public
def log_head() -> Any:
    """Publish size and root of the log of certificates, to be compared later."""
    head = tree_head(db.session())
    return _published(
        {
            "size": head.size,
            "root": head.root,
            "at": head.at.isoformat() if head.at else None,
            "hash": "SHA-256, RFC 6962",
        }
    )


def _published(content: Any) -> Response:
    answer = jsonify(content)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@bp.get("/sertifikat/cek/luring")
@public
def offline() -> str:
    """Offer the check that works without the server, with today's keys and list inside."""
    return render_template(
        "verification/offline.html",
        data=presenters.offline_data(revocation_token(db.session()), keyring().jwks()),
    )


@bp.get("/sertifikat/cek/luring.html")
@public
def offline_copy() -> Any:
    """Give the offline check as one file to keep; it carries all it needs."""
    page = render_template(
        "certificates/offline_copy.html",
        data=presenters.offline_data(revocation_token(db.session()), keyring().jwks()),
        scripts=presenters.offline_scripts(),
        day=clock.today(),
    )
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Disposition"] = 'attachment; filename="periksa-sertifikat.html"'
    return answer
