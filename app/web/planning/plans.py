"""The year plan: editions, items, steps, and a session drafted with one click."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.planning.forms import ItemForm, PlanForm
from app.web.planning.site import bp
from courses.enums import PlanState
from courses.models import PlanItem, YearPlan
from courses.queries.catalogue import find_course
from courses.queries.need_overview import courses_in_force
from courses.queries.plan_ledger import duty_gap, plan_policy
from courses.queries.plans import (
    all_plans,
    find_plan,
    plan_figures,
    proposal_counts,
    sessions_of_plan,
)
from courses.services.year_plan import (
    add_item,
    change_item,
    create_plan,
    draft_session,
    drop_item,
    edit_plan,
    move_plan,
    suggest_items,
)


@bp.get("/rencana")
@requires(P.PLAN_READ)
def plans() -> str:
    """List the editions of all years."""
    rows = [(row, plan_figures(row)) for row in all_plans(db.session())]
    return render_template("planning/plans.html", rows=rows)


@bp.route("/rencana/baru", methods=["GET", "POST"])
@requires(P.PLAN_MANAGE)
def new_plan() -> Any:
    """Open a new edition of a year."""
    form = PlanForm(year=clock.today().year + 1)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                made = create_plan(
                    session, actor=current_actor(), year=form.year.data, values=form.values()
                )
                plan_id = made.id
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Draf rencana dibuat."), "success")
            return redirect(url_for(".plan", plan_id=plan_id), 303)
    page = render_template("planning/plan_new.html", form=form)
    return page, 422 if form.errors else 200


@bp.get("/rencana/<int:plan_id>")
@requires(P.PLAN_READ)
def plan(plan_id: int) -> str:
    """Show a plan with its items, money and hours."""
    return _plan_page(plan_id)


def _plan_page(plan_id: int, problem: str = "") -> str:
    found = plan_or_404(plan_id)
    form = ItemForm(formdata=None)
    form.offer(courses_in_force(db.session()))
    return render_template(
        "planning/plan.html",
        plan=found,
        figures=plan_figures(found),
        sessions=sessions_of_plan(db.session(), found),
        waiting=proposal_counts(db.session(), account_id=None)["submitted"],
        form=form,
        bounds=PlanForm(formdata=None, obj=found),
        policy=plan_policy(db.session()),
        gap=duty_gap(db.session(), year=found.year),
        problem=problem,
    )


def plan_or_404(plan_id: int, permission: P = P.PLAN_READ) -> YearPlan:
    """Return a plan the signed-in person may do this to."""
    found = find_plan(db.session(), plan_id)
    if found is None:
        raise NotFound
    check(permission, found)
    return found


def changed(plan_id: int, change: Callable[[Any, YearPlan], str], permission: P) -> Any:
    """Run a change in a transaction, say what happened, and go back to the plan.

    What somebody else changed meanwhile is answered with the plan as it is now, and 409.
    """
    try:
        with transaction(current_actor()) as session:
            told = change(session, plan_or_404(plan_id, permission))
    except Conflict as error:
        db.session.rollback()
        return _plan_page(plan_id, render(error.message)), 409
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(told, "success")
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@bp.post("/rencana/<int:plan_id>/batas")
@requires(P.PLAN_MANAGE)
def bounds(plan_id: int) -> Any:
    """Change budget, hours and note of a draft."""
    form = PlanForm()
    if not form.validate_on_submit():
        flash(_("Isi anggaran dan jam dengan bilangan bulat."), "danger")
        return redirect(url_for(".plan", plan_id=plan_id), 303)

    def change(session: Any, found: YearPlan) -> str:
        version = request.form.get("version", 0, type=int)
        edit_plan(session, plan=found, values=form.values(), version=version)
        return _("Batas rencana tersimpan.")

    return changed(plan_id, change, P.PLAN_MANAGE)


@bp.post("/rencana/<int:plan_id>/butir")
@requires(P.PLAN_MANAGE)
def put(plan_id: int) -> Any:
    """Add a course to a draft."""
    form = ItemForm()
    form.offer(courses_in_force(db.session()))
    course = find_course(db.session(), request.form.get("course_id", 0, type=int))
    if course is None or not form.validate_on_submit():
        return _unreadable(plan_id)
    course_id = course.id

    def change(session: Any, found: YearPlan) -> str:
        chosen = find_course(session, course_id)
        if chosen is None:
            raise NotFound
        add_item(session, plan=found, course=chosen, values=form.values(chosen))
        return _("Butir rencana tersimpan.")

    return changed(plan_id, change, P.PLAN_MANAGE)


def _unreadable(plan_id: int) -> Any:
    flash(_("Periksa pelatihan, sesi, kursi, dan biaya."), "danger")
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@bp.post("/rencana/<int:plan_id>/butir/<int:item_id>")
@requires(P.PLAN_MANAGE)
def edit_item(plan_id: int, item_id: int) -> Any:
    """Change the line of a course, unless somebody else did meanwhile."""
    form = ItemForm()
    del form.course_id
    form.offer(())
    if not form.validate_on_submit():
        return _unreadable(plan_id)

    def change(session: Any, found: YearPlan) -> str:
        item = _item(found, item_id)
        version = request.form.get("version", type=int)
        change_item(session, item=item, values=form.values(item.course), version=version)
        return _("Butir rencana tersimpan.")

    return changed(plan_id, change, P.PLAN_MANAGE)


def _item(found: YearPlan, item_id: int) -> PlanItem:
    item = next((row for row in found.items if row.id == item_id), None)
    if item is None:
        raise NotFound
    return item


@bp.post("/rencana/<int:plan_id>/butir/<int:item_id>/hapus")
@requires(P.PLAN_MANAGE)
def drop(plan_id: int, item_id: int) -> Any:
    """Take a course out of a draft."""

    def change(session: Any, found: YearPlan) -> str:
        version = request.form.get("version", type=int)
        drop_item(session, item=_item(found, item_id), version=version)
        return _("Butir dikeluarkan dari rencana.")

    return changed(plan_id, change, P.PLAN_MANAGE)


@bp.post("/rencana/<int:plan_id>/saran")
@requires(P.PLAN_MANAGE)
def suggest(plan_id: int) -> Any:
    """Fill a draft from the needs, within money and hours."""

    def change(session: Any, found: YearPlan) -> str:
        return _("%(count)s pelatihan disarankan.", count=suggest_items(session, plan=found))

    return changed(plan_id, change, P.PLAN_MANAGE)


@bp.post("/rencana/<int:plan_id>/langkah")
@requires(P.PLAN_READ)
def move(plan_id: int) -> Any:
    """Propose a plan, give it back, or adopt it."""
    wanted = request.form.get("ke", "")
    told = {
        PlanState.PROPOSED: _("Rencana diusulkan untuk ditetapkan."),
        PlanState.DRAFT: _("Rencana dikembalikan menjadi draf."),
        PlanState.ADOPTED: _("Rencana ditetapkan."),
    }
    if wanted not in told:
        raise NotFound
    to = PlanState(wanted)
    adopts = to is PlanState.ADOPTED

    def change(session: Any, found: YearPlan) -> str:
        version = request.form.get("version", type=int)
        move_plan(session, actor=current_actor(), plan=found, to=to, version=version)
        return told[to]

    return changed(plan_id, change, P.PLAN_ADOPT if adopts else P.PLAN_MANAGE)


@bp.post("/rencana/<int:plan_id>/butir/<int:item_id>/sesi")
@requires(P.SESSION_MANAGE)
def to_session(plan_id: int, item_id: int) -> Any:
    """Draft the next session of an item."""
    try:
        with transaction(current_actor()) as session:
            item = _item(plan_or_404(plan_id), item_id)
            run = draft_session(session, actor=current_actor(), item=item)
            run_id = run.id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".plan", plan_id=plan_id), 303)
    flash(_("Draf sesi dibuat. Lengkapi tempat dan pertemuannya."), "success")
    return redirect(url_for("training_sessions.edit", session_id=run_id), 303)
