"""Who is in a session: participants, waiting list, proposals, lists of NIPs, suggestions."""

import tempfile
from pathlib import Path
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training_sessions.board import back_to, bp, found
from courses.enums import EnrolmentState as E
from courses.models import Session
from courses.queries.board import enrolment_in, enrolments_by_state, figures_of
from courses.queries.needs import suggestions
from courses.services.bulk_enrolment import (
    BulkOutcome,
    BulkRow,
    apply_bulk,
    plan_bulk,
    read_nip_file,
    read_nips,
)
from courses.services.enrolment import approve, cancel_enrolment, clashes, refuse

_IN = (E.ENROLLED, E.PASSED, E.FAILED)
_SHOWN = (*_IN, E.WAITLISTED, E.PROPOSED)


@bp.get("/pelatihan/sesi/<int:session_id>/peserta")
@requires(P.SESSION_MANAGE)
def participants(session_id: int) -> str:
    """Show the people of a session by their state, with clashes."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    rows = enrolments_by_state(session, session_id=run.id, states=_SHOWN)
    ids = [row.employee_id for row in rows]
    audit_read("courses:enrolment:list", ids, subject=run)
    return render_template(
        "training_sessions/participants.html",
        run=run,
        tab="peserta",
        figures=figures_of(session, [run.id])[run.id],
        enrolled=sorted((r for r in rows if r.state in _IN), key=lambda r: r.employee.name),
        waiting=[row for row in rows if row.state == E.WAITLISTED],
        proposed=[row for row in rows if row.state == E.PROPOSED],
        clashes=clashes(session, run=run, employee_ids=ids),
    )


@bp.post("/pelatihan/sesi/<int:session_id>/peserta/<int:enrolment_id>/<step>")
@requires(P.SESSION_MANAGE)
def decide_enrolment(session_id: int, enrolment_id: int, step: str) -> Any:
    """Approve or refuse a proposal, or take somebody out."""
    reason = request.form.get("reason", "")
    if step not in ("setujui", "tolak", "keluarkan"):
        raise NotFound
    try:
        with transaction(current_actor()) as session:
            found(session_id, P.SESSION_MANAGE)
            row = enrolment_in(session, session_id=session_id, enrolment_id=enrolment_id)
            if row is None:
                raise NotFound
            if step == "setujui":
                approve(session, enrolment=row)
            elif step == "tolak":
                refuse(session, enrolment=row, reason=reason)
            else:
                cancel_enrolment(session, enrolment=row, reason=reason)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Tersimpan."), "success")
    return back_to(session_id, ".participants")


@bp.route("/pelatihan/sesi/<int:session_id>/peserta/tambah", methods=["GET", "POST"])
@requires(P.SESSION_ENROL)
def bulk(session_id: int) -> Any:
    """Take a list of NIPs, pasted or in a file, and show what would become of each."""
    run = found(session_id)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            nips = _nips()
        except DomainError as refused:
            error = refused
        else:
            return _dry_run(run, nips)
    page = render_template("training_sessions/bulk.html", run=run, error=error, tab="peserta")
    return page, 422 if error else 200


def _nips() -> list[str]:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        with tempfile.NamedTemporaryFile(suffix=Path(upload.filename).suffix[:8]) as draft:
            upload.save(draft)
            draft.flush()
            return read_nip_file(Path(draft.name))
    return read_nips(request.form.get("nips", ""))


def _dry_run(run: Session, nips: list[str]) -> str:
    rows = plan_bulk(db.session(), run=run, nips=nips, opd_ids=_reach())
    audit_read("courses:enrolment:plan", [r.employee.id for r in rows if r.employee], subject=run)
    counts = {outcome: sum(r.outcome is outcome for r in rows) for outcome in BulkOutcome}
    return render_template(
        "training_sessions/bulk_check.html",
        run=run,
        rows=rows,
        counts=counts,
        nips="\n".join(row.nip for row in rows),
        ready=counts[BulkOutcome.SEAT] + counts[BulkOutcome.WAITING],
        tab="peserta",
    )


@bp.post("/pelatihan/sesi/<int:session_id>/peserta/tambah/terapkan")
@requires(P.SESSION_ENROL)
def apply(session_id: int) -> Any:
    """Enrol the people of a checked list; seats may have gone meanwhile, which is then said."""
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_ENROL)
            rows = apply_bulk(
                session,
                actor=current_actor(),
                run=run,
                nips=_given(),
                opd_ids=_reach(),
            )
            counts = {outcome: sum(r.outcome is outcome for r in rows) for outcome in BulkOutcome}
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return back_to(session_id, ".bulk")
    told = _(
        "%(seats)s mendapat kursi, %(waiting)s masuk daftar tunggu, %(rest)s tidak berubah.",
        seats=counts[BulkOutcome.SEAT],
        waiting=counts[BulkOutcome.WAITING],
        rest=counts[BulkOutcome.ALREADY] + counts[BulkOutcome.REFUSED],
    )
    flash(told, "success")
    return back_to(session_id, ".show" if _reach() is not None else ".participants")


def _given() -> list[str]:
    return read_nips("\n".join(request.form.getlist("nips")))


@bp.post("/pelatihan/sesi/<int:session_id>/peserta/tambah/hasil.xlsx")
@requires(P.SESSION_ENROL)
def bulk_result(session_id: int) -> Any:
    """Give the checked list as a workbook with status columns."""
    run = found(session_id, P.SESSION_ENROL)
    rows = plan_bulk(db.session(), run=run, nips=_given(), opd_ids=_reach())
    heads = (_("NIP"), _("Nama"), _("OPD"), _("Status"), _("Keterangan"))
    columns = [ColumnSpec(head, 26, ColumnKind.TEXT) for head in heads]
    target = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Hasil"), columns, [_line(row) for row in rows])])
    target.seek(0)
    return attachment(target, XLSX, f"peserta-{run.code}.xlsx")


def outcome_words() -> dict[BulkOutcome, str]:
    """Return what becomes of a row, in words."""
    return {
        BulkOutcome.SEAT: _("Dapat kursi"),
        BulkOutcome.WAITING: _("Daftar tunggu"),
        BulkOutcome.ALREADY: _("Sudah terdaftar"),
        BulkOutcome.REFUSED: _("Tidak dapat didaftarkan"),
    }


def remarks(row: BulkRow) -> list[str]:
    """Return everything there is to say about a row."""
    found_words = [render(text) for text in (row.reason, row.advice) if text]
    if row.clash:
        found_words.append(_("Bertabrakan dengan %(title)s", title=row.clash.session_title))
    return found_words


bp.app_template_filter("bulk_remarks")(remarks)
bp.context_processor(lambda: {"bulk_words": outcome_words()})


def _line(row: BulkRow) -> list[str]:
    person = row.employee
    return [
        row.nip,
        person.display_name if person else "",
        person.opd.name if person else "",
        outcome_words()[row.outcome],
        "; ".join(remarks(row)),
    ]


@bp.get("/pelatihan/sesi/<int:session_id>/peserta/saran")
@requires(P.SESSION_ENROL)
def suggest(session_id: int) -> str:
    """Show the people whose gaps this session would narrow, the largest first."""
    run, session = found(session_id), db.session()
    check(P.SESSION_ENROL, run)
    rows = enrolments_by_state(session, session_id=run.id, states=_SHOWN)
    gains = {item.competency_id: item.to_level for item in run.course.competencies}
    reach = _reach()
    people, total = suggestions(
        session,
        gains=gains,
        day=clock.today(),
        opd_ids=sorted(reach) if reach is not None else None,
        without=[row.employee_id for row in rows],
    )
    ids = [row.employee.id for row in people]
    audit_read("courses:suggestion:read", ids, subject=run)
    return render_template(
        "training_sessions/suggestions.html",
        run=run,
        people=people,
        total=total,
        names={item.competency_id: item.competency for item in run.course.competencies},
        clashes=clashes(session, run=run, employee_ids=ids),
        tab="peserta",
    )


def _reach() -> frozenset[int] | None:
    """Return the OPD whose people the actor may enrol; None for the whole city."""
    roles = (RoleName.ORGANISER, RoleName.OFFICER, RoleName.OPD_MANAGER)
    actor = current_actor()
    return actor.opd_ids(*roles)
