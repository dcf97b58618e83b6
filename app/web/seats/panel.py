"""Before the decision: the fairness sheet, invitations and the scores of a panel."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound, Stale
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, current_actor, requires
from app.web.i18n import render
from app.web.seats import presenters
from app.web.seats.routes import bp, seat_or_404
from matching.models import Contest, ShortlistEntry
from matching.queries.seats import find_entry
from matching.services import decisions, fairness_sheet, interest, panel
from matching.services.scoring_rules import scoring_rules


@bp.get("/kursi/<int:seat_id>/keadilan")
@requires(P.DECISION_READ)
def fairness(seat_id: int) -> str:
    """Show the fairness sheet of the present shortlist."""
    seat = seat_or_404(seat_id, P.DECISION_READ)
    session = db.session()
    entries = decisions.entries_of(session, seat)
    sheet = fairness_sheet.make_sheet(session, entries=entries)
    near = [item.employee_id for item in sheet.near] if sheet else []
    if sheet:
        audit_read("matching:fairness:read", [*near, *(e.employee_id for e in entries)], seat)
    number = decisions.current_round(session, seat.id)
    return render_template(
        "seats/fairness.html",
        seat=seat,
        sheet=sheet,
        people=presenters.people_of(session, near),
        margin=scoring_rules(session).fairness_margin,
        read=fairness_sheet.acknowledged(session, seat_id=seat.id, number=number, entries=entries),
        subject_words=presenters.subject_words(),
        group_words=presenters.protected_words(),
        may_decide=can(P.SEAT_DECIDE, seat),
        masked=request.args.get("samar") == "1",
    )


@bp.post("/kursi/<int:seat_id>/keadilan")
@requires(P.SEAT_DECIDE)
def acknowledge(seat_id: int) -> Any:
    """Keep that the sheet of this shortlist has been read."""
    try:
        with transaction(current_actor()) as session:
            seat = seat_or_404(seat_id, P.SEAT_DECIDE)
            fairness_sheet.acknowledge(
                session,
                actor=current_actor(),
                seat=seat,
                number=decisions.current_round(session, seat.id),
                entries=decisions.entries_of(session, seat),
                expected_key=request.form.get("key", ""),
                note=request.form.get("note", ""),
            )
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "warning")
        return redirect(url_for(".fairness", seat_id=seat_id), 303)
    flash(_("Lembar keadilan dicatat sudah dibaca."), "success")
    return redirect(url_for(".show", seat_id=seat_id) + "#keputusan", 303)


@bp.post("/kursi/<int:seat_id>/daftar-pendek/<int:entry_id>/undang")
@requires(P.SEAT_SCOUT)
def invite(seat_id: int, entry_id: int) -> Any:
    """Invite somebody on the shortlist."""

    def work(session: Any, entry: ShortlistEntry) -> None:
        interest.invite(
            session,
            actor=current_actor(),
            entry=entry,
            due_on=_day(request.form.get("due_on", "")),
            text=request.form.get("text", ""),
        )

    return _on_entry(seat_id, entry_id, work, _("Undangan dikirim."))


@bp.post("/kursi/<int:seat_id>/daftar-pendek/<int:entry_id>/nilai")
@requires(P.SEAT_SCOUT)
def score(seat_id: int, entry_id: int) -> Any:
    """Keep the scores of one panel member for one person."""

    def work(session: Any, entry: ShortlistEntry) -> None:
        given = {
            criterion.id: value
            for criterion in panel.criteria_of(session, entry)
            if (value := request.form.get(f"nilai-{criterion.id}", type=int)) is not None
        }
        note = request.form.get("note", "")
        panel.give_scores(session, actor=current_actor(), entry=entry, scores=given, note=note)

    return _on_entry(seat_id, entry_id, work, _("Nilai panel tersimpan."))


@bp.post("/kursi/<int:seat_id>/keberatan/<int:contest_id>")
@requires(P.SEAT_DECIDE)
def answer_contest(seat_id: int, contest_id: int) -> Any:
    """Answer a contest of a decision on this seat."""
    try:
        with transaction(current_actor()) as session:
            seat_or_404(seat_id, P.SEAT_DECIDE)
            contest = find_row(session, Contest, contest_id)
            if contest is None or contest.decision.seat_id != seat_id:
                raise NotFound
            interest.answer_contest(
                session,
                actor=current_actor(),
                contest=contest,
                upheld=request.form.get("outcome") == "upheld",
                answer=request.form.get("answer", ""),
            )
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(_("Jawaban atas keberatan tersimpan."), "success")
    return redirect(url_for(".show", seat_id=seat_id) + "#keberatan", 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(N_("Isi batas jawaban."), field="due_on") from None


def _on_entry(seat_id: int, entry_id: int, work: Any, done: str) -> Any:
    """Do something to an entry of the shortlist and return to it."""
    try:
        with transaction(current_actor()) as session:
            seat_or_404(seat_id, P.SEAT_SCOUT)
            entry = find_entry(session, seat_id=seat_id, entry_id=entry_id)
            if entry is None:
                raise NotFound
            work(session, entry)
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".show", seat_id=seat_id) + "#daftar-pendek", 303)
