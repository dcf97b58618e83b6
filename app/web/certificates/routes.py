"""Certificates inside the house: list, download of all, one certificate, revocation, officials."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.actor import RoleName as R
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.paging import total_of
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import listing
from app.web.training import words
from app.web.verification.presenters import printed_fields
from courses.models import Certificate
from courses.queries.certificate_list import (
    CertificateFilter,
    certificates_statement,
    courses_with_certificates,
    with_files,
)
from courses.services.certificate_records import (
    chain_of,
    facts_of,
    find_certificate,
    revoke,
    state_on,
)
from courses.services.certificate_zip import start_zip
from courses.services.corrections import replace_certificate
from courses.services.signatories import add_signatory, all_signatories
from skills.models import Employee
from skills.queries.organisation import opd_in_force

bp = Blueprint("certificates", __name__)
bp.context_processor(words.helpers)
READERS = (R.ORGANISER, R.OFFICER, R.AUDITOR, R.OPD_MANAGER)


@bp.get("/sertifikat")
@requires(P.CERTIFICATE_READ)
def index() -> Any:
    """List certificates; an employee without a wider role sees the own ones on the own page."""
    if not current_actor().has(*READERS):
        return redirect(url_for("learning.mine") + "#sertifikat")
    session, wanted = db.session(), certificate_filter(request.args)
    page = listing(
        session,
        certificates_statement(wanted),
        sorts={
            "terbit": (Certificate.issued_on, Certificate.id),
            "nomor": (Certificate.number,),
            "nama": (Employee.name,),
        },
        default="-terbit",
    )
    people = [row.employee_id for row in page.rows if row.employee_id]
    audit_read("courses:certificate:list", people)
    today = clock.today()
    return render_template(
        "certificates/index.html",
        page=page,
        states={row.id: state_on(row, today) for row in page.rows},
        downloadable=total_of(session, with_files(certificates_statement(wanted))),
        course_options=courses_with_certificates(session),
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
        saringan=request.query_string.decode(),
    )


def certificate_filter(args: Any) -> CertificateFilter:
    """Return the filter of a list from its address, within the reader's reach."""
    reach = current_actor().opd_ids(*READERS)
    state = args.get("keadaan")
    return CertificateFilter(
        text=args.get("q", "").strip()[:100],
        state=state if state in words.CERTIFICATE_WORDS else None,
        since=day_of(args.get("sejak")),
        until=day_of(args.get("sampai")),
        course_id=args.get("kursus", type=int),
        session_id=args.get("sesi", type=int),
        opd_id=args.get("opd", type=int),
        opd_ids=tuple(sorted(reach)) if reach is not None else None,
    )


def day_of(text: str | None) -> date | None:
    """Return a day written in the ISO way, or None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@bp.post("/sertifikat/unduh")
@requires(P.CERTIFICATE_READ)
def download() -> Any:
    """Start the job that packs every certificate of the filtered list."""
    if not current_actor().has(*READERS):
        raise NotFound
    query = MultiDict(parse_qsl(request.form.get("saringan", "")))
    with transaction(current_actor()) as session:
        job_id = start_zip(session, actor=current_actor(), wanted=certificate_filter(query)).id
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/sertifikat/<int:certificate_id>")
@requires(P.CERTIFICATE_READ)
def show(certificate_id: int) -> str:
    """Show a certificate: what it says, its state, its file, its place in the log."""
    certificate = _certificate(certificate_id)
    if certificate.employee_id is not None:
        audit_read("courses:certificate:read", [certificate.employee_id], subject=certificate)
    return render_template(
        "certificates/show.html",
        certificate=certificate,
        facts=facts_of(certificate),
        rows=printed_fields(facts_of(certificate)),
        state=state_on(certificate, clock.today()),
        may_revoke=can(P.CERTIFICATE_REVOKE),
        chain=chain_of(db.session(), certificate),
        officials=[row for row in all_signatories(db.session()) if not row.name.startswith("(")],
    )


@bp.post("/sertifikat/<int:certificate_id>/cabut")
@requires(P.CERTIFICATE_REVOKE)
def withdraw(certificate_id: int) -> Any:
    """Revoke a certificate with a reason that the public check shows."""
    try:
        with transaction(current_actor()) as session:
            certificate = find_certificate(session, certificate_id, lock=True)
            if certificate is None:
                raise NotFound
            check(P.CERTIFICATE_REVOKE, certificate)
            revoke(
                session,
                actor=current_actor(),
                certificate=certificate,
                reason=request.form.get("reason", ""),
            )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Sertifikat dicabut. Pemeriksaan publik sudah menunjukkannya."), "success")
    return redirect(url_for(".show", certificate_id=certificate_id), 303)


@bp.post("/sertifikat/<int:certificate_id>/ganti")
@requires(P.CERTIFICATE_ISSUE)
def replace(certificate_id: int) -> Any:
    """Replace a certificate by a new one from the data of today, with a reason."""
    try:
        with transaction(current_actor()) as session:
            certificate = find_certificate(session, certificate_id, lock=True)
            official = next(
                (
                    r
                    for r in all_signatories(session)
                    if r.id == request.form.get("penanda", type=int)
                ),
                None,
            )
            if certificate is None or official is None:
                raise NotFound
            check(P.CERTIFICATE_REVOKE, certificate)
            job_id = replace_certificate(
                session,
                actor=current_actor(),
                certificate=certificate,
                signatory=official,
                reason=request.form.get("reason", ""),
            ).id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".show", certificate_id=certificate_id), 303)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.route("/sertifikat/penanda-tangan", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def signatories() -> Any:
    """Show the officials who sign, and add one."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction(current_actor()) as session:
                add_signatory(
                    session,
                    name=request.form.get("name", "")[:200],
                    office=request.form.get("office", "")[:200],
                    valid_from=day_of(request.form.get("valid_from")),
                    valid_until=day_of(request.form.get("valid_until")),
                )
        except DomainError as refused:
            error = refused
        else:
            flash(_("Penanda tangan tersimpan."), "success")
            return redirect(url_for(".signatories"), 303)
    rows = all_signatories(db.session())
    page = render_template("certificates/signatories.html", rows=rows, error=error)
    return page, 422 if error else 200


def _certificate(certificate_id: int) -> Certificate:
    certificate = find_certificate(db.session(), certificate_id)
    if certificate is None:
        raise NotFound
    check(P.CERTIFICATE_READ, certificate)
    return certificate
