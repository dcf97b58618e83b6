"""The evaluation of a session: the form for those who attended, the results for the organiser."""

import tempfile
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.db import DbSession, db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training import words
from app.web.training_sessions.board import found
from courses.models import Enrolment, Session
from courses.queries.evaluations import attended, form_in_force, results_of
from courses.queries.scores import evaluated
from courses.services.enrolment import find_enrolment
from courses.services.evaluations import fill, problem_to_fill

bp = Blueprint("training_evaluations", __name__)
bp.context_processor(words.helpers)

ASPECT_WORDS = {
    "materi": _l("Materi"),
    "pengajar": _l("Pengajar"),
    "penyelenggara": _l("Penyelenggaraan"),
    "umum": _l("Secara umum"),
    "penerapan": _l("Penerapan"),
    "dukungan": _l("Dukungan"),
}
bp.context_processor(lambda: {"aspect_words": ASPECT_WORDS})


@bp.get("/pelatihan/sesi/<int:session_id>/evaluasi")
@requires(P.ENROLMENT_OWN)
def form(session_id: int) -> str:
    """Show the form, or why it is not open to the person."""
    run, enrolment = _own(db.session(), session_id)
    return _form_page(run, enrolment)


def _form_page(run: Session, enrolment: Enrolment, error: DomainError | None = None) -> str:
    session = db.session()
    return render_template(
        "training_evaluations/form.html",
        run=run,
        form=form_in_force(session, "reaction"),
        problem=problem_to_fill(session, run=run, enrolment=enrolment),
        error=error,
        given=given_scales(),
        comment=request.form.get("komentar", ""),
    )


def _own(session: DbSession, session_id: int) -> tuple[Session, Enrolment]:
    run = found(session_id)
    employee = current_actor().employee_id or 0
    enrolment = find_enrolment(session, session_id=run.id, employee_id=employee)
    if enrolment is None:
        raise NotFound
    check(P.ENROLMENT_OWN, enrolment)
    return run, enrolment


def given_scales() -> dict[str, int]:
    """Return the steps that were chosen, by the code of their question."""
    return {
        name.removeprefix("skala-"): int(value)
        for name, value in request.form.items()
        if name.startswith("skala-") and value.isascii() and value.isdigit() and len(value) < 3
    }


@bp.post("/pelatihan/sesi/<int:session_id>/evaluasi")
@requires(P.ENROLMENT_OWN)
def send(session_id: int) -> Any:
    """Keep the answers, without the person."""
    try:
        with transaction(current_actor()) as session:
            run, enrolment = _own(session, session_id)
            fill(
                session,
                run=run,
                enrolment=enrolment,
                answers=given_scales(),
                comment=request.form.get("komentar", ""),
            )
    except InvalidInput as error:
        return _form_page(*_own(db.session(), session_id), error), 422
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "warning")
        return redirect(url_for(".form", session_id=session_id), 303)
    flash(_("Terima kasih. Jawaban Anda tersimpan tanpa nama."), "success")
    return redirect(url_for("learning.mine"), 303)


@bp.get("/pelatihan/sesi/<int:session_id>/evaluasi/hasil")
@requires(P.SESSION_MANAGE)
def results(session_id: int) -> str:
    """Show means and distributions, once the form has closed with enough answers."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    return render_template(
        "training_evaluations/results.html",
        run=run,
        results=results_of(session, run),
        there=len(attended(session, run)),
        filled=len(evaluated(session, run)),
    )


@bp.get("/pelatihan/sesi/<int:session_id>/evaluasi/hasil.xlsx")
@requires(P.SESSION_MANAGE)
def results_sheet(session_id: int) -> Any:
    """Give the results as a workbook; the same least number of answers holds."""
    run = found(session_id, P.SESSION_MANAGE)
    told = results_of(db.session(), run)
    if not told.shown:
        flash(
            _("Hasil belum dapat diunduh: formulir masih terbuka atau jawaban belum cukup."),
            "warning",
        )
        return redirect(url_for(".results", session_id=session_id), 303)
    text = ColumnKind.TEXT
    heads = [ColumnSpec(_("Aspek"), 18, text), ColumnSpec(_("Pertanyaan"), 50, text)]
    heads += [ColumnSpec(_("Rata-rata"), 12), *(ColumnSpec(str(n), 6) for n in range(1, 6))]
    rows = [
        [
            str(ASPECT_WORDS.get(row.item["aspect"], row.item["aspect"])),
            row.item["text"],
            round(row.mean, 2) if row.mean is not None else None,
            *row.counts,
        ]
        for row in told.items
    ]
    comments = SheetSpec(
        _("Saran"), [ColumnSpec(_("Saran"), 90, text)], [[one] for one in told.comments]
    )
    target = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Evaluasi"), heads, rows), comments])
    target.seek(0)
    return attachment(target, XLSX, f"evaluasi-{run.code}.xlsx")
