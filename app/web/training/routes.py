"""The catalogue and the page of a course."""

from typing import Any

from flask import Blueprint, render_template, request

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import named
from app.web.training import words
from courses.queries.board import own_enrolments
from courses.queries.catalogue import (
    CourseFilter,
    courses_by_code,
    find_course,
    form_codes,
    search_courses,
    sessions_of_course,
    taught_competencies,
)
from courses.queries.evaluations import course_rating, course_ratings
from courses.queries.forms import form_names
from courses.queries.prerequisites import missing_prerequisites, versions_of
from courses.services.interest import own_interest
from skills.queries.profile import find_employee, gap_lines, held_levels
from skills.queries.standards import position_standard

bp = Blueprint("training", __name__)
bp.context_processor(words.helpers)

PARTS = ("sesi", "isi", "bahan")  # of the page of a course
Gaps = dict[int, tuple[str, int | None, int]]


@bp.get("/pelatihan")
@requires(P.COURSE_READ)
def catalogue() -> str:
    """Show the courses; the search understands words in any form."""
    args, session = request.args, db.session()
    wanted = CourseFilter(
        text=args.get("q", "").strip()[:100],
        competency_id=args.get("kompetensi", type=int),
        form_code=args.get("bentuk") or None,
        to_level=args.get("level", type=int),
        with_open_session=args.get("sesi") == "1",
    )
    names = form_names(session)
    return render_template(
        "training/catalogue.html",
        hits=search_courses(session, wanted, day=clock.today(), gaps=_own_gaps()),
        ratings=course_ratings(session),
        competencies=taught_competencies(session),
        form_names=names,
        form_options=[(code, names.get(code, code)) for code in form_codes(session)],
    )


@bp.get("/pelatihan/kursus/<int:course_id>")
@requires(P.COURSE_READ)
def course(course_id: int) -> str:
    """Show a course with its sessions."""
    session, actor = db.session(), current_actor()
    found = find_course(session, course_id)
    if found is None:
        raise NotFound
    runs = sessions_of_course(session, course_id, clock.today())
    values: dict[str, Any] = {}
    me = [] if actor.employee_id is None else [actor.employee_id]
    if actor.employee_id is not None:
        ids = [run.id for run in runs]
        values["interest"] = own_interest(session, course=found, employee_id=actor.employee_id)
        values["places"] = own_enrolments(session, employee_id=actor.employee_id, session_ids=ids)
    return render_template(
        "training/course.html",
        course=found,
        part=part if (part := request.args.get("bagian")) in PARTS else PARTS[0],
        rating=course_rating(session, found.code),
        runs=runs,
        gaps=_own_gaps(),
        form_name=form_names(session).get(found.form_code, found.form_code),
        prerequisites=courses_by_code(session, found.prerequisites),
        versions=versions_of(session, found.code),
        lacking=missing_prerequisites(session, course=found, employee_ids=me).get(
            actor.employee_id or 0, []
        ),
        **{"places": {}, "interest": None, **values},
    )


def _own_gaps() -> Gaps:
    """Return the reader's gaps against their position: competency id to name, held, required."""
    session, actor = db.session(), current_actor()
    employee = find_employee(session, actor.employee_id) if actor.employee_id else None
    if employee is None:
        return {}
    standard = position_standard(session, employee=employee, day=clock.today())
    lines = gap_lines(session, standard.requirements, held_levels(session, employee.id))
    return {
        line.competency.id: (named(line.competency), line.gap.held, line.gap.requirement.level)
        for line in lines
        if line.gap.missing
    }
