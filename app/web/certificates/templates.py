"""Templates of certificates: versions, the editor with what it may use, specimens, publishing."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.certificates.routes import bp
from app.web.i18n import render
from courses.certificates.template import VARIABLES, TemplateSource, static_assets
from courses.models import CertificateTemplate
from courses.services.specimens import specimen_pdf
from courses.services.templates import (
    TemplateState,
    find_template,
    new_template,
    problem_of,
    publish_template,
    retire_template,
    samples,
    save_template,
    source_of,
    templates,
    uses_of,
)


@bp.route("/sertifikat/templat", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def template_list() -> Any:
    """Show all versions; a new template starts from the one of the application."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction(current_actor()) as session:
                row_id = new_template(
                    session,
                    actor=current_actor(),
                    code=request.form.get("code", ""),
                    name=request.form.get("name", ""),
                ).id
        except DomainError as refused:
            error = refused
        else:
            return redirect(url_for(".template_page", template_id=row_id), 303)
    page = render_template(
        "certificates/templates.html",
        rows=templates(db.session()),
        uses=uses_of(db.session()),
        error=error,
    )
    return page, 422 if error else 200


@bp.route("/sertifikat/templat/<int:template_id>", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def template_page(template_id: int) -> Any:
    """Show a version; a draft can be edited, what was typed survives an error."""
    row = _found(template_id)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _save(template_id)
        except DomainError as refused:
            error = refused
        else:
            flash(_("Konsep tersimpan."), "success")
            return redirect(url_for(".template_page", template_id=template_id), 303)
    draft = row.state == TemplateState.DRAFT
    page = render_template(
        "certificates/template.html",
        row=row,
        draft=draft,
        error=error,
        values=request.form if error else {"name": row.name, "html": row.html, "css": row.css},
        problem=problem_of(TemplateSource(row.html, row.css)) if draft else None,
        variables=VARIABLES,
        assets=sorted([*static_assets(), "qr.png"]),
        samples=[label for label, _facts in samples()],
        uses=uses_of(db.session()).get(row.id, 0),
    )
    return page, _status(error)


def _status(error: DomainError | None) -> int:
    if error is None:
        return 200
    return 409 if isinstance(error, Conflict) else 422


def _save(template_id: int) -> None:
    with transaction(current_actor()) as session:
        row = find_template(session, template_id)
        if row is None:
            raise NotFound
        if row.version != request.form.get("version", type=int):
            raise Conflict(_("Konsep ini diubah orang lain sementara itu; salin teks Anda dahulu."))
        form = request.form
        save_template(
            session,
            template=row,
            name=form.get("name", ""),
            html=form.get("html", "").replace("\r\n", "\n"),
            css=form.get("css", "").replace("\r\n", "\n"),
        )


@bp.get("/sertifikat/templat/<int:template_id>/contoh-<int:number>.pdf")
@requires(P.CERTIFICATE_ISSUE)
def template_specimen(template_id: int, number: int) -> Any:
    """Give a specimen of a version, plainly marked as not valid."""
    row, cases = _found(template_id), samples()
    if not 1 <= number <= len(cases):
        raise NotFound
    try:
        content = specimen_pdf(cases[number - 1][1], source_of(row))
    except DomainError as error:
        flash(render(error.message), "danger")
        return redirect(url_for(".template_page", template_id=template_id), 303)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="contoh-{number}.pdf"'
    return answer


@bp.post("/sertifikat/templat/<int:template_id>/<any(terbitkan,hentikan,versi):step>")
@requires(P.CERTIFICATE_ISSUE)
def template_step(template_id: int, step: str) -> Any:
    """Publish a draft, retire a version, or start the next version of one."""
    target = template_id
    try:
        with transaction(current_actor()) as session:
            row = find_template(session, template_id)
            if row is None:
                raise NotFound
            if step == "terbitkan":
                publish_template(session, template=row)
            elif step == "hentikan":
                retire_template(session, template=row)
            else:
                target = new_template(
                    session, actor=current_actor(), code=row.code, name=row.name, copied=row
                ).id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_STEPS[step](), "success")
    return redirect(url_for(".template_page", template_id=target), 303)


_STEPS: dict[str, Any] = {
    "terbitkan": lambda: _("Templat berlaku; versi sebelumnya dihentikan."),
    "hentikan": lambda: _("Templat dihentikan. Sertifikat yang sudah terbit tidak berubah."),
    "versi": lambda: _("Konsep versi baru siap diubah."),
}


def _found(template_id: int) -> CertificateTemplate:
    row = find_template(db.session(), template_id)
    if row is None:
        raise NotFound
    return row
