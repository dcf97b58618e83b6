"""The board of sessions, the page of one, and planning."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import can, check, current_actor, requires
from app.web.i18n import render
from app.web.training import words
from app.web.training_sessions.forms import MeetingForm, SessionForm
from courses.enums import SessionState
from courses.models import Course, Session
from courses.queries.board import (
    figures_of,
    organisers,
    own_enrolments,
)
from courses.queries.catalogue import CourseFilter, courses_by_code, find_course, search_courses
from courses.queries.clashes import clashes
from courses.queries.prerequisites import missing_prerequisites
from courses.services.enrolment import registration_problem
from courses.services.meetings import add_daily_meetings, add_meeting, remove_meeting
from courses.services.results import load_session
from courses.services.seats import quotas_of
from courses.services.sessions import (
    edit_session,
    move_session,
    plan_session,
)
from courses.services.signatories import all_signatories
from courses.services.waiting_list import place_in_line

bp = Blueprint("training_sessions", __name__)
bp.context_processor(words.helpers)


@bp.get("/pelatihan/sesi/<int:session_id>")
@requires(P.COURSE_READ)
def show(session_id: int) -> str:
    """Show a session: facts, meetings, one's own place, the organiser's next step."""
    session, run, actor = db.session(), found(session_id), current_actor()
    mine = (
        own_enrolments(session, employee_id=actor.employee_id, session_ids=[run.id]).get(run.id)
        if actor.employee_id
        else None
    )
    return render_template(
        "training_sessions/show.html",
        run=run,
        tab="ringkasan",
        mine=mine,
        place=place_in_line(session, mine) if mine is not None and mine.waiting_since else None,
        problem=registration_problem(run, clock.today()),
        clash=clashes(session, run=run, employee_ids=[actor.employee_id]).get(actor.employee_id)
        if actor.employee_id
        else None,
        figures=figures_of(session, [run.id])[run.id],
        lacking=_lacking(run) if mine is None or not mine.exemption else [],
        **_nomination(run),
        meeting_form=MeetingForm(formdata=None, day=run.starts_on),
    )


def _lacking(run: Session) -> list[tuple[str, Course | None]]:
    """Return what the reader has to pass first: code, and the course where it is in force."""
    me = current_actor().employee_id
    if me is None:
        return []
    session = db.session()
    codes = missing_prerequisites(session, course=run.course, employee_ids=[me]).get(me, [])
    known = {course.code: course for course in courses_by_code(session, codes)} if codes else {}
    return [(code, known.get(code)) for code in codes]


def _nomination(run: Session) -> dict[str, Any]:
    """Return what somebody who may name people is told: the seats left for the own OPD."""
    actor = current_actor()
    nominates = can(P.SESSION_ENROL) and not can(P.SESSION_MANAGE)
    if not nominates or actor.opd_id is None:
        return {"nominates": nominates, "office_left": None, "office_limit": None}
    quotas = quotas_of(db.session(), run)
    return {
        "nominates": True,
        "office_left": quotas.left(actor.opd_id),
        "office_limit": quotas.limit(actor.opd_id),
    }


@bp.route("/pelatihan/sesi/baru", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def plan() -> Any:
    """Plan a session of a course, optionally of one that serves a gap (`?kompetensi=`)."""
    course = find_course(db.session(), request.args.get("kursus", 0, type=int))
    if course is None:
        return _choose_course()
    form = SessionForm.fresh(course, organisers(db.session()), all_signatories(db.session()))
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                run = plan_session(
                    session,
                    actor=current_actor(),
                    course=_merged(course.id),
                    organiser=form.chosen_organiser(organisers(session)),
                    values=form.values(),
                )
                if form.daily.data:
                    add_daily_meetings(
                        session, run=run, begins=form.begins.data, ends=form.ends.data
                    )
                run_id = run.id
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Sesi tersimpan sebagai draf. Periksa, lalu buka pendaftaran."), "success")
            return redirect(url_for(".show", session_id=run_id), 303)
    page = render_template("training_sessions/form.html", form=form, course=course, run=None)
    return page, 422 if form.errors else 200


def _merged(course_id: int) -> Any:
    course = find_course(db.session(), course_id)
    if course is None:
        raise NotFound
    return course


def _choose_course() -> str:
    session = db.session()
    wanted = CourseFilter(
        text=request.args.get("q", "").strip()[:100],
        competency_id=request.args.get("kompetensi", type=int),
    )
    hits = search_courses(session, wanted, day=clock.today())
    return render_template("training_sessions/choose.html", hits=hits)


@bp.route("/pelatihan/sesi/<int:session_id>/ubah", methods=["GET", "POST"])
@requires(P.SESSION_MANAGE)
def edit(session_id: int) -> Any:
    """Change a session that has not ended."""
    run = found(session_id, P.SESSION_MANAGE)
    form = SessionForm.of(run, organisers(db.session()), all_signatories(db.session()))
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                edit_session(session, run=found(session_id, P.SESSION_MANAGE), values=form.values())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".show", session_id=session_id), 303)
    run = found(session_id, P.SESSION_MANAGE)
    page = render_template("training_sessions/form.html", form=form, course=run.course, run=run)
    return page, 422 if form.errors else 200


@bp.post("/pelatihan/sesi/<int:session_id>/pertemuan")
@requires(P.SESSION_MANAGE)
def new_meeting(session_id: int) -> Any:
    """Add a meeting."""
    form = MeetingForm()
    if not form.validate_on_submit():
        flash(_("Isi tanggal, jam mulai, dan jam selesai pertemuan."), "danger")
        return back_to(session_id)
    values = form.values()

    def change(session: Any, run: Session) -> None:
        add_meeting(session, run=run, values=values)

    return changed(session_id, change, _("Pertemuan ditambahkan."))


@bp.post("/pelatihan/sesi/<int:session_id>/pertemuan/<int:meeting_id>/hapus")
@requires(P.SESSION_MANAGE)
def drop_meeting(session_id: int, meeting_id: int) -> Any:
    """Take a meeting out."""
    return changed(
        session_id,
        lambda session, run: remove_meeting(session, run=run, meeting_id=meeting_id),
        _("Pertemuan dihapus."),
    )


@bp.post("/pelatihan/sesi/<int:session_id>/keadaan")
@requires(P.SESSION_MANAGE)
def move(session_id: int) -> Any:
    """Open, start or cancel a session."""
    wanted, reason = request.form.get("ke", ""), request.form.get("reason", "")[:300]
    told = {
        SessionState.OPEN: _("Pendaftaran dibuka."),
        SessionState.RUNNING: _("Sesi ditandai sedang berlangsung."),
        SessionState.CANCELLED: _("Sesi dibatalkan; semua peserta diberi tahu."),
    }
    if wanted not in told:
        raise NotFound
    state = SessionState(wanted)
    return changed(
        session_id,
        lambda session, run: move_session(session, run=run, to=state, reason=reason),
        told[state],
    )


def found(session_id: int, permission: P = P.COURSE_READ) -> Session:
    """Return a session; a draft is there for those alone who manage sessions."""
    run = load_session(db.session(), session_id)
    if run is None or (run.state == SessionState.DRAFT and not can(P.SESSION_MANAGE)):
        raise NotFound
    check(permission, run)
    return run


def back_to(session_id: int, endpoint: str = ".show", **values: Any) -> Any:
    """Return the redirect to a page of a session."""
    return redirect(url_for(endpoint, session_id=session_id, **values), 303)


def changed(session_id: int, change: Any, told: str, endpoint: str = ".show") -> Any:
    """Run a change in a transaction, say what happened, and go back to a page of the session."""
    try:
        with transaction(current_actor()) as session:
            change(session, found(session_id, P.SESSION_MANAGE))
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(told, "success")
    return back_to(session_id, endpoint)
