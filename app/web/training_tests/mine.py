"""What a participant has to do, and where the own score comes from."""

from typing import Any

from flask import render_template

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.training_assignments.words import STANDING_WORDS
from app.web.training_sessions.attendance import TONES, verdict_words
from app.web.training_sessions.board import found
from app.web.training_tests.taking import bp
from courses.queries.assignments import own_works
from courses.queries.exams import attempts_of, exams_of, is_over, score_of
from courses.queries.scores import derived_scores, evaluated
from courses.queries.tasks import Task, learning_tasks
from courses.services.enrolment import find_enrolment
from courses.services.results import current_scores, pass_rule, verdicts


@bp.get("/pelatihan/sesi/<int:session_id>/nilai-saya")
@requires(P.ENROLMENT_OWN)
def own_score(session_id: int) -> str:
    """Show a participant attendance, parts of the score, what passing asks, and the result."""
    session, run = db.session(), found(session_id)
    row = find_enrolment(session, session_id=run.id, employee_id=current_actor().employee_id or 0)
    if row is None or row.state not in ("enrolled", "passed", "failed"):
        raise NotFound
    check(P.ENROLMENT_OWN, row)
    percent, verdict = verdicts(session, run)[row.id]
    now, attempts = clock.now(), []
    for kind, exam in exams_of(session, run.id).items():
        made = attempts_of(session, exam_id=exam.id, enrolment_id=row.id)
        attempts += [(kind, one, score_of(one)) for one in made if is_over(one, now)]
    return render_template(
        "training_tests/own_score.html",
        run=run,
        row=row,
        percent=percent if row.attendance_percent is None else row.attendance_percent,
        verdict=verdict,
        verdict_words=verdict_words(),
        verdict_tones=TONES,
        derived=derived_scores(session, run).get(row.id),
        score=current_scores(session, run, [row])[row.id],
        filled=row.id in evaluated(session, run),
        rule=pass_rule(run.course),
        attempts=attempts,
        assignments=own_works(session, employee_id=row.employee_id, session_id=run.id),
        standing_words=STANDING_WORDS,
    )


@bp.app_context_processor
def _tasks() -> dict[str, Any]:
    """Give pages the person's tasks, asked for only where they are shown."""

    def own_tasks(session_id: int | None = None) -> list[Task]:
        employee = current_actor().employee_id
        if employee is None:
            return []
        tasks = learning_tasks(db.session(), employee_id=employee)
        return [task for task in tasks if session_id in (None, task.run.id)]

    return {"own_tasks": own_tasks}
