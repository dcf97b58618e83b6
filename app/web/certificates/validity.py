"""A change of validity for every certificate of a filtered list: look first, then start the job."""

from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.certificates.routes import bp, certificate_filter, day_of
from courses.services.validity import preview_validity, start_validity

SHOWN = 50


@bp.get("/sertifikat/masa-berlaku")
@requires(P.CERTIFICATE_REVOKE)
def validity() -> Any:
    """Show what a new last day would change in the filtered list."""
    return _page(None), 200


@bp.post("/sertifikat/masa-berlaku")
@requires(P.CERTIFICATE_REVOKE)
def change_validity() -> Any:
    """Start the job that changes the whole filtered list."""
    try:
        with transaction(current_actor()) as session:
            job_id = start_validity(
                session,
                actor=current_actor(),
                wanted=certificate_filter(_query()),
                until=day_of(request.form.get("until")),
                reason=request.form.get("reason", ""),
            ).id
    except DomainError as error:
        return _page(error), 422
    flash(_("Perubahan masa berlaku dimulai."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _query() -> Any:
    return MultiDict(parse_qsl(request.values.get("saringan", "")))


def _page(error: DomainError | None) -> str:
    until = day_of(request.values.get("until"))
    found = preview_validity(db.session(), wanted=certificate_filter(_query()), until=until)
    audit_read(
        "courses:certificate:validity_preview",
        [row.employee_id for row in found.changed[:SHOWN] if row.employee_id],
    )
    return render_template(
        "certificates/validity.html",
        found=found,
        shown=found.changed[:SHOWN],
        until=until,
        saringan=request.values.get("saringan", ""),
        error=error,
    )
