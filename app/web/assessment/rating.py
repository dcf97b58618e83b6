"""One's own part of assessment: forms to fill, kept while they are filled, and own results."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.assessment import words
from app.web.i18n import render
from skills.models import AssessmentTask
from skills.queries.assessment import find_task, own_tasks
from skills.queries.assessment_results import own_results
from skills.services.assessment_forms import Given, check_rater, save_draft, send_form

bp = Blueprint("assessment", __name__, url_prefix="/asesmen")
bp.context_processor(words.helpers)


@bp.get("")
@requires(P.ASSESSMENT_RATE)
def mine() -> str:
    """Show the forms that wait for the signed-in person, those sent, and the own results."""
    session, actor = db.session(), current_actor()
    tasks = own_tasks(session, actor)
    return render_template(
        "assessment/mine.html",
        waiting=[task for task in tasks if task.state == "open"],
        sent=[task for task in tasks if task.state == "sent"],
        results=own_results(session, actor.employee_id) if actor.employee_id else [],
        today=clock.today(),
    )


@bp.get("/formulir/<int:task_id>")
@requires(P.ASSESSMENT_RATE)
def form(task_id: int) -> str:
    """Show a form: one card for each level with its behaviours."""
    task = _task(task_id)
    if task.target.employee_id != current_actor().employee_id:
        audit_read("skills:assessment:form", [task.target.employee_id], task)
    return _page(task)


def _task(task_id: int) -> AssessmentTask:
    task = find_task(db.session(), task_id)
    if task is None:
        raise NotFound
    check(P.ASSESSMENT_RATE, task)
    check_rater(current_actor(), task)
    return task


def _page(
    task: AssessmentTask,
    given: dict[int, Given] | None = None,
    error: DomainError | None = None,
    stale: bool = False,
) -> str:
    if given is None:
        given = {
            answer.competency_id: Given(answer.level or 0, answer.note) for answer in task.answers
        }
    round_, today = task.target.round, clock.today()
    is_open = round_.state == "open" and round_.starts_on <= today <= round_.ends_on
    return render_template(
        "assessment/form.html",
        task=task,
        given=given,
        error=error,
        stale=stale,
        locked=task.state == "sent" or not is_open,
    )


@bp.post("/formulir/<int:task_id>")
@requires(P.ASSESSMENT_RATE)
def fill(task_id: int) -> Any:
    """Keep the form as a draft, or send it."""
    given = _given()
    sends = request.form.get("aksi") == "kirim"
    try:
        with transaction(current_actor()) as session:
            task = find_task(session, task_id)
            if task is None:
                raise NotFound
            check(P.ASSESSMENT_RATE, task)
            keep = send_form if sends else save_draft
            keep(
                session,
                task=task,
                given=given,
                expected_version=request.form.get("version", 0, type=int),
                actor=current_actor(),
            )
    except InvalidInput as error:
        _keep_what_is_filled(task_id, given)
        return _page(_task(task_id), given, error), 422
    flash(_("Formulir terkirim. Terima kasih.") if sends else _("Draf tersimpan."), "success")
    return redirect(url_for(".mine") if sends else url_for(".form", task_id=task_id), 303)


def _keep_what_is_filled(task_id: int, given: dict[int, Given]) -> None:
    """Keep the answers of a form that could not be sent: nothing filled is lost."""
    valid = {key: one for key, one in given.items() if 0 <= one.level <= 5}
    with transaction(current_actor()) as session:
        task = find_task(session, task_id)
        if task is not None:
            save_draft(
                session,
                task=task,
                given=valid,
                expected_version=request.form.get("version", 0, type=int),
                actor=current_actor(),
            )


@bp.post("/formulir/<int:task_id>/draf")
@requires(P.ASSESSMENT_RATE)
def autosave(task_id: int) -> Any:
    """Keep the draft while it is filled; answers with the next version and the time."""
    try:
        with transaction(current_actor()) as session:
            task = find_task(session, task_id)
            if task is None:
                raise NotFound
            check(P.ASSESSMENT_RATE, task)
            save_draft(
                session,
                task=task,
                given=_given(),
                expected_version=request.form.get("version", 0, type=int),
                actor=current_actor(),
            )
            version = task.version
    except (NotFound, InvalidInput):
        raise
    except DomainError as error:
        return jsonify(message=render(error.message)), 409
    at = clock.local(clock.now()).strftime("%H.%M")
    return jsonify(version=version, message=_("Draf tersimpan pukul %(at)s.", at=at))


def _given() -> dict[int, Given]:
    found = {}
    for name, value in request.form.items():
        prefix, _dash, key = name.partition("-")
        if prefix == "k" and key.isdecimal() and value.isdecimal():
            note = request.form.get(f"catatan-{key}", "")
            found[int(key)] = Given(int(value), note)
    return found
