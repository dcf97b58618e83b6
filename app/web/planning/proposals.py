"""Proposals for training: making one, one's own, and the inbox of those who answer."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import listing
from app.web.planning.forms import ProposalForm
from app.web.planning.site import bp, proposal_words
from courses.models import Course, TrainingProposal
from courses.queries.catalogue import find_course
from courses.queries.need_overview import competencies_by_id, courses_in_force
from courses.queries.plans import draft_plans, find_plan, proposal_counts, proposals_statement
from courses.services.proposal_answers import decline_proposal, take_proposal, undo_answer
from courses.services.proposals import Wish, propose_training
from skills.queries.people import people_by_id

SORTS = {
    "prioritas": (TrainingProposal.priority, TrainingProposal.created_at, TrainingProposal.id),
    "dikirim": (TrainingProposal.created_at, TrainingProposal.id),
}


@bp.get("/usulan")
@requires(P.NEED_READ)
def proposals() -> str:
    """List proposals: all for those who answer, one's own for others."""
    session, decides = db.session(), can(P.PROPOSAL_DECIDE)
    account_id = None if decides else current_actor().account_id
    state = request.args.get("keadaan", "submitted" if decides else "")
    page = listing(
        session,
        proposals_statement(
            account_id=account_id, state=state or None, opd_id=request.args.get("opd", type=int)
        ),
        sorts=SORTS,
        default="prioritas" if decides else "-dikirim",
    )
    people = {person.employee_id for row in page.rows for person in row.people}
    if people:
        audit_read("courses:proposal:read", sorted(people))
    return render_template(
        "planning/proposals.html",
        page=page,
        state=state,
        decides=decides,
        counts=proposal_counts(session, account_id=account_id),
        tabs=[("", _("Semua")), *((key, word) for key, (word, _tone) in proposal_words().items())],
        plans=draft_plans(session) if decides else (),
        teaching=_teaching() if decides else {},
    )


def _teaching() -> dict[int, list[Course]]:
    found: dict[int, list[Course]] = {}
    for course in courses_in_force(db.session()):
        for row in course.competencies:
            found.setdefault(row.competency_id, []).append(course)
    return found


@bp.route("/usulan/baru", methods=["GET", "POST"])
@requires(P.PROPOSAL_MAKE)
def propose() -> Any:
    """Propose training in a competency (`kompetensi`) for some people (`orang`, repeated)."""
    competency_id = request.values.get("kompetensi", 0, type=int)
    ids = [int(value) for value in request.values.getlist("orang") if value.isdigit()][:500]
    competency = competencies_by_id(db.session()).get(competency_id)
    if competency is None:
        raise NotFound
    people = people_by_id(db.session(), ids)
    for person in people:
        check(P.NEED_READ, person)  # the same reach as the list the people were picked from
    form = ProposalForm()
    form.offer(_teaching().get(competency_id, []))
    if request.form.get("langkah") == "kirim" and form.validate_on_submit():
        try:
            made = _send(form, competency_id, ids)
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.refuse(error)
        else:
            flash(_("Usulan terkirim: %(count)s.", count=made), "success")
            return redirect(url_for(".proposals"), 303)
    page = render_template("planning/propose.html", form=form, competency=competency, people=people)
    return page, 422 if form.errors else 200


def _send(form: ProposalForm, competency_id: int, ids: list[int]) -> int:
    with transaction(current_actor()) as session:
        people = people_by_id(session, ids)
        for person in people:
            check(P.NEED_READ, person)
        wish = Wish(
            competency_id,
            form.reason.data,
            priority=form.priority.data,
            course_id=form.course_id.data or None,
        )
        made = propose_training(
            session, actor=current_actor(), people=people, wish=wish, pass_over_known=True
        )
        return len(made)


@bp.post("/usulan/<int:proposal_id>/ambil")
@requires(P.PROPOSAL_DECIDE)
def take(proposal_id: int) -> Any:
    """Take a proposal into a draft plan with a course."""
    try:
        with transaction(current_actor()) as session:
            proposal = _proposal(proposal_id)
            plan = find_plan(session, request.form.get("rencana", 0, type=int))
            course = find_course(session, request.form.get("pelatihan", 0, type=int))
            if plan is None or course is None:
                raise NotFound
            version = request.form.get("version", type=int)
            take_proposal(
                session,
                actor=current_actor(),
                proposal=proposal,
                plan=plan,
                course=course,
                version=version,
            )
            year = plan.year
    except DomainError as error:
        return _refused(error)
    flash(_("Usulan masuk rencana %(year)s.", year=year), "success")
    return redirect(url_for(".proposals"), 303)


@bp.post("/usulan/<int:proposal_id>/tolak")
@requires(P.PROPOSAL_DECIDE)
def decline(proposal_id: int) -> Any:
    """Decline a proposal with a reason."""
    try:
        with transaction(current_actor()) as session:
            decline_proposal(
                session,
                actor=current_actor(),
                proposal=_proposal(proposal_id),
                reason=request.form.get("reason", "")[:500],
                version=request.form.get("version", type=int),
            )
    except DomainError as error:
        return _refused(error)
    flash(_("Usulan ditolak; pengusul diberi tahu."), "success")
    return redirect(url_for(".proposals"), 303)


@bp.post("/usulan/<int:proposal_id>/tarik-jawaban")
@requires(P.PROPOSAL_DECIDE)
def undo(proposal_id: int) -> Any:
    """Take an answer back; the proposal waits again."""
    try:
        with transaction(current_actor()) as session:
            undo_answer(
                session,
                actor=current_actor(),
                proposal=_proposal(proposal_id),
                version=request.form.get("version", type=int),
            )
    except DomainError as error:
        return _refused(error)
    flash(_("Jawaban ditarik; usulan menunggu lagi dan pengusul diberi tahu."), "success")
    return redirect(url_for(".proposals", keadaan="submitted"), 303)


def _proposal(proposal_id: int) -> TrainingProposal:
    found: TrainingProposal | None = find_row(db.session(), TrainingProposal, proposal_id)
    if found is None:
        raise NotFound
    check(P.PROPOSAL_DECIDE, found)
    return found


def _refused(error: DomainError) -> Any:
    if isinstance(error, NotFound):
        raise error
    flash(render(error.message), "danger")
    return redirect(url_for(".proposals"), 303)
