"""Which course renews the certificates of which, and in which window."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.certificates.routes import bp
from courses.services.renewals import add_path, find_path, paths, remove_path, titles_of


@bp.route("/sertifikat/perpanjangan", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def renewal_paths() -> Any:
    """Show the paths of renewal, and add one."""
    error: DomainError | None = None
    if request.method == "POST":
        form = request.form
        try:
            with transaction(current_actor()) as session:
                add_path(
                    session,
                    course_code=form.get("course_code", ""),
                    renewed_by_code=form.get("renewed_by_code", ""),
                    days_before=form.get("days_before", type=int),
                    days_after=form.get("days_after", type=int),
                )
        except DomainError as refused:
            error = refused
        else:
            flash(_("Jalur perpanjangan tersimpan."), "success")
            return redirect(url_for(".renewal_paths"), 303)
    page = render_template(
        "certificates/renewals.html",
        rows=paths(db.session()),
        titles=titles_of(db.session()),
        error=error,
    )
    return page, 422 if error else 200


@bp.post("/sertifikat/perpanjangan/<int:path_id>/hapus")
@requires(P.CERTIFICATE_ISSUE)
def end_path(path_id: int) -> Any:
    """End a path."""
    with transaction(current_actor()) as session:
        path = find_path(session, path_id)
        if path is None:
            raise NotFound
        remove_path(session, path=path)
    flash(_("Jalur perpanjangan diakhiri; sertifikat yang sudah terbit tidak berubah."), "success")
    return redirect(url_for(".renewal_paths"), 303)
