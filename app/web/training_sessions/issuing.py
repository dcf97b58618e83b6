"""Issuing in three steps: who and who not, how it looks, sign and publish."""

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import back_to, bp, found
from courses.enums import CertificateState, SessionState
from courses.models import Session, Signatory
from courses.queries.board import figures_of
from courses.services.bulk_enrolment import read_nips
from courses.services.certificate_records import void_unused
from courses.services.issue_facts import sample_facts
from courses.services.issuing import (
    certificates_of_session,
    check_template,
    eligibility,
    issue_certificates,
    resume_reserved,
)
from courses.services.signatories import all_signatories
from courses.services.specimens import specimen_pdf
from courses.services.templates import in_force, source_of, usable_templates


@bp.get("/pelatihan/sesi/<int:session_id>/sertifikat")
@requires(P.CERTIFICATE_ISSUE)
def eligible(session_id: int) -> str:
    """Step one: who is eligible and who is not and why; and what has been issued."""
    run, session = found(session_id, P.CERTIFICATE_ISSUE), db.session()
    rows = eligibility(session, run=run)
    audit_read("courses:certificate:eligible", [r.enrolment.employee_id for r in rows], subject=run)
    certificates = certificates_of_session(session, run)
    return render_template(
        "training_sessions/issue.html",
        run=run,
        tab="sertifikat",
        ready=[row for row in rows if row.is_eligible],
        others=[row for row in rows if not row.is_eligible and row.certificate is None],
        certificates=certificates,
        reserved=[row for row in certificates if row.state == CertificateState.RESERVED],
        signatories=_usable(all_signatories(session)),
        templates=usable_templates(session),
        completed=run.state == SessionState.COMPLETED,
        today=clock.today(),
        figures=figures_of(session, [run.id])[run.id],
    )


def _usable(rows: Any) -> list[Signatory]:
    return [row for row in rows if not row.name.startswith("(")]


@bp.get("/pelatihan/sesi/<int:session_id>/sertifikat/pratinjau")
@requires(P.CERTIFICATE_ISSUE)
def preview(session_id: int) -> Any:
    """Step two: three specimens and the list of those who will get a certificate."""
    run = found(session_id, P.CERTIFICATE_ISSUE)
    chosen, signatory, day = _choice(run)
    if not chosen or signatory is None:
        flash(_("Pilih paling sedikit satu peserta dan penanda tangan."), "danger")
        return back_to(session_id, ".eligible")
    samples = sample_facts(
        db.session(), run=run, enrolment_ids=chosen, signatory=signatory, day=day
    )
    try:
        template = in_force(db.session(), request.args.get("templat", type=int))
        rows = eligibility(db.session(), run=run)
        check_template([row for row in rows if row.enrolment.id in chosen], template)
    except DomainError as error:
        flash(render(error.message), "danger")
        return back_to(session_id, ".eligible")
    return render_template(
        "training_sessions/issue_preview.html",
        run=run,
        tab="sertifikat",
        samples=[(words, facts.holder) for words, facts in samples],
        chosen=chosen,
        signatory=signatory,
        day=day,
        template=template,
        query={
            "orang": chosen,
            "penanda": signatory.id,
            "tanggal": day.isoformat(),
            "templat": template.id if template is not None else None,
        },
        figures=figures_of(db.session(), [run.id])[run.id],
    )


@bp.get("/pelatihan/sesi/<int:session_id>/sertifikat/contoh-<int:number>.pdf")
@requires(P.CERTIFICATE_ISSUE)
def specimen(session_id: int, number: int) -> Any:
    """Give a specimen as PDF, plainly marked as not valid."""
    run = found(session_id, P.CERTIFICATE_ISSUE)
    chosen, signatory, day = _choice(run)
    if signatory is None:
        raise NotFound
    samples = sample_facts(
        db.session(), run=run, enrolment_ids=chosen, signatory=signatory, day=day
    )
    if not 1 <= number <= len(samples):
        raise NotFound
    template = in_force(db.session(), request.args.get("templat", type=int))
    content = specimen_pdf(samples[number - 1][1], source_of(template))
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="contoh-{number}.pdf"'
    return answer


def _choice(run: Session) -> tuple[list[int], Signatory | None, date]:
    """Return who was chosen (ticked, or named by NIP), the official and the day."""
    values = request.values
    rows = [row for row in eligibility(db.session(), run=run) if row.is_eligible]
    ticked = set(values.getlist("orang", type=int))
    named = values.get("nips", "").strip()
    nips = set(read_nips(named)) if named else set()
    chosen = [
        row.enrolment.id
        for row in rows
        if row.enrolment.id in ticked and (not nips or row.enrolment.employee.nip in nips)
    ]
    number = values.get("penanda", type=int)
    officials = _usable(all_signatories(db.session()))
    signatory = next((row for row in officials if row.id == number), None)
    return chosen, signatory, _day(values.get("tanggal", ""))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today()


@bp.post("/pelatihan/sesi/<int:session_id>/sertifikat/terbitkan")
@requires(P.CERTIFICATE_ISSUE)
def issue(session_id: int) -> Any:
    """Step three: reserve the numbers and start the job; a second click finds the same job."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.CERTIFICATE_ISSUE)
            number = request.form.get("penanda", type=int)
            officials = _usable(all_signatories(session))
            signatory = next((row for row in officials if row.id == number), None)
            if signatory is None:
                raise NotFound
            job_id = issue_certificates(
                session,
                actor=current_actor(),
                run=run,
                enrolment_ids=request.form.getlist("orang", type=int),
                signatory=signatory,
                issued_on=_day(request.form.get("tanggal", "")),
                template=in_force(session, request.form.get("templat", type=int)),
            ).id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return back_to(session_id, ".eligible")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/pelatihan/sesi/<int:session_id>/sertifikat/lanjutkan")
@requires(P.CERTIFICATE_ISSUE)
def resume(session_id: int) -> Any:
    """Make the files of numbers that are reserved and have none, after a stopped job."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.CERTIFICATE_ISSUE)
            rows = [
                row
                for row in certificates_of_session(session, run)
                if row.state == CertificateState.RESERVED
            ]
            job_id = resume_reserved(session, actor=current_actor(), run=run, certificates=rows).id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return back_to(session_id, ".eligible")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/pelatihan/sesi/<int:session_id>/sertifikat/batalkan-nomor")
@requires(P.CERTIFICATE_ISSUE)
def void(session_id: int) -> Any:
    """Record reserved numbers that will not be used as void, with the reason."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.CERTIFICATE_ISSUE)
            numbers = void_unused(
                session,
                certificates=certificates_of_session(session, run),
                reason=request.form.get("reason", ""),
            )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("%(count)s nomor dicatat batal.", count=len(numbers)), "success")
    return back_to(session_id, ".eligible")
